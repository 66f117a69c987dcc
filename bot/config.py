"""The configuration: a TOML file, and the environment over it, read once at start and checked as a whole."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from bot import explaining
from bot.errors import ConfigurationError
from bot.settings import (
    AdapterTables,
    Alerts,
    Channel,
    Delivery,
    Http,
    Links,
    Log,
    Polling,
    Storage,
    Topic,
    Web,
)

DEFAULT_FILE = Path("paperround.toml")
SAMPLE_SOURCES: dict[str, dict[str, Any]] = {"pubmed": {}, "arxiv": {"categories": ["eess.IV", "cs.CV"]}}
SAMPLE_QUERY = (
    "(radiology OR imaging OR radiograph* OR mri OR ct) "
    '("deep learning" OR "machine learning" OR "artificial intelligence")'
)


class Config(BaseSettings):
    """Everything that can be configured. ``sources`` and ``chat`` hold the tables of the adapters that are
    switched on, by name; their contents are checked by ``adapters.check_tables``, with ``variables`` (which
    environment variable gave a setting) for the error's text."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True)

    storage: Storage = Storage()
    log: Log = Log()
    polling: Polling = Polling()
    delivery: Delivery = Delivery()
    http: Http = Http()
    web: Web = Web()
    alerts: Alerts = Alerts()
    links: Links = Links()
    sources: Annotated[AdapterTables, BeforeValidator(lambda given: given or SAMPLE_SOURCES)] = Field(
        default={}, repr=False
    )
    chat: Annotated[AdapterTables, BeforeValidator(lambda given: given or {"local": {}})] = Field(
        default={}, repr=False
    )
    topics: tuple[Topic, ...] = ()
    channels: tuple[Channel, ...] = ()

    _variables: dict[explaining.Path, str] = {}

    @property
    def variables(self) -> Mapping[explaining.Path, str]:
        """The environment variables that gave settings, by the settings' path."""
        return self._variables


def load(path: Path | None, environ: Mapping[str, str]) -> Config:
    """Read the configuration: ``path``, or ./paperround.toml if it is there, or built-in defaults; the
    PAPERROUND_ variables of ``environ`` go over it.

    Raises ConfigurationError with one line per mistake.
    """
    file = path or (DEFAULT_FILE if DEFAULT_FILE.exists() else None)
    variables = [name for name in sorted(environ) if name.startswith(explaining.PREFIX)]
    sources = (InitSettingsSource(Config, _tree(variables, environ)), _read_file(file))

    class Loaded(Config):
        _variables: dict[explaining.Path, str] = _origins(variables)

        @classmethod
        def settings_customise_sources(cls, *_: Any, **__: Any) -> tuple[PydanticBaseSettingsSource, ...]:
            return sources

    try:
        config: Config = Loaded()
    except ValidationError as error:
        lines = explaining.explain(error.errors(), Config.model_json_schema(), variables=_origins(variables))
        raise ConfigurationError("\n".join(lines)) from None
    if file is None and not (config.topics or config.channels) and "local" in config.chat:
        config = config.model_copy(update=_sample())
    if contradictions := list(_contradictions(config)):
        raise ConfigurationError("\n".join(contradictions))
    return config


def secrets(config: Config) -> list[str]:
    """The values of all keys that hold secrets, for the log to hide."""
    found = [*_secrets(config.model_dump(), hidden=False), config.alerts.heartbeat_url]
    return [secret for secret in found if secret]


def _secrets(value: object, *, hidden: bool) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _secrets(inner, hidden=hidden or explaining.looks_secret(str(key)))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _secrets(inner, hidden=hidden)
    elif hidden:
        yield str(value)


def _sample() -> dict[str, Any]:
    """A topic, and a channel that shows what the bot does at once; when it posts can be changed in chat."""
    topic = Topic(name="radiology-ai", query=SAMPLE_QUERY)
    given = {"platform", "id", "topics"}
    channel = Channel.model_construct(given, platform="local", id="papers", topics=(topic.name,), schedule="now")
    return {"topics": (topic,), "channels": (channel,)}


def _read_file(file: Path | None) -> TomlConfigSettingsSource:
    try:
        if file is not None:
            file.open("rb").close()
        return TomlConfigSettingsSource(Config, file)
    except OSError as error:
        raise ConfigurationError(f"{file}: cannot be read ({error.strerror})") from None
    except (ValueError, RecursionError) as error:  # besides its own errors, a number or nesting without end
        raise ConfigurationError(f"{file}: is not valid TOML: {error}") from None


def _tree(variables: list[str], environ: Mapping[str, str]) -> dict[str, Any]:
    """The variables as nested tables. A value in brackets or braces is JSON, for lists and tables."""
    tree: dict[str, Any] = {}
    for variable in variables:
        *tables, key = explaining.variable_path(variable)
        node = tree
        for table in tables:
            if not isinstance(node.get(table), dict):
                node[table] = {}
            node = node[table]
        node[key] = _read_value(environ[variable])
    return tree


def _read_value(text: str) -> object:
    if text.startswith(("[", "{")):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return text
    return text


def _origins(variables: list[str]) -> dict[explaining.Path, str]:
    origins: dict[explaining.Path, str] = {}
    for variable in variables:
        path = explaining.variable_path(variable)
        for length in range(len(path), 0, -1):
            origins.setdefault(path[:length], variable)
    return origins


def _contradictions(config: Config) -> Iterator[str]:
    """What is wrong between tables that are right one by one."""
    names = [topic.name for topic in config.topics]
    for name, count in Counter(name.casefold() for name in names).items():
        if count > 1:
            yield f"topics: the name {name!r} is given to {count} topics"
    places = Counter((channel.platform, channel.workspace, channel.id) for channel in config.channels)
    for place, count in places.items():
        if count > 1:
            yield f"channels: {':'.join(filter(None, place))} has {count} tables"
    for number, channel in enumerate(config.channels, 1):
        key = f"channels[{number}]"
        if channel.platform not in config.chat:
            hint = explaining.did_you_mean(channel.platform, config.chat)
            yield f"{key}.platform: {channel.platform!r} is not switched on by a table [chat.{channel.platform}]{hint}"
        for topic, count in Counter(channel.topics).items():
            if topic not in names:
                yield f"{key}.topics: there is no topic {topic!r}{explaining.did_you_mean(topic, names)}"
            if count > 1:
                yield f"{key}.topics: {topic!r} stands there {count} times"
