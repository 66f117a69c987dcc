"""Schedules: what people write, which moments are meant, what is due, and whether the clock can be trusted (pure)."""

from bot.schedule.clock import ClockGuard
from bot.schedule.reading import ScheduleError, parse_recap, parse_schedule, parse_schedule_and_zone
from bot.schedule.rule import Rule, parse_rule, parse_rule_and_zone
from bot.schedule.slots import NOW, Due, QuietDays, Schedule, Timetable, instant, slot_days
from bot.schedule.snooze import parse_snooze
from bot.schedule.words import describe, moments
from bot.schedule.zones import parse_zone

__all__ = [
    "NOW",
    "ClockGuard",
    "Due",
    "QuietDays",
    "Rule",
    "Schedule",
    "ScheduleError",
    "Timetable",
    "describe",
    "instant",
    "moments",
    "parse_recap",
    "parse_rule",
    "parse_rule_and_zone",
    "parse_schedule",
    "parse_schedule_and_zone",
    "parse_snooze",
    "parse_zone",
    "slot_days",
]
