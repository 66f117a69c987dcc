"""What a person must act on, and who is told when (pure).

A trouble is told once it has lasted, and its end once that has lasted, so that what comes and goes is not told again
and again; the same trouble is told at most once a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.conversation import Notice
from bot.model import ChannelRef, DeliveryKind
from bot.ports import Watched
from bot.reports import DataLine, Freshness, LedgerLine, PlatformLine, SourceLine
from bot.stuck import LostChannel, StuckLine
from bot.wording import counted, visible, weekday_day

STEADY = timedelta(minutes=10)
"""How long a trouble, or its end, must last before it is told."""

DAY = timedelta(days=1)
_MOST_TOLD = 10
_MOST_OFFERED = 5


@dataclass(frozen=True, slots=True)
class Trouble:
    """``key`` names it for as long as it lasts. ``text`` says what is wrong and what to do, ``over`` that it is over
    ("" if nobody needs to hear that). It concerns the managers of ``channels``, once it has lasted for ``lasting``;
    ``commands`` help."""

    key: str
    text: str
    channels: tuple[ChannelRef, ...]
    over: str = ""
    commands: tuple[str, ...] = ()
    lasting: timedelta = STEADY


def of_sources(lines: Iterable[SourceLine], everybody: tuple[ChannelRef, ...], now: datetime) -> list[Trouble]:
    """Sources that have not done their work for a day."""
    return [_of_source(line, everybody) for line in lines if _is_missed(line, now)]


def _is_missed(line: SourceLine, now: datetime) -> bool:
    missed = line.state in (Freshness.LATE, Freshness.FAILED)
    return missed and (line.since is None or now - line.since >= DAY)


def _of_source(line: SourceLine, everybody: tuple[ChannelRef, ...]) -> Trouble:
    since = f"since {weekday_day(line.since.date())}" if line.since else "yet"
    brought = "has brought nothing new" if line.state is Freshness.LATE else "could not be asked properly"
    return Trouble(
        f"source:{line.name}",
        f"{line.title} {brought} {since}{f' ({line.error})' if line.error else ''}. Its papers will follow once it "
        "answers; nothing is lost.",
        everybody,
        f"{line.title} answers again; the papers it had meanwhile follow.",
        ("status",),
        DAY if line.since is None else STEADY,
    )


def of_deliveries(lines: Iterable[StuckLine]) -> list[Trouble]:
    """Deliveries that wait for a person. A notice among them is told to nobody, for it could not reach them."""
    return [
        Trouble(
            f"delivery:{line.key}",
            f"{line.channel.name}: {line.what} is {line.plight}{f' ({line.error})' if line.error else ''}. Look there: "
            "if it is there, skip it; if it is not, resend it.",
            (line.channel.ref,),
            commands=(*([f"resend {line.key}"] if line.resendable else []), f"skip {line.key}"),
        )
        for line in lines
        if line.kind is not DeliveryKind.NOTICE
    ]


def of_channels(lost: Iterable[LostChannel]) -> list[Trouble]:
    """Channels where the platform takes nothing. Whose direct messages are refused cannot be told."""
    return [
        Trouble(
            f"channel:{line.channel.ref}",
            f"{line.channel.name}: nothing can be posted there ({line.error}). {counted(line.waiting, 'paper')} "
            f"{'waits' if line.waiting == 1 else 'wait'}. Invite the bot again or give it back its rights; it tries "
            "again by itself after 1, 6 and then every 24 hours.",
            (line.channel.ref,),
            f"{line.channel.name}: the bot can post there again, and what waited follows.",
        )
        for line in lost
        if line.channel.ref.owner is None
    ]


def of_platforms(lines: Iterable[PlatformLine], everybody: tuple[ChannelRef, ...]) -> list[Trouble]:
    """Platforms that cannot be reached; those who are on another one can be told."""
    return [
        Trouble(
            f"platform:{line.name}",
            f"The bot is not connected to {line.name.capitalize()}: {line.trouble}",
            tuple(channel for channel in everybody if channel.platform != line.name),
            f"The bot is connected to {line.name.capitalize()} again.",
            ("status",),
        )
        for line in lines
        if line.trouble
    ]


def of_the_machine(
    data: DataLine, ledger: Iterable[LedgerLine], clock: str | None, everybody: tuple[ChannelRef, ...]
) -> list[Trouble]:
    """A full disk, a clock that cannot be trusted, and papers that the daily ledger misses."""
    troubles = [
        Trouble(
            f"ledger:{line.source}:{line.day}",
            f"{weekday_day(line.day)}: {line.lost} should have been announced and were not. Please report this.",
            everybody,
            commands=(f"why P{line.missing[0]}",),
        )
        for line in ledger
        if line.missing
    ]
    if data.shortage:
        over = "There is room on the disk again; the sources are asked as before."
        troubles.append(Trouble("disk", data.shortage, everybody, over))
    if clock:
        troubles.append(Trouble("clock", clock, everybody, "This machine’s clock is right again; posting goes on."))
    return troubles


@dataclass(frozen=True, slots=True)
class Review:
    """What is ``watched`` from now on, what is ``news``, and what is ``over``."""

    watched: tuple[Watched, ...]
    news: tuple[Trouble, ...]
    over: tuple[Watched, ...]

    @property
    def concerned(self) -> frozenset[ChannelRef]:
        """The channels whose managers hear of something."""
        told = [*(one.channels for one in self.news), *(one.channels for one in self.over)]
        return frozenset(channel for channels in told for channel in channels)


def review(present: Sequence[Trouble], known: Iterable[Watched], now: datetime) -> Review:
    """Compare the troubles that are there with those that are watched."""
    before = {one.key: one for one in known}
    watched, news, over = [], [], []
    for trouble in present:
        one = _goes_on(trouble, before.pop(trouble.key, None), now)
        rested = one.told is None or now - one.told >= DAY
        if not one.open and rested and now - one.since >= trouble.lasting:
            news.append(trouble)
            one = replace(one, told=now, open=True)
        watched.append(one)
    for one in before.values():
        gone = one.gone or now
        steadily = now - gone >= STEADY
        if one.open and steadily:
            over.append(one)
        if not steadily or (one.told and now - one.told < DAY):
            watched.append(replace(one, gone=gone, open=one.open and not steadily))
    return Review(tuple(sorted(watched, key=lambda one: one.key)), tuple(news), tuple(over))


def _goes_on(trouble: Trouble, known: Watched | None, now: datetime) -> Watched:
    if known is None:
        known = Watched(trouble.key, since=now)
    elif known.gone and now - known.gone >= STEADY:
        known = replace(known, since=now)
    return replace(known, gone=None, channels=trouble.channels, over=trouble.over)


def notices(news: Review, people: Mapping[ChannelRef, Sequence[ChannelRef]]) -> dict[ChannelRef, Notice]:
    """What is told to whom: one notice a person. ``people`` are the direct messages of each channel's managers."""
    told: dict[ChannelRef, list[Trouble]] = {}
    over = [Trouble(one.key, one.over, one.channels) for one in news.over if one.over]
    for trouble in (*news.news, *over):
        for person in dict.fromkeys(person for channel in trouble.channels for person in people.get(channel, ())):
            told.setdefault(person, []).append(trouble)
    return {person: _notice(troubles) for person, troubles in told.items()}


def _notice(troubles: Sequence[Trouble]) -> Notice:
    lines = [trouble.text for trouble in troubles[:_MOST_TOLD]]
    if len(troubles) > _MOST_TOLD:
        lines.append(f"And {len(troubles) - _MOST_TOLD:,} more: ask “status” in the channels.")
    commands = dict.fromkeys(command for trouble in troubles for command in trouble.commands)
    return Notice(visible("\n".join(lines)), tuple(commands)[:_MOST_OFFERED])
