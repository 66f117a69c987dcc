"""A Reply as a message of Slack: blocks, and the same as plain text (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, TypedDict

from lxml import html
from lxml.html import HtmlElement

from adapters.chat.slack.blocks import MAX_TEXT, Block
from adapters.chat.slack.fitting import Draft, fit
from adapters.chat.slack.rich_text import USER
from adapters.layout import Links, fragment, plain_text
from adapters.layout.cutting import shorten_titles, without
from adapters.layout.lines import parse
from bot.conversation import Post, Reply
from bot.model import DeliveryKey
from bot.offering import actions_of, calling
from bot.wording import PERSON, person, shorten

EVENT_TYPE = "paperround_delivery"
"""What the metadata of every delivery is called."""

_NOTHING = "(nothing)"
_NOBODY: Mapping[str, str] = {}


class Message(TypedDict):
    """What is shown, and what notifications and screen readers say."""

    text: str
    blocks: list[Block]


def render(
    reply: Reply,
    *,
    today: date,
    asked: str | None = None,
    workspace_url: str = "",
    channel: str = "",
    names: Mapping[str, str] = _NOBODY,
) -> Message:
    """Lay out a reply to ``asked``, or what the bot says by itself.

    The messages it speaks of are linked, if they are known to be in ``channel`` (Slack's id) at ``workspace_url``
    (with a slash behind). Controls call people by these ``names``, by id, for nobody can be mentioned there.
    """

    def address(message_id: str) -> str:
        place = f"{workspace_url}archives/{channel}/p{message_id.replace('.', '')}"
        return place if workspace_url and channel else ""

    links = Links(message=address, file=lambda _: "")
    actions = [calling(action, names) for action in actions_of(reply, asked)]
    draft = Draft(parse(fragment(reply, today, links)), actions)
    blocks = fit(draft)
    return {"text": fallback(draft.tree), "blocks": blocks}


def post_message(reply: Reply, key: DeliveryKey, *, today: date) -> dict[str, Any]:
    """Lay out what is posted for everybody, as arguments of chat.postMessage but the channel.

    The metadata holds the key, and the marks (8 characters each) without anything between them. Nothing in the text is
    read as markup or turned into a link or a preview.
    """
    payload = {"k": str(key)}
    if isinstance(reply, Post) and reply.marks:
        payload["marks"] = "".join(reply.marks)
    return {
        **render(reply, today=today),
        "metadata": {"event_type": EVENT_TYPE, "event_payload": payload},
        "mrkdwn": False,
        "unfurl_links": False,
        "unfurl_media": False,
    }


# ---------------------------------------------------------------- plain text


def fallback(tree: HtmlElement) -> str:
    """What a drawn tree says, as text for notifications and screen readers, which names every paper if it can. Only
    persons are live in it."""
    for named in tree.find_class("person"):
        if USER.fullmatch(user := named.get("data-user", "")):
            named.text = person(user)
    text = _spoken(tree)
    for part in ("key", "byline"):
        if len(text) > MAX_TEXT and without(tree, part):
            text = _spoken(tree)
    if len(text) > MAX_TEXT and shorten_titles(tree, 60):
        text = _spoken(tree)
    return _fitting(text) or _NOTHING


def _spoken(tree: HtmlElement) -> str:
    return plain_text(html.tostring(tree, encoding="unicode"))


def _fitting(text: str) -> str:
    """Escape a text, and cut it to what Slack takes."""
    limit = MAX_TEXT
    while len(escaped := _escaped(shorten(text, limit))) > MAX_TEXT:
        limit = limit * MAX_TEXT // len(escaped)
    return escaped


def _escaped(text: str) -> str:
    """Escape the three characters that begin or end Slack's markup (facts: slack.md, 7), and name persons in it."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return PERSON.sub(r"<@\1>", text)
