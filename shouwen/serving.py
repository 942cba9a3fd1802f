"""Start one web process on the event loop of this process."""

import socket

from shouwen.settings import Settings
from shouwen.web import make_app


def serve(settings: Settings, port: int) -> int:
    """Serve until told to stop."""
    app = make_app(settings)
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # several web processes share the port
        listener.bind((settings.host, port))
        app.run(sock=listener, single_process=True, access_log=False, motd=False)
    return 0
