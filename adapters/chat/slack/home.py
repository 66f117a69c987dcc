"""The bot's own place in Slack, the App Home: a person's alerts and papers, the channels they manage, the sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import count

from adapters.chat import Tools
from adapters.chat.slack.blocks import Block, context, controls, header, rich_text
from adapters.chat.slack.topic_views import Target
from adapters.chat.slack.views import MAX_VIEW_BLOCKS, View, plain
from adapters.chat.slack.workspace import Workspace
from bot.commands import write_name
from bot.conversation import Asker, Home, ManagedChannel, TopicLine
from bot.model import Paper
from bot.offering.widgets import run, select
from bot.wording import byline, counted, safe_url, shorten, title, visible
from bot.wording.standing import standing

EDITS = re.compile(r"home\.edit#\d+")
"""The action_ids of the buttons that open the modal of a ``Target``, which is their value."""

_EDIT = "home.edit"
_MAX_LINE = 1000
_MAX_TITLE = 110
_MAX_ALERTS = 20
_MAX_VALUE = 2000


class HomeTab:
    """Shows their home to the people of one workspace."""

    def __init__(self, workspace: Workspace, tools: Tools) -> None:
        self._workspace = workspace
        self._tools = tools

    async def show(self, user: str) -> None:
        """Show a person's home as it is now. Raises what the client raises."""
        home = await self._tools.home(Asker(self._workspace.ref("D", user), user))
        view = home_view(home, self._tools.now().date())
        await self._workspace.client.views_publish(user_id=user, view=view)


def home_view(home: Home, today: date) -> View:
    """Lay out a home; of very many topics the last are left out (pure)."""
    end = [*_sources(home), *_offers()]
    blocks = [*_alerts(home), *_saved(home, today)]
    for channel in home.managed:
        blocks += _channel(channel)
    room = MAX_VIEW_BLOCKS - len(end)
    if len(blocks) > room:
        blocks = [*blocks[: room - 1], context("There is more than fits here. Ask for topics in the channel itself.")]
    blocks += end
    _number_edits(blocks)
    return {"type": "home", "blocks": blocks}


# ---------------------------------------------------------------- what is one's own


def _alerts(home: Home) -> Iterator[Block]:
    yield header("Your alerts")
    schedule = f"{counted(len(home.alerts), 'alert')} · direct messages {home.alert_schedule}"
    yield context(visible(schedule) if home.alerts else _NO_ALERTS)
    for line in home.alerts[:_MAX_ALERTS]:
        yield _topic(line, Target(topic=line.topic.name))
    if len(home.alerts) > _MAX_ALERTS:
        yield context(f"+ {len(home.alerts) - _MAX_ALERTS:,} more. Ask for them with alert list.")
    switches = [_switch(line) for line in home.alerts[:_MAX_ALERTS]]
    menus = [select("run", "", "Pause or resume…", switches, None)] if switches else []
    [row] = controls(menus) or [{"type": "actions", "elements": []}]
    row["elements"].insert(0, _edit_button("Add an alert", Target()))
    yield row


_NO_ALERTS = "An alert is a search that brings you its new papers as direct messages. You have none."


def _switch(line: TopicLine) -> tuple[str, str]:
    verb = "resume" if line.topic.paused else "pause"
    return f"alert {verb} {write_name(line.topic.name)}", f"{verb.capitalize()} {line.topic.name}"


def _saved(home: Home, today: date) -> Iterator[Block]:
    yield header("Your reading list")
    if not home.saved:
        yield context("Nothing yet. Open a paper and choose Save, or “Save paper” in the menu of any message.")
        return
    yield rich_text([{"type": "rich_text_section", "elements": list(_papers(home.saved, today))}])
    papers = [(f"P{paper.id}", f"P{paper.id} · {title(paper)}") for paper in home.saved]
    yield from controls([
        select("open", "", "Open a paper…", papers, None),
        run("saved", f"All {home.saved_total:,}" if home.saved_total > len(home.saved) else "As a list"),
    ])  # fmt: skip


def _papers(papers: Iterable[Paper], today: date) -> Iterator[Block]:
    """Two lines for each."""
    for number, paper in enumerate(papers):
        if number:
            yield {"type": "text", "text": "\n"}
        words = shorten(title(paper), _MAX_TITLE) or "(no title)"
        url = safe_url(paper.url)
        yield {"type": "link", "url": url, "text": words} if url else {"type": "text", "text": words}
        yield {"type": "text", "text": shorten(f"\n{byline(paper, today)} · P{paper.id}", _MAX_LINE)}


# ---------------------------------------------------------------- what one manages


def _channel(managed: ManagedChannel) -> Iterator[Block]:
    channel = managed.channel
    yield header(visible(f"#{channel.name}"))
    following = f" · next {managed.next_post}" if managed.next_post else ""
    yield context(visible(f"{counted(len(managed.topics), 'topic')} · posts {managed.schedule}{following}"))
    for line in managed.topics:
        yield _topic(line, Target(channel.ref.id, channel.name, line.topic.name))
    yield {"type": "actions", "elements": [_edit_button("Add a topic", Target(channel.ref.id, channel.name))]}


def _topic(line: TopicLine, target: Target) -> Block:
    """A topic or an alert; what the configuration file declares is edited there."""
    topic = line.topic
    amount = f"{'paused · ' if topic.paused else ''}{counted(line.delivered, 'paper')} in 30 days"
    managed = " · managed in the configuration file" if topic.declared else ""
    words = f"{topic.name} · {amount}{managed}\n{topic.query}"
    block: Block = {"type": "section", "text": plain(words, _MAX_LINE)}
    if topic.declared or len(target.to_text()) > _MAX_VALUE:
        return block
    return block | {"accessory": _edit_button("Edit", target)}


def _edit_button(label: str, target: Target) -> Block:
    return {"type": "button", "action_id": _EDIT, "text": plain(label, 75), "value": target.to_text()}


def _number_edits(blocks: Iterable[Block]) -> None:
    """Give each of these buttons an action_id of its own."""
    numbers = count(1)
    for block in blocks:
        for element in (block.get("accessory", {}), *block.get("elements", ())):
            if element.get("action_id") == _EDIT:
                element["action_id"] = f"{_EDIT}#{next(numbers)}"


# ---------------------------------------------------------------- the end


def _sources(home: Home) -> Iterator[Block]:
    yield header("Sources")
    lines = "\n".join(f"{source.title}: {standing(source)}" for source in home.sources)
    yield context(visible(lines) or "None.")


def _offers() -> Iterator[Block]:
    yield from controls([run("latest", "Newest papers"), run("status", "How things stand"), run("help", "Help")])
    yield context("Answers come as messages here, under Messages.")
