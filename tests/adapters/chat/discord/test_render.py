"""Replies as messages of Discord."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest

from adapters.chat.discord.render import Message, post_message, post_plain, render
from adapters.layout import Links, fragment, plain_text
from bot.citing import CitationFormat
from bot.conversation import (
    AlreadyHere,
    CitationFile,
    CiteList,
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
from tests.adapters.chat.discord.reader import plain, read
from tests.adapters.chat.discord.replies import USER, replies
from tests.examples import NOW, TODAY, a_paper, a_record
from tests.fakes.answering import announcement, digest, paper, result_page

KEY = DeliveryKey("k" * 24)
JOURNAL, PREPRINT, ALARM = 0x2A8C93, 0xC77B2B, 0xC8373E


def shown(reply: Reply, **more: Any) -> Message:
    return render(reply, today=TODAY, asked="search mri", **more)


def description(message: Message) -> str:
    [embed] = message["embeds"]
    return embed["description"]


def test_a_result_page_is_its_place_and_an_embed_for_each_paper() -> None:
    message = shown(result_page(PageRequest(page=3)))
    assert message["content"] == "**Search: mri**\nPage 3 of 178 · 1,774 results · newest first"
    assert len(message["embeds"]) == 10
    assert message["embeds"][0] == {
        "title": "21. H₂O-matched phantoms for photon-counting CT & their drift over one year",
        "url": "https://pubmed.ncbi.nlm.nih.gov/71000021/",
        "color": JOURNAL,
        "description": "Journal · PubMed · 15 Nov · Lindqvist + 3 · P21\n"
        "A short second look changed few decisions but made readers agree more often.",
    }


def test_the_kind_and_what_happened_to_a_paper_are_words_and_colours() -> None:
    embeds = shown(result_page(PageRequest(page=3)))["embeds"]
    assert [embed["color"] for embed in embeds].count(ALARM) == 1
    for embed in embeds:
        kind, _, _ = embed["description"].partition(" · ")
        retracted = embed["title"].startswith("Retracted ")
        assert embed["color"] == (ALARM if retracted else {"Journal": JOURNAL, "Preprint": PREPRINT}[kind])


def test_two_papers_of_one_address_are_both_seen() -> None:
    page = result_page(PageRequest())
    embeds = shown(replace(page, papers=tuple(replace(one, url="https://x.org/") for one in page.papers)))["embeds"]
    assert [embed.get("url") for embed in embeds] == ["https://x.org/", *[None] * 9], "Discord joins those of one url"


def test_a_digest_says_all_that_is_not_a_paper_above_the_papers() -> None:
    message = shown(replace(digest(), older=2, footer=("arXiv is late",)))
    assert plain(message["content"]).splitlines() == [
        "**47 new papers · Fri 20 Nov**",
        "radiology-ai 38 · breast-mri 14",
        "Papers that match most topics come first, then the newest.",
        "2 papers waited for more than 7 days and are only in the whole list.",
        "arXiv is late.",
    ]
    assert len(message["embeds"]) == 10
    menu, more = (row["components"][0] for row in message["components"])
    assert (menu["placeholder"], more["label"]) == ("Open a paper…", "+ 37 more")


def test_a_digest_of_nothing_is_one_line() -> None:
    message = shown(replace(digest(), papers=(), total=0, topics=()))
    assert (message["content"], message["embeds"]) == ("**No new papers · Fri 20 Nov**", [])


def test_an_announcement_is_one_embed_and_three_buttons() -> None:
    message = shown(announcement(paper(3)))
    assert message["content"] == ""
    assert description(message).splitlines() == [
        "Journal · PubMed · 20 Nov · Lindqvist + 3 · P3",
        "A short second look changed few decisions but made readers agree more often.",
        "radiology-ai",
    ]
    assert [one["label"] for one in message["components"][0]["components"]] == ["Open", "Useful", "Not useful"]


def test_a_card_has_the_whole_abstract_with_its_labels_and_links_with_their_addresses() -> None:
    text = description(shown(PaperCard(paper(6), "Posted here on 12 Nov.", shareable=True)))
    assert "\n\n**METHODS**\nTwo readers scored 106 examinations" in text
    assert "\n\n- PubMed 71000006 <https://pubmed.ncbi.nlm.nih.gov/71000006/>\n\nPosted here" in text


def test_lists_have_bullets_and_what_follows_stands_apart() -> None:
    [topics] = [reply for reply in replies("knee mri") if isinstance(reply, TopicHistory)]
    assert description(shown(topics)).startswith(
        f'- **knee mri** edited by <@{USER}> · 20 Nov 12:00 UTC\n  `"knee mri"`\n- '
    )


def test_a_mistake_shows_where_it_is() -> None:
    message = shown(Mistake("Never closed.", "mri AND (knee", 8, "mri AND (knee)"))
    assert "```\nmri AND (knee\n        ^\n```\nDid you mean `mri AND (knee)`?" in description(message)


def test_a_few_words_are_no_embed() -> None:
    message = shown(Notice("P12 is on your reading list."))
    assert (message["content"], message["embeds"]) == ("P12 is on your reading list.", [])


def test_a_file_is_named() -> None:
    message = shown(CitationFile(CiteList("k7Qd2", CitationFormat.RIS, 1), "", 3, 3))
    assert message["content"].startswith("**3 papers as RIS**\n")
    assert "://" not in message["content"]
    assert "direct messages" not in message["content"]


def test_another_message_is_linked_where_it_is_known_to_be() -> None:
    reply = AlreadyHere(paper(1), "1308000000000000001", TODAY, "")
    message = shown(reply, guild_id="7", channel="8")
    assert "go there <https://discord.com/channels/7/8/1308000000000000001>." in message["content"]
    assert "http" not in read(shown(reply))


def test_people_are_named_and_others_are_words() -> None:
    assert shown(Shared(USER, "look", (paper(1),), TODAY))["content"] == f"Shared by <@{USER}>: look"
    assert shown(Shared("ann", "look", (paper(1),), TODAY))["content"] == "Shared by ann: look"
    history = TopicHistory("All", (TopicChange("mri", ChangeKind.EDITED, Query(Term("mri")), NOW, USER),), ())
    assert f"edited by <@{USER}> ·" in description(shown(history))
    assert f"<@{USER}>" in shown(ManagerList((USER,)))["content"]


@pytest.mark.parametrize("reply", list(replies("knee mri")), ids=lambda reply: type(reply).__name__)
def test_it_says_what_the_same_reply_says_elsewhere(reply: Reply) -> None:
    heard = plain_text(fragment(reply, TODAY, Links(message=lambda _: "", file=lambda _: "attachment://x"))).split()
    seen = plain(read(shown(reply))).replace(f"<@{USER}>", USER).replace("`", "")
    missing = [word for word in heard if word not in seen]
    assert set(missing) <= {"+", "61", "more", "attachment://x"}, "a button says that"


def test_every_kind_of_reply_is_tried_here() -> None:
    assert {type(reply) for reply in replies("knee mri")} == set(get_args(Reply))


def test_a_message_of_nothing_says_so() -> None:
    assert shown(Notice("\u200b"))["content"]
    assert post_plain(Notice("\u200b"), KEY, today=TODAY)["content"]


def test_a_post_has_what_an_answer_has() -> None:
    made = post_message(digest(), KEY, today=TODAY)
    assert {name: made[name] for name in ("content", "embeds")} == {
        name: value for name, value in shown(digest()).items() if name != "components"
    }


def test_the_plain_form_names_every_paper_also_of_a_long_list() -> None:
    titles = [f"{number} longest of titles " * 8 for number in range(20)]
    papers = tuple(a_paper(a_record(title=title), number=number) for number, title in enumerate(titles))
    made = post_plain(replace(result_page(PageRequest(per_page=25)), papers=papers), KEY, today=TODAY)
    assert "embeds" not in made
    assert len(made["content"]) <= 2000
    assert not [title for title in titles if title[:40] not in made["content"]]


def test_the_plain_form_of_a_digest_has_its_lines() -> None:
    lines = post_plain(digest(2), KEY, today=TODAY)["content"].splitlines()
    assert lines[0] == "2 new papers · Fri 20 Nov"
    assert "1\\. Abbreviated breast MRI in women with dense tissue" in lines[3]
    assert lines[4] == "Journal · PubMed · 20 Nov · Lindqvist + 1 · P1"


def test_controls_call_people_by_their_names() -> None:
    message = shown(ManagerList((USER,)), names={USER: "Ann"})
    [button] = message["components"][0]["components"]
    assert (button["label"], button["custom_id"]) == ("managers remove Ann", f"1.run.managers remove {USER}")
