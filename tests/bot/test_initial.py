"""The files that ``paperround init`` writes say exactly what was answered."""

from pathlib import Path

import pytest

from bot.config import load
from bot.initial import Answers


@pytest.mark.parametrize("text", ["papers", 'a "quoted" \\ name', "Zürich {x}", "#7", "a\u2028x"])
def test_whatever_was_answered_comes_back_from_the_configuration(tmp_path: Path, text: str) -> None:
    answers = Answers("local", "team@example.org", ["arxiv"], (text, "mri OR ct"), text, ("now", "Europe/Berlin"))
    file = tmp_path / "paperround.toml"
    file.write_text(answers.configuration, encoding="utf-8")
    config = load(file, {})
    [channel], [topic] = config.channels, config.topics
    assert (channel.id, channel.topics, channel.zone, topic.name) == (text, (text,), "Europe/Berlin", text)
    assert list(config.sources) == ["arxiv"]


def test_secrets_are_in_their_file_only_and_never_in_a_repr() -> None:
    secrets = {"PAPERROUND_CHAT__SLACK__BOT_TOKEN": "xoxb-1"}
    answers = Answers("slack", "", ["pubmed"], ("mri", "mri"), "C1", ("now", "UTC"), secrets)
    assert "PAPERROUND_CHAT__SLACK__BOT_TOKEN=xoxb-1" in answers.environment.splitlines()
    assert "xoxb-1" not in answers.configuration + repr(answers)


def test_the_file_of_secrets_is_nothing_but_comments_and_variables() -> None:
    answers = Answers("slack", "", [], ("mri", "mri"), "C1", ("now", "UTC"), {"A": "b", "C": "d"})
    lines = [line for line in answers.environment.splitlines() if not line.startswith("#")]
    assert lines == ["A=b", "C=d"]
