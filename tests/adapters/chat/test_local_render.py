from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from adapters.chat.local.render import Message, render
from bot.citing import CitationFormat
from bot.commands import COMMANDS
from bot.conversation import (
    AlertAdded,
    AlertList,
    AlreadyHere,
    AnnouncedPaper,
    CitationFile,
    CitationText,
    CiteList,
    Clause,
    HelpPage,
    ImportedSearch,
    Kept,
    Mistake,
    Notice,
    PageRequest,
    PaperCard,
    Post,
    PrivacyReport,
    React,
    Reacted,
    Reply,
    ResultPage,
    Role,
    Shared,
    SourceCount,
    TopicAdded,
    TopicLine,
    TopicList,
)
from bot.model import DeliveryKey, DeliveryKind, DeliveryState, Note, Paper, PaperId, Status, Topic
from bot.offering import Action
from bot.query import Field
from bot.reports import (
    Account,
    Announced,
    ChannelLine,
    ChannelVerdict,
    Freshness,
    History,
    LedgerLine,
    RecordSeen,
    Silence,
    SourceLine,
    StatusReport,
    TopicVerdict,
    UnseenReport,
    WhyReport,
)
from bot.stuck import LostChannel, StuckLine
from bot.translating import Effect, Loss, Translation
from tests.examples import CHANNEL, NOW, TODAY, a_paper, a_query, a_record
from tests.fakes.answering import announcement, digest, paper, preview, result_page

HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=alert(2)> @everyone \u202eevil\u200b \" ' &lt;b onclick=x&gt; ]]>"
)
TOPIC = Topic(1, HOSTILE, a_query("radiographs"), NOW)


def hostile_paper() -> Paper:
    record = a_record(
        source_id="1",
        title=HOSTILE,
        abstract=f"CONCLUSIONS: {HOSTILE}",
        authors=(HOSTILE, HOSTILE),
        url="javascript:alert(3)",
        pdf_url="data:text/html,<script>alert(4)</script>",
        venue=HOSTILE,
        language=HOSTILE,
    )
    return replace(a_paper(record), doi=f"10.1/{HOSTILE}")


def a_status(text: str) -> StatusReport:
    return StatusReport(
        sources=(
            SourceLine("pubmed", "PubMed", Freshness.FRESH, NOW, None, None, None),
            SourceLine("arxiv", text, Freshness.FAILED, None, NOW, NOW, text),
        ),
        papers=1774,
        waiting=3,
        deliveries=((DeliveryState.SENT, 1200), (DeliveryState.HELD, 0)),
        channels=(ChannelLine(replace(CHANNEL, name=text), (text,), History(NOW, NOW, text)),),
    )


def a_status_in_trouble(text: str) -> StatusReport:
    channel = replace(CHANNEL, name=text)
    lost = LostChannel(channel, NOW, text, 3)
    line = ChannelLine(channel, (text,), History(), waiting=3, snoozed_until=NOW, paused=(text,), mutes=2, lost=lost)
    stuck = StuckLine(DeliveryKey("k" * 24), channel, DeliveryKind.DIGEST, text, DeliveryState.HELD, 3, NOW, text)
    return replace(a_status(text), channels=(line,), stuck=(stuck,), restored=NOW)


def a_why(paper: Paper, text: str, announced: Announced | None) -> WhyReport:
    topics = (TopicVerdict("mri", text, (), baseline=True), TopicVerdict(text, text, (text, "ct"), baseline=False))
    records = (RecordSeen("pubmed", text, 2, TODAY, NOW),)
    return WhyReport(paper, records, (ChannelVerdict(CHANNEL, topics, announced, text),))


