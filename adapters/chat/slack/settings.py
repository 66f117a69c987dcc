"""The table ``[chat.slack]``: how to reach Slack, and the tokens of one workspace or of several."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator

from adapters.addresses import check_address

Mode = Literal["socket", "http"]

_VARIABLE = "PAPERROUND_CHAT__SLACK__"
_BEGINNINGS = {
    "xoxb-": "a bot token, which belongs in bot_token",
    "xapp-": "an app-level token, which belongs in app_token",
    "xoxp-": "a person's token; take the Bot User OAuth Token, which begins with xoxb-",
    "xoxe": "a token that expires; switch token rotation off in the app's settings",
}
_PLACES = {
    "bot_token": "Bot User OAuth Token, at OAuth & Permissions; begins with xoxb-",
    "app_token": "App-Level Token with connections:write, at Basic Information; begins with xapp-",
    "signing_secret": "Signing Secret, at Basic Information; for HTTP mode",
}
_PERSON = re.compile(r"[UW][A-Z0-9]+")
_NAME = re.compile(r"[\w-]{1,40}", re.ASCII)


def _strip(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


def _secret(key: str, prefix: str) -> AfterValidator:
    """Refuse what is another secret than the one that belongs there; the text never shows it."""

    def check(given: SecretStr) -> SecretStr:
        secret = given.get_secret_value()
        for beginning, what in _BEGINNINGS.items():
            if secret.startswith(beginning) and beginning != prefix:
                raise ValueError(f"this is {what}")
        if secret and not secret.startswith(prefix):
            raise ValueError(f"this is no such token; take the {_PLACES[key]}")
        return given

    return AfterValidator(check)


def _check_address(value: str) -> str:
    return check_address(value) + "/"


def _check_person(value: str) -> str:
    if not _PERSON.fullmatch(value):
        raise ValueError(
            f"{value[:40]!r} is no Slack user id such as U012AB3CD; open the person's profile, ⋮, Copy member ID"
        )
    return value


def _check_name(value: str) -> str:
    if not _NAME.fullmatch(value):
        raise ValueError(f"{value[:40]!r} should be a short name of letters, digits, - and _")
    return value


BotToken = Annotated[SecretStr, BeforeValidator(_strip), _secret("bot_token", "xoxb-")]
AppToken = Annotated[SecretStr, BeforeValidator(_strip), _secret("app_token", "xapp-")]
SigningSecret = Annotated[SecretStr, BeforeValidator(_strip), _secret("signing_secret", "")]
Person = Annotated[str, AfterValidator(_check_person)]
Address = Annotated[str, AfterValidator(_check_address)]
WorkspaceName = Annotated[str, AfterValidator(_check_name)]
_NONE = SecretStr("")


class _Tokens(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    bot_token: BotToken = Field(default=_NONE, description=_PLACES["bot_token"])
    app_token: AppToken = Field(default=_NONE, description=_PLACES["app_token"])
    signing_secret: SigningSecret = Field(default=_NONE, description=_PLACES["signing_secret"])
    admins: tuple[Person, ...] = ()

    def missing(self, mode: Mode) -> list[str]:
        """The secrets that this mode needs and that are not given."""
        needed = ("bot_token", "app_token" if mode == "socket" else "signing_secret")
        return [key for key in needed if not getattr(self, key)]


class WorkspaceSettings(_Tokens):
    """One workspace, with an app of its own: its name in ``[[channels]]`` ("" if it is the only one), its tokens, and
    who may administer besides Slack's own admins."""

    name: WorkspaceName


class Settings(_Tokens):
    """The table ``[chat.slack]``. The tokens stand either in it, or in ``workspaces``."""

    mode: Mode = "socket"
    api_url: Address = "https://slack.com/api/"
    workspaces: tuple[WorkspaceSettings, ...] = ()

    @property
    def all_workspaces(self) -> tuple[WorkspaceSettings, ...]:
        """Each workspace, whichever way it is given."""
        return self.workspaces or (WorkspaceSettings.model_construct(name="", **self._own()),)

    def _own(self) -> dict[str, Any]:
        return {key: value for key in _Tokens.model_fields if (value := getattr(self, key))}

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if mistakes := list(self._mistakes()):
            raise ValueError("; ".join(mistakes))
        return self

    def _mistakes(self) -> Iterator[str]:
        if not self.workspaces:
            for key in self.missing(self.mode):
                yield f"{key} is missing: set {_VARIABLE}{key.upper()} ({_PLACES[key]})"
            return
        if own := self._own():
            yield f"{', '.join(own)} stands beside workspaces; put it into the table of its workspace"
        for number, workspace in enumerate(self.workspaces, 1):
            for key in workspace.missing(self.mode):
                yield f"workspaces[{number}] has no {key} ({_PLACES[key]})"
        for key in ("name", *_PLACES):
            yield from self._twice(key)

    def _twice(self, key: str) -> Iterator[str]:
        """Slack gives each event to any one of those that share a token, so each workspace has an app of its own."""
        first: dict[object, int] = {}
        for number, workspace in enumerate(self.workspaces, 1):
            value = getattr(workspace, key)
            if value and first.setdefault(value, number) != number:
                yield f"workspaces[{first[value]}] and workspaces[{number}] have the same {key}"
