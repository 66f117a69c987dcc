"""A Reply as a message of Discord: text, embeds and controls (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, TypedDict

from lxml import html
from lxml.html import Element, HtmlElement

from adapters.chat.discord.components import Component, controls
from adapters.chat.discord.embeds import Embed, draw_text
from adapters.chat.discord.fitting import MAX_CONTENT, fit_embeds, fit_text
from adapters.chat.discord.markdown import USER, beginning, escaped, fitted, units
from adapters.chat.discord.marking import marked_controls
from adapters.layout import Links, fragment, plain_text
from adapters.layout.cutting import shorten_titles, without
from adapters.layout.lines import parse
from bot.conversation import CitationFile, Reply
from bot.model import DeliveryKey
from bot.offering import actions_of, calling
from bot.wording import PERSON, person

_NOTHING = "(nothing)"
_NOBODY: Mapping[str, str] = {}
_WORDS = frozenset({"header", "p", "footer"})
_NO_WORDS = ("article", "ol", "pre", "ul")


class Message(TypedDict):
    """What Discord's REST API takes for a message."""

    content: str
    embeds: list[Embed]
    components: list[Component]


def render(
    reply: Reply,
    *,
    today: date,
    asked: str | None = None,
    guild_id: str = "",
    channel: str = "",
    names: Mapping[str, str] = _NOBODY,
) -> Message:
    """Lay out a reply to ``asked``, or what the bot says by itself. The messages it speaks of are linked, if they are
    known to be in ``channel`` of that guild (``@me`` for direct messages). Controls call people by these ``names``, by
    id, for nobody can be mentioned there."""
    text, embeds = _drawn(_tree(reply, today, guild_id, channel))
    actions = [calling(action, names) for action in actions_of(reply, asked)]
    return {"content": text, "embeds": embeds, "components": controls(actions)}


def post_message(reply: Reply, key: DeliveryKey, *, today: date) -> dict[str, Any]:
    """Lay out what is posted for everybody, as the body of the REST API's call. Nobody is notified by name, and
    the key is the nonce, which creates one message however often it is sent within minutes (facts: discord.md, 5)."""
    text, embeds = _drawn(_tree(reply, today))
    return _body(reply, key, {"content": text, "embeds": embeds})


def post_plain(reply: Reply, key: DeliveryKey, *, today: date) -> dict[str, Any]:
    """Lay out the same without embeds, for channels where the bot may not show any."""
    return _body(reply, key, {"content": _spelled_out(_tree(reply, today))})


def _body(reply: Reply, key: DeliveryKey, shown: dict[str, Any]) -> dict[str, Any]:
    return {
        **shown,
        "components": marked_controls(reply, key),
        "allowed_mentions": {"parse": []},
        "nonce": str(key),
        "enforce_nonce": True,
    }


def _tree(reply: Reply, today: date, guild_id: str = "", channel: str = "") -> HtmlElement:
    def message(message_id: str) -> str:
        known = guild_id and channel
        return f"https://discord.com/channels/{guild_id}/{channel}/{message_id}" if known else ""

    def file(citations: CitationFile) -> str:
        return f"attachment://{citations.file_name}"

    return parse(fragment(reply, today, Links(message=message, file=file)))


def _drawn(tree: HtmlElement) -> tuple[str, list[Embed]]:
    """What introduces papers, and a few words, are the message's text; all else is shown in embeds."""
    introduction, body = _parted(tree)
    text, embeds = fit_text(introduction), fit_embeds(body)
    return text if text or embeds else _NOTHING, embeds


def _parted(tree: HtmlElement) -> tuple[HtmlElement, HtmlElement]:
    words, rest = Element("div"), Element("div")
    papers = [*tree.findall("ol[@class='papers']"), *tree.findall("article")]
    if papers and all(child in papers or child.tag in _WORDS for child in tree):
        for child in list(tree):
            (rest if child in papers else words).append(child)
        return words, rest
    return (tree, rest) if _is_brief(tree) else (words, tree)


def _is_brief(tree: HtmlElement) -> bool:
    """Whether it is but a few words."""
    others = next(tree.iter(*_NO_WORDS), None)
    return others is None and tree.find(".//h2//a") is None and units(draw_text(tree)) <= MAX_CONTENT


# ---------------------------------------------------------------- without embeds


def _spelled_out(tree: HtmlElement) -> str:
    """What a tree says, as text that names every paper if it can."""
    for named in tree.find_class("person"):
        if USER.fullmatch(user := named.get("data-user", "")):
            named.text = person(user)
    text = _spoken(tree)
    for part in ("key", "byline"):
        if units(text) > MAX_CONTENT and without(tree, part):
            text = _spoken(tree)
    if units(text) > MAX_CONTENT and shorten_titles(tree, 60):
        text = _spoken(tree)
    return fitted(text, MAX_CONTENT, _lines_escaped) or _NOTHING


def _spoken(tree: HtmlElement) -> str:
    return plain_text(html.tostring(tree, encoding="unicode"))


def _lines_escaped(text: str) -> str:
    lines = (beginning(escaped(line)) for line in text.splitlines())
    return PERSON.sub(r"<@\1>", "\n".join(lines))
