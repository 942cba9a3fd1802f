"""Serves one model on loopback with nothing but the gateway's routes: no Rasa API, no CORS, no telemetry."""

import asyncio
from asyncio import AbstractEventLoop
from pathlib import Path

from rasa.core.channels.channel import InputChannel
from rasa.core.utils import AvailableEndpoints
from rasa.shared.utils.common import class_from_module_path
from rasa.shared.utils.io import read_config_file
from sanic import Sanic

from shouwen_engine.action_calls import ActionEndpoint, install_fast_validation
from shouwen_engine.assistant import Assistant
from shouwen_engine.channel import answer_error
from shouwen_engine.forgetting import keep_forgetting
from shouwen_engine.progress import say
from shouwen_engine.settings import EngineSettings, Misconfigured
from shouwen_engine.tracker_store import TurnTrackerStore

HOST = "127.0.0.1"
_IDLE = 120  # seconds a kept connection may be silent; longer than the gateway keeps one


def serve(settings: EngineSettings, model: Path) -> None:
    """Answer calls until SIGTERM or SIGINT. Raises Misconfigured or ModelBroken before it listens."""
    app = make_app(settings, model)
    say(f"{model.name} ready on {HOST}:{settings.port}")
    app.run(HOST, settings.port, access_log=False, motd=False, debug=False)


def make_app(settings: EngineSettings, model: Path) -> Sanic:
    """The application with its model loaded."""
    install_fast_validation()
    endpoints = AvailableEndpoints.read_endpoints(str(settings.endpoints))
    if endpoints.action is None:
        raise Misconfigured(f"{settings.endpoints.name} names no action endpoint")
    actions = ActionEndpoint(endpoints.action)
    store = TurnTrackerStore(None, settings.database)
    app = Sanic("shouwen-engine", configure_logging=False)
    app.config.KEEP_ALIVE_TIMEOUT = _IDLE
    app.config.REQUEST_MAX_SIZE = 16 * 1024 * 1024
    app.ctx.assistant = Assistant(model, store, actions)
    for name, channel in read_channels(settings.credentials).items():
        app.blueprint(channel.blueprint(app.ctx.assistant.turn), url_prefix=f"/webhooks/{name}")
    app.error_handler.add(Exception, answer_error)

    async def open_up(_app: Sanic, _loop: AbstractEventLoop) -> None:
        app.ctx.forgetting = asyncio.create_task(keep_forgetting(store, settings.transcript_days))

    async def close(_app: Sanic, _loop: AbstractEventLoop) -> None:
        app.ctx.forgetting.cancel()
        await actions.close()
        store.close()

    app.register_listener(open_up, "after_server_start")
    app.register_listener(close, "after_server_stop")
    return app


def read_channels(credentials: Path) -> dict[str, InputChannel]:
    """The channels of credentials.yml by name."""
    channels = [
        class_from_module_path(path).from_credentials(given)
        for path, given in read_config_file(str(credentials)).items()
    ]
    return {channel.name(): channel for channel in channels}
