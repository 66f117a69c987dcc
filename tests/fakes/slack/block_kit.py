"""The rules of Block Kit's blocks and views, by https://docs.slack.dev/reference/block-kit/blocks; newer and rarer
blocks (card, table, video, …) are unknown here and so refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.fakes.slack.block_elements import (
    ACCESSORY,
    CONTEXT_ITEM,
    FLAG,
    ID,
    INPUTS,
    INTERACTIVE,
    RICH,
    URL,
    any_text,
    plain,
)
from tests.fakes.slack.shapes import a, array, both, problem, shape, string, typed

JSON = dict[str, Any]
MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}


def block_problems(blocks: list[JSON], surface: str) -> list[str]:
    """What Slack says about the blocks of a message, modal or home; nothing when they are right."""
    return list(array(BLOCK, most=MOST_BLOCKS[surface])(blocks, "/blocks")) or list(_repeated(blocks, surface))


def view_problems(view: JSON) -> list[str]:
    """What Slack says about a modal or home; nothing when it is right."""
    found = list(VIEW(view, "/view"))
    blocks = view.get("blocks")
    if not found and isinstance(blocks, list):
        found = block_problems(blocks, view["type"])
        if view["type"] == "modal" and "submit" not in view and any(block["type"] == "input" for block in blocks):
            found.append(problem("missing required field: submit", "/view"))
    return found


def _needs_text_or_fields(value: Any, at: str) -> Iterator[str]:
    if not {"text", "fields"} & value.keys():
        yield problem("needs text or fields", at)


def _needs_picture(value: Any, at: str) -> Iterator[str]:
    if ("image_url" in value) == ("slack_file" in value):
        yield problem("needs either image_url or slack_file", at)


def _repeated(blocks: list[JSON], surface: str) -> Iterator[str]:
    block_ids = Counter(block["block_id"] for block in blocks if "block_id" in block)
    for block_id, count in block_ids.items():
        if count > 1:
            yield problem(f"block_id already exists: {block_id}", "/blocks")
    for number, block in enumerate(blocks):
        if block["type"] == "markdown" and surface != "message":
            yield problem("unsupported type: markdown", f"/blocks/{number}/type")
        inside = [*block.get("elements", []), block.get("accessory"), block.get("element")]
        action_ids = Counter(part["action_id"] for part in inside if isinstance(part, dict) and "action_id" in part)
        for action_id, count in action_ids.items():
            if count > 1:
                yield problem(f"action_id already exists: {action_id}", f"/blocks/{number}")


WITH_ID = {"block_id": ID}
BLOCK = typed(
    {
        "section": both(
            shape(
                {},
                {
                    "text": any_text(3000),
                    "fields": array(any_text(2000), 1, 10),
                    "accessory": ACCESSORY,
                    "expand": FLAG,
                    **WITH_ID,
                },
            ),
            _needs_text_or_fields,
        ),
        "header": shape({"text": plain(150)}, WITH_ID),
        "divider": shape({}, WITH_ID),
        "context": shape({"elements": array(CONTEXT_ITEM, 1, 10)}, WITH_ID),
        "actions": shape({"elements": array(typed(INTERACTIVE), 1, 25)}, WITH_ID),
        "image": both(
            shape(
                {"alt_text": string(2000)}, {"image_url": URL, "slack_file": a(dict), "title": plain(2000), **WITH_ID}
            ),
            _needs_picture,
        ),
        "input": shape(
            {"label": plain(2000), "element": typed(INPUTS)},
            {"hint": plain(2000), "optional": FLAG, "dispatch_action": FLAG, **WITH_ID},
        ),
        "rich_text": shape({"elements": array(RICH)}, WITH_ID),
        "markdown": shape({"text": string(12_000)}, WITH_ID),
    }
)
SHARED = {"private_metadata": string(3000, 0), "callback_id": ID, "external_id": string(255, 0)}
VIEW = typed(
    {
        "modal": shape(
            {"title": plain(24), "blocks": a(list)},
            {**SHARED, "submit": plain(24), "close": plain(24), "clear_on_close": FLAG, "notify_on_close": FLAG},
        ),
        "home": shape({"blocks": a(list)}, SHARED),
    }
)
