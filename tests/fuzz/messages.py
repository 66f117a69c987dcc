"""Hostile texts in every place of a message: none of them comes alive."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from random import Random

from adapters.chat.local.render import render
from bot import wording
from bot.commands import MAX_CONTROL_ID
from bot.conversation import (
    AnnouncedPaper,
    Mistake,
    Notice,
    PaperCard,
    Post,
    Reply,
    ResultPage,
    TopicLine,
    TopicList,
)
from bot.model import DeliveryKind, Paper, Topic
from tests.examples import NOW, TODAY, a_paper, a_query, a_record
from tests.fuzz import generators
from tests.fuzz.markup import harm_in


def an_odd_paper(random: Random) -> Paper:
    def text() -> str:
        return generators.text(random)

    record = a_record(
        source_id="1",
        title=text(),
        abstract="\n".join(text() for _ in range(random.randrange(4))),
        authors=tuple(text() for _ in range(random.randrange(20))),
        url=random.choice((text(), "https://example.org/" + text().replace(" ", ""))),
        pdf_url=random.choice((None, text())),
        venue=random.choice((None, text())),
        language=random.choice((None, text(), "ger")),
    )
    return replace(a_paper(record), doi=random.choice((None, "10.1000/182", text())))


def check_wording(paper: Paper) -> None:
    for text in (paper.title, paper.abstract, *paper.authors):
        shown = wording.readable(text)
        assert shown == wording.visible(" ".join(shown.split())), shown
        assert len(wording.shorten(shown, 40)) <= 40
    assert wording.key_sentence(paper.abstract) in " ".join(part for _, part in wording.abstract_parts(paper.abstract))
    for reply in _replies_about(paper):
        check_message(reply, paper.title)


def _replies_about(paper: Paper) -> Iterator[Reply]:
    text = paper.title
    announced = AnnouncedPaper(paper, (text, "mri"))
    yield PaperCard(paper, text)
    yield Post(DeliveryKind.ANNOUNCEMENT, (announced,), TODAY, 1, ((text, 1),))
    yield Post(DeliveryKind.DIGEST, (announced,) * 2, TODAY, 7, ((text, 7),), "key")
    yield ResultPage(text, "key", None, 1, 2, 10, 12, 1, 1, (paper,) * 7, None, (text,), text)
    yield TopicList(text, "now", (TopicLine(Topic(1, text, a_query("mri"), NOW), 3),))
    yield Mistake(text, text, len(text) // 2, text)
    yield Notice(text, (text,))


def check_message(reply: Reply, asked: str | None) -> None:
    message = render(reply, TODAY, asked)
    json.dumps(message, ensure_ascii=False).encode()
    assert not harm_in(message["html"]), harm_in(message["html"])
    for action in message["actions"]:
        assert len(action["id"]) <= MAX_CONTROL_ID
