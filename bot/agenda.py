"""Looks out for the channels that have a slot due."""

from __future__ import annotations

from datetime import datetime

from bot.model import ChannelRef
from bot.ports import Plan, Schedules
from bot.timetables import KINDS, due_at, has_begun, rule_name


class Agenda:
    """Keeps in mind when each plan is due next, so that looking costs one query."""

    def __init__(self, schedules: Schedules) -> None:
        self._schedules = schedules
        self._due_at: dict[Plan, datetime] = {}
        self._looked: datetime | None = None

    async def due(self, now: datetime) -> list[ChannelRef]:
        """The channels with a slot due; also notes which rules hold from now on."""
        if self._looked and now < self._looked:
            self._due_at.clear()  # what was worked out by a clock that was ahead is wrong
        self._looked = now
        plans = await self._schedules.plans()
        if fresh := [
            (plan.channel, kind, name)
            for plan in plans
            if plan not in self._due_at
            for kind in KINDS
            if (name := rule_name(plan, kind)) and not has_begun(plan, kind, now)
        ]:
            await self._schedules.begin(fresh, now)
            plans = await self._schedules.plans()
        self._due_at = {plan: self._due_at.get(plan) or _due_at(plan, now) for plan in plans}
        return [plan.channel for plan, at in self._due_at.items() if at <= now]


def _due_at(plan: Plan, now: datetime) -> datetime:
    return min(at for kind in KINDS if (at := due_at(plan, kind, now)) is not None)
