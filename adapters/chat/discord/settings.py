"""The table ``[chat.discord]``: how to reach Discord, the bot's token, and who may administer besides Discord's own."""

from __future__ import annotations

import re
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator

from adapters.addresses import check_address

API_URL = "https://discord.com/api/v10"

SNOWFLAKE = re.compile(r"[0-9]{15,20}")
"""An id of Discord's."""

_PLACE = "the bot's token, at discord.com/developers/applications, Bot, Reset Token"
_TOKEN = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)
_OTHERS = (
    (SNOWFLAKE, "the application's id"),
    (re.compile(r"[0-9a-f]{64}"), "the application's public key"),
    (re.compile(r"[\w-]{32}", re.ASCII), "the client secret"),
)


def _strip(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


def _check_token(given: SecretStr) -> SecretStr:
    """Refuse what is something else of the application's; the text never shows it."""
    secret = given.get_secret_value()
    if secret and not _TOKEN.fullmatch(secret):
        what = next((name for form, name in _OTHERS if form.fullmatch(secret)), "no such token")
        raise ValueError(f"this is {what}; take {_PLACE}")
    return given


def _check_gateway(value: str) -> str:
    return value and check_address(value, "wss")


def _check_person(value: str) -> str:
    if not SNOWFLAKE.fullmatch(value):
        raise ValueError(
            f"{value[:40]!r} is no Discord user id such as 80351110224678912; switch on Settings, Advanced, Developer "
            "Mode, then right-click the person, Copy User ID"
        )
    return value


Token = Annotated[SecretStr, BeforeValidator(_strip), AfterValidator(_check_token)]
Address = Annotated[str, AfterValidator(check_address)]
Gateway = Annotated[str, AfterValidator(_check_gateway)]
Person = Annotated[str, AfterValidator(_check_person)]


class Settings(BaseModel):
    """The table ``[chat.discord]``. ``gateway_url`` is "" for Discord's own; ``admins`` are user ids."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    api_url: Address = API_URL
    gateway_url: Gateway = ""
    token: Token = Field(default=SecretStr(""), description=_PLACE)
    admins: tuple[Person, ...] = ()

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if not self.token:
            raise ValueError(f"token is missing: set PAPERROUND_CHAT__DISCORD__TOKEN ({_PLACE})")
        return self
