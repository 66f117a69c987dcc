"""How the bot talks: sources, chat platforms, HTTP.

The name of a table in the configuration is the name of a module: ``[sources.pubmed]`` is
``adapters.sources.pubmed``, imported when it is switched on. Each has ``Settings`` (a pydantic model of its
table) and an ``open_…`` function.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from bot import explaining
from bot.errors import ConfigurationError
from bot.ports import Source

if TYPE_CHECKING:
    from adapters.chat import ChannelIds, ChatPlatform, Tools
    from adapters.http import HttpClient

Table = Mapping[str, Any]
Variables = Mapping[explaining.Path, str]
_NONE: Variables = {}


def open_source(name: str, table: Table, http: HttpClient, contact: str) -> Source:
    """Open the source of this name with its table of the configuration.

    Raises ConfigurationError if there is no such source or its table is wrong.
    """
    settings = source_settings(name, table)
    source: Source = _module("sources", name).open_source(settings, http, contact)
    return source


def open_platform(name: str, table: Table, tools: Tools) -> ChatPlatform:
    """Open the chat platform of this name with its table, and with what the app gives to every platform.

    Raises ConfigurationError as ``open_source`` does.
    """
    settings = chat_settings(name, table)
    platform: ChatPlatform = _module("chat", name).open_platform(settings, tools)
    return platform


def source_settings(name: str, table: Table) -> BaseModel:
    """The checked settings of a source.

    Raises ConfigurationError with one line per mistake.
    """
    return _settings("sources", name, table)


def chat_settings(name: str, table: Table) -> BaseModel:
    """The checked settings of a chat platform, as ``source_settings``."""
    return _settings("chat", name, table)


def check_tables(sources: Mapping[str, Table], chat: Mapping[str, Table], variables: Variables) -> None:
    """Check the tables of all adapters at once. ``variables`` names the environment variables that gave settings.

    Raises ConfigurationError with one line per mistake in any of them.
    """
    lines = [*_mistakes("sources", sources, variables), *_mistakes("chat", chat, variables)]
    if lines:
        raise ConfigurationError("\n".join(lines))


def names(group: str) -> list[str]:
    """The modules of a group: ``sources`` or ``chat``."""
    package = importlib.import_module(f"{__name__}.{group}")
    return [module.name for module in pkgutil.iter_modules(package.__path__) if not module.name.startswith("_")]


@dataclass(frozen=True, slots=True)
class Secret:
    """A key of an adapter's table that holds a secret, and ``what`` that is, if it is said."""

    group: str
    name: str
    key: str
    what: str = ""

    @property
    def variable(self) -> str:
        """The environment variable that gives it."""
        return f"{explaining.PREFIX}{self.group}__{self.name}__{self.key}".upper()

    def check(self, text: str) -> None:
        """Raise ConfigurationError if this can be no such secret."""
        model = _model(self.group, self.name)
        try:
            model.model_validate({self.key: text})
        except ValidationError as error:
            if own := [one for one in error.errors() if one["loc"][:1] == (self.key,)]:
                lines = explaining.explain(own, model.model_json_schema(), (self.group, self.name))
                raise ConfigurationError("\n".join(lines)) from None


def secrets(group: str, name: str) -> list[Secret]:
    """What an adapter has of tokens, secrets and keys."""
    fields = _model(group, name).model_fields
    return [
        Secret(group, name, key, field.description or "")
        for key, field in fields.items()
        if explaining.looks_secret(key)
    ]


def channel_ids(platform: str) -> ChannelIds:
    """What the ids of a platform's channels look like."""
    ids: ChannelIds = _module("chat", platform).CHANNEL_IDS
    return ids


def next_click(platform: str) -> str:
    """What a person does first once the bot runs there."""
    text: str = _module("chat", platform).NEXT_CLICK
    return text


def _mistakes(group: str, tables: Mapping[str, Table], variables: Variables) -> Iterator[str]:
    for name, table in tables.items():
        try:
            _settings(group, name, table, variables)
        except ConfigurationError as error:
            yield str(error)


def _settings(group: str, name: str, table: Table, variables: Variables = _NONE) -> BaseModel:
    model = _model(group, name, variables)
    try:
        return model.model_validate(table, extra="forbid")
    except ValidationError as error:
        lines = explaining.explain(error.errors(), model.model_json_schema(), (group, name), variables)
        raise ConfigurationError("\n".join(lines)) from None


def _model(group: str, name: str, variables: Variables = _NONE) -> type[BaseModel]:
    model: type[BaseModel] = _module(group, name, variables).Settings
    return model


def _module(group: str, name: str, variables: Variables = _NONE) -> ModuleType:
    known = names(group)
    if name not in known:
        what = "source" if group == "sources" else "chat platform"
        where = variables.get((group, name), f"{group}.{name}")
        raise ConfigurationError(f"{where}: there is no {what} {name!r}{explaining.did_you_mean(name, known)}")
    return importlib.import_module(f"{__name__}.{group}.{name}")
