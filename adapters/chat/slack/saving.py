"""“Save paper” in the menu of a message: its papers, whoever wrote it, go on the person's reading list."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from adapters.chat import Tools
from adapters.chat.slack.blocks import Block, context, control_of
from adapters.chat.slack.commands import Origin, Payload, read_origin
from adapters.chat.slack.responding import Responder
from adapters.chat.slack.views import View, modal, plain
from adapters.chat.slack.workspace import Workspace
from bot.conversation import Asker, Notice, PaperCard, Save, Show
from bot.identity import parse_identifier
from bot.model import Paper
from bot.wording import byline, counted, title

SAVE_PAPER = "save_paper"
"""The callback_id of the message shortcut."""

SAVE_PAPERS = "save_papers"
"""The callback_id of the modal that asks which papers of a message to save."""

_MOST = 50
_MAX_OPTION = 75
_MAX_BOXES = 10
_NUMBER = re.compile(r"P\d{1,18}")
_NAMED = re.compile(
    r"https?://[^\s<>|]+|\b10\.\d{4,9}/[^\s<>|]+|\barxiv:\s*[^\s<>|]+|\bpmid:?\s*\d{1,8}\b", re.IGNORECASE
)
_NONE = Notice("No paper of the archive is named in this message. To save one, type save and its DOI, PMID or link.")


class PaperSaver:
    """Saves the papers of messages in one workspace."""

    def __init__(self, workspace: Workspace, tools: Tools, responder: Responder) -> None:
        self._workspace = workspace
        self._tools = tools
        self._responder = responder

    async def save(self, body: Payload) -> None:
        """Save the one paper of the message, or ask which, within 3 s of the click. Raises what the client raises."""
        origin = read_origin(body)
        assert origin is not None
        papers = await self._papers(names_in(body["message"]), origin)
        if len(papers) > 1:
            view = choose(papers, origin, self._tools.now().date())
            await self._responder.open(view, body["trigger_id"])
        else:
            await self._save([f"P{paper.id}" for paper in papers], origin)

    async def save_chosen(self, body: Payload) -> None:
        """Save what was chosen in the modal, unless ``judge_choice`` has sent it back."""
        if numbers := chosen(body["view"]):
            await self._save(numbers, Origin(**json.loads(body["view"]["private_metadata"])))

    async def _papers(self, names: Sequence[str], origin: Origin) -> list[Paper]:
        """Those that the archive has, each once."""
        shown = [await self._tools.answer(Show(name), self._asker(origin)) for name in names]
        return list({card.paper.id: card.paper for card in shown if isinstance(card, PaperCard)}.values())

    async def _save(self, numbers: Sequence[str], origin: Origin) -> None:
        reply = [await self._tools.answer(Save(number), self._asker(origin)) for number in numbers]
        several = Notice(f"{counted(len(numbers), 'paper')} are on your reading list now.", ("saved",))
        await self._responder.show(several if len(reply) > 1 else reply[0] if reply else _NONE, origin)

    def _asker(self, origin: Origin) -> Asker:
        return Asker(self._workspace.ref(origin.channel or "D", origin.user), origin.user)


# ---------------------------------------------------------------- which papers a message names


def names_in(message: Payload) -> list[str]:
    """How a message names papers: by the numbers in our controls, else by identifiers and links in it (pure)."""
    numbers = [number for control in _controls(message) for number in _NUMBER.findall(control)]
    if not numbers:
        numbers = [name for text in _texts(message) for name in _NAMED.findall(text) if parse_identifier(name)]
    return list(dict.fromkeys(numbers))[:_MOST]


def _controls(part: Any) -> Iterator[str]:
    """The arguments and choices of the controls that concern papers."""
    for one in _dicts(part):
        version, _, control = control_of(str(one.get("action_id", ""))).partition(".")
        if version == "1" and control.split(".")[0] in ("open", "react", "share"):
            yield control
            yield from (str(option.get("value", "")) for option in one.get("options", ()))


def _texts(part: Any) -> Iterator[str]:
    for one in _dicts(part):
        yield from (one[name] for name in ("text", "url", "title_link", "from_url") if isinstance(one.get(name), str))


def _dicts(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        yield part
    if isinstance(part, dict | list):
        for inner in part.values() if isinstance(part, dict) else part:
            yield from _dicts(inner)


# ---------------------------------------------------------------- asking which


def choose(papers: Sequence[Paper], origin: Origin, today: date) -> View:
    """Ask which papers to save (pure)."""
    options = [
        {
            "text": plain(title(paper) or "(no title)", _MAX_OPTION),
            "description": plain(f"P{paper.id} · {byline(paper, today)}", _MAX_OPTION),
            "value": f"P{paper.id}",
        }
        for paper in papers
    ]
    groups = [options[start : start + _MAX_BOXES] for start in range(0, len(options), _MAX_BOXES)]
    asked = [_boxes(group, number) for number, group in enumerate(groups)]
    kept = json.dumps(asdict(origin), separators=(",", ":"))
    about = context("Nobody else sees your reading list.")
    return modal("Save papers", [*asked, about], submit="Save", callback_id=SAVE_PAPERS, private_metadata=kept)


def _boxes(options: list[Block], number: int) -> Block:
    return {
        "type": "input",
        "block_id": f"papers{number}",
        "optional": True,
        "label": plain("Papers in this message" if not number else "And", _MAX_OPTION),
        "element": {"type": "checkboxes", "action_id": "chosen", "options": options},
    }


def chosen(view: Payload) -> list[str]:
    """The papers that were chosen (pure)."""
    groups = (block.get("chosen", {}).get("selected_options") or () for block in view["state"]["values"].values())
    return [number for group in groups for option in group if _NUMBER.fullmatch(number := option["value"])]


def judge_choice(body: Payload) -> dict[str, Any]:
    """Send the modal back if nothing was chosen (pure)."""
    if chosen(body["view"]):
        return {}
    return {"response_action": "errors", "errors": {"papers0": "Choose at least one paper."}}
