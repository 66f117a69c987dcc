"""The table [chat.slack]: what is taken, and what is said about each mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

import adapters
from adapters.chat.slack.settings import Settings
from bot.config import load, secrets
from bot.errors import ConfigurationError

SINGLE = {"bot_token": "xoxb-1-secret", "app_token": "xapp-1-secret"}
TWO = (
    '[[chat.slack.workspaces]]\nname = "lab"\nbot_token = "xoxb-1-secret"\napp_token = "xapp-1-secret"\n'
    '[[chat.slack.workspaces]]\nname = "rad"\nbot_token = "xoxb-2-secret"\napp_token = "xapp-2-secret"\n'
    'admins = ["U0ANN"]\n'
)


def mistake(**table: object) -> str:
    with pytest.raises(ConfigurationError) as raised:
        adapters.chat_settings("slack", table)
    assert "secret" not in str(raised.value).replace("signing_secret", "").replace("SIGNING_SECRET", "")
    return str(raised.value)


def test_single_tokens_are_the_workspace_without_a_name() -> None:
    settings = Settings.model_validate(SINGLE | {"admins": ["U0ANN"]})
    [workspace] = settings.all_workspaces
    assert (settings.mode, settings.api_url) == ("socket", "https://slack.com/api/")
    assert (workspace.name, workspace.bot_token.get_secret_value(), workspace.admins) == (
        "", "xoxb-1-secret", ("U0ANN",),
    )  # fmt: skip


def test_several_workspaces_have_tables_of_their_own(tmp_path: Path) -> None:
    file = tmp_path / "paperround.toml"
    file.write_text(TWO, encoding="utf-8")
    config = load(file, {})
    settings = adapters.chat_settings("slack", config.chat["slack"])
    assert isinstance(settings, Settings)
    assert [(one.name, one.admins) for one in settings.all_workspaces] == [("lab", ()), ("rad", ("U0ANN",))]
    assert set(secrets(config)) == {"xoxb-1-secret", "xapp-1-secret", "xoxb-2-secret", "xapp-2-secret"}


def test_the_environment_gives_the_secrets_and_is_named_in_errors(tmp_path: Path) -> None:
    file = tmp_path / "paperround.toml"
    file.write_text("[chat.slack]\n", encoding="utf-8")
    config = load(file, {"PAPERROUND_CHAT__SLACK__BOT_TOKEN": "xapp-1-secret"})
    with pytest.raises(ConfigurationError) as raised:
        adapters.check_tables({}, config.chat, config.variables)
    assert str(raised.value) == (
        "PAPERROUND_CHAT__SLACK__BOT_TOKEN: this is an app-level token, which belongs in app_token"
    )
    assert [secret.variable for secret in adapters.secrets("chat", "slack")] == [
        "PAPERROUND_CHAT__SLACK__BOT_TOKEN",
        "PAPERROUND_CHAT__SLACK__APP_TOKEN",
        "PAPERROUND_CHAT__SLACK__SIGNING_SECRET",
    ]


@pytest.mark.parametrize("shown", [repr, str])
def test_secrets_are_never_shown(shown: object) -> None:
    settings = Settings.model_validate(SINGLE)
    assert callable(shown)
    assert "secret" not in shown(settings).replace("signing_secret", "")
    assert "secret" not in shown(settings.all_workspaces).replace("signing_secret", "")


def test_spaces_and_line_ends_around_a_token_do_not_matter() -> None:
    settings = Settings.model_validate(SINGLE | {"bot_token": " xoxb-1-secret\n"})
    assert settings.bot_token.get_secret_value() == "xoxb-1-secret"


def test_without_tokens_it_says_which_are_needed_and_where_they_are() -> None:
    assert mistake().startswith("chat.slack: bot_token is missing: set PAPERROUND_CHAT__SLACK__BOT_TOKEN (Bot User")
    assert "app_token is missing: set PAPERROUND_CHAT__SLACK__APP_TOKEN" in mistake(bot_token="xoxb-1-secret")


def test_http_mode_needs_the_signing_secret_and_no_app_token() -> None:
    assert "signing_secret is missing" in mistake(mode="http", bot_token="xoxb-1-secret")
    Settings.model_validate({"mode": "http", "bot_token": "xoxb-1", "signing_secret": "0f"})


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("bot_token", "xapp-1-secret", "this is an app-level token, which belongs in app_token"),
        ("app_token", "xoxb-1-secret", "this is a bot token, which belongs in bot_token"),
        ("bot_token", "xoxp-1-secret", "this is a person's token; take the Bot User OAuth Token"),
        ("bot_token", "xoxe.xoxb-1-secret", "this is a token that expires; switch token rotation off"),
        ("bot_token", "my-secret", "this is no such token; take the Bot User OAuth Token"),
        ("signing_secret", "xoxb-1-secret", "this is a bot token, which belongs in bot_token"),
    ],
)
def test_a_secret_in_the_wrong_place_is_told(key: str, value: str, said: str) -> None:
    assert mistake(**(SINGLE | {key: value})).startswith(f"chat.slack.{key}: {said}")


@pytest.mark.parametrize("person", ["@ann", "ann", "ann@example.org", "u012ab", "<@U012>"])
def test_an_admin_is_named_by_slacks_id(person: str) -> None:
    said = mistake(**(SINGLE | {"admins": ["U0BOB", person]}))
    assert said.startswith(f"chat.slack.admins[2]: '{person}' is no Slack user id such as U012AB3CD; open")


@pytest.mark.parametrize(
    "address", ["http://slack.com/api/", "http://10.0.0.1/api/", "slack.com/api", "ftp://x/", "https://"]
)
def test_tokens_travel_encrypted_unless_on_this_machine(address: str) -> None:
    assert mistake(**(SINGLE | {"api_url": address})).startswith("chat.slack.api_url: should ")


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "[::1]:99"])
def test_this_machine_may_be_asked_without_encryption(host: str) -> None:
    assert Settings.model_validate(SINGLE | {"api_url": f"http://{host}/api"}).api_url == f"http://{host}/api/"


def test_tokens_stand_in_one_place_only() -> None:
    said = mistake(**SINGLE, workspaces=[{"name": "lab", **SINGLE}])
    assert said == ("chat.slack: bot_token, app_token stands beside workspaces; put it into the table of its workspace")


def test_each_workspace_has_a_name_and_an_app_of_its_own() -> None:
    first, second = {"name": "lab", **SINGLE}, {"name": "lab", **SINGLE, "app_token": "xapp-2-secret"}
    assert mistake(workspaces=[first, second]) == (
        "chat.slack: workspaces[1] and workspaces[2] have the same name; "
        "workspaces[1] and workspaces[2] have the same bot_token"
    )
    assert "workspaces[1].name: '' should be a short name" in mistake(workspaces=[{"name": "", **SINGLE}])
    assert "workspaces[1] has no app_token" in mistake(workspaces=[{"name": "lab", "bot_token": "xoxb-1"}])


def test_an_unknown_key_is_named_with_the_right_one() -> None:
    assert mistake(**SINGLE, bot_tokn="x") == "chat.slack.bot_tokn: unknown key; did you mean chat.slack.bot_token?"