def hostile_replies() -> Iterator[Reply]:
    bad = hostile_paper()
    counts = replace(preview(HOSTILE), newest=(bad,), warnings=(HOSTILE,))
    yield Notice(HOSTILE, (HOSTILE,))
    yield Mistake(HOSTILE, HOSTILE, 5, HOSTILE)
    yield replace(result_page(PageRequest()), title=HOSTILE, papers=(bad,), ignored=(HOSTILE,))
    yield replace(result_page(PageRequest()), title=HOSTILE, papers=(), total=0, empty_hint=HOSTILE)
    yield PaperCard(bad, HOSTILE)
    yield TopicList(HOSTILE, HOSTILE, (TopicLine(TOPIC, 3),))
    yield counts
    yield TopicAdded(TOPIC, counts, HOSTILE)
    yield replace(counts, per_day=((TODAY, 3),), clauses=(Clause(HOSTILE, Role.REQUIRED, 3, 1),))
    lost = (Loss(HOSTILE, HOSTILE, Effect.BROADER),)
    translation = Translation("pubmed", HOSTILE, a_query(), (HOSTILE,), lost, HOSTILE)
    yield ImportedSearch(HOSTILE, translation, SourceCount(HOSTILE, None, problem=HOSTILE), counts)
    yield HelpPage((replace(COMMANDS[0], arguments=HOSTILE, example=HOSTILE),), (HOSTILE,))
    yield a_status(HOSTILE)
    yield a_status_in_trouble(HOSTILE)
    verdict = ChannelVerdict(CHANNEL, a_why(bad, HOSTILE, None).channels[0].topics, None, HOSTILE, HOSTILE)
    yield UnseenReport(bad.records[0], HOSTILE, (verdict,))
    yield a_why(bad, HOSTILE, None)
    yield a_why(bad, HOSTILE, Announced((HOSTILE,), NOW, DeliveryState.DEAD, NOW, HOSTILE))
    yield CitationText(bad, CitationFormat.BIBTEX, HOSTILE)
    yield CitationFile(CiteList(HOSTILE, CitationFormat.RIS), HOSTILE, 3, 5)
    yield AlertAdded(TOPIC, counts, HOSTILE)
    yield AlertList(HOSTILE, (TopicLine(TOPIC, 3),))
    yield PrivacyReport(Kept((HOSTILE,), 1, 2, 3, 4, 5, 6, 7), forgetting=True)
    yield Reacted(React(HOSTILE, HOSTILE, PaperId(1)))
    yield AlreadyHere(bad, HOSTILE, TODAY, HOSTILE)
    yield Shared(HOSTILE, HOSTILE, (bad,), TODAY)
    yield Shared(HOSTILE, HOSTILE, (bad,), TODAY, 3, HOSTILE, HOSTILE)
    yield announcement(bad)
    yield replace(digest(), papers=(AnnouncedPaper(bad, (HOSTILE,)),), topics=((HOSTILE, 1),))


