"""What a message or view is made of: its text, blocks and metadata as Slack takes them, or the reason it does not."""

from __future__ import annotations

import copy
import json
import random
import string
from dataclasses import dataclass
from typing import Any

from tests.fakes.slack.block_kit import block_problems, view_problems
from tests.fakes.slack.web_api import Call, invalid_arguments
from tests.fakes.slack.world import JSON, Refused

LONGEST_TEXT = 40_000
LONGEST_UPDATE = 4_000
LONGEST_BLOCKS = 13_200
"""Characters of JSON of all blocks; not published, measured by others (bolt-js#2509, #2867)."""
LARGEST_METADATA = 8_000
"""Characters of JSON; Slack has a limit and does not say which."""
LARGEST_VIEW = 250_000

_ids = random.Random(1)


@dataclass(frozen=True)
class Content:
    """The text, cut where it is too long, and the blocks, each with its block_id."""

    text: str
    blocks: list[JSON]


def content(text: str, blocks: Any) -> Content:
    """What a message shows."""
    if not text and not blocks:
        raise Refused("no_text")
    checked = [] if blocks in (None, "") else message_blocks(blocks)
    return Content(text[:LONGEST_TEXT], checked)


def content_of(call: Call) -> Content:
    """What a call's ``text`` and ``blocks`` show."""
    blocks = call.value("blocks")
    if call.text("blocks") and not isinstance(blocks, list):
        raise Refused("invalid_blocks_format")
    return content(call.text("text"), blocks)


def message_blocks(blocks: Any) -> list[JSON]:
    """The blocks of a message, each with its block_id."""
    if not isinstance(blocks, list):
        raise Refused("invalid_blocks_format")
    found = block_problems(blocks, "message")
    if found:
        raise Refused("invalid_blocks", errors=found, response_metadata={"messages": [f"[ERROR] {p}" for p in found]})
    if len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))) > LONGEST_BLOCKS:
        raise Refused("msg_blocks_too_long")
    return _with_ids(blocks)


def metadata_of(call: Call) -> JSON | None:
    """The message's metadata: an event_type and a payload of plain values, or one level of objects."""
    if not call.text("metadata"):
        return None
    metadata = call.value("metadata")
    if not isinstance(metadata, dict):
        raise Refused("invalid_metadata_format")
    if not metadata:
        return {}
    event_type, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(event_type, str) or not event_type or not isinstance(payload, dict):
        raise Refused("invalid_metadata_format")
    if not all(_is_metadata(value) for value in payload.values()):
        raise Refused("invalid_metadata_schema")
    if len(json.dumps(metadata, ensure_ascii=False)) > LARGEST_METADATA:
        raise Refused("metadata_too_large")
    return metadata


def view_of(call: Call, *kinds: str) -> JSON:
    """The view which the call brings, of one of these types."""
    view = call.value("view")
    if not isinstance(view, dict):
        raise invalid_arguments("view must be a JSON object [json-pointer:/view]")
    return checked_view(view, *kinds)


def checked_view(view: JSON, *kinds: str) -> JSON:
    """A view of one of these types, its blocks with their block_ids."""
    if len(json.dumps(view)) > LARGEST_VIEW:
        raise Refused("view_too_large")
    if view.get("type") not in kinds:
        raise invalid_arguments("must be a type of view that fits here [json-pointer:/view/type]")
    found = view_problems(view)
    if found:
        raise invalid_arguments(*found)
    return {**view, "blocks": _with_ids(view["blocks"])}


def _with_ids(blocks: list[JSON]) -> list[JSON]:
    return [{"block_id": _block_id(), **block} for block in copy.deepcopy(blocks)]


def _block_id() -> str:
    return "".join(_ids.choices(string.ascii_letters + string.digits, k=5))


def _is_metadata(value: Any) -> bool:
    if isinstance(value, list):
        return all(isinstance(item, dict) and _is_flat(item) for item in value)
    return _is_flat(value) if isinstance(value, dict) else isinstance(value, str | int | float | bool)


def _is_flat(value: JSON) -> bool:
    return all(isinstance(item, str | int | float | bool) for item in value.values())
