"""From a channel's plan to its slots (pure)."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.model import DeliveryKind
from bot.ports import Plan, Progress
from bot.schedule import Rule, Timetable, moments, parse_rule

KINDS = (DeliveryKind.DIGEST, DeliveryKind.RECAP)

_MOST_AHEAD = timedelta(days=2)
"""A date further ahead than this was used by a wrong clock."""

_DAY = timedelta(days=1)


def rule_of(plan: Plan, kind: DeliveryKind) -> Rule | None:
    """When the channel wants posts of that kind; None if it wants no slots for them."""
    text = plan.recap if kind is DeliveryKind.RECAP else plan.schedule
    rule = parse_rule(text) if text else None
    return None if rule is None or rule.schedule.is_now else rule


def describe(plan: Plan) -> str:
    """When the channel is posted to: ``daily at 09:00 (Europe/Berlin)``."""
    return parse_rule(plan.schedule).describe(plan.zone)


def rule_name(plan: Plan, kind: DeliveryKind) -> str:
    """What makes its slots others; "" if there are none."""
    rule = rule_of(plan, kind)
    return f"{rule.schedule} {plan.zone}" if rule else ""


def progress_of(plan: Plan, kind: DeliveryKind) -> Progress | None:
    """How far the channel got with posts of that kind."""
    return plan.recaps if kind is DeliveryKind.RECAP else plan.posts


def has_begun(plan: Plan, kind: DeliveryKind, now: datetime) -> bool:
    """Whether it is known since when the rule holds. A moment that is still to come was noted by a wrong clock."""
    progress = progress_of(plan, kind)
    return progress is not None and progress.rule == rule_name(plan, kind) and progress.since <= now


def timetable(plan: Plan, kind: DeliveryKind, now: datetime) -> Timetable | None:
    """The slots of that kind; None if there are none. A rule that nobody has looked at yet begins now."""
    if not (rule := rule_of(plan, kind)):
        return None
    progress = progress_of(plan, kind)
    last_day = progress.last_day if progress else None
    if last_day and last_day > now.astimezone(ZoneInfo(plan.zone)).date() + _MOST_AHEAD:
        last_day = None
    since = progress.since if progress and has_begun(plan, kind, now) else now
    return Timetable(rule.schedule, plan.zone, since, last_day, plan.snoozed_until)


def is_snoozed(plan: Plan, now: datetime) -> bool:
    """Whether the channel wants quiet."""
    return plan.snoozed_until is not None and now < plan.snoozed_until


def due_at(plan: Plan, kind: DeliveryKind, now: datetime) -> datetime | None:
    """When a post of that kind is due: ``now``, or the next slot's moment; None if there are no slots."""
    if not (slots := timetable(plan, kind, now)):
        return None
    return now if slots.due(now) else slots.upcoming(now, 1)[0]


def next_post(plan: Plan, now: datetime) -> datetime | None:
    """The moment of the next digest; None if there are no slots for it."""
    slots = timetable(plan, DeliveryKind.DIGEST, now)
    return slots.upcoming(now, 1)[0] if slots else None


def first_post(plan: Plan, now: datetime) -> str:
    """When a paper that comes now is posted: ``tomorrow 09:00``, ``Mon 23 Nov 09:00``, ``as soon as it comes``."""
    zone = ZoneInfo(plan.zone)
    if slots := timetable(plan, DeliveryKind.DIGEST, now):
        [at] = slots.upcoming(now, 1)
    elif plan.snoozed_until and is_snoozed(plan, now):
        at = plan.snoozed_until
    else:
        return "as soon as a new paper matches"
    days = (at.astimezone(zone).date() - now.astimezone(zone).date()) // _DAY
    if days > 1:
        return moments([at], plan.zone)
    return f"{'tomorrow' if days else 'today'} {at.astimezone(zone):%H:%M}"