class _Live(HTMLParser):
    """Collects what a browser would act on."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]


@pytest.mark.parametrize("reply", list(hostile_replies()), ids=lambda reply: type(reply).__name__)
def test_nothing_that_a_source_says_is_live(reply: Reply) -> None:
    message = render(reply, TODAY, f"/papers {HOSTILE}")
    live = _Live()
    live.feed(message["html"])
    assert not live.tags & {"script", "img", "b", "iframe", "style"}
    assert not {name for name in live.attributes if name.startswith("on") or name == "style"}
    assert all(link.startswith(("https://", "/api/files/", "#m")) for link in live.links)
    options = [option for action in message["actions"] for option in action.get("options", ())]
    labels = [one["label"] for one in (*message["actions"], *options)]
    shown = "".join([message["html"], message["text"], message["asked"] or "", *labels])
    assert "\u202e" not in shown
    assert "\u200b" not in shown


def test_a_result_page_says_where_it_is_and_how_to_go_on() -> None:
    message = render(result_page(PageRequest(page=3)), TODAY, "search mri")
    assert "Page 3 of 178 · 1,774 results · newest first" in message["text"]
    assert message["kind"] == "reply"
    assert message["paper_ids"] == [f"P{number}" for number in range(21, 31)]
    assert names(message) == [
        "first",
        "previous",
        "jump",
        "next",
        "last",
        "sort",
        "size",
        "filter",
        "refresh",
        "open",
        "cite",
        "alert",
    ]
    assert control(message, "next")["id"] == "1.next.k7Qd2.4"
    assert control(message, "refresh")["label"] == "3 newer · refresh"
    assert [option["value"] for option in control(message, "size")["options"] if option["selected"]] == ["10"]


def test_a_filtered_list_says_so_and_how_to_take_it_away_also_when_nothing_is_left() -> None:
    filtered = replace(result_page(PageRequest()), filters=((Field.SOURCE, "arxiv"),), sources=("pubmed", "arxiv"))
    empty = replace(filtered, total=0, pages=1, papers=(), newer=0)
    for reply in (filtered, empty):
        message = render(reply, TODAY, "search mri")
        assert "Only arXiv. “Filter” takes that away again." in message["text"]
        choices = control(message, "filter")["options"]
        assert [choice["label"] for choice in choices] == [
            "From all sources", "Only PubMed", "Only Journal", "Only Preprint",
        ]  # fmt: skip


def test_the_first_page_cannot_go_back_and_the_last_not_on() -> None:
    first = render(result_page(PageRequest(page=1)), TODAY, "")
    last = render(result_page(PageRequest(page=178)), TODAY, "")
    assert [name for name in ("first", "previous", "next", "last") if control(first, name)["disabled"]] == [
        "first",
        "previous",
    ]
    assert [name for name in ("first", "previous", "next", "last") if control(last, name)["disabled"]] == [
        "next",
        "last",
    ]


def test_a_fixed_list_turns_but_has_no_order_size_or_refresh() -> None:
    message = render(replace(result_page(PageRequest(page=3)), sort=None, query=""), TODAY, "")
    assert "Page 3 of 178 · 1,774 results\n" in message["text"]
    assert names(message) == ["first", "previous", "jump", "next", "last", "open", "cite"]


def test_a_search_that_could_not_be_stored_says_that_it_cannot_be_paged() -> None:
    unstored = replace(result_page(PageRequest()), key="")
    message = render(unstored, TODAY, "search mri")
    assert "newest first\nPaging is not possible just now.\n" in message["text"]
    assert names(message) == ["open"]
    whole = render(replace(unstored, pages=1, total=3), TODAY, "search mri")
    assert "Paging" not in whole["text"]
    assert names(whole) == ["open"]


def test_a_list_numbers_its_papers_and_a_long_one_has_three_key_sentences() -> None:
    text = render(result_page(PageRequest(page=2)), TODAY, "")["text"]
    assert "\n11. Does a second look help?" in text
    assert "\nJournal · PubMed · 18 Nov · Lindqvist + 3 · P9\n" in render(result_page(PageRequest()), TODAY, "")["text"]
    assert text.count("A short second look") == 3
    assert render(result_page(PageRequest(per_page=5)), TODAY, "")["text"].count("A short second look") == 5


def test_an_empty_result_says_what_the_archive_holds_and_offers_more() -> None:
    empty = replace(result_page(PageRequest()), total=0, papers=(), query="rare thing", empty_hint="3 papers.")
    message = render(empty, TODAY, "")
    assert "3 papers." in message["text"]
    assert [action["id"] for action in message["actions"]] == [
        "1.alert.k7Qd2",
        "1.run.topics",
        "1.run.preview rare thing",
    ]


def test_a_mistake_shows_a_caret_and_a_corrected_command() -> None:
    message = render(Mistake("Never closed.", "a  (b", 3, "a  (b)"), TODAY, "/papers topic add x a  (b")
    assert "a  (b\n   ^" in message["text"]
    assert message["actions"][0]["value"] == "/papers topic add x a  (b)"


def test_a_digest_has_a_header_topics_ten_papers_and_the_rest_behind_a_button() -> None:
    message = render(digest(47), TODAY)
    assert message["kind"] == "digest"
    assert message["text"].startswith("47 new papers · Fri 20 Nov\nradiology-ai 38 · breast-mri 14\n")
    assert len(message["paper_ids"]) == 10
    assert control(message, "more")["label"] == "+ 37 more"
    assert len(control(message, "open")["options"]) == 10


def test_an_announcement_names_topics_and_why_it_comes_now() -> None:
    post = Post(
        DeliveryKind.ANNOUNCEMENT,
        (AnnouncedPaper(paper(1), ("radiology-ai", "breast"), Note.ABSTRACT_ARRIVED),),
        TODAY,
        1,
        (),
    )
    message = render(post, TODAY)
    assert message["kind"] == "announcement"
    assert message["text"].endswith("radiology-ai · breast · matches since its abstract arrived")
    assert [action["id"] for action in message["actions"]] == [
        "1.open.P1",
        "1.react.useful.P1",
        "1.react.not-useful.P1",
    ]


def test_a_retracted_paper_says_so_first_and_a_foreign_one_names_its_language() -> None:
    odd = replace(a_paper(a_record(title="T")), status=Status.RETRACTED, language="ger")
    for reply in (PaperCard(odd), announcement(odd)):
        assert render(reply, TODAY)["text"].startswith("Retracted T [German]")
    listed: ResultPage = replace(result_page(PageRequest()), papers=(odd,))
    assert "\nRetracted 1. T [German]\n" in render(listed, TODAY, "")["text"]


def test_an_opened_paper_spells_out_its_abstract_and_links() -> None:
    text = render(PaperCard(paper(1), "Posted here on 12 Nov."), TODAY, "show P1")["text"]
    assert "METHODS\nTwo readers" in text
    assert "PubMed 71000001 https://pubmed.ncbi.nlm.nih.gov/71000001/" in text
    assert text.endswith("Posted here on 12 Nov.")


def test_a_preview_shows_each_source_also_one_that_failed() -> None:
    text = render(preview("mri"), TODAY, "preview mri")["text"]
    assert "PubMed 152 papers · 5.1 a day\n" in text
    assert "arXiv at most 38 papers · 1.3 a day" in text
    assert "medRxiv did not answer within 10 s" in text


def test_a_status_tells_of_each_source_and_of_the_channel() -> None:
    text = render(a_status("Trouble."), TODAY, "status")["text"]
    assert "1,774 papers in the archive" in text
    assert "PubMed fresh · last complete round 20 Nov 12:00 UTC\n" in text
    assert "Trouble. failed · no complete round yet\nTrouble.\nIt is asked again from 20 Nov 12:00 UTC on.\n" in text
    assert "1 topic · last post 20 Nov 12:00 UTC\nTrouble since 20 Nov 12:00 UTC: Trouble.\n" in text
    assert text.endswith("Deliveries in all channels: 3 waiting · 1,200 sent")


def test_a_status_tells_since_when_a_source_is_quiet_and_until_when() -> None:
    silence = Silence(NOW, NOW + timedelta(days=3), "weekend")
    source = SourceLine("arxiv", "arXiv", Freshness.QUIET, NOW, None, None, None, silence)
    text = render(replace(a_status(""), sources=(source,)), TODAY, "status")["text"]
    assert "arXiv quiet since Fri 20 Nov (weekend); next announcement Mon 23 Nov · last complete round" in text


def test_a_status_tells_the_ledger_of_each_sources_last_day_and_what_is_missing() -> None:
    counts = dict.fromkeys(Account, 0) | {Account.ANNOUNCED: 12, Account.UNMATCHED: 26}
    day = LedgerLine(TODAY, "pubmed", counts, ())
    lost = LedgerLine(TODAY - timedelta(days=1), "pubmed", counts | {Account.MISSING: 2}, (PaperId(4), PaperId(9)))
    text = render(replace(a_status("Trouble."), ledger=(lost, day)), TODAY, "status")["text"]
    assert "Fri 20 Nov: 38 found = 12 announced + 26 not matched\n" in text
    assert "Thu 19 Nov: 40 found = 12 announced + 26 not matched + 2 missing\n" in text
    assert text.count("Never announced, though a topic matched: P4, P9. Ask “why P4”.\n") == 1


def test_why_tells_records_topics_and_what_became_of_the_paper() -> None:
    message = render(a_why(paper(1), "knee", None), TODAY, "why P1")
    assert "PubMed knee v2 · seen 20 Nov 12:00 UTC · there since 2026-11-20\nknee\n" in message["text"]
    assert "mri matches · there at its first fetch\n" in message["text"]
    assert message["text"].endswith("knee does not match\nNot found in it: knee · ct")
    assert message["paper_ids"] == ["P1"]
    told = render(a_why(paper(1), "knee", Announced(("mri",), NOW, DeliveryState.SENT, NOW)), TODAY, "why P1")
    assert "Posted here for mri · 20 Nov 12:00 UTC\n" in told["text"]


def test_a_saved_topic_offers_to_post_the_newest_five() -> None:
    message = render(TopicAdded(replace(TOPIC, name="mri"), preview("mri"), "tomorrow 09:00"), TODAY, "")
    assert message["text"].startswith("Topic mri is saved\nFirst post: tomorrow 09:00.")
    assert message["actions"][0]["id"] == "1.start.mri"


def test_a_notice_nobody_asked_for_is_a_notice() -> None:
    assert render(Notice("Hello."), TODAY)["kind"] == "notice"
    assert render(Notice("Hello."), TODAY, "help")["kind"] == "reply"


def test_help_lists_every_command() -> None:
    text = render(HelpPage(COMMANDS), TODAY, "help")["text"]
    assert not [command.usage for command in COMMANDS if command.usage not in text]


def names(message: Message) -> list[str]:
    return [action["id"].split(".")[1] for action in message["actions"]]


def control(message: Message, name: str) -> Action:
    return next(action for action in message["actions"] if re.match(rf"1\.{name}\b", action["id"]))


def test_a_status_tells_who_is_in_trouble_and_lets_those_who_may_settle_it() -> None:
    report = a_status_in_trouble("papers")
    text = render(report, TODAY, "status")["text"]
    assert "Not all is well: " in text
    assert "kkkkkkkk · papers: a digest of 3 papers, held: it may or may not have been posted" in text
    assert "Snoozed until 20 Nov 12:00 UTC." in text
    assert "3 papers wait; the bot tries again by itself." in text
    assert render(report, TODAY, "status")["actions"] == []
    settling = render(replace(report, may_settle=True), TODAY, "status")["actions"]
    assert [action["label"] for action in settling] == ["Resend kkkkkkkk", "Skip kkkkkkkk"]


def test_why_points_to_the_message_and_tells_what_is_waited_for() -> None:
    announced = Announced(("mri",), NOW, DeliveryState.SENT, NOW, message_id="12")
    message = render(a_why(paper(1), "knee", announced), TODAY, "why P1")
    assert '<a href="#m12">go there</a> (message 12)' in message["html"]
    waiting = replace(a_why(paper(1), "knee", announced).channels[0], waits="It waits for the post of tomorrow 09:00.")
    text = render(replace(a_why(paper(1), "knee", announced), channels=(waiting,)), TODAY, "why P1")["text"]
    assert "It waits for the post of tomorrow 09:00." in text
