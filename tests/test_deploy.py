"""What installs the bot for good: the systemd unit, the Dockerfile and the compose file name what exists."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import typer

from bot.__main__ import cli
from bot.settings import Web
from bot.terminal import LOCKED, WRONG_USAGE

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
UNIT = DEPLOY / "paperround.service"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def unit() -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(UNIT, encoding="utf-8")
    return parser


def instructions(name: str) -> list[str]:
    """What follows an instruction of the Dockerfile, continued lines joined."""
    lines = DOCKERFILE.replace("\\\n", " ").splitlines()
    return [line.removeprefix(name).strip() for line in lines if line.startswith(f"{name} ")]


# ---------------------------------------------------------------- systemd


def test_systemd_finds_no_mistake_in_the_unit(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not on this machine")
    program = tmp_path / "paperround"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    copy = tmp_path / UNIT.name
    command = "/opt/paperround/.venv/bin/paperround"
    text = UNIT.read_text(encoding="utf-8")
    assert command in text
    copy.write_text(text.replace(command, str(program)), encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", str(copy)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_unit_starts_the_bot_again_unless_its_configuration_is_wrong() -> None:
    service = unit()["Service"]
    assert service["Restart"] == "on-failure"
    prevented = service["RestartPreventExitStatus"].split()
    assert (str(WRONG_USAGE) in prevented, str(LOCKED) in prevented) == (True, False)
    assert (service["Type"], "WatchdogSec" in service) == ("notify", True)


def test_the_commands_of_unit_and_dockerfile_exist() -> None:
    [command] = re.findall(r'^CMD \["paperround", "(\w+)"', DOCKERFILE, re.MULTILINE)
    started = unit()["Service"]["ExecStart"].split()
    commands = vars(typer.main.get_command(cli))["commands"]
    assert {command, started[1]} == {"run"} <= set(commands)


# ---------------------------------------------------------------- Docker


def test_the_dockerfile_copies_what_is_there_and_all_that_is_installed() -> None:
    copied = [source for line in instructions("COPY") for source in line.split()[:-1]]
    assert [source for source in copied if not (ROOT / source).exists()] == []
    assert {"bot", "adapters", "storage", "requirements.lock", "pyproject.toml"} <= set(copied)
    shown = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert {f"!{source}" for source in copied} <= set(shown)


def test_the_dockerfile_installs_as_the_makefile_does() -> None:
    installs = [line.partition(" install ")[2] for line in instructions("RUN") if " pip " in line]
    made = [line.partition("install ")[2] for line in MAKEFILE.splitlines() if "$(PIP) install" in line]
    assert len(installs) == 2
    assert set(installs) <= set(made)


def test_the_container_has_no_rights_of_root_and_a_health_check_of_the_bots_own_port() -> None:
    assert instructions("USER") == ["paperround"]
    [check] = instructions("HEALTHCHECK")
    assert f"http://127.0.0.1:{Web().port}/readyz" in check
    [base] = instructions("FROM")
    assert re.fullmatch(r"python:3\.\d+-slim-\w+", base)


def test_the_compose_file_names_what_is_there_and_what_init_writes() -> None:
    assert "\t" not in COMPOSE
    assert (DEPLOY / re.findall(r"context: (\S+)", COMPOSE)[0]).resolve() == ROOT
    assert (ROOT / re.findall(r"dockerfile: (\S+)", COMPOSE)[0]).exists()
    assert instructions("VOLUME") == re.findall(r"- data:(/\S+)", COMPOSE)
    assert {"paperround.env", "paperround.toml"} == set(re.findall(r"\.\./(paperround\.\w+)", COMPOSE))


@pytest.mark.parametrize("text", [DOCKERFILE, COMPOSE, (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")])
def test_what_was_not_built_says_so(text: str) -> None:
    assert "Not built here" in text
