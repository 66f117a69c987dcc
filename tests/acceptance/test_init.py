"""``paperround init`` as a person meets it: six questions, two files, a check, and what to do next."""

from __future__ import annotations

import asyncio
import os
import stat
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.chat.discord.permissions import invite_address
from adapters.chat.slack.scopes import SCOPES
from bot import setting_up
from bot.app import utc_now
from bot.config import load
from bot.errors import ConfigurationError
from tests.acceptance.test_command_line import PATIENCE, ROOT, SECRET, Ended, free_port
from tests.fakes.discord import Channel as DiscordChannel
from tests.fakes.discord import FakeDiscord, Permission
from tests.fakes.literature import FakeLiterature
from tests.fakes.slack import Channel, FakeSlack


@pytest.fixture
async def literature() -> AsyncIterator[FakeLiterature]:
    async with FakeLiterature(now=utc_now) as serving:
        yield serving


async def init(folder: Path, literature: FakeLiterature, *options: str, answers: str = "", **more: str) -> Ended:
    """Run it in a folder; the sources are those of the test, by the environment."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PAPERROUND_")}
    environment |= {
        "PYTHONPATH": str(ROOT),
        "COLUMNS": "200",
        "PAPERROUND_HTTP__ALLOW_LOOPBACK": "true",
        **({} if "--platform" in options else {"PAPERROUND_CHAT__LOCAL__PORT": str(free_port())}),
        "PAPERROUND_WEB__PORT": "0",
        "PAPERROUND_SOURCES__PUBMED__BASE_URL": literature.eutils_url,
        "PAPERROUND_SOURCES__ARXIV__BASE_URL": literature.arxiv_url,
        "PAPERROUND_SOURCES__ARXIV__RSS_URL": literature.rss_url,
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "init", *options),
        cwd=folder,
        env=environment | more,
        start_new_session=True,  # without a terminal: hidden answers are read from stdin, too
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(PATIENCE):
        out, err = (said.decode() for said in await process.communicate(answers.encode()))
    assert SECRET not in out + err
    return Ended(process.returncode if process.returncode is not None else -1, out, err)


async def test_the_defaults_make_a_bot_that_is_checked_and_told_how_to_start(
    tmp_path: Path, literature: FakeLiterature
) -> None:
    done = await init(tmp_path, literature, "--yes", "--contact", "team@example.org")
    assert done.code == 0, done.out + done.err
    assert "sources.pubmed" in done.out
    assert "Next: paperround run" in done.out
    config = load(tmp_path / "paperround.toml", {})
    assert (list(config.sources), list(config.chat), config.http.contact) == (
        ["pubmed", "arxiv"], ["local"], "team@example.org",
    )  # fmt: skip
    [channel] = config.channels
    assert (channel.platform, channel.id, channel.topics) == ("local", "papers", ("radiology-ai",))
    assert stat.S_IMODE((tmp_path / "paperround.env").stat().st_mode) == 0o600


async def test_six_questions_are_answered_and_a_wrong_answer_is_asked_again(
    tmp_path: Path, literature: FakeLiterature
) -> None:
    answers = ["slak", "local", "ann at example", "ann@example.org", "pubmde", "pubmed",
               '("knee mri', '"knee mri" OR "ACL"', "knees", "now Europe/Berln", "now Europe/Berlin"]  # fmt: skip
    done = await init(tmp_path, literature, answers="\n".join(answers) + "\n")
    assert done.code == 0, done.out + done.err
    config = load(tmp_path / "paperround.toml", {})
    [topic], [channel] = config.topics, config.channels
    assert (topic.name, topic.query) == ("knee-mri-or", '"knee mri" OR "ACL"')
    assert (channel.id, channel.topics, channel.schedule, channel.zone) == (
        "knees", ("knee-mri-or",), "now", "Europe/Berlin",
    )  # fmt: skip
    assert list(config.sources) == ["pubmed"]
    assert config.http.contact == "ann@example.org"
    assert done.out.count("Error: ") + done.err.count("Error: ") == 5


async def test_nothing_is_overwritten(tmp_path: Path, literature: FakeLiterature) -> None:
    (tmp_path / "paperround.env").write_text("mine", encoding="utf-8")
    done = await init(tmp_path, literature, "--yes")
    assert (done.code, [file.name for file in tmp_path.iterdir()]) == (2, ["paperround.env"])
    assert "Nothing was written" in done.err
    assert (tmp_path / "paperround.env").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("option", "value"),
    [("platform", "slak"), ("contact", "a b"), ("sources", "pubmde"), ("topic", "(mri"), ("channel", " "),
     ("schedule", "now Nowhere/City")],
)  # fmt: skip
def test_a_wrong_option_is_named_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str, value: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigurationError, match=f"^--{option}: "):
        setting_up.init(yes=True, **{option: value})
    assert list(tmp_path.iterdir()) == []


async def test_a_source_that_cannot_be_reached_is_said_and_the_files_stay(
    tmp_path: Path, literature: FakeLiterature
) -> None:
    literature.fail_next("e", status=400, body="no", times=99)
    done = await init(tmp_path, literature, "--yes")
    assert done.code == 1
    assert {"paperround.toml", "paperround.env"} <= {file.name for file in tmp_path.iterdir()}


# ---------------------------------------------------------------- Slack


async def init_slack(folder: Path, literature: FakeLiterature, slack: FakeSlack, channel: Channel) -> Ended:
    """With tokens from the environment, and no scope but those of the manifest."""
    home = channel.workspace
    home.scopes = {*SCOPES}
    return await init(
        folder, literature, "--yes", "--platform", "slack", "--contact", "team@example.org", "--channel", channel.id,
        PAPERROUND_CHAT__SLACK__API_URL=slack.api_url,
        PAPERROUND_CHAT__SLACK__BOT_TOKEN=home.bot_token,
        PAPERROUND_CHAT__SLACK__APP_TOKEN=home.app_token,
    )  # fmt: skip


async def test_slack_is_set_up_and_checked_and_its_tokens_are_in_the_file_of_secrets_only(
    tmp_path: Path, literature: FakeLiterature
) -> None:
    async with FakeSlack() as slack:
        channel = slack.channel("papers")
        done = await init_slack(tmp_path, literature, slack, channel)
    assert done.code == 0, done.out + done.err
    assert "(set -a; . ./paperround.env; paperround run)" in done.out
    assert "/invite @Paper Round" in done.out
    home, written = channel.workspace, (tmp_path / "paperround.toml").read_text(encoding="utf-8")
    for secret in (home.bot_token, home.app_token):
        assert secret not in written + done.out + done.err
    config = load(tmp_path / "paperround.toml", {})
    assert (list(config.chat), config.channels[0].platform, config.channels[0].id) == (["slack"], "slack", channel.id)
    secrets = (tmp_path / "paperround.env").read_text(encoding="utf-8").splitlines()
    assert {f"PAPERROUND_CHAT__SLACK__BOT_TOKEN={home.bot_token}"} < {*secrets}


async def test_a_channel_without_the_bot_is_said_with_the_command_that_invites_it(
    tmp_path: Path, literature: FakeLiterature
) -> None:
    async with FakeSlack() as slack:
        done = await init_slack(tmp_path, literature, slack, slack.channel("papers", bot=False))
    assert done.code == 1
    assert "the bot is not in this channel; type /invite @Paper Round there" in " ".join(done.out.split())


async def test_a_hidden_answer_that_is_wrong_is_explained_and_asked_again(
    tmp_path: Path, literature: FakeLiterature
) -> None:
    async with FakeSlack() as slack:
        channel = slack.channel("papers")
        home = channel.workspace
        typed = [home.app_token, home.bot_token, home.app_token, "", "", "", "", channel.id, ""]
        answers = "\n".join(typed) + "\n"
        options = ("--platform", "slack")
        done = await init(
            tmp_path, literature, *options, answers=answers, PAPERROUND_CHAT__SLACK__API_URL=slack.api_url
        )
    assert done.code == 0, done.out + done.err
    assert "this is an app-level token, which belongs in app_token" in done.err
    assert home.bot_token not in done.out + done.err
    written = (tmp_path / "paperround.env").read_text(encoding="utf-8")
    assert written.endswith(f"BOT_TOKEN={home.bot_token}\nPAPERROUND_CHAT__SLACK__APP_TOKEN={home.app_token}\n")


async def test_a_token_in_the_place_of_another_is_told_before_anything_is_written(
    tmp_path: Path, literature: FakeLiterature
) -> None:
    async with FakeSlack() as slack:
        channel = slack.channel("papers")
        channel.workspace.bot_token = channel.workspace.app_token
        done = await init_slack(tmp_path, literature, slack, channel)
    assert (done.code, list(tmp_path.iterdir())) == (2, [])
    assert "app_token" in done.err
    assert channel.workspace.app_token not in done.err


def test_a_channels_name_is_not_taken_for_its_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigurationError, match=r"^--channel: '#papers' is no id"):
        setting_up.init(yes=True, platform="slack", channel="#papers")
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------- Discord


async def init_discord(
    folder: Path, literature: FakeLiterature, discord: FakeDiscord, channel: DiscordChannel, token: str = ""
) -> Ended:
    """With the token from the environment; it is only checked, so nothing listens."""
    return await init(
        folder, literature, "--yes", "--platform", "discord", "--contact", "team@example.org", "--channel", channel.id,
        COLUMNS="400",
        PAPERROUND_CHAT__DISCORD__API_URL=discord.api_url,
        PAPERROUND_CHAT__DISCORD__GATEWAY_URL=discord.gateway_url,
        PAPERROUND_CHAT__DISCORD__TOKEN=token or discord.token,
    )  # fmt: skip


async def test_discord_is_set_up_and_checked_and_the_way_to_invite_the_bot_is_shown(
    tmp_path: Path, literature: FakeLiterature
) -> None:
    async with FakeDiscord() as discord:
        channel = discord.channel("papers")
        done = await init_discord(tmp_path, literature, discord, channel)
        invitation = invite_address(discord.application_id)
    assert done.code == 0, done.out + done.err
    assert "(set -a; . ./paperround.env; paperround run)" in done.out
    assert "/papers help" in done.out
    assert invitation in done.out
    written = (tmp_path / "paperround.toml").read_text(encoding="utf-8")
    assert discord.token not in written + done.out + done.err
    config = load(tmp_path / "paperround.toml", {})
    assert (list(config.chat), config.channels[0].platform, config.channels[0].id) == (
        ["discord"], "discord", channel.id,
    )  # fmt: skip
    secrets = (tmp_path / "paperround.env").read_text(encoding="utf-8").splitlines()
    assert f"PAPERROUND_CHAT__DISCORD__TOKEN={discord.token}" in secrets


async def test_what_the_bot_may_not_do_in_its_channel_on_discord_is_said(
    tmp_path: Path, literature: FakeLiterature
) -> None:
    async with FakeDiscord() as discord:
        channel = discord.channel("papers")
        discord.deny(channel, None, Permission.EMBED_LINKS | Permission.READ_MESSAGE_HISTORY)
        done = await init_discord(tmp_path, literature, discord, channel)
    assert done.code == 1
    assert "the bot lacks Embed Links, Read Message History" in " ".join(done.out.split())


async def test_what_is_no_token_of_discord_is_told_before_anything_is_written(
    tmp_path: Path, literature: FakeLiterature
) -> None:
    async with FakeDiscord() as discord:
        channel = discord.channel("papers")
        done = await init_discord(tmp_path, literature, discord, channel, token=discord.application_id)
    assert (done.code, list(tmp_path.iterdir())) == (2, [])
    assert "this is the application's id; take the bot's token" in done.err


async def test_a_token_that_discord_does_not_know_is_said(tmp_path: Path, literature: FakeLiterature) -> None:
    async with FakeDiscord() as discord:
        channel = discord.channel("papers")
        done = await init_discord(tmp_path, literature, discord, channel, token="MTE.wrong.token")
    assert done.code == 1
    assert "Discord does not know the token" in " ".join(done.out.split())
