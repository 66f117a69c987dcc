"""``paperround init``: six questions, a configuration file and a file of secrets."""

# ruff: noqa: PLC0415 — what is heavy is imported when the questions begin, so that --help is quick

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.errors import ConfigurationError, QueryError
from bot.initial import CONFIGURATION, SECRETS, Answers
from bot.printing import print_check, say
from bot.terminal import FAILED, with_app

if TYPE_CHECKING:
    from pydantic import BaseModel

    from adapters import Secret
    from adapters.chat import ChannelIds

T = TypeVar("T")
Model = TypeVar("Model", bound="BaseModel")

DEFAULT_TOPIC = "radiology-ai"
DEFAULT_SOURCES = "pubmed, arxiv"
_SECRET = re.compile(r"[\w.:/+=-]*", re.ASCII)
_LONGEST_NAME = 40


def init(
    *,
    platform: Annotated[str | None, typer.Option(help="Where papers are posted.")] = None,
    contact: Annotated[str | None, typer.Option(help="Your e-mail address, told to the sources.")] = None,
    sources: Annotated[str | None, typer.Option(help="Where papers come from, with commas.")] = None,
    topic: Annotated[str | None, typer.Option(help="The name of a starter topic, or a query.")] = None,
    channel: Annotated[str | None, typer.Option(help="The id of the channel that follows it.")] = None,
    schedule: Annotated[str | None, typer.Option(help="When it posts, and its time zone.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing: what is not given is the default.")] = False,
) -> None:
    """Ask six questions, write the configuration and the secrets, and check them."""
    for name in (CONFIGURATION, SECRETS):
        if Path(name).exists():
            raise ConfigurationError(f"{name} is there already. Nothing was written. Change it, or move it away.")
    given = {"platform": platform, "contact": contact, "sources": sources, "topic": topic, "channel": channel}
    answers = _interview(_Asking(given | {"schedule": schedule}, silent=yes))
    _write(CONFIGURATION, answers.configuration, 0o644)
    _write(SECRETS, answers.environment, 0o600)
    say(f"Written: {CONFIGURATION}, and {SECRETS}, which only you can read.")
    sound = _check(answers)
    _say_next(answers)
    if not sound:
        raise typer.Exit(FAILED)


@dataclass(frozen=True, slots=True)
class _Asking:
    """Answers are the options ``given``, else what the person types; if ``silent``, else the defaults."""

    given: Mapping[str, str | None]
    silent: bool

    def ask(self, key: str, question: str, default: str, read: Callable[[str], T]) -> T:
        """One answer, read at once; a person is asked again until it can be read."""
        answer = self.given[key]
        if answer is None and not self.silent:
            meant: T = typer.prompt(question, default=default, value_proc=_again(read))
            return meant
        try:
            return read(default if answer is None else answer)
        except ConfigurationError as error:
            raise ConfigurationError(f"--{key}: {error}") from None

    def secret(self, secret: Secret) -> str:
        """A secret, or "". Not shown, and no option: every account of a machine can read those of a program."""
        read = _secret(secret)
        if secret.variable in os.environ or self.silent:
            return read(os.environ.get(secret.variable, ""))
        what = f": {secret.what}" if secret.what else ""
        question = f"   {secret.variable}{what} (not shown; Enter leaves it out)"
        while True:
            typed: str = typer.prompt(question, default="", show_default=False, hide_input=True)
            try:
                return read(typed.strip())
            except ConfigurationError as error:  # of a hidden answer the prompt itself would not say what is wrong
                say(f"Error: {error}", err=True)


def _again(read: Callable[[str], T]) -> Callable[[str], T]:
    """The same for a prompt, which asks again after its own error."""

    def check(text: str) -> T:
        try:
            return read(text.strip())
        except ConfigurationError as error:
            raise typer.BadParameter(str(error)) from None

    return check


def _interview(asking: _Asking) -> Answers:
    import adapters
    from bot.library import starter_topics
    from bot.settings import Channel, Http

    platforms, known = adapters.names("chat"), adapters.names("sources")
    where = asking.ask("platform", f"1. Where to post ({', '.join(platforms)})", "local", _one_of(platforms))
    asked = adapters.secrets("chat", where)
    say(f"2. Secrets of {where}: " + ("type them now, or later." if asked else "none are needed."))
    secrets = {secret.variable: text for secret in asked if (text := asking.secret(secret))}
    contact = asking.ask(
        "contact", "3. Your e-mail address, told to the sources", "", lambda text: _valid(Http, contact=text).contact
    )
    sources = asking.ask("sources", f"4. Sources ({', '.join(known)})", DEFAULT_SOURCES, _some_of(known))
    say("5. A first topic: one of these, or a query of your own.")
    for starter in starter_topics():
        say(f"   {starter.name}: {starter.title}")
    topic = asking.ask("topic", "   Topic", DEFAULT_TOPIC, _topic)
    ids = adapters.channel_ids(where)
    channel = asking.ask("channel", f"   Channel's id ({ids.where})", ids.default, _channel(where, ids))
    usual = f"{Channel.model_fields['schedule'].default} {_own_zone()}"
    when = asking.ask("schedule", "6. When it posts, and its time zone", usual, _when)
    return Answers(where, contact, sources, topic, channel, when, secrets)


