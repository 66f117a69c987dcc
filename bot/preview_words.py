"""A preview and an imported search, in the words every platform shares (pure)."""

from __future__ import annotations

from bot.conversation import Clause, ImportedSearch, PreviewReport, Role, SourceCount
from bot.translating import Effect, Loss
from bot.wording import counted, weekday_day

_BARS = "▁▂▃▄▅▆▇█"


def bars(report: PreviewReport) -> str:
    """A character for each day, from ▁ for none to █ for the most; "" if there is nothing to show."""
    most = max((number for _, number in report.per_day), default=0)
    if not most:
        return ""
    return "".join(_BARS[-(-number * (len(_BARS) - 1) // most)] for _, number in report.per_day)


def by_day(report: PreviewReport) -> str:
    """``12 of about 230 are in the archive so far; the busiest day is Fri 20 Nov with 4``."""
    asked = [count.total for count in report.counts if count.total is not None]
    expected = f" of about {sum(asked):,}" if sum(asked) > report.archived else ""
    line = f"{report.archived:,}{expected} {'is' if report.archived == 1 else 'are'} in the archive so far"
    if report.busiest is None:
        return line
    day, number = report.busiest
    return f"{line}; the busiest day is {weekday_day(day)} with {number:,}"


def effect(clause: Clause) -> str:
    """What a clause of a query does."""
    match clause.role:
        case Role.REQUIRED:
            return f"without it {clause.change:,} more" if clause.change else "takes nothing away"
        case Role.ALTERNATIVE:
            return f"finds {clause.found:,}, {clause.change:,} of them only by it"
        case Role.EXCLUDED:
            return f"takes {clause.change:,} away"


def loss(lost: Loss) -> str:
    """What could not be translated, and what that does: ``Broader: english[la] (…)``."""
    how = "Finds more" if lost.effect is Effect.BROADER else "Finds less"
    return f"{how}: {lost.text} ({lost.reason})"


def compared(imported: ImportedSearch) -> str:
    """What the source counts for the search as it was pasted, beside what it is asked for as a topic."""
    original, days = imported.original, imported.preview.days
    if original is None:
        return "How many papers the pasted search finds cannot be asked."
    pasted = _amount(original)
    topic = next((count for count in imported.preview.counts if count.source == original.source), None)
    asked = f"; for the topic it is asked for {_amount(topic)}" if topic else ""
    archived = counted(imported.preview.archived, "match", "matches")
    return f"{original.source}, last {days} days: {pasted} as pasted{asked}; {archived} in the archive so far."


def _amount(count: SourceCount) -> str:
    if count.total is None:
        return count.problem or "could not be asked"
    return ("at most " if count.broader and count.total else "") + counted(count.total, "paper")
