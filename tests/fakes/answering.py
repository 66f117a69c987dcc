"""An answerer that knows 1,774 made-up papers and gives fixed replies, and a server with the local chat on it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from aiohttp import web

from adapters.chat import Tools
from adapters.chat.local import LocalPlatform, Settings, open_platform
from bot.commands import COMMANDS, Known, Suggestion, complete
from bot.conversation import (
    AddTopic,
    AnnouncedPaper,
    Asker,
    CiteList,
    Command,
    Help,
    HelpPage,
    Home,
    Latest,
    ListTopics,
    Mistake,
    Misunderstood,
    Notice,
    PageRequest,
    PaperCard,
    Post,
    Preview,
    PreviewReport,
    Rearrange,
    Reply,
    ResultPage,
    Search,
    Show,
    SourceCount,
    TopicAdded,
    TopicLine,
    TopicList,
    TurnPage,
)
from bot.errors import NotFound
from bot.model import Channel, ChannelRef, DeliveryKind, Kind, Paper, Status, Topic
from bot.ports import ChatLog
from tests.examples import TODAY, a_paper, a_query, a_record, an_arxiv_record

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TOTAL = 1774
LIST_KEY = "k7Qd2"

_TITLES = (
    "Two-reader agreement on incidental lung nodules before and after a triage network",
    "Abbreviated breast MRI in women with dense tissue: a made-up multicentre comparison of three protocols",
    r"Diffusion at $b = 2000\,\mathrm{s/mm}^2$ separates tumour from oedema",
    "Does a second look help? Recall decisions on 12,400 screening mammograms",
    "Self-supervised pretraining for rare bone lesions",
    "H<sub>2</sub>O-matched phantoms for photon-counting CT &amp; their drift over one year",
    "Federated learning across nine hospitals without sharing a single image, and what it cost each of them in time",
    "Calibration of risk scores in abdominal emergency imaging",
)
_AUTHORS = ("Marie Lindqvist", "Tobias Okafor", "Yuki Hashimoto", "Ana de la Cruz", "Ruth Abel", "Sam Weir")
_ABSTRACT = (
    "BACKGROUND: Readers disagree about small findings, and the reasons are seldom written down.\n"
    "METHODS: Two readers scored {n} examinations twice, six weeks apart, with p < 0.05 taken as a difference.\n"
    "RESULTS: Agreement rose from 0.61 to 0.74; reading time fell by 11 s per examination.\n"
    "CONCLUSIONS: A short second look changed few decisions but made readers agree more often. "
    "Whether this helps patients is open."
)


def paper(number: int) -> Paper:
    """The made-up paper of that number."""
    kind = an_arxiv_record if number % 3 == 2 else a_record
    record = kind(
        source_id=f"2611.{number:05}" if number % 3 == 2 else 71_000_000 + number,
        title=_TITLES[number % len(_TITLES)],
        abstract=_ABSTRACT.format(n=100 + number),
        authors=_AUTHORS[: 1 + number % len(_AUTHORS)],
        published=TODAY - timedelta(days=number // 4),
        url=f"https://pubmed.ncbi.nlm.nih.gov/{71_000_000 + number}/",
        language="ger" if number % 7 == 6 else "eng",
        status=Status.RETRACTED if number % 11 == 5 else None,
    )
    made = a_paper(record, number=number)
    return replace(made, kind=Kind.PREPRINT if number % 3 == 2 else Kind.ARTICLE)


def result_page(request: PageRequest, title: str = "mri") -> ResultPage:
    """One page of all papers."""
    pages = -(-TOTAL // request.per_page)
    page = min(request.page, pages)
    first = (page - 1) * request.per_page + 1
    lines = range(first, min(first + request.per_page, TOTAL + 1))
    numbers = [TOTAL + 1 - line if request.sort == "oldest" else line for line in lines]
    return ResultPage(
        title=f"Search: {title}",
        key=LIST_KEY,
        sort=request.sort,
        page=page,
        pages=pages,
        per_page=request.per_page,
        total=TOTAL,
        newer=3,
        first_line=first,
        papers=tuple(map(paper, numbers)),
        query=title,
    )


def digest(total: int = 47) -> Post:
    """A digest of which at most ten papers are listed."""
    listed = tuple(AnnouncedPaper(paper(number), ("radiology-ai",)) for number in range(1, min(total, 10) + 1))
    topics = (("radiology-ai", total - 9), ("breast-mri", 14))
    return Post(DeliveryKind.DIGEST, listed, TODAY, total, topics, LIST_KEY)


def announcement(announced: Paper) -> Post:
    """One paper, announced."""
    return Post(
        DeliveryKind.ANNOUNCEMENT, (AnnouncedPaper(announced, ("radiology-ai",)),), TODAY, 1, (("radiology-ai", 1),)
    )


def preview(query: str) -> PreviewReport:
    """A preview with one source that answers, one that is broader, and one that fails."""
    return PreviewReport(
        query=query,
        days=30,
        counts=(
            SourceCount("PubMed", 152),
            SourceCount("arXiv", 38, broader=True),
            SourceCount("medRxiv", None, problem="did not answer within 10 s"),
        ),
        archived=212,
        newest=tuple(map(paper, range(1, 4))),
        warnings=("Most of these papers come from one clause: mri.",),
    )


class FakeAnswers:
    """Remembers the order and page size of its one list; ``asked`` are all (command, asker) pairs it was given."""

    def __init__(self) -> None:
        self.asked: list[tuple[Command, Asker]] = []
        self._request = PageRequest()
        self._query = "mri"

    async def __call__(self, command: Command, asker: Asker) -> Reply:  # noqa: PLR0911 - one for each command
        self.asked.append((command, asker))
        match command:
            case Search() | TurnPage() | Rearrange() | Latest():
                return self._list(command)
            case Show(id="crash"):
                raise RuntimeError("boom")
            case Show():
                return PaperCard(
                    paper(int(command.id.removeprefix("P"))), "Posted here on 12 Nov for radiology-ai.", shareable=True
                )
            case ListTopics():
                lines = (
                    TopicLine(_topic("radiology-ai", "mri OR ct"), 61),
                    TopicLine(_topic("breast-mri", "breast"), 0),
                )
                return TopicList("papers", "daily 09:00 (Europe/Berlin)", lines)
            case AddTopic():
                return TopicAdded(
                    _topic(command.name, command.query), preview(command.query), "First post tomorrow 09:00."
                )
            case Preview():
                return preview(command.query)
            case Help():
                return HelpPage(COMMANDS, ("Data from PubMed, courtesy of the National Library of Medicine.",))
            case Misunderstood():
                return Notice(command.problem, (command.suggestion,) if command.suggestion else ())
            case _:
                return Notice("Done.")

    async def complete(self, text: str, cursor: int, _: Asker) -> list[Suggestion]:
        """Complete with a few topics and sources."""
        return complete(text, cursor, Known(topics=("radiology-ai", "breast-mri"), sources=("pubmed", "arxiv")))

    async def file(self, request: CiteList) -> AsyncIterator[str]:
        """The titles of a page of papers; nothing for other lists."""
        if request.key != LIST_KEY:
            raise NotFound("This list is no longer kept.")
        for one in result_page(PageRequest(page=request.page or 1)).papers:
            yield f"{one.title}\n"

    def _list(self, command: Search | TurnPage | Rearrange | Latest) -> Reply:
        match command:
            case Search(query="nothing"):
                return replace(
                    result_page(PageRequest()), total=0, pages=0, papers=(), newer=0,
                    title="Search: nothing", empty_hint="The archive holds 1,774 papers since 2 Nov.",
                )  # fmt: skip
            case Search() if "(" in command.query:
                column = command.query.index("(")
                return Mistake("This parenthesis is never closed.", command.query, column, command.query + ")")
            case Search():
                self._query, self._request = command.query, command.request
            case Latest():
                self._query, self._request = "latest", PageRequest()
            case TurnPage(key="expired"):
                return Notice("That list is no longer kept.", ("search mri",))
            case TurnPage():
                self._request = replace(self._request, page=command.page)
            case Rearrange():
                sort, per_page = command.sort or self._request.sort, command.per_page or self._request.per_page
                self._request = PageRequest(sort, 1, per_page)
        return result_page(self._request, self._query)


def _topic(name: str, query: str) -> Topic:
    return Topic(1, name, a_query(query), NOW, None if name == "radiology-ai" else ChannelRef("local", "", "papers"))


async def _channels() -> list[Channel]:
    return [
        Channel(ChannelRef("local", "", "papers"), "papers"),
        Channel(ChannelRef("local", "", "reading"), "Reading group"),
    ]


async def _no_greeting(channel: Channel, by: str | None, *, guest: bool = False) -> None:
    return None


async def _admit(_: Channel) -> None:
    return None


async def _returned(_: ChannelRef) -> None:
    return None


async def _empty_home(_: Asker) -> Home:
    return Home("daily at 09:00 (UTC)", (), (), 0, (), ())


class MemoryGestures:
    """Remembers for ever; see bot.ports.Gestures."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    async def first(self, gesture: str, now: datetime) -> bool:
        known, self._seen = gesture in self._seen, self._seen | {gesture}
        return not known


class DictMemory:
    """See bot.ports.Memory."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    async def get(self, name: str) -> str | None:
        return self.texts.get(name)

    async def set(self, name: str, text: str) -> None:
        self.texts[name] = text


def tools(answers: FakeAnswers, chat_log: ChatLog) -> Tools:
    """What the app gives a platform, with these answers."""
    return Tools(
        answer=answers,
        complete=answers.complete,
        file=answers.file,
        home=_empty_home,
        invited=_no_greeting,
        admit=_admit,
        returned=_returned,
        channels=_channels,
        chat_log=chat_log,
        gestures=MemoryGestures(),
        memory=DictMemory(),
        now=lambda: NOW,
    )


@asynccontextmanager
async def local_chat(
    chat_log: ChatLog, answers: FakeAnswers | None = None, port: int = 0
) -> AsyncIterator[tuple[LocalPlatform, str]]:
    """The local chat on a real socket; gives the platform and its address."""
    answers = answers or FakeAnswers()
    platform = open_platform(Settings(port=port), tools(answers, chat_log))
    app = web.Application()
    app.add_routes(platform.routes())
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        bound = runner.addresses[0][1]
        yield platform, f"http://127.0.0.1:{bound}"
    finally:
        await platform.stop()
        await runner.cleanup()
