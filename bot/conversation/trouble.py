"""Settling deliveries that only a person can settle: what is asked (pure data); a Notice answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Resend:
    """Post a stuck delivery again, as a new message. ``key`` is its key, or the start of it."""

    key: str


@dataclass(frozen=True, slots=True)
class Skip:
    """Post a stuck delivery no more; its papers count as posted."""

    key: str
