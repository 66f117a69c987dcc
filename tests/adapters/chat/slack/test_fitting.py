"""Replies that are longer than a message may be."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

import pytest

from adapters.chat.slack.blocks import MAX_BLOCKS, MAX_SIZE, MAX_TEXT, size
from adapters.chat.slack.render import Message, render
from bot.conversation import (
    MuteList,
    Notice,
    PageRequest,
    PaperCard,
    Post,
    Reply,
    StarterLibrary,
    StarterLine,
    TopicList,
)
from bot.library import starter_topics
from bot.model import Paper
from tests.adapters.chat.slack.reader import texts_in
from tests.adapters.chat.slack.replies import replies
from tests.examples import TODAY
from tests.fakes.answering import digest, paper, result_page

_WORDS = " ".join(f"word{number}" for number in range(2500))
_TITLE = "A title that is as long as titles of trials with three arms are, " * 4
_LONGEST = {
    "many lines": ("knee mri", 40),
    "long texts": (_WORDS, 2),
    "long texts in many lines": (_WORDS[:2000], 12),
    "no blanks": ("x" * 5000, 6),
    "quotes": ('"\\' * 2000, 6),
    "Chinese": ("放射線画像" * 500, 6),
    "mathematics": ("𝔘𝔫𝔦" * 500, 6),
    "entities": ("a < b & c > d " * 300, 6),
}


def shown(reply: Reply) -> Message:
    return render(reply, today=TODAY, asked="search mri")


def read(message: Message) -> str:
    return "".join(texts_in(message["blocks"]))


def long_titled(first: int, count: int) -> tuple[Paper, ...]:
    return tuple(replace(paper(number), title=_TITLE) for number in range(first, first + count))


def has_menu(message: Message) -> bool:
    return "1.open" in texts_in(message["blocks"], "action_id")


@pytest.mark.parametrize(("text", "many"), _LONGEST.values(), ids=_LONGEST)
def test_every_reply_fits_whatever_it_says(text: str, many: int) -> None:
    for reply in replies(text, many):
        message = shown(reply)
        kind = type(reply).__name__
        assert size(message["blocks"]) <= MAX_SIZE, kind
        assert 1 <= len(message["blocks"]) <= MAX_BLOCKS, kind
        assert all(0 < len(piece) <= MAX_TEXT for piece in texts_in(message["blocks"])), kind
        assert 0 < len(message["text"]) <= MAX_TEXT, kind
        ids = list(texts_in(message["blocks"], "action_id"))
        assert len(ids) == len(set(ids)), kind


def test_a_page_of_ten_with_the_longest_titles_keeps_its_titles_and_its_menu() -> None:
    message = shown(replace(result_page(PageRequest(page=3)), papers=long_titled(21, 10), query="mri", shareable=True))
    titles = [piece for piece in texts_in(message["blocks"]) if piece.startswith("A title")]
    assert len(titles) == 10
    assert all(len(title) > 90 for title in titles)
    assert has_menu(message)


def test_a_page_of_25_keeps_its_papers_and_gives_up_the_menu_for_their_titles() -> None:
    page = result_page(PageRequest(page=3, per_page=25))
    message = shown(replace(page, papers=long_titled(51, 25), query="mri", shareable=True))
    titles = [piece for piece in texts_in(message["blocks"]) if piece.startswith("A title")]
    assert len(titles) == 25
    assert all(len(title) > 80 for title in titles)
    assert not has_menu(message)
    assert "To open one, type its number: /papers show P51" in read(message)
    assert "+ " not in read(message).replace("Lindqvist + ", "")


def test_a_page_of_25_with_short_titles_has_its_menu() -> None:
    page = result_page(PageRequest(page=3, per_page=25))
    message = shown(replace(page, papers=tuple(replace(paper(number), title="Knees") for number in range(51, 76))))
    assert has_menu(message)
    assert "type its number" not in read(message)


def test_key_sentences_go_first() -> None:
    page = result_page(PageRequest(page=3))
    assert "A short second look" in read(shown(replace(page, papers=page.papers[:6])))
    longer = shown(replace(page, papers=tuple(paper(number) for number in range(51, 72))))
    assert "A short second look" not in read(longer)
    assert "and what it cost each of them in time" in read(longer)
    assert has_menu(longer)


def test_a_digest_of_many_papers_says_how_many_are_not_shown() -> None:
    listed = tuple(chain.from_iterable([digest(10).papers] * 10))
    text = read(shown(replace(digest(300), papers=listed)))
    shown_papers = text.count("Lindqvist")
    assert 30 < shown_papers < 100
    assert f"\n+ {100 - shown_papers} more" in text


def test_a_long_abstract_is_cut_at_a_word_and_says_where_the_rest_is() -> None:
    message = shown(PaperCard(replace(paper(1), abstract=_WORDS), "Posted here on 12 Nov.", shareable=True))
    assert len(_WORDS) > 20_000
    [abstract] = [piece for piece in read(message).split("\n") if piece.startswith("word0 ")]
    last = abstract.partition("…")[0].rpartition(" ")[2]
    assert last in _WORDS.split()
    assert int(last.removeprefix("word")) > 900
    assert "The abstract is shortened here; open it at the source" in read(message)
    assert "Posted here on 12 Nov." in read(message)
    assert size(message["blocks"]) > MAX_SIZE - 200


def test_the_longest_parts_of_an_abstract_are_cut_first() -> None:
    parts = f"BACKGROUND: {_WORDS[:9000]}\nMETHODS: We looked.\nRESULTS: {_WORDS[:5000]}\nCONCLUSIONS: {_WORDS[:900]}"
    text = read(shown(PaperCard(replace(paper(1), abstract=parts))))
    assert "METHODS\nWe looked.\n" in text
    assert f"CONCLUSIONS\n{_WORDS[:880]}" in text


def test_the_starter_library_is_shown_whole_also_where_all_of_it_is_followed() -> None:
    topics = starter_topics()
    lines = (StarterLine(one.name, one.title, one.field, one.purpose, str(one.query), 1774, True) for one in topics)
    text = read(shown(StarterLibrary(tuple(lines))))
    assert not [one.title for one in topics if one.title not in text or one.purpose not in text]


def test_lines_that_have_no_room_are_counted() -> None:
    [topics] = [reply for reply in replies("knee mri", 300) if isinstance(reply, TopicList)]
    text = read(shown(topics))
    left_out = int(text.rpartition("+ ")[2].split()[0])
    assert text.count('"knee mri"') + left_out == 300
    notice = read(shown(Notice("\n".join(f"line {number} of many, and all of them matter" for number in range(999)))))
    assert notice.count("matter") + int(notice.rpartition("+ ")[2].split()[0]) == 999


def test_buttons_give_way_to_lines() -> None:
    [mutes] = [reply for reply in replies("knee mri", 42) if isinstance(reply, MuteList)]
    message = shown(mutes)
    assert read(message).count("kept back in 30 days") == 42
    assert len(message["blocks"][-1]["elements"]) == 10


def test_endless_addresses_give_way_to_papers() -> None:
    page = result_page(PageRequest(page=3))
    papers = tuple(replace(one, url=f"https://x.org/{'a' * 1900}") for one in page.papers)
    message = shown(replace(page, papers=papers))
    assert not list(texts_in(message["blocks"], "url"))
    assert read(message).count("Lindqvist") == 10


def test_what_fits_is_not_cut() -> None:
    [post] = [reply for reply in replies("knee mri") if isinstance(reply, Post)][:1]
    assert "…" not in read(shown(post))
