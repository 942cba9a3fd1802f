"""The action server: loopback only, the shared secret on every call, errors without the tracker."""

import hmac
import logging
import sys
from typing import Any

from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionMissingDomainException, ActionNotFoundException
from sanic import HTTPResponse, Request, Sanic, json

import actions
from actions.base import backstage_of_process
from shouwen.errors import Misconfigured
from shouwen.settings import Settings
from shouwen.web_errors import new_reference

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Shouwen-Secret"
_REQUEST_LIMIT = 16 * 1024 * 1024  # bytes; a call carries the tracker


def make_app(secret: str, name: str = "shouwen-actions") -> "Sanic[Any, Any]":
    """The application that Rasa calls, not `rasa_sdk.endpoint`, which answers errors with the tracker."""
    executor = ActionExecutor()
    executor.register_package(actions)
    app = Sanic(name, configure_logging=False)
    app.config.REQUEST_MAX_SIZE = _REQUEST_LIMIT

    @app.get("/health")
    async def health(_request: Request) -> HTTPResponse:
        return json({"status": "ok"})

    @app.post("/webhook")
    async def webhook(request: Request) -> HTTPResponse:
        if not hmac.compare_digest(request.headers.get(SECRET_HEADER, "").encode(), secret.encode()):
            return json({"error": "not allowed"}, 403)
        try:
            # Rasa sends no domain (endpoints.yml) and no action reads one; without any the executor would refuse
            result = await executor.run({"domain": {}, **request.json})
        except ActionExecutionRejection as error:
            return json({"error": error.message, "action_name": error.action_name}, 400)
        except ActionNotFoundException as error:
            return json({"error": error.message, "action_name": error.action_name}, 404)
        except ActionMissingDomainException as error:
            return json({"error": error.message, "action_name": error.action_name}, 449)
        return json(result.model_dump() if result else None)

    @app.exception(Exception)
    async def refuse(_request: Request, error: Exception) -> HTTPResponse:
        reference = new_reference()
        log.error("an action call failed, reference %s", reference, exc_info=error)
        return json({"error": "internal", "reference": reference}, 500)

    return app


def main() -> int:
    """Serve until told to stop."""
    try:
        settings = Settings.read()
        logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
        backstage = backstage_of_process()
        app = make_app(backstage.secret)
    except Misconfigured as error:
        for fault in error.faults:
            print(f"actions: {fault}", file=sys.stderr)
        return 2

    async def close(_app: "Sanic[Any, Any]") -> None:
        await backstage.close()

    app.after_server_stop(close)
    app.run("127.0.0.1", settings.actions_port, single_process=True, access_log=False, motd=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
