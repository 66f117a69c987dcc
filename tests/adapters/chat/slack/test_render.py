"""Replies as messages of Slack."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest

from adapters.chat.slack.render import Message, post_message, render
from bot.conversation import (
    AlreadyHere,
    ManagerList,
    Mistake,
    Notice,
    PageRequest,
    PaperCard,
    Reply,
    Shared,
    TopicHistory,
)
from bot.model import DeliveryKey
from bot.query import Query, Term
from bot.reports import ChangeKind, TopicChange
from tests.adapters.chat.slack.reader import texts_in
from tests.adapters.chat.slack.replies import replies
from tests.examples import NOW, TODAY, a_paper, a_record
from tests.fakes.answering import announcement, digest, paper, result_page

KEY = DeliveryKey("k" * 24)


def shown(reply: Reply, **more: Any) -> Message:
    return render(reply, today=TODAY, asked="search mri", **more)


def kinds(message: Message) -> list[str]:
    return [block["type"] for block in message["blocks"]]


def words(message: Message) -> str:
    """What a reader sees, without controls."""
    return "".join(texts_in([block for block in message["blocks"] if block["type"] != "actions"]))


def test_a_result_page_is_a_header_its_place_the_papers_and_three_rows_of_controls() -> None:
    message = shown(result_page(PageRequest(page=3)))
    assert kinds(message) == ["header", "context", "rich_text", "actions", "actions", "actions"]
    assert "Page 3 of 178 · 1,774 results · newest first" in words(message)
    assert "\nJournal · PubMed · 15 Nov · Lindqvist + 3 · P21\nA short second look" in words(message)
    assert words(message).count("A short second look") == 3


def test_a_digest_is_at_most_sixty_lines_for_twelve_papers() -> None:
    message = shown(replace(digest(), papers=(*digest().papers, *digest().papers[:2]), total=49))
    assert kinds(message) == ["header", "context", "rich_text", "actions"]
    assert words(message).startswith("49 new papers · Fri 20 Nov")
    assert words(message).count("\n") <= 60
    [menu, more] = message["blocks"][-1]["elements"]
    assert menu["placeholder"]["text"] == "Open a paper…"
    assert more["text"]["text"] == "+ 37 more"


def test_an_announcement_is_three_lines_its_topics_and_three_buttons() -> None:
    message = shown(announcement(paper(3)))
    assert kinds(message) == ["rich_text", "context", "actions"]
    assert words(message).splitlines()[1:] == [
        "Journal · PubMed · 20 Nov · Lindqvist + 3 · P3",
        "A short second look changed few decisions but made readers agree more often.radiology-ai",
    ]
    assert [button["text"]["text"] for button in message["blocks"][-1]["elements"]] == ["Open", "Useful", "Not useful"]


def test_a_card_has_the_whole_abstract_and_its_links() -> None:
    message = shown(PaperCard(paper(6), "Posted here on 12 Nov.", shareable=True))
    assert "\n\nMETHODS\nTwo readers scored 106 examinations" in words(message)
    assert "https://pubmed.ncbi.nlm.nih.gov/71000006/" in texts_in(message["blocks"], "url")
    assert kinds(message)[-2:] == ["context", "actions"]


def test_a_mistake_shows_where_it_is() -> None:
    message = shown(Mistake("Never closed.", "mri AND (knee", 8, "mri AND (knee)"))
    assert "mri AND (knee\n        ^" in words(message)


def test_another_message_is_linked_where_it_is_known_to_be() -> None:
    reply = AlreadyHere(paper(1), "1795000000.123456", TODAY, "")
    message = shown(reply, workspace_url="https://lab.slack.com/", channel="C1")
    assert list(texts_in(message["blocks"], "url")) == ["https://lab.slack.com/archives/C1/p1795000000123456"]
    assert not list(texts_in(shown(reply)["blocks"], "url"))


def test_people_are_mentioned_also_for_those_who_hear_the_message() -> None:
    message = shown(Shared("U01AB", "look", (paper(1),), TODAY))
    assert message["text"].startswith("Shared by <@U01AB>: look\n")
    assert list(texts_in(message["blocks"], "user_id")) == ["U01AB"]
    history = TopicHistory("All", (TopicChange("mri", ChangeKind.EDITED, Query(Term("mri")), NOW, "U01AB"),), ())
    assert "edited by <@U01AB> ·" in shown(history)["text"]


def test_controls_call_people_by_their_names() -> None:
    message = shown(ManagerList(("U01AB",)), names={"U01AB": "Ann"})
    [button] = message["blocks"][-1]["elements"]
    assert button["text"]["text"] == "managers remove Ann"
    assert button["value"] == "managers remove U01AB"


@pytest.mark.parametrize("reply", list(replies("knee mri")), ids=lambda reply: type(reply).__name__)
def test_text_and_blocks_say_the_same(reply: Reply) -> None:
    message = shown(reply)
    seen = " ".join(words(message).replace("█", " ").split())
    heard = [word for word in message["text"].replace("<@U0456EFGH>", "").split() if not word.startswith("http")]
    missing = [word for word in heard if word not in seen]
    assert set(missing) <= {"+", "61", "more"}, "a button says that"


def test_every_kind_of_reply_is_tried_here() -> None:
    assert {type(reply) for reply in replies("knee mri")} == set(get_args(Reply))


def test_the_text_names_every_paper_also_of_a_long_list() -> None:
    titles = [f"{number} longest of titles " * 8 for number in range(25)]
    papers = tuple(a_paper(a_record(title=title), number=number) for number, title in enumerate(titles))
    text = shown(replace(result_page(PageRequest(per_page=25)), papers=papers))["text"]
    assert len(text) <= 3000
    assert not [title for title in titles if title[:40] not in text]


def test_only_three_characters_are_escaped_in_the_text() -> None:
    assert shown(Notice("a < b & c > d &amp; “é”"))["text"] == "a &lt; b &amp; c &gt; d &amp;amp; “é”"


@pytest.mark.parametrize("text", ["<" * 9000, "<>& " * 3000, "word " * 3000])
def test_a_long_text_is_cut_after_it_was_escaped(text: str) -> None:
    heard = shown(Notice(text))["text"]
    assert 2900 < len(heard) <= 3000
    assert heard.endswith("…")


def test_a_message_of_nothing_says_so() -> None:
    assert shown(Notice("\u200b"))["text"]


def test_a_delivery_carries_its_key_and_its_marks_and_asks_for_no_preview() -> None:
    made = post_message(replace(digest(), marks=("abcdefgh", "ijklmnop")), KEY, today=TODAY)
    assert made["metadata"] == {
        "event_type": "paperround_delivery",
        "event_payload": {"k": KEY, "marks": "abcdefghijklmnop"},
    }
    assert {name: made[name] for name in ("mrkdwn", "unfurl_links", "unfurl_media")} == dict.fromkeys(
        ("mrkdwn", "unfurl_links", "unfurl_media"), False
    )
    assert post_message(Notice("Hello."), KEY, today=TODAY)["metadata"]["event_payload"] == {"k": KEY}