# ---------------------------------------------------------------- answers


def _valid(model: type[Model], **values: str) -> Model:
    """A table of the configuration with these values; raises ConfigurationError as loading it would."""
    from pydantic import ValidationError

    from bot.explaining import explain

    try:
        return model(**values)
    except ValidationError as error:
        raise ConfigurationError("\n".join(explain(error.errors(), model.model_json_schema()))) from None


def _one_of(known: Sequence[str]) -> Callable[[str], str]:
    from bot.explaining import did_you_mean

    def read(text: str) -> str:
        if text.lower() not in known:
            raise ConfigurationError(f"there is no {text!r}{did_you_mean(text, known)}")
        return text.lower()

    return read


def _some_of(known: Sequence[str]) -> Callable[[str], list[str]]:
    def read(text: str) -> list[str]:
        return list(dict.fromkeys(map(_one_of(known), text.replace(",", " ").split())))

    return read


def _secret(secret: Secret) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not _SECRET.fullmatch(text):
            raise ConfigurationError("a token has no spaces, quotes or special signs; copy it again")
        secret.check(text)
        return text

    return read


def _channel(platform: str, ids: ChannelIds) -> Callable[[str], str]:
    from bot.settings import Channel

    def read(text: str) -> str:
        if not re.fullmatch(ids.pattern, text):
            raise ConfigurationError(f"{text!r} is no id of a channel there ({ids.where})")
        return _valid(Channel, platform=platform, id=text).id

    return read


def _topic(text: str) -> tuple[str, str]:
    """The starter topic of this name, else the text as a query, with a name made of its first words."""
    from bot.library import starter_topics
    from bot.query import caret, parse

    for starter in starter_topics():
        if starter.name == text:
            return starter.name, str(starter.query)
    try:
        parse(text)
    except QueryError as error:
        raise ConfigurationError(f"{error}\n{caret(error)}" if text else str(error)) from None
    words = re.findall(r"[^\W_]+", text.lower())
    return "-".join(words[:3])[:_LONGEST_NAME] or "topic", text


def _when(text: str) -> tuple[str, str]:
    """A schedule and a zone; the zone may be left out."""
    from bot.settings import Channel

    words = text.split()
    schedule, zone = (" ".join(words[:-1]), words[-1]) if _names_zone(words) else (text, _own_zone())
    channel = _valid(Channel, platform="local", id="papers", schedule=schedule, zone=zone)
    return channel.schedule, channel.zone


def _names_zone(words: Sequence[str]) -> bool:
    from zoneinfo import available_timezones

    return len(words) > 1 and ("/" in words[-1] or words[-1] in available_timezones())


def _own_zone() -> str:
    """The zone of this machine, if it says so."""
    _, _, zone = str(Path("/etc/localtime").resolve()).rpartition("/zoneinfo/")
    return zone if _names_zone(("", zone)) else "UTC"


# ---------------------------------------------------------------- files


def _write(name: str, text: str, mode: int) -> None:
    """Write a new file, from its first byte with this mode."""
    try:
        with open(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as file:  # noqa: PTH123 - a Path is opened without a mode
            file.write(text)
    except OSError as error:
        raise ConfigurationError(f"cannot write {name}: {error.strerror}. What was there is unchanged.") from None


def _check(answers: Answers) -> bool:
    """Check what was written as the bot will read it; says whether there is no error."""
    from adapters import logs
    from bot.config import load, secrets

    try:
        config = load(Path(CONFIGURATION), {**os.environ, **answers.secrets})
        logs.set_up("warning", "text", secrets(config))
        return print_check(with_app(config, lambda app: app.check()))
    except ConfigurationError as error:
        say(str(error), err=True)
        return False


def _say_next(answers: Answers) -> None:
    import adapters

    start = f"(set -a; . ./{SECRETS}; paperround run)" if answers.secrets else "paperround run"
    say(f"Next: {start}\nThen: {adapters.next_click(answers.platform)}")
