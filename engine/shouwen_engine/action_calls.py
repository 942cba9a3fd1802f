"""Calls of the action server: one kept connection, a time limit, and a check of the result that costs nothing."""

import asyncio
import json
from typing import Any, Optional

import aiohttp
from jsonschema import Draft7Validator
from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from shouwen_engine.errors import ActionUnavailable

DEFAULT_TIMEOUT = 8.0  # seconds; the gateway gives a whole turn 30


class ActionEndpoint(EndpointConfig):
    """Rasa's endpoint opens a connection for each call and waits five minutes; this one does neither."""

    def __init__(self, configured: EndpointConfig) -> None:
        super().__init__(configured.url, configured.params, configured.headers, **configured.kwargs)
        self._timeout = aiohttp.ClientTimeout(total=float(self.kwargs.get("timeout", DEFAULT_TIMEOUT)))
        self._http: Optional[aiohttp.ClientSession] = None

    async def request(self, method: str = "post", *_: Any, **kwargs: Any) -> Any:
        """The JSON the action server answers. Raises ActionUnavailable, or ClientResponseError on a rejection (400)."""
        try:
            async with self._session().request(method, self.url, json=kwargs["json"]) as response:
                if response.status == 400:
                    raise ClientResponseError(400, "rejected", await response.text())
                if response.status != 200:
                    raise ActionUnavailable(f"the action server answered {response.status}")
                return await response.json(content_type=None)
        except ClientResponseError:
            raise
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
            raise ActionUnavailable(f"no answer from the action server: {type(error).__name__}") from error

    async def close(self) -> None:
        """Give the connection back."""
        if self._http is not None:
            await self._http.close()

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            self._http = aiohttp.ClientSession(
                headers=self.headers, timeout=self._timeout, json_serialize=_compact_json
            )
        return self._http


def _compact_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def install_fast_validation() -> None:
    """Build the schema of an action's result once. Rasa rebuilds and re-checks it on every call, which takes 20 ms."""
    validator = Draft7Validator(RemoteAction.action_response_format_spec())

    def validate(_self: RemoteAction, result: Any) -> bool:
        fault = next(validator.iter_errors(result), None)
        if fault is not None:
            raise ActionUnavailable(f"the action server's result is malformed at {list(fault.path)}")
        return True

    RemoteAction._validate_action_result = validate
