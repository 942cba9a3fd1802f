"""Settings: `SHOUWEN_…` in the environment, then `.env`, then the default here. Business facts are not settings."""

from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shouwen.errors import Misconfigured

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What a deployment may choose. Durations are seconds. `.env.example` explains each field."""

    model_config = SettingsConfigDict(env_prefix="SHOUWEN_", env_file=ROOT / ".env", extra="ignore", frozen=True)

    var: Path = ROOT / "var"
    database_url: SecretStr = SecretStr("")
    redis_url: SecretStr = SecretStr("")
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    web_processes: int = Field(default=1, ge=1, le=64)
    rasa_processes: int = Field(default=1, ge=1, le=64)
    rasa_urls: str = ""
    rasa_port: int = Field(default=5005, ge=1, le=65535)
    actions_port: int = Field(default=5055, ge=1, le=65535)
    internal_secret: SecretStr = SecretStr("")
    models: Path = ROOT / "models"
    data: Path = ROOT / "data"
    frame_ancestors: str = "'self'"
    public_origins: str = ""
    trusted_proxies: int = Field(default=0, ge=0, le=8)
    rate_limit: Literal["on", "off"] = "on"
    message_limit: int = Field(default=2000, ge=100, le=10_000)
    session_idle: int = Field(default=24 * 3600, ge=60)
    session_absolute: int = Field(default=7 * 24 * 3600, ge=60)
    episode_idle: int = Field(default=4 * 3600, ge=60)
    still_working_after: float = Field(default=5.0, gt=0, le=5)
    turn_timeout: float = Field(default=30.0, gt=0, le=120)
    lease: float = Field(default=10.0, ge=3, le=60)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @classmethod
    def read(cls) -> "Settings":
        """Settings of this process. Raises Misconfigured naming every wrong variable."""
        try:
            return cls()
        except ValidationError as error:
            raise Misconfigured([_fault(details["loc"], details["msg"]) for details in error.errors()]) from None

    @field_validator("var", "models", "data")
    @classmethod
    def _from_the_checkout(cls, path: Path) -> Path:
        return ROOT / path

    @model_validator(mode="after")
    def _processes_need_a_bus(self) -> Self:
        if self.web_processes > 1 and not self.redis_url.get_secret_value():
            raise ValueError("SHOUWEN_WEB_PROCESSES above 1 needs SHOUWEN_REDIS_URL: pushes must cross processes")
        return self

    @cached_property
    def database(self) -> str:
        """SQLAlchemy address; without a setting, SQLite under `var`."""
        return self.database_url.get_secret_value() or f"sqlite:///{self.var / 'shouwen.db'}"

    @cached_property
    def rasa_addresses(self) -> tuple[str, ...]:
        """Base addresses of the Rasa processes this process may ask."""
        if self.rasa_urls:
            return tuple(url.strip().rstrip("/") for url in self.rasa_urls.split(",") if url.strip())
        return tuple(f"http://127.0.0.1:{self.rasa_port + i}" for i in range(self.rasa_processes))

    @cached_property
    def origins(self) -> tuple[str, ...]:
        """Origins a browser may open the socket from, beside the request's own host (ASVS 4.4.2)."""
        return tuple(o.strip().rstrip("/") for o in self.public_origins.split(",") if o.strip())

    @cached_property
    def web_dist(self) -> Path:
        """The built pages."""
        return ROOT / "web" / "dist"


def _fault(location: tuple[Any, ...], message: str) -> str:
    name = "_".join(map(str, location)).upper()
    return f"SHOUWEN_{name}: {message}" if name else message
