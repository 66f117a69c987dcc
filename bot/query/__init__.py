"""The query language: text → tree, and back (pure)."""

from bot.query.caret import caret
from bot.query.filtering import filters_of, with_filter
from bot.query.parser import MAX_DEPTH, MAX_LEAVES, MAX_LENGTH, MIN_PREFIX, parse
from bot.query.tree import FILTERS, And, Dated, Field, Node, Not, Or, Query, Term

__all__ = [
    "FILTERS",
    "MAX_DEPTH",
    "MAX_LEAVES",
    "MAX_LENGTH",
    "MIN_PREFIX",
    "And",
    "Dated",
    "Field",
    "Node",
    "Not",
    "Or",
    "Query",
    "Term",
    "caret",
    "filters_of",
    "parse",
    "with_filter",
]
