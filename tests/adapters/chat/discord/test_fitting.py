"""Replies that are longer than a message may be."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

import pytest

from adapters.chat.discord.embeds import MAX_DESCRIPTION, MAX_EMBEDS, MAX_SIZE, fits, size
from adapters.chat.discord.fitting import MAX_CONTENT
from adapters.chat.discord.markdown import units
from adapters.chat.discord.render import Message, post_plain, render
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
from bot.model import DeliveryKey, Paper
from tests.adapters.chat.discord.reader import controls_in, plain
from tests.adapters.chat.discord.replies import replies
from tests.examples import TODAY
from tests.fakes.answering import digest, paper, result_page

_KEY = DeliveryKey("k" * 24)
_WORDS = " ".join(f"word{number}" for number in range(2500))
_TITLE = "A title that is as long as titles of trials with three arms are, " * 4
_LONGEST = {
    "many lines": ("knee mri", 40),
    "long texts": (_WORDS[:7000], 1),
    "long texts in many lines": (_WORDS[:2000], 5),
    "no blanks": ("x" * 5000, 2),
    "signs": ("*_" * 1500, 2),
    "Chinese": ("放射線画像" * 500, 3),
    "mathematics": ("𝔘𝔫𝔦" * 500, 3),
    "links": ("https://x.org/a_b " * 250, 2),
}


def shown(reply: Reply) -> Message:
    return render(reply, today=TODAY, asked="search mri")


def words(message: Message) -> str:
    """What a reader sees, without controls."""
    pieces = [piece for one in message["embeds"] for piece in (one.get("title", ""), one.get("description", ""))]
    return "\n".join(map(plain, [message["content"], *pieces]))


def long_titled(first: int, count: int) -> tuple[Paper, ...]:
    return tuple(replace(paper(number), title=_TITLE) for number in range(first, first + count))


@pytest.mark.parametrize(("text", "many"), _LONGEST.values(), ids=_LONGEST)
def test_every_reply_fits_whatever_it_says(text: str, many: int) -> None:
    for reply in replies(text, many):
        message = shown(reply)
        kind = type(reply).__name__
        assert fits(message["embeds"]), kind
        assert units(message["content"]) <= MAX_CONTENT, kind
        assert message["content"] or message["embeds"], kind
        assert len(message["components"]) <= 5, kind
        ids = [one["custom_id"] for one in controls_in(message)]
        assert len(ids) == len(set(ids)), kind
        assert 0 < units(post_plain(reply, _KEY, today=TODAY)["content"]) <= MAX_CONTENT, kind


def test_a_page_of_ten_with_the_longest_titles_keeps_its_titles() -> None:
    message = shown(replace(result_page(PageRequest(page=3)), papers=long_titled(21, 10), query="mri", shareable=True))
    titles = [embed["title"] for embed in message["embeds"]]
    assert len(titles) == 10
    assert all(len(title) > 100 for title in titles)


def test_a_page_of_25_has_a_line_for_each_title_and_one_for_each_byline() -> None:
    page = result_page(PageRequest(page=3, per_page=25))
    message = shown(replace(page, papers=long_titled(51, 25), query="mri", shareable=True))
    lines = words(message).splitlines()
    assert len([line for line in lines if "A title that is as long" in line and len(line) > 90]) == 25
    assert len([line for line in lines if "Lindqvist" in line]) == 25
    assert len(message["embeds"]) == 2
    assert not [embed for embed in message["embeds"] if "url" in embed]
    [menu] = [one for one in controls_in(message) if one["custom_id"] == "1.open"]
    assert len(menu["options"]) == 25


def test_a_page_of_11_is_compact_too_and_one_of_10_is_not() -> None:
    page = result_page(PageRequest())
    assert len(shown(replace(page, papers=tuple(map(paper, range(10)))))["embeds"]) == 10
    message = shown(replace(page, papers=tuple(map(paper, range(11)))))
    assert len(message["embeds"]) == 1
    assert "**1. Two-reader agreement" in message["embeds"][0]["description"]


def test_key_sentences_go_first() -> None:
    page = result_page(PageRequest(page=3))
    assert "A short second look" in words(shown(replace(page, papers=page.papers[:6])))
    listed = tuple(chain.from_iterable([digest(10).papers] * 5))[:46]
    longer = words(shown(replace(digest(46), papers=listed)))
    assert "A short second look" not in longer
    assert longer.count("Lindqvist") == 46


def test_a_digest_of_many_papers_says_how_many_are_not_shown() -> None:
    listed = tuple(chain.from_iterable([digest(10).papers] * 10))
    text = words(shown(replace(digest(300), papers=listed)))
    shown_papers = text.count("Lindqvist")
    assert 25 < shown_papers < 100
    assert f"\n+ {100 - shown_papers} more" in text


def test_a_digest_of_many_topics_keeps_its_papers_and_its_headline() -> None:
    topics = tuple((f"topic number {number} of many", number) for number in range(500))
    message = shown(replace(digest(), topics=topics, footer=tuple(f"{one} is late" for one, _ in topics)))
    assert plain(message["content"]).startswith("**47 new papers · Fri 20 Nov**\ntopic number 0")
    assert len(message["embeds"]) == 10


def test_a_long_abstract_is_continued_in_a_second_embed() -> None:
    parts = f"METHODS: {_WORDS[:2500]}\nRESULTS: {_WORDS[:2500]}"
    message = shown(PaperCard(replace(paper(1), abstract=parts), "Posted here on 12 Nov."))
    assert len(message["embeds"]) == 2
    assert message["embeds"][0]["color"] == message["embeds"][1]["color"]
    assert "shortened" not in words(message)


def test_a_longer_abstract_is_cut_at_a_word_and_says_where_the_rest_is() -> None:
    message = shown(PaperCard(replace(paper(1), abstract=_WORDS), "Posted here on 12 Nov.", shareable=True))
    [abstract] = [piece for piece in words(message).split("\n") if piece.startswith("word0 ")]
    last = abstract.partition("…")[0].rpartition(" ")[2]
    assert last in _WORDS.split()
    assert MAX_DESCRIPTION - 200 < len(abstract) <= MAX_DESCRIPTION
    assert "The abstract is shortened here; open it at the source" in words(message)
    assert "Posted here on 12 Nov." in words(message)


def test_the_longest_parts_of_an_abstract_are_cut_first() -> None:
    parts = f"BACKGROUND: {_WORDS[:9000]}\nMETHODS: We looked.\nRESULTS: {_WORDS[:3500]}\nCONCLUSIONS: {_WORDS[:900]}"
    text = words(shown(PaperCard(replace(paper(1), abstract=parts))))
    assert "**METHODS**\nWe looked.\n" in text
    assert f"**CONCLUSIONS**\n{_WORDS[:880]}" in text


def test_the_starter_library_is_shown_whole_with_all_its_choices() -> None:
    topics = starter_topics()
    lines = (StarterLine(one.name, one.title, one.field, one.purpose, str(one.query), 1774, False) for one in topics)
    message = shown(StarterLibrary(tuple(lines)))
    text = words(message)
    assert not [one.title for one in topics if one.title not in text or one.purpose not in text]
    choices = [option["value"] for one in controls_in(message) for option in one["options"]]
    assert not [one.name for one in topics if one.name not in choices]


def test_lines_that_have_no_room_are_counted() -> None:
    [topics] = [reply for reply in replies("knee mri", 300) if isinstance(reply, TopicList)]
    text = words(shown(topics))
    left_out = int(text.rpartition("+ ")[2].split()[0])
    assert text.count('"knee mri"') + left_out == 300
    notice = words(shown(Notice("\n".join(f"line {number} of many, and all of them matter" for number in range(999)))))
    assert notice.count("matter") + int(notice.rpartition("+ ")[2].split()[0]) == 999


def test_a_list_with_buttons_keeps_its_lines() -> None:
    [mutes] = [reply for reply in replies("knee mri", 42) if isinstance(reply, MuteList)]
    message = shown(mutes)
    assert words(message).count("kept back in 30 days") == 42
    assert len(controls_in(message)) == 25


def test_endless_addresses_are_no_reason_to_cut_anything() -> None:
    page = result_page(PageRequest(page=3))
    papers = tuple(replace(one, url=f"https://x.org/{one.id}{'a' * 1900}") for one in page.papers)
    message = shown(replace(page, papers=papers))
    assert len([embed for embed in message["embeds"] if "url" in embed]) == 10
    beyond = replace(paper(1), url="https://x.org/" + "é" * 1900)
    assert "url" not in shown(PaperCard(beyond))["embeds"][0]


def test_a_title_longer_than_a_title_may_be_is_read_in_the_text() -> None:
    title = "Whether a title of more than two hundred and fifty-six characters is read to its end, " * 4
    message = shown(PaperCard(replace(paper(1), title=title)))
    [embed] = message["embeds"]
    assert embed["title"].endswith("…")
    assert plain(embed["description"]).startswith(f"**{title.strip()}**\nJournal")


def test_what_fits_is_not_cut() -> None:
    [post] = [reply for reply in replies("knee mri") if isinstance(reply, Post)][:1]
    assert "…" not in words(shown(post))
    assert size(shown(post)["embeds"]) < MAX_SIZE
    assert len(shown(post)["embeds"]) < MAX_EMBEDS
