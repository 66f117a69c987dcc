"""The log: its two forms, its levels, and that no secret is ever in it."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from adapters import logs


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def started(form: str = "text", level: str = "info", secrets: tuple[str, ...] = ()) -> io.StringIO:
    stream = io.StringIO()
    logs.set_up(level, form, secrets, stream)
    return stream


def test_our_own_and_a_librarys_messages_look_alike() -> None:
    stream = started("json")
    structlog.get_logger("ours").info("polled", source="pubmed", new=3)
    logging.getLogger("theirs").info("polled %s", "pubmed")
    first, second = map(json.loads, stream.getvalue().splitlines())
    assert (first["event"], first["source"], first["new"], first["logger"]) == ("polled", "pubmed", 3, "ours")
    assert (second["event"], second["logger"]) == ("polled pubmed", "theirs")
    assert first["level"] == second["level"] == "info"
    assert first["timestamp"].endswith("Z")


def test_text_is_one_plain_line_without_colours_unless_on_a_terminal() -> None:
    stream = started()
    structlog.get_logger().warning("late", source="arxiv")
    assert stream.getvalue().count("\n") == 1
    assert "\x1b" not in stream.getvalue()
    terminal = Terminal()
    logs.set_up("info", "text", (), terminal)
    structlog.get_logger().warning("late", source="arxiv")
    assert "\x1b[" in terminal.getvalue()


def test_what_is_below_the_level_is_left_out() -> None:
    stream = started(level="warning")
    structlog.get_logger().info("quiet")
    logging.getLogger("theirs").info("quiet")
    structlog.get_logger().warning("loud")
    assert "quiet" not in stream.getvalue()
    assert "loud" in stream.getvalue()


def fail(text: str) -> None:
    raise RuntimeError(text)


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_known_secret_is_hidden_wherever_it_stands(form: str) -> None:
    secrets = ("s3cr3t value", 'quo"ted\\one', "ünïcödé-key", "a/b+c==")
    stream = started(form, secrets=secrets)
    log = structlog.get_logger()
    for secret in secrets:
        log.info("event %s", secret, value=secret, nested={"deep": [secret]}, error=ValueError(secret))
        logging.getLogger("theirs").info("text %s %r", secret, secret)
        try:
            fail(f"while sending {secret}")
        except RuntimeError:
            log.exception("failed")
            logging.getLogger("theirs").exception("failed")
    log.info("https://example.org/?q=a%2Fb%2Bc%3D%3D")
    written = stream.getvalue()
    for trace in ("s3cr3t", "quo", "ünïcödé", "\\xfcn", "\\u00fc", "b+c", "b%2Bc"):
        assert trace not in written
    assert "Traceback" in written
    assert logs.HIDDEN in written


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("GET https://example.org/efetch?api_key=abc123def&id=1", "abc123def"),
        ("https://example.org/x?a=1&token=abc123def", "abc123def"),
        ("https://ann:abc123def@example.org/", "abc123def"),
        ("Authorization: Bearer abc123.def-456", "abc123.def-456"),
        ("sent xoxb-123-456-AbC to Slack", "xoxb-123-456-AbC"),
        ("sent xapp-1-A2-33-ff to Slack", "xapp-1-A2-33-ff"),
        ("{'bot_token': 'abc123def'}", "abc123def"),
        ('{"signing_secret": "abc123def"}', "abc123def"),
        ("password=abc123def", "abc123def"),
        (f"Bot {'M' * 24}.{'Gabcde'}.{'x' * 30}", "x" * 30),
    ],
)
@pytest.mark.parametrize("form", ["text", "json"])
def test_what_looks_like_a_secret_is_hidden(form: str, text: str, secret: str) -> None:
    stream = started(form)
    structlog.get_logger().info(text, also=text)
    try:
        fail(text)
    except RuntimeError:
        logging.getLogger("theirs").exception("failed")
    assert secret not in stream.getvalue()


def test_what_is_no_secret_stays() -> None:
    text = "polled https://example.org/?term=token&retmax=100: 3 new, key words: secret, password"
    assert logs.redactor(["", "abc"])(text + " abc") == text + " abc"


def test_text_from_elsewhere_makes_no_lines_and_steers_no_terminal() -> None:
    stream = started()
    structlog.get_logger().info("title\nforged line", text="\x1b[2Jcleared")
    logging.getLogger("theirs").info("odd %s", "\r\n\x07")
    assert stream.getvalue().count("\n") == 2
    assert not {"\x1b", "\r", "\x07"} & set(stream.getvalue())
