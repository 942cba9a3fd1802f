"""`shouwen sandbox`: the sandbox bank on the event loop of this process."""

import socket

from shouwen.clock import wall_clock
from shouwen.errors import Misconfigured
from shouwen.sandbox.app import make_app
from shouwen.settings import Settings


def serve(settings: Settings) -> int:
    """Serve on loopback until told to stop. Raises Misconfigured when a real bank is configured."""
    if not settings.has_sandbox:
        raise Misconfigured(["SHOUWEN_BANK_URL names a real bank: the sandbox stays off"])
    with socket.create_server(("127.0.0.1", settings.sandbox_port)) as listener:
        make_app(settings, wall_clock).run(sock=listener, single_process=True, access_log=False, motd=False)
    return 0
