"""The house's own rules: import contracts that hold, an example that is true, locks that are complete."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

import adapters
from adapters.chat.slack.settings import WorkspaceSettings
from bot.config import Config, load

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "adapters", "storage")


# ---------------------------------------------------------------- who may import whom


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the production code with its contracts."""
    copy = tmp_path_factory.mktemp("house")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def contracts() -> dict[str, str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["id"]: contract["name"] for contract in settings["tool"]["importlinter"]["contracts"]}


def test_the_import_contracts_hold(house: Path) -> None:
    result = lint_imports(house)
    assert result.returncode == 0, result.stdout


OFFENCES = [
    ("worlds", "adapters/web.py", "import storage"),
    ("worlds", "storage/__init__.py", "import adapters.web"),
    ("worlds", "bot/polling.py", "import storage"),
    ("worlds", "adapters/logs.py", "import bot.config"),
    ("worlds", "storage/__init__.py", "import bot.app"),
    ("layers", "bot/model.py", "import bot.ports"),
    ("layers", "bot/identity.py", "import bot.wording"),
    ("layers", "bot/polling.py", "import bot.delivering"),
    ("layers", "bot/newcomer.py", ""),
    ("core", "bot/answering/topics.py", "import pydantic"),
    ("core", "bot/ports/__init__.py", "import sqlite3"),
    ("core", "bot/wording/__init__.py", "import adapters.web"),
    ("pure", "bot/query/parser.py", "import random"),
    ("pure", "bot/identity.py", "import logging"),
    ("adapters", "adapters/sources/arxiv/__init__.py", "import adapters.sources.pubmed"),
    ("adapters", "adapters/sources/pubmed/__init__.py", "import adapters.chat.local"),
    ("rendering", "adapters/chat/local/render.py", "import aiohttp"),
    ("rendering", "adapters/chat/local/commands.py", "import asyncio"),
]


@pytest.mark.parametrize(("contract", "file", "line"), OFFENCES)
def test_an_import_that_is_not_allowed_breaks_its_contract(house: Path, contract: str, file: str, line: str) -> None:
    offender = house / file
    before = offender.read_text(encoding="utf-8") if offender.exists() else None
    try:
        offender.write_text(f"{before or ''}\n{line}\n", encoding="utf-8")
        result = lint_imports(house)
    finally:
        if before is None:
            offender.unlink()
        else:
            offender.write_text(before, encoding="utf-8")
    assert result.returncode == 1
    assert f"{contracts()[contract]} BROKEN" in " ".join(result.stdout.split())


def test_every_contract_is_seen_to_break() -> None:
    assert {contract for contract, _, _ in OFFENCES} == set(contracts())


# ---------------------------------------------------------------- the example configuration


def example() -> dict[str, Any]:
    return tomllib.loads((ROOT / "config.example.toml").read_text(encoding="utf-8"))


def test_the_example_is_read_without_a_mistake() -> None:
    config = load(ROOT / "config.example.toml", {})
    adapters.check_tables(config.sources, config.chat, config.variables)
    assert config.channels


def test_the_example_shows_every_key() -> None:
    shown = example()
    assert shown.keys() == Config.model_fields.keys()
    for name, field in Config.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            assert shown[name].keys() == field.annotation.model_fields.keys()
    for name in ("topics", "channels"):
        assert shown[name][0].keys() == load(ROOT / "config.example.toml", {}).model_dump()[name][0].keys()
    for group in ("sources", "chat"):
        assert shown[group].keys() == {*adapters.names(group)}
        for name, table in shown[group].items():
            assert {*adapters._model(group, name).model_fields, "enabled"} == table.keys()


def test_the_example_shows_every_key_of_one_of_several_workspaces() -> None:
    text = (ROOT / "config.example.toml").read_text(encoding="utf-8")
    hidden = re.findall(r"^# (\[\[chat\.slack\.workspaces\]\]|\w+ = .*)$", text, re.MULTILINE)
    [table] = tomllib.loads("\n".join(hidden))["chat"]["slack"]["workspaces"]
    assert table.keys() == WorkspaceSettings.model_fields.keys()


def test_the_example_says_what_each_key_is_for() -> None:
    lines = (ROOT / "config.example.toml").read_text(encoding="utf-8").splitlines()
    bare = [line for line in lines if re.match(r"\w+ = ", line) and "  # " not in line]
    assert all(line.split(" = ")[0] in {"port", "base_url", "rss_url"} for line in bare), bare


# ---------------------------------------------------------------- locks and addresses


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_package_of_a_lock_has_its_version_and_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    packages = re.split(r"\n(?=[a-zA-Z0-9])", text.strip())
    assert len(packages) > 20
    for package in packages:
        assert re.match(r"[\w.-]+(\[[\w,-]+\])?==[\w.]+", package), package
        assert "--hash=sha256:" in package, package


def test_the_locks_hold_what_the_project_needs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    needed = project["project"]["dependencies"] + project["dependency-groups"]["build"]
    development = needed + project["project"]["optional-dependencies"]["dev"]
    for lock, requirements in (("requirements.lock", needed), ("requirements-dev.lock", development)):
        locked = set(re.findall(r"^([\w.-]+)", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))
        names = {re.split(r"[<>=\[]", requirement)[0] for requirement in requirements}
        assert {name.replace(".", "-") for name in names} <= locked


def test_no_committed_file_holds_the_address_of_a_package_index() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("this is no checkout")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    index = re.compile(rb"https?://[^\s\"'<>()]*(?:pypi|pythonhosted|/simple\b)|--(?:extra-)?index-url[ =]")
    files = [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]
    assert files
    assert [file.name for file in files if index.search(file.read_bytes())] == []
