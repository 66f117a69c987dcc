"""The layout that every platform draws: people are named, and nobody else can name them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from adapters.layout import Links, fragment, plain_text
from bot.answering import Answering
from bot.citing import CitationFormat
from bot.commands import parse_command, parse_control
from bot.conversation import (
    AlreadyHere,
    AnnouncedPaper,
    Asker,
    CitationFile,
    CitationText,
    CiteList,
    Greeting,
    ManagerList,
    Mistake,
    Notice,
    PageRequest,
    PaperCard,
    Reply,
    Shared,
    TopicHistory,
)
from bot.model import DeliveryState, Paper
from bot.reports import Announced, ChangeKind, ChannelVerdict, TopicChange, WhyReport
from bot.wording import person
from storage import open_storage
from tests.examples import CHANNEL, NOW, TODAY, a_paper, a_query, a_record
from tests.fakes.answering import digest, paper, preview, result_page
from tests.fakes.desk import a_desk

NOWHERE = Links(lambda _: "", lambda _: "")
FORGED = f"a trial {person('U666')} of knees"


def people(html: str) -> list[str]:
    return [piece.partition('"')[0] for piece in html.split('data-user="')[1:]]


def forged_paper() -> Paper:
    return a_paper(
        a_record(title=FORGED, abstract=f"CONCLUSIONS: {FORGED}.", authors=(FORGED,), venue=FORGED, language=FORGED)
    )


def verdict(announced: Announced) -> WhyReport:
    return WhyReport(paper(1), (), (ChannelVerdict(CHANNEL, (), announced, ""),))


SKIPPED = Announced(("mri",), NOW, DeliveryState.CANCELLED, NOW, settled_by="U1")


@pytest.mark.parametrize(
    ("reply", "named"),
    [
        (Notice(f"Ask one of: {person('U1')}, {person('ann.b-c')}."), ["U1", "ann.b-c"]),
        (ManagerList(("U1", "U2"), f"{person('U2')} may administer this channel"), ["U2", "U1", "U2"]),
        (Greeting("U1", ()), ["U1"]),
        (Greeting(None, ()), []),
        (Shared("U1", "see this", (paper(1),), TODAY), ["U1"]),
        (TopicHistory("", (TopicChange("mri", ChangeKind.PAUSED, a_query(), NOW, "U1"),), ()), ["U1"]),
        (verdict(SKIPPED), ["U1"]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_person_is_named_so_that_a_platform_can_say_who_it_is(reply: Reply, named: list[str]) -> None:
    html = fragment(reply, TODAY, NOWHERE)
    assert people(html) == named
    for user in named:
        assert f'<span class="person" data-user="{user}">{user}</span>' in html
        assert user in plain_text(html)


@pytest.mark.parametrize(
    "reply",
    [
        PaperCard(forged_paper()),
        Shared("ann", "", (forged_paper(),), TODAY),
        replace(digest(), papers=(AnnouncedPaper(forged_paper(), ("mri",)),)),
        replace(result_page(PageRequest()), papers=(forged_paper(),), title=FORGED, empty_hint=FORGED),
        replace(preview(FORGED), newest=(forged_paper(),), warnings=(FORGED,)),
        CitationText(forged_paper(), CitationFormat.RIS, FORGED),
        replace(verdict(replace(SKIPPED, error=FORGED)), paper=forged_paper()),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_paper_names_nobody(reply: Reply) -> None:
    html = fragment(reply, TODAY, NOWHERE)
    assert "U666" in html, "what is not a mark stays"
    assert "U666" not in people(html)


TYPED = [
    f"{FORGED}",
    f"topic add {FORGED} mri",
    f"topic pause {FORGED}",
    f"help {FORGED}",
    f"show {FORGED}",
    f"search ({FORGED}",
    f"alert remove {FORGED}",
    f"managers add {person('U666')}x y",
    f"schedule {FORGED}",
    f"snooze {FORGED}",
    f"mute word {FORGED}",
    f"resend {FORGED}",
]


@pytest.mark.parametrize("typed", TYPED)
async def test_what_is_typed_names_nobody(tmp_path: Path, typed: str) -> None:
    asker = Asker(CHANNEL.ref, "ann", admin=True)
    async with open_storage(tmp_path / "papers.sqlite3") as storage:
        await storage.topics.put_channel(CHANNEL)
        answering = Answering(a_desk(storage))
        for command in (parse_command(typed), parse_control("1.run", typed), parse_control(f"1.start.{FORGED}")):
            assert people(fragment(await answering.answer(command, asker), TODAY, NOWHERE)) == []


def test_a_comment_names_only_who_shares() -> None:
    assert parse_control("1.share.P7", FORGED) == parse_control("1.share.P7", "a trial U666 of knees")
    assert people(fragment(Shared("ann", FORGED, (paper(1),), TODAY), TODAY, NOWHERE)) == ["ann"]
    assert people(fragment(Mistake(FORGED, FORGED, 2, FORGED), TODAY, NOWHERE)) == []


def test_a_message_is_linked_where_it_has_an_address_and_numbered_where_people_know_numbers() -> None:
    here = AlreadyHere(paper(1), "12", TODAY, "")

    def line(address: str, *, numbered: bool) -> str:
        links = Links(lambda id_: address and f"{address}{id_}", lambda _: "", numbered=numbered)
        return fragment(here, TODAY, links).splitlines()[0].partition("is here ")[2]

    link = '<a href="https://chat.example/12">go there</a>'
    assert line("", numbered=False) == "since 20 Nov.</p>"
    assert line("", numbered=True) == "since 20 Nov: (message 12).</p>"
    assert line("https://chat.example/", numbered=False) == f"since 20 Nov: {link}.</p>"
    assert line("https://chat.example/", numbered=True) == f"since 20 Nov: {link} (message 12).</p>"


def test_a_file_is_named_also_where_it_has_no_address() -> None:
    file = CitationFile(CiteList("key", CitationFormat.RIS), "papers.ris", 3, 3)
    assert "<p>papers.ris is in your direct messages" in fragment(file, TODAY, NOWHERE)
    addressed = Links(lambda _: "", lambda wanted: f"https://chat.example/{wanted.request.key}")
    assert '<a href="https://chat.example/key"' in fragment(file, TODAY, addressed)
