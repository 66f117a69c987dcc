"""Random inputs for the bot, and checks that raise if an answer is not right."""

from collections.abc import Callable
from typing import Any

Check = Callable[[Any], object]
"""Takes one input."""
