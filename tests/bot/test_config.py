"""The configuration: what is read, from where, and what is said about mistakes."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

import adapters
from bot.config import Config, load, secrets
from bot.errors import ConfigurationError

NO_DURATION = "is no duration; write a number and s, m, h, d or w, as in '30m'"
NO_ADDRESS = "should be an address that begins with https:// or http://, or empty"
TOPIC = '[[topics]]\nname = "mri"\nquery = "mri OR ct"\n'


def read(tmp_path: Path, text: str, environ: Mapping[str, str] | None = None) -> Config:
    file = tmp_path / "paperround.toml"
    file.write_text(text, encoding="utf-8")
    return load(file, environ or {})


def mistakes(tmp_path: Path, text: str, environ: Mapping[str, str] | None = None) -> list[str]:
    try:
        config = read(tmp_path, text, environ)
        adapters.check_tables(config.sources, config.chat, config.variables)
    except ConfigurationError as error:
        return str(error).splitlines()
    return []


@pytest.fixture
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


# ---------------------------------------------------------------- defaults


def test_without_file_and_environment_the_local_chat_both_sources_and_a_sample_topic_are_there(
    empty_folder: Path,
) -> None:
    config = load(None, {})
    assert (list(config.sources), list(config.chat)) == (["pubmed", "arxiv"], ["local"])
    assert [topic.name for topic in config.topics] == ["radiology-ai"]
    [channel] = config.channels
    assert (channel.platform, channel.id, channel.topics, channel.schedule) == (
        "local",
        "papers",
        ("radiology-ai",),
        "now",
    )


def test_defaults_are_those_of_the_contract(tmp_path: Path) -> None:
    config = read(tmp_path, "")
    assert config.storage.path == Path("paperround.sqlite3")
    assert (config.log.level, config.log.format) == ("info", "text")
    assert (config.polling.every, config.polling.lookback) == (timedelta(minutes=30), timedelta(days=14))
    assert config.delivery.request_timeout == timedelta(seconds=30)
    assert (config.delivery.quarantine, config.delivery.max_per_digest) == (timedelta(seconds=120), 10)
    assert (config.http.contact, config.http.allow_loopback) == ("", False)
    assert (config.web.host, config.web.port) == ("127.0.0.1", 8081)
    assert (config.alerts.heartbeat_url, config.links.proxy) == ("", "")


def test_a_file_of_ones_own_gets_no_sample_topic_but_the_default_adapters(tmp_path: Path) -> None:
    config = read(tmp_path, '[log]\nlevel = "debug"\n')
    assert (config.topics, config.channels) == ((), ())
    assert (list(config.sources), list(config.chat)) == (["pubmed", "arxiv"], ["local"])


def test_the_file_in_the_working_directory_is_the_default(empty_folder: Path) -> None:
    (empty_folder / "paperround.toml").write_text('[storage]\npath = "here.sqlite3"\n')
    assert load(None, {}).storage.path == Path("here.sqlite3")


# ---------------------------------------------------------------- file and environment


def test_durations_are_read_in_every_unit(tmp_path: Path) -> None:
    for text, duration in (
        ("3s", timedelta(seconds=3)),
        ("0.5s", timedelta(seconds=0.5)),
        ("30m", timedelta(minutes=30)),
        ("2h", timedelta(hours=2)),
        ("14d", timedelta(days=14)),
        ("1w", timedelta(weeks=1)),
    ):
        assert read(tmp_path, f'[polling]\nevery = "{text}"\n').polling.every == duration


def test_the_environment_goes_over_the_file_key_by_key(tmp_path: Path) -> None:
    text = '[polling]\nevery = "1h"\nlookback = "3d"\n[sources.pubmed]\npace = 2.0\n'
    config = read(tmp_path, text, {"PAPERROUND_POLLING__EVERY": "5m", "PAPERROUND_SOURCES__PUBMED__API_KEY": "123456"})
    assert (config.polling.every, config.polling.lookback) == (timedelta(minutes=5), timedelta(days=3))
    assert config.sources == {"pubmed": {"pace": 2.0, "api_key": "123456"}}


def test_a_table_given_only_by_the_environment_counts_as_given(tmp_path: Path) -> None:
    config = read(tmp_path, "", {"PAPERROUND_SOURCES__ARXIV__CATEGORIES": '["cs.CV"]'})
    assert config.sources == {"arxiv": {"categories": ["cs.CV"]}}


def test_other_variables_are_nobodys_business(tmp_path: Path) -> None:
    assert read(tmp_path, "", {"HOME": "/root", "PAPERROUNDS": "x"}).topics == ()


def test_enabled_false_switches_off(tmp_path: Path) -> None:
    config = read(tmp_path, "[sources.pubmed]\nenabled = true\npace = 1.0\n[sources.arxiv]\nenabled = false\n")
    assert config.sources == {"pubmed": {"pace": 1.0}}
    assert read(tmp_path, "[sources.arxiv]\n", {"PAPERROUND_SOURCES__ARXIV__ENABLED": "false"}).sources == {}


def test_a_channel_is_called_by_its_id_if_it_has_no_name(tmp_path: Path) -> None:
    config = read(
        tmp_path, '[[channels]]\nplatform = "local"\nid = "a"\n[[channels]]\nplatform = "local"\nid = "b"\nname = "B"\n'
    )
    assert [channel.name for channel in config.channels] == ["a", "B"]


# ---------------------------------------------------------------- mistakes


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[polling]\nevry = '1h'\n", "polling.evry: unknown key; did you mean polling.every?"),
        ("every = '1h'\n", "every: unknown key; did you mean polling.every?"),
        ("[pollling]\nevery = '1h'\n", "pollling: unknown key; did you mean polling?"),
        (TOPIC + "qery = 'ct'\n", "topics[1].qery: unknown key; did you mean topics[1].query?"),
        ("[sources.pubmed]\napi_kye=1", "sources.pubmed.api_kye: unknown key; did you mean sources.pubmed.api_key?"),
        ("[sources.pubmde]\n", "sources.pubmde: there is no source 'pubmde'; did you mean 'pubmed'?"),
        ("[chat.lokal]\n", "chat.lokal: there is no chat platform 'lokal'; did you mean 'local'?"),
        ("[web]\nport = 'x'\n", 'web.port: should be a valid integer, unable to parse string as an integer, not "x"'),
        ("[log]\nlevel = 'loud'\n", "log.level: should be 'debug', 'info', 'warning' or 'error', not \"loud\""),
        ("[polling]\nevery = 'soon'\n", f"polling.every: 'soon' {NO_DURATION}"),
        ("[polling]\nevery = 30\n", f"polling.every: 30 {NO_DURATION}"),
        ("[polling]\nevery = '0s'\n", "polling.every: '0s' is too short"),
        ("[http]\ncontact = 'a@b.c d'\n", "http.contact: should be one e-mail address, without spaces"),
        ("[links]\nproxy = 'ftp://x'\n", f"links.proxy: {NO_ADDRESS}"),
        ("[sources.arxiv]\nenabled = 'maybe'\n", "sources.arxiv: enabled should be true or false, not 'maybe'"),
        ("sources = 3\n", "sources: should be a valid table"),
        ("[[topics]]\nquery = 'mri'\n", "topics[1].name: is missing"),
        (TOPIC + TOPIC, "topics: the name 'mri' is given to 2 topics"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line_that_names_it_and_helps(tmp_path: Path, text: str, line: str) -> None:
    assert mistakes(tmp_path, text) == [line]


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ("schedule = 'dayly 9'", "channels[1].schedule: “dayly” is no word of a schedule. Did you mean “daily 09:00”?"),
            ("schedule = 'now even if empty'", "channels[1].schedule: “now” has no slots that could be empty."),
            ("schedule = ''", "channels[1].schedule: A schedule is missing. Write now, daily 09:00,"),
        ("zone = 'Europe/Berln'", "channels[1].zone: 'Europe/Berln' is no IANA time zone; did you mean 'Europe/Berlin"),
        ("zone = 'Europe'", "channels[1].zone: 'Europe' is no IANA time zone; "),
        ("topics = ['mir']", "channels[1].topics: there is no topic 'mir'; did you mean 'mri'?"),
        ("topics = ['mri', 'mri']", "channels[1].topics: 'mri' stands there 2 times"),
        ("[[channels]]\nplatform = 'local'\nid = 'a'", "channels: local:a has 2 tables"),
        ("[[channels]]\nplatform = 'slack'\nid = 'a'", "channels[2].platform: 'slack' is not switched on"),
    ],
)  # fmt: skip
def test_a_channel_is_checked(tmp_path: Path, keys: str, line: str) -> None:
    [said] = mistakes(tmp_path, f"{TOPIC}[[channels]]\nplatform = 'local'\nid = 'a'\n{keys}\n")
    assert said.startswith(line)


@pytest.mark.parametrize(
    ("variable", "right"),
    [
        ("PAPERROUND_POLLING__EVRY", "PAPERROUND_POLLING__EVERY"),
        ("PAPERROUND_POLING__EVERY", "PAPERROUND_POLLING__EVERY"),
        ("PAPERROUND_LOG_LEVEL", "PAPERROUND_LOG__LEVEL"),
        ("PAPERROUND_SOURCES__PUBMED__API_KYE", "PAPERROUND_SOURCES__PUBMED__API_KEY"),
        ("PAPERROUND_CHAT_SLACK_BOT_TOKEN", "PAPERROUND_CHAT__SLACK__BOT_TOKEN"),
    ],
)
def test_an_unknown_variable_is_named_with_the_right_one(tmp_path: Path, variable: str, right: str) -> None:
    assert mistakes(tmp_path, "", {variable: "1"}) == [f"{variable}: unknown variable; did you mean {right}?"]


def test_a_bad_value_in_the_environment_is_named_by_its_variable(tmp_path: Path) -> None:
    [line] = mistakes(tmp_path, "", {"PAPERROUND_CHAT__LOCAL__PORT": "x"})
    assert line.startswith("PAPERROUND_CHAT__LOCAL__PORT: should be a valid integer")


def test_all_mistakes_are_said_at_once(tmp_path: Path) -> None:
    lines = mistakes(tmp_path, '[polling]\nevery = "soon"\n[web]\nprt = 1\n', {"PAPERROUND_X": "1"})
    assert [line.split(":")[0] for line in lines] == ["polling.every", "web.prt", "PAPERROUND_X"]


def test_a_mistake_in_a_query_is_shown_with_a_caret(tmp_path: Path) -> None:
    lines = mistakes(tmp_path, '[[topics]]\nname = "a"\nquery = "mri AND (ct"\n')
    assert lines[0].startswith("topics[1].query: ")
    assert any(line.strip() == "^" for line in lines)
    assert "    mri AND (ct" in lines


def test_a_syntax_error_is_said_with_its_line(tmp_path: Path) -> None:
    [line] = mistakes(tmp_path, '[log]\nlevel = "info"\nformat =\n')
    assert "paperround.toml" in line
    assert "line 3" in line


@pytest.mark.parametrize("value", ["9" * 5000, "[" * 100_000], ids=["number", "nesting"])
def test_a_number_or_a_nesting_without_end_is_no_valid_toml(tmp_path: Path, value: str) -> None:
    [mistake] = mistakes(tmp_path, f"x = {value}")
    assert "is not valid TOML: " in mistake


def test_a_nesting_without_end_in_the_environment_is_a_mistake(tmp_path: Path) -> None:
    assert mistakes(tmp_path, TOPIC, {"PAPERROUND_TOPICS": "[" * 100_000})


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for file in (tmp_path / "nowhere.toml", tmp_path):
        with pytest.raises(ConfigurationError, match=str(file)):
            load(file, {})
    (tmp_path / "latin.toml").write_bytes(b'x = "\xe9"')
    with pytest.raises(ConfigurationError, match=r"latin\.toml"):
        load(tmp_path / "latin.toml", {})


# ---------------------------------------------------------------- secrets

SECRETS = {
    "PAPERROUND_CHAT__SLACK__BOT_TOKEN": "xoxb-very",
    "PAPERROUND_CHAT__SLACK__SIGNING_SECRET": "signed",
    "PAPERROUND_CHAT__SLACK__WORKSPACES": '[{"name": "rad", "app_token": "xapp-quite"}]',
    "PAPERROUND_SOURCES__PUBMED__API_KEY": "keyed",
}


def test_secrets_are_found_wherever_they_stand(tmp_path: Path) -> None:
    assert set(secrets(read(tmp_path, "", SECRETS))) == {"xoxb-very", "signed", "xapp-quite", "keyed"}


def test_neither_the_configurations_repr_nor_an_error_tells_a_secret(tmp_path: Path) -> None:
    config = read(tmp_path, "", SECRETS)
    said = repr(config) + str(config)
    said += "\n".join(mistakes(tmp_path, "", {"PAPERROUND_CHAT__SLACK": "xoxb-very", "PAPERROUND_WEB__KEY": "keyed"}))
    said += "\n".join(mistakes(tmp_path, "[sources.pubmed]\napi_key = 7654321\n"))
    for secret in ("xoxb-very", "signed", "xapp-quite", "keyed", "7654321"):
        assert secret not in said
