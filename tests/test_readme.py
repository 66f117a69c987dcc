"""The texts are true: what they tell people to write is accepted, and what they name exists."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typer
from pydantic import BaseModel

import adapters
from adapters.metrics import LoopLag, exposition
from bot.__main__ import cli
from bot.commands import COMMANDS, parse_command
from bot.config import Config, load
from bot.conversation import Misunderstood
from bot.housekeeping import RULES
from bot.model import DeliveryState
from bot.ports import Perishable
from bot.query import FILTERS, Field, parse
from bot.reports import Account, DataLine, Freshness, LedgerLine, PlatformLine, Silence, SourceLine, StatusReport
from bot.settings import Channel, Topic
from bot.terminal import FAILED, LOCKED, WRONG_USAGE
from tests.texts import FENCE, OPERATIONS, PRIVACY, README, ROOT, TEXTS, codes, everywhere, spans, table

BLOCKS = [body for language, body in FENCE.findall(README) if language == "toml"]
LARGEST_PICTURE = 300_000


# ---------------------------------------------------------------- configuration


TOKENS = {
    "slack": {
        "PAPERROUND_CHAT__SLACK__BOT_TOKEN": "xoxb-1",
        "PAPERROUND_CHAT__SLACK__APP_TOKEN": "xapp-1",
        "PAPERROUND_CHAT__SLACK__SIGNING_SECRET": "s",
    },
    "discord": {"PAPERROUND_CHAT__DISCORD__TOKEN": "a.b.c"},
}
ALL_TOKENS = TOKENS["slack"] | TOKENS["discord"]
WORKSPACES = "PAPERROUND_CHAT__SLACK__WORKSPACES"


def checked(text: str, folder: Path, environ: Mapping[str, str] | None = None) -> Config:
    file = folder / "paperround.toml"
    file.write_text(text, encoding="utf-8")
    config = load(file, environ or {})
    adapters.check_tables(config.sources, config.chat, config.variables)
    return config


@pytest.mark.parametrize("text", [*BLOCKS, (ROOT / "config.example.toml").read_text(encoding="utf-8")])
def test_a_configuration_that_is_shown_is_accepted_and_posts_somewhere(text: str, tmp_path: Path) -> None:
    [platform] = re.findall(r'^platform = "(\w+)"', text, re.MULTILINE)
    config = checked(text, tmp_path, TOKENS.get(platform))
    assert {"pubmed", "arxiv"} <= config.sources.keys()
    assert config.channels[0].topics


def known_keys() -> dict[str, Any]:
    """Every key with its default; None if it has none that could be written down."""
    keys: dict[str, Any] = {}
    fields = {name: field.annotation for name, field in Config.model_fields.items()}
    models = {name: kind for name, kind in fields.items() if isinstance(kind, type) and issubclass(kind, BaseModel)}
    for group in ("sources", "chat"):
        models |= {f"{group}.{name}": adapters._model(group, name) for name in adapters.names(group)}
    models |= {"topics": Topic, "channels": Channel}
    for name, model in models.items():
        for key, field in model.model_fields.items():
            keys[f"{name}.{key}"] = None if field.is_required() or field.default_factory else field.default
    return keys | {f"{table}.enabled": True for table in models if table.startswith(("sources.", "chat."))}


def test_the_key_table_holds_every_key() -> None:
    rows = table("key")
    assert sorted(codes([row[0] for row in rows])) == sorted(known_keys())
    assert all(meaning for _, _, meaning in rows)


def test_the_key_table_tells_the_defaults(tmp_path: Path) -> None:
    shown = {key: default.strip("`") for (key,), default in ((codes([row[0]]), row[1]) for row in table("key"))}
    assert {key for key, default in shown.items() if default in {"required", "the id"}} == {
        key for key, default in known_keys().items() if default is None
    }
    for name in ("slack", "discord"):  # they have secrets, without which their tables would be refused
        written = "\n".join(f"{key} = {default}" for key, default in shown.items() if key.startswith(f"chat.{name}."))
        defaults = adapters._model("chat", name).model_construct().model_dump(mode="json")
        assert tomllib.loads(written)["chat"][name] == {"enabled": True, **defaults}
    others = [key for key in shown if not key.startswith(("topics.", "channels.", "chat.slack.", "chat.discord."))]
    written = "\n".join(f"{key} = {shown[key]}" for key in others)
    config, plain = checked(written, tmp_path), checked("", tmp_path)
    assert config.model_dump(exclude={"sources", "chat"}) == plain.model_dump(exclude={"sources", "chat"})
    for name in ("pubmed", "arxiv"):
        assert adapters.source_settings(name, config.sources[name]) == adapters.source_settings(name, {})
    assert adapters.chat_settings("local", config.chat["local"]) == adapters.chat_settings("local", {})
    channel = Channel(platform="local", id="papers")
    for key in ("workspace", "topics", "schedule", "zone"):
        default = tomllib.loads(f"value = {shown[f'channels.{key}']}")["value"]
        assert channel == channel.model_copy(update={key: tuple(default) if isinstance(default, list) else default})


def test_the_environment_variables_exist(tmp_path: Path) -> None:
    variables = everywhere(r"\b(PAPERROUND_\w+)")
    assert ALL_TOKENS.keys() | {WORKSPACES} < variables
    checked("", tmp_path, dict.fromkeys(variables - {WORKSPACES}, "debug") | ALL_TOKENS)


def test_the_list_of_workspaces_is_accepted_and_names_those_that_channels_name(tmp_path: Path) -> None:
    [written] = re.findall(rf"^{WORKSPACES}='(.+)'$", README, re.MULTILINE)
    config = checked("", tmp_path, {WORKSPACES: written})
    names = {workspace["name"] for workspace in config.chat["slack"]["workspaces"]}
    assert len(names) > 1
    assert everywhere(r'^workspace = "(\w+)"') <= names


# ---------------------------------------------------------------- operations and privacy


def test_every_metric_is_named_and_every_named_one_exists() -> None:
    moment = datetime(2026, 11, 20, tzinfo=UTC)
    source = SourceLine("x", "X", Freshness.LATE, moment, moment, None, None, Silence(moment, moment))
    line = LedgerLine(moment.date(), "x", dict.fromkeys(Account, 1), ())
    states = tuple((state, 1) for state in DeliveryState)
    data = DataLine(1, 1, 1, backed_up=True, last_backup=moment)
    report = StatusReport((source,), 1, 1, states, (), (line,), data, platforms=(PlatformLine("x"),))
    exposed = set(re.findall(r"^(paperround_\w+)", exposition(report, LoopLag()).decode(), re.MULTILINE))
    assert set(re.findall(r"^\| `(paperround_\w+)`", OPERATIONS, re.MULTILINE)) == exposed
    assert set(re.findall(r"paperround_\w+", OPERATIONS)) <= exposed
    rule_states = re.findall(r'state=~?"([^"]+)"', OPERATIONS)
    assert {state for states in rule_states for state in states.split("|")} <= {*DeliveryState}


def test_every_key_that_operations_and_privacy_name_exists() -> None:
    tables = "|".join(sorted({key.partition(".")[0] for key in known_keys()}))
    named = set(re.findall(rf"^((?:{tables})\.[a-z_.]+)", "\n".join(spans(OPERATIONS) + spans(PRIVACY)), re.MULTILINE))
    assert {"storage.backups", "alerts.heartbeat_url"} <= named <= known_keys().keys()


def test_what_status_says_is_explained() -> None:
    said = set(re.findall(r"^\| `(\w+)` \|", OPERATIONS, re.MULTILINE))
    assert {*Freshness, *DeliveryState} - {"sending", "sent", "cancelled"} <= said


def test_how_long_things_are_kept_is_told_as_the_rules_have_it() -> None:
    assert {rule.what: rule.kept.days for rule in RULES} == {
        Perishable.LISTS: 90, Perishable.SEARCHES: 400, Perishable.ANSWERS: 90, Perishable.REFUSED: 90,
        Perishable.GESTURES: 1, Perishable.PAYLOADS: 30,
    }  # fmt: skip
    rows = dict(re.findall(r"^\| ([^|]+?) \| [^|]+ \| ([^|]+?) \|$", PRIVACY, re.MULTILINE))
    for what, days in (
        ("stored searches", 90),
        ("the words of a search", 400),
        ("private answers", 90),
        ("could not be read", 90),
        ("as they were", 30),
        ("answered once", 1),
    ):
        [kept] = [kept for name, kept in rows.items() if what in name]
        assert f"{days} day" in kept


# ---------------------------------------------------------------- in the chat


def test_every_query_of_the_table_is_understood_whole() -> None:
    queries = codes([row[0] for row in table("write")])
    assert len(queries) > len(table("write"))
    assert [query for query in queries if parse(query).ignored] == []


def test_the_query_table_names_every_field() -> None:
    named = set(re.findall(r"\b([a-z]+):", " ".join(codes([cell for row in table("write") for cell in row]))))
    assert named == {*Field, *FILTERS, "after", "before"}


def test_the_command_table_is_what_the_bot_knows() -> None:
    rows = table("command")
    assert codes([row[0] for row in rows]) == [command.usage for command in COMMANDS]
    assert [row[1] for row in rows] == ["admins" if command.admin else "anyone" for command in COMMANDS]


def test_every_command_that_is_shown_is_understood() -> None:
    shown = everywhere(r"^(/papers .+)")
    assert len(shown) > len(COMMANDS) // 2
    assert [text for text in shown if isinstance(parse_command(text), Misunderstood)] == []


def test_the_states_of_a_delivery_are_those_of_the_outbox() -> None:
    states = {row[0] for row in table("state")}
    assert states == {*DeliveryState, "waiting"} - {DeliveryState.CANCELLED}


# ---------------------------------------------------------------- in the terminal


def programs() -> dict[str, Any]:
    group = typer.main.get_command(cli)
    commands: dict[str, Any] = vars(group)["commands"]
    return commands


def test_every_command_of_the_terminal_exists_with_its_options() -> None:
    shown = everywhere(r"\bpaperround ([a-z]+.*)")
    assert {usage.split()[0] for usage in shown} == programs().keys()
    for usage in shown:
        name, _, rest = usage.partition(" ")
        options = {option for parameter in programs()[name].params for option in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", rest)) <= options, usage


def test_every_make_target_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    assert {"demo", "test"} <= everywhere(r"^make ([a-z-]+)") <= targets


def test_the_exit_codes_are_those_of_the_program() -> None:
    assert [int(row[0]) for row in table("exit code")] == [0, FAILED, WRONG_USAGE, LOCKED]


# ---------------------------------------------------------------- links and decisions


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.name)
def test_every_link_within_the_project_leads_somewhere(text: Path) -> None:
    written = text.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#\s]+)|src=\"([^\"]+)\"", written)
    inner = [link or source for link, source in links if not (link or source).startswith("http")]
    assert [link for link in inner if not (text.parent / link).exists()] == []


def test_the_pictures_are_small() -> None:
    pictures = list((ROOT / "docs" / "images").glob("*.png"))
    assert pictures
    assert [picture.name for picture in pictures if picture.stat().st_size > LARGEST_PICTURE] == []


def test_every_decision_has_its_four_parts_and_the_next_number() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(path.name[:4]) for path in decisions] == list(range(1, len(decisions) + 1))
    for path in decisions:
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {int(path.name[:4])}. ")
        assert re.findall(r"^## (.+)", text, re.MULTILINE) == ["Context", "Decision", "Consequences", "We will not"]
