"""The words every platform shares: titles, bylines, counts, readable scientific text, safe links (pure)."""

from bot.wording.abstracts import abstract_parts
from bot.wording.access import paper_links, record_name
from bot.wording.characters import visible
from bot.wording.counts import counted, result_line
from bot.wording.days import short_day, weekday_day
from bot.wording.fates import fate
from bot.wording.finding import key_sentence
from bot.wording.links import safe_url
from bot.wording.names import family_name
from bot.wording.papers import byline, kind_word, language_mark, source_title, title
from bot.wording.people import PERSON, person
from bot.wording.shortening import shorten
from bot.wording.text import readable

__all__ = [
    "PERSON",
    "abstract_parts",
    "byline",
    "counted",
    "family_name",
    "fate",
    "key_sentence",
    "kind_word",
    "language_mark",
    "paper_links",
    "person",
    "readable",
    "record_name",
    "result_line",
    "safe_url",
    "short_day",
    "shorten",
    "source_title",
    "title",
    "visible",
    "weekday_day",
]
