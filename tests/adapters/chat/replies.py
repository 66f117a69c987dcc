"""Every reply there is, with any text in all its places, and with as many lines as one likes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

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
    Greeting,
    HelpPage,
    ImportedSearch,
    Kept,
    ManagerList,
    Mistake,
    MuteAdded,
    MuteLine,
    MuteList,
    Notice,
    PaperCard,
    Post,
    PreviewReport,
    PrivacyReport,
    React,
    Reacted,
    Reply,
    ResultPage,
    Role,
    ScheduleReport,
    Shared,
    Sort,
    SourceCount,
    StarterLibrary,
    StarterLine,
    TopicAdded,
    TopicEdited,
    TopicHistory,
    TopicLine,
    TopicList,
    TopicResumed,
)
from bot.model import (
    Channel,
    ChannelRef,
    DeliveryKey,
    DeliveryKind,
    DeliveryState,
    Mute,
    MuteKind,
    Note,
    Paper,
    PaperId,
    Status,
    Topic,
)
from bot.query import Field, Query, Term
from bot.reports import (
    Account,
    Announced,
    ChangeKind,
    ChannelLine,
    ChannelVerdict,
    Freshness,
    History,
    LedgerLine,
    RecordSeen,
    SourceLine,
    StatusReport,
    TopicChange,
    TopicVerdict,
    UnseenReport,
    WhyReport,
)
from bot.stuck import LostChannel, StuckLine
from bot.translating import Effect, Loss, Translation
from bot.wording import person
from tests.examples import NOW, TODAY, a_paper, a_query, a_record

MESSAGE_ID = "1795000000.123456"

HOSTILE = (
    "<!channel> <!here> <@U666> <#C666|general> <https://evil.example|x> @everyone @here #general *bold* _italic_ "
    "~struck~ `code` ```pre``` :tada: :wave::skin-tone-2: &lt;!channel&gt; &amp;lt;@U666&amp;gt; https://evil.example "
    "evil.example javascript:alert(1) mailto:a@evil.example [x](https://evil.example) > quoted\n• item "
    "<script>alert(1)</script> \u202eevil\u202c a\u200bb\u2060c \ufeff\x00\x1b[31m \ue000U666\ue001 "
    "\ufffe \U000e0041 👩‍🔬 \" ' \\ ]]> {{ 7*7 }} %s <!date^1^{date}^https://evil.example|x>"
)


def hostile_paper(text: str, number: int = 1) -> Paper:
    """A paper that says it everywhere."""
    record = a_record(
        source_id="1",
        title=text,
        abstract=f"BACKGROUND: {text}\nCONCLUSIONS: {text}",
        authors=(text, text),
        url=text,
        pdf_url=text,
        venue=text,
        language=text,
        status=Status.RETRACTED,
    )
    return replace(a_paper(record, number=number), doi=f"10.1/{text}")


def every_reply(text: str, many: int, user: str) -> Iterator[Reply]:
    """Every kind of reply with this text in all its places and so many lines; ``user`` is a platform's id of a
    person."""
    papers = tuple(hostile_paper(text, number) for number in range(1, min(many, 25) + 1))
    yield from _about_papers(text, many, papers, user)
    yield from _about_topics(text, many, papers, user)
    yield from _about_people(text, many, user)
    yield from _about_the_bot(text, many, papers, user)


def _about_papers(text: str, many: int, papers: tuple[Paper, ...], user: str) -> Iterator[Reply]:
    [first, *_] = papers
    page = ResultPage(text, "k7Qd2", Sort.NEWEST, 3, 178, 25, 1774, 3, 51, papers)
    filters, sources = ((Field.SOURCE, "arxiv"), (Field.TYPE, "preprint")), ("pubmed", "arxiv", "medrxiv")
    yield replace(page, ranked=2000, ignored=(text,) * many, shareable=True, filters=filters, sources=sources)
    yield replace(page, key="", total=0, pages=1, papers=(), empty_hint=text)
    yield PaperCard(first, text, saved=True, shareable=True, proxy=text)
    yield CitationText(first, CitationFormat.BIBTEX, "\n".join([text] * many))
    yield CitationFile(CiteList(text, CitationFormat.RIS, 1), text, 3, 5)
    yield AlreadyHere(first, MESSAGE_ID, TODAY, text)
    yield Shared(user, text, (first,), TODAY)
    yield Shared(text, text, papers, TODAY, 1774, text, "k7Qd2")
    announced = tuple(AnnouncedPaper(one, (text,) * many, Note.REVISED) for one in papers)
    yield Post(DeliveryKind.ANNOUNCEMENT, announced[:1], TODAY, 1, ((text, 1),), marks=("abcdefgh",))
    counts = ((text, 12),) * many
    yield Post(DeliveryKind.DIGEST, announced, TODAY, 62, counts, "k7Qd2", label=text, older=3, footer=(text,) * many)
    yield Post(DeliveryKind.RECAP, announced, TODAY, 62, counts, "k7Qd2", days=7)
    lines = tuple(RecordSeen("pubmed", text, 2, TODAY, NOW) for _ in range(many))
    verdicts = tuple(_verdict(text, many, announced) for announced in (None, _announced(text, user)))
    yield WhyReport(first, lines, verdicts)
    yield UnseenReport(first.records[0], text, verdicts[:1])


def _announced(text: str, user: str) -> Announced:
    return Announced((text,), NOW, DeliveryState.CANCELLED, NOW, text, MESSAGE_ID, user)


def _verdict(text: str, many: int, announced: Announced | None) -> ChannelVerdict:
    topics = (TopicVerdict(text, text, (text,) * 3, baseline=True, found=(text,) * 3),) * many
    return ChannelVerdict(_channel(text), topics, announced, text, text)


def _channel(text: str) -> Channel:
    return Channel(ChannelRef("chat", "", "C1"), text)


def _topic(text: str) -> Topic:
    return Topic(1, text, Query(Term(text)), NOW, ChannelRef("chat", "", "C1"), paused=True)


def _about_topics(text: str, many: int, papers: tuple[Paper, ...], user: str) -> Iterator[Reply]:
    counts = (SourceCount(text, 152), SourceCount(text, 38, broader=True), SourceCount(text, None, problem=text))
    clauses = (Clause(text, Role.REQUIRED, 3, 1), Clause(text, Role.EXCLUDED, 3, 1)) * many
    preview = PreviewReport(text, 30, counts, 212, papers[:5], (text,) * many, ((TODAY, 3),) * 30, clauses)
    lines = (TopicLine(_topic(text), 3),) * many
    yield TopicList(text, text, lines)
    yield AlertList(text, lines)
    yield preview
    yield TopicAdded(_topic(text), preview, text)
    yield AlertAdded(_topic(text), preview, text)
    yield TopicEdited(_topic(text), text, preview)
    yield TopicResumed(_topic(text), 3, "k7Qd2")
    change = TopicChange(text, ChangeKind.EDITED, Query(Term(text)), NOW, user)
    yield TopicHistory(text, (change, replace(change, user=text)) * many, (text,) * many)
    losses = (Loss(text, text, Effect.BROADER),) * many
    read = Translation("pubmed", text, a_query(), (text,) * many, losses, text)
    yield ImportedSearch(text, read, SourceCount(text, 12), preview)
    starter = StarterLine(text, text, text, text, text, 12, followed=False)
    yield StarterLibrary((starter,))
    yield StarterLibrary(tuple(replace(starter, field=f"{text} {n % 8}") for n in range(many + 1)))
    yield Greeting(user, (starter,) * many, (text,) * many)


def _about_people(text: str, many: int, user: str) -> Iterator[Reply]:
    yield ManagerList((user, text) * many, f"{person(user)} {text}")
    yield ManagerList(())
    yield PrivacyReport(Kept((text,) * many, 1, 2, 3, 4, 5, 6, 7), forgetting=True)
    yield Reacted(React(text, MESSAGE_ID, PaperId(1)))
    yield MuteAdded(Mute(MuteKind.WORD, text), 30, 6, 90, 2)
    yield MuteList((MuteLine(Mute(MuteKind.WORD, text), 3),) * many)


def _about_the_bot(text: str, many: int, papers: tuple[Paper, ...], user: str) -> Iterator[Reply]:
    yield Notice("\n".join([f"{text} {person(user)}"] * many), (text,) * many)
    yield Mistake(text, text, min(5, len(text)), text)
    yield ScheduleReport(text, text, text, text, text, managed=True, changed=text)
    commands = tuple(replace(one, arguments=text, what=text, example=text) for one in COMMANDS)
    yield HelpPage(commands, (text,) * many)
    yield HelpPage(commands, (text,) * many, (text,) * many)
    channel = _channel(text)
    source = SourceLine("pubmed", text, Freshness.FAILED, NOW, NOW, NOW, text)
    ledger = LedgerLine(TODAY, "pubmed", dict.fromkeys(Account, 1), (papers[0].id,))
    lost = LostChannel(channel, NOW, text, 3)
    line = ChannelLine(channel, (text,), History(NOW, NOW, text), NOW, 3, NOW, (text,), 2, lost)
    key = DeliveryKey("k" * 24)
    stuck = StuckLine(key, channel, DeliveryKind.DIGEST, text, DeliveryState.HELD, 3, NOW, text)
    states = tuple((state, 3) for state in DeliveryState)
    sources, channels = (source,) * many, (line,) * many
    yield StatusReport(
        sources, 1774, 3, states, channels, (ledger,) * many, clock=text, stuck=(stuck,) * many, may_settle=True
    )
