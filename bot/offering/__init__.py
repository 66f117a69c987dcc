"""Which controls a reply offers, the same on every platform (pure)."""

from bot.offering.replies import actions_of
from bot.offering.widgets import Action, Option, calling

__all__ = ["Action", "Option", "actions_of", "calling"]
