"""The table [chat.discord]: what is taken, and what is said about each mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

import adapters
from adapters.chat.discord.settings import Settings
from bot.config import load, secrets
from bot.errors import ConfigurationError

TOKEN = "MTE5.GhSecret.secret-secret_secret"
SINGLE = {"token": TOKEN}


def mistake(**table: object) -> str:
    with pytest.raises(ConfigurationError) as raised:
        adapters.chat_settings("discord", table)
    assert "ecret." not in str(raised.value)
    assert "secret_" not in str(raised.value)
    return str(raised.value)


def test_a_token_is_all_it_needs() -> None:
    settings = Settings.model_validate(SINGLE)
    assert (settings.api_url, settings.gateway_url, settings.admins) == ("https://discord.com/api/v10", "", ())
    assert settings.token.get_secret_value() == TOKEN


def test_the_environment_gives_the_token_and_it_is_kept_out_of_logs(tmp_path: Path) -> None:
    file = tmp_path / "paperround.toml"
    file.write_text("[chat.discord]\n", encoding="utf-8")
    config = load(file, {"PAPERROUND_CHAT__DISCORD__TOKEN": TOKEN})
    settings = adapters.chat_settings("discord", config.chat["discord"])
    assert isinstance(settings, Settings)
    assert TOKEN not in repr(settings) + str(settings)
    assert list(secrets(config)) == [TOKEN]
    assert [secret.variable for secret in adapters.secrets("chat", "discord")] == ["PAPERROUND_CHAT__DISCORD__TOKEN"]


def test_spaces_and_line_ends_around_the_token_do_not_matter() -> None:
    assert Settings.model_validate({"token": f" {TOKEN}\n"}).token.get_secret_value() == TOKEN


def test_without_a_token_it_says_where_it_is() -> None:
    assert mistake() == (
        "chat.discord: token is missing: set PAPERROUND_CHAT__DISCORD__TOKEN "
        "(the bot's token, at discord.com/developers/applications, Bot, Reset Token)"
    )


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ("1196600000000000001", "the application's id"),
        ("0f" * 32, "the application's public key"),
        ("aB-_" * 8, "the client secret"),
        ("Bot MTE5.Gh.x", "no such token"),
        ("xoxb-1-secret", "no such token"),
    ],
)
def test_another_secret_in_its_place_is_told(given: str, what: str) -> None:
    assert mistake(token=given).startswith(f"chat.discord.token: this is {what}; take the bot's token, at discord.com")


@pytest.mark.parametrize(
    "person", ["@ann", "ann", "ann#1234", "<@80351110224678912>", "12", "８０３５１１１０２２４６７８９１２"]
)
def test_an_admin_is_named_by_discords_id(person: str) -> None:
    said = mistake(**SINGLE, admins=["80351110224678912", person])
    assert said.startswith(f"chat.discord.admins[2]: '{person}' is no Discord user id such as 80351110224678912; ")


@pytest.mark.parametrize("address", ["http://discord.com/api/v10", "discord.com/api", "wss://discord.com/", "https://"])
def test_the_token_travels_encrypted_unless_on_this_machine(address: str) -> None:
    assert mistake(**SINGLE, api_url=address).startswith("chat.discord.api_url: should begin with https://") or (
        mistake(**SINGLE, api_url=address).startswith("chat.discord.api_url: should be an address that begins with")
    )


@pytest.mark.parametrize("address", ["ws://gateway.discord.gg", "https://gateway.discord.gg", "gateway.discord.gg"])
def test_so_it_does_to_the_gateway(address: str) -> None:
    said = mistake(**SINGLE, gateway_url=address)
    assert said.startswith("chat.discord.gateway_url: should be")
    assert "wss://" in said


def test_this_machine_may_be_asked_without_encryption() -> None:
    table = SINGLE | {"api_url": "http://127.0.0.1:8000/api/v10/", "gateway_url": "ws://localhost:8000/gateway"}
    settings = Settings.model_validate(table)
    assert (settings.api_url, settings.gateway_url) == (
        "http://127.0.0.1:8000/api/v10", "ws://localhost:8000/gateway",
    )  # fmt: skip


def test_an_unknown_key_is_named_with_the_right_one() -> None:
    assert mistake(**SINGLE, tokn="x") == "chat.discord.tokn: unknown key; did you mean chat.discord.token?"
