"""When a channel is posted to, its recaps, and its snooze."""

from __future__ import annotations

from datetime import datetime

from bot.answering.desk import Desk, Handlers
from bot.conversation import Asker, Notice, Reply, ScheduleReport, SetRecap, SetSchedule, ShowSchedule, Snooze
from bot.errors import Refused
from bot.model import DeliveryKind
from bot.ports import Plan
from bot.schedule import ScheduleError, moments, parse_recap, parse_rule, parse_rule_and_zone, parse_snooze
from bot.timetables import KINDS, describe, has_begun, is_snoozed, rule_name, timetable


class Schedules:
    """Shows and sets when a channel is posted to."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._schedules = desk.storage.schedules
        self.handlers: Handlers = {
            ShowSchedule: self._show,
            SetSchedule: self._set,
            SetRecap: self._set_recap,
            Snooze: self._snooze,
        }

    async def _show(self, _: ShowSchedule, asker: Asker) -> Reply:
        return report(await self._plan(asker), self._desk.clock())

    async def _set(self, command: SetSchedule, asker: Asker) -> Reply:
        await self._desk.require_admin(asker)
        plan = await self._plan(asker)
        if plan.managed:
            raise Refused("The configuration file sets when this channel is posted to; change it there.")
        try:
            rule, zone = parse_rule_and_zone(command.text, plan.zone)
        except ScheduleError as error:
            return _mistake("schedule", error)
        async with self._desk.storage.transaction():
            await self._schedules.set_schedule(plan.channel, str(rule), zone)
            plan = await self._begin(asker)
        self._desk.wake()
        return report(plan, self._desk.clock(), "The schedule is saved. What waits comes with the next post.")

    async def _set_recap(self, command: SetRecap, asker: Asker) -> Reply:
        await self._desk.require_admin(asker)
        plan = await self._plan(asker)
        try:
            recap = parse_recap(command.text)
        except ScheduleError as error:
            return _mistake("recap", error)
        async with self._desk.storage.transaction():
            await self._schedules.set_recap(plan.channel, str(recap or ""))
            plan = await self._begin(asker)
        done = "Recaps are on. They list what was posted here, and announce nothing."
        return report(plan, self._desk.clock(), done if recap else "There will be no recaps.")

    async def _snooze(self, command: Snooze, asker: Asker) -> Reply:
        await self._desk.require_admin(asker)
        plan, now = await self._plan(asker), self._desk.clock()
        until = parse_snooze(command.text, plan.zone, now)
        if until <= now and not is_snoozed(plan, now):
            return Notice("This channel is not snoozed.", ("schedule",))
        await self._schedules.snooze(plan.channel, until)
        self._desk.wake()
        done = "Nothing is posted meanwhile. What comes is kept, and one post catches up."
        return report(await self._plan(asker), now, done if until > now else "The snooze is over.")

    async def _plan(self, asker: Asker) -> Plan:
        if plan := await self._schedules.plan(asker.channel):
            return plan
        raise Refused(
            "A schedule belongs to a channel that the bot posts to. Invite it here first, or set this one there."
        )

    async def _begin(self, asker: Asker) -> Plan:
        """Let what changed hold from now on."""
        plan, now = await self._plan(asker), self._desk.clock()
        names = [(plan.channel, kind, rule_name(plan, kind)) for kind in KINDS if not has_begun(plan, kind, now)]
        await self._schedules.begin([one for one in names if one[2]], now)
        return await self._plan(asker)


def report(plan: Plan, now: datetime, changed: str = "") -> ScheduleReport:
    """When a channel is posted to (pure)."""
    return ScheduleReport(
        schedule=describe(plan),
        upcoming=_upcoming(plan, DeliveryKind.DIGEST, now, 3),
        recap=parse_rule(plan.recap).describe(plan.zone) if plan.recap else "",
        next_recap=_upcoming(plan, DeliveryKind.RECAP, now, 1),
        snoozed_until=moments([plan.snoozed_until], plan.zone) if plan.snoozed_until and is_snoozed(plan, now) else "",
        managed=plan.managed,
        changed=changed,
    )


def _upcoming(plan: Plan, kind: DeliveryKind, now: datetime, count: int) -> str:
    slots = timetable(plan, kind, now)
    return moments(slots.upcoming(now, count), plan.zone) if slots else ""


def _mistake(command: str, error: ScheduleError) -> Notice:
    return Notice(str(error), (f"{command} {error.suggestion}",) if error.suggestion else ())
