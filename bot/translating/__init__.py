"""Searches written for PubMed or arXiv, pasted as text or as a link → our query language (pure)."""

from __future__ import annotations

import re

from bot.query.lexer import clean
from bot.translating import arxiv_urls, pubmed_urls
from bot.translating.pubmed import leaves, translate
from bot.translating.pubmed_syntax import TAG
from bot.translating.translation import Effect, Loss, Translation
from bot.translating.urls import read_link

__all__ = ["Effect", "Loss", "Translation", "leaves", "looks_foreign", "read_feed", "read_search"]

MAX_LENGTH = 20_000
_OTHERS = (
    ("Ovid", re.compile(r"\.(?:ti|ab|tw|mp|kw|sh|pt|au)(?:,[a-z]{2})*\.|\badj\d+\b|\bexp [A-Z][\w ,-]{0,80}/")),
    ("Embase", re.compile(r"'/(?:exp|de)\b|:(?:ti|ab)(?:,[a-z]{2})+\b")),
    ("Scopus", re.compile(r"\b(?:TITLE-ABS-KEY|TITLE-ABS|AUTHKEY)\s*\(")),
    ("Web of Science", re.compile(r"\b(?:TS|TI|AB|AK|WC)=\s*[(\"]")),
)
_NOT_READ = (
    "It seems to be written for {}, and only PubMed’s and arXiv’s searches can be read. Paste the version for PubMed, "
    "with tags such as [tiab]."
)
_WEB_ADDRESS = re.compile(r"\s*(?:https?|feed)://\S+\s*", re.IGNORECASE)
_ELSEWHERE = "Only links to PubMed and arXiv can be read. Write the words to look for, or paste a search of PubMed’s."
_PHRASE = re.compile(r'"[^"]*"')
_NUMBERED_LINE = re.compile(r"^[ \t]*#?(\d{1,3})[.):]?[ \t]+\S", re.MULTILINE)
_LINES = (
    "Its lines are numbered and refer to each other, which cannot be put together here. In PubMed, open Advanced, show "
    "the details of the last line, and paste the whole search from there."
)


def looks_foreign(text: str) -> bool:
    """Whether a text is a link to PubMed or arXiv, or written with another search's field tags."""
    text = text[: MAX_LENGTH + 1]
    return (
        _WEB_ADDRESS.fullmatch(text) is not None or read_link(text) is not None or _has_tag(text) or bool(_other(text))
    )


def read_search(text: str) -> Translation | None:
    """What a foreign search means in our language; None if the text is in our language already (looks_foreign)."""
    if not looks_foreign(text):
        return None
    if refusal := _refusal(text):
        form, problem = refusal
        return Translation("pubmed", form, None, problem=problem)
    link = read_link(text)
    if link is None:
        return translate(clean(text))
    is_arxiv = link.host.endswith(arxiv_urls.HOST)
    return arxiv_urls.translate_link(link) if is_arxiv else pubmed_urls.translate_link(link)


def _refusal(text: str) -> tuple[str, str] | None:
    """What a text is, and why it cannot be read; None if it can be tried."""
    if len(text) > MAX_LENGTH:
        return "search", f"A search of over {MAX_LENGTH:,} characters is not read."
    if read_link(text) is not None:
        return None
    if _WEB_ADDRESS.fullmatch(text):
        return "link", _ELSEWHERE
    if (other := _other(text)) and not _has_tag(text):
        return f"{other} search", _NOT_READ.format(other)
    if len(set(_NUMBERED_LINE.findall(text))) > 1:
        return "search of several lines", _LINES
    return None


def read_feed(title: str, link: Translation) -> Translation:
    """What the title of a feed means, if it is the search that the feed was made from (PubMed's proposal for it)."""
    read = translate(clean(title)[:MAX_LENGTH], link.form)
    return link if read.query is None else read


def _has_tag(text: str) -> bool:
    return TAG.search(_PHRASE.sub(" ", clean(text))) is not None


def _other(text: str) -> str | None:
    return next((name for name, signs in _OTHERS if signs.search(text)), None)
