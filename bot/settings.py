"""The tables of the configuration file, each with its keys, defaults and checks."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from bot import explaining
from bot.errors import QueryError
from bot.query import caret, parse
from bot.schedule import ScheduleError, parse_rule

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_DURATION = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)([smhdw])")
_SWITCH = {"true": True, "false": False, "1": True, "0": False}


def _read_duration(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f"{value!r} is no duration; write a number and s, m, h, d or w, as in '30m'")
    duration = timedelta(**{_UNITS[match[2]]: float(match[1])})
    if not duration:
        raise ValueError(f"{value!r} is too short")
    return duration


def _check_web_address(value: str) -> str:
    if value and not re.fullmatch(r"https?://\S+", value):
        raise ValueError("should be an address that begins with https:// or http://, or empty")
    return value


def _check_contact(value: str) -> str:
    if not re.fullmatch(r"[\x21-\x7e]*", value):
        raise ValueError("should be one e-mail address, without spaces")
    return value


def _check_schedule(value: str) -> str:
    try:
        return str(parse_rule(value))
    except ScheduleError as error:
        raise ValueError(str(error)) from None


def _check_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ValueError, LookupError, OSError):
        hint = explaining.did_you_mean(value, available_timezones())
        hint = hint if "did you mean" in hint else "; write it as in 'Europe/Berlin'"
        raise ValueError(f"{value!r} is no IANA time zone{hint}") from None
    return value


def _check_query(value: str) -> str:
    try:
        parse(value)
    except QueryError as error:
        shown = caret(error).splitlines() if value.strip() else []
        hint = [f"did you mean: {error.suggestion}"] if error.suggestion else []
        raise ValueError("\n    ".join([str(error), *shown, *hint])) from None
    return value


def _check_switch(table: dict[str, Any]) -> dict[str, Any]:
    given = table.get("enabled", True)
    if str(given).lower() not in _SWITCH:
        raise ValueError(f"enabled should be true or false, not {given!r}")
    return table


def _switched_on(tables: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {
        name: {key: value for key, value in table.items() if key != "enabled"}
        for name, table in tables.items()
        if _SWITCH[str(table.get("enabled", True)).lower()]
    }


Duration = Annotated[timedelta, BeforeValidator(_read_duration)]
WebAddress = Annotated[str, AfterValidator(_check_web_address)]
Port = Annotated[int, Field(ge=0, le=65535)]
Name = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^\S(.*\S)?$")]
AdapterTables = Annotated[
    dict[str, Annotated[dict[str, Any], AfterValidator(_check_switch)]], AfterValidator(_switched_on)
]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Storage(_Table):
    """Where everything is kept; a relative path is seen from the working directory. The daily copies go to ``backups``,
    seen from the folder of the data; "" makes none."""

    path: Path = Path("paperround.sqlite3")
    backups: str = "backups"

    @property
    def backup_folder(self) -> Path | None:
        """Where the daily copies go, if they are made."""
        return self.path.parent / self.backups if self.backups else None


class Log(_Table):
    """What is logged to standard error, and how."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["text", "json"] = "text"


class Polling(_Table):
    """How often sources are asked, and how far back each time."""

    every: Duration = timedelta(minutes=30)
    lookback: Duration = timedelta(days=14)


class Delivery(_Table):
    """How messages are sent; ``quarantine`` is the wait before a message of unknown fate is looked for."""

    request_timeout: Duration = timedelta(seconds=30)
    quarantine: Duration = timedelta(seconds=120)
    max_per_digest: Annotated[int, Field(ge=1, le=10)] = 10


class Http(_Table):
    """How sources see us. ``allow_loopback`` is for tests only."""

    contact: Annotated[str, AfterValidator(_check_contact)] = ""
    allow_loopback: bool = False


class Web(_Table):
    """Where /healthz, /readyz and /metrics are served."""

    host: str = "127.0.0.1"
    port: Port = 8081


class Alerts(_Table):
    """Who is told that the bot is alive."""

    heartbeat_url: WebAddress = ""


class Links(_Table):
    """A library's proxy prefix for links to papers."""

    proxy: WebAddress = ""


class Topic(_Table):
    """A declared topic."""

    name: Name
    query: Annotated[str, AfterValidator(_check_query)]


class Channel(_Table):
    """A declared channel: where, which topics, and when; ``name`` is the id if not given. Without schedule and zone it
    is a person in chat who changes when it posts."""

    platform: Name
    workspace: str = ""
    id: Name
    name: Name = Field(default_factory=lambda given: str(given.get("id", "-")))
    topics: tuple[str, ...] = ()
    schedule: Annotated[str, AfterValidator(_check_schedule)] = "daily 09:00"
    zone: Annotated[str, AfterValidator(_check_zone)] = "UTC"

    @property
    def is_timed(self) -> bool:
        """Whether it says when it posts."""
        return not self.model_fields_set.isdisjoint({"schedule", "zone"})
