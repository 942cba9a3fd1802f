"""Settings: `SHOUWEN_…` in the environment, then `.env`, then the default here. Business facts are not settings."""

from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import SplitResult, urlsplit

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
    public_url: str = ""
    bank_url: str = ""
    bank_secret: SecretStr = SecretStr("")
    bank_jwks_url: str = ""
    bank_token_audience: str = "shouwen"
    bank_timeout: float = Field(default=3.0, gt=0, le=10)
    bank_calls: int = Field(default=20, ge=1, le=1000)
    sms_url: str = ""
    sms_secret: SecretStr = SecretStr("")
    sandbox_port: int = Field(default=8100, ge=1, le=65535)
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
    otp_life: int = Field(default=300, ge=60, le=600)
    otp_tries: int = Field(default=3, ge=1, le=5)
    otp_resend_gap: int = Field(default=60, ge=30, le=600)
    otp_per_hour: int = Field(default=5, ge=1, le=10)
    otp_per_day: int = Field(default=10, ge=1, le=20)
    otp_per_address_hour: int = Field(default=20, ge=1, le=1000)
    failed_checks: int = Field(default=5, ge=1, le=10)
    failed_window: int = Field(default=1800, ge=600, le=86_400)
    check_lock: int = Field(default=1800, ge=600, le=86_400)
    failed_checks_day: int = Field(default=10, ge=1, le=100)
    check_lock_day: int = Field(default=86_400, ge=43_200, le=7 * 86_400)
    address_factor: int = Field(default=20, ge=1, le=100)
    id_tries: int = Field(default=3, ge=1, le=5)
    verified_idle: int = Field(default=600, ge=60, le=900)
    verified_absolute: int = Field(default=1800, ge=60, le=3600)
    fresh_for: int = Field(default=300, ge=60, le=300)
    reset_link_life: int = Field(default=600, ge=60, le=600)
    reset_cool_down: int = Field(default=86_400, ge=0, le=7 * 86_400)
    number_age_days: int = Field(default=30, ge=30, le=365)
    still_working_after: float = Field(default=5.0, gt=0, le=5)
    turn_timeout: float = Field(default=30.0, gt=0, le=120)
    lease: float = Field(default=10.0, ge=3, le=60)
    transcript_days: int = Field(default=90, ge=1, le=3650)
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

    @field_validator("public_url", "bank_url", "bank_jwks_url", "sms_url")
    @classmethod
    def _an_address(cls, url: str) -> str:
        if url and not _is_safe(urlsplit(url)):
            raise ValueError("must be an https address, or http on this machine, without query or fragment")
        return url.rstrip("/")

    @model_validator(mode="after")
    def _a_real_bank_is_complete(self) -> Self:
        named = {"SMS_URL": self.sms_url, "BANK_SECRET": self.bank_secret, "SMS_SECRET": self.sms_secret}
        missing = [name for name, value in named.items() if not value]
        if self.bank_url and missing:
            raise ValueError(f"SHOUWEN_BANK_URL needs {', '.join(f'SHOUWEN_{name}' for name in missing)} as well")
        if self.sms_url and not self.bank_url:
            raise ValueError("SHOUWEN_SMS_URL needs SHOUWEN_BANK_URL: the sandbox bank never writes to real telephones")
        return self

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
    def has_sandbox(self) -> bool:
        """True when the sandbox bank of this machine stands in for a real one."""
        return not self.bank_url

    @cached_property
    def bank_address(self) -> str:
        """Base address of the core bank."""
        return self.bank_url or f"http://127.0.0.1:{self.sandbox_port}"

    @cached_property
    def jwks_address(self) -> str:
        """Where the bank publishes the keys of its sign-in tokens."""
        return self.bank_jwks_url or f"{self.bank_address}/jwks.json"

    @cached_property
    def sms_address(self) -> str:
        """Base address of the SMS gateway."""
        return self.sms_url or f"{self.bank_address}/sms"

    @cached_property
    def own_url(self) -> str:
        """Where the bank, and a person on this machine, reach the web process."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104 - compared, not listened on
        return self.public_url or f"http://{host}:{self.port}"

    @cached_property
    def origins(self) -> tuple[str, ...]:
        """Origins a browser may open the socket from, beside the request's own host (ASVS 4.4.2)."""
        return tuple(o.strip().rstrip("/") for o in self.public_origins.split(",") if o.strip())

    @cached_property
    def web_dist(self) -> Path:
        """The built pages."""
        return ROOT / "web" / "dist"


def _is_safe(url: SplitResult) -> bool:
    # a secret travels along: never in the clear over a network (ASVS 12.2.1)
    plain = url.scheme == "http" and url.hostname in ("127.0.0.1", "::1", "localhost")
    return bool((url.scheme == "https" or plain) and url.hostname and not (url.query or url.fragment))


def _fault(location: tuple[Any, ...], message: str) -> str:
    name = "_".join(map(str, location)).upper()
    return f"SHOUWEN_{name}: {message}" if name else message
