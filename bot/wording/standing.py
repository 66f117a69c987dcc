"""How a source stands, in the words every platform and the command line share (pure)."""

from __future__ import annotations

from bot.reports import SourceLine
from bot.wording import weekday_day


def standing(source: SourceLine) -> str:
    """Return ``fresh`` or ``failed``, or why it is silent: ``quiet since Fri 20 Nov (weekend); next announcement Mon
    23 Nov``. Days are those of UTC."""
    silence = source.silence
    if silence is None:
        return source.state.value
    last, following = weekday_day(silence.since.date()), weekday_day(silence.next.date())
    if silence.pause:
        return f"quiet since {last} ({silence.pause}); next announcement {following}"
    return f"late: nothing new since the announcement of {last}"
