"""The rules of Block Kit's text objects, interactive elements and rich text, by
https://docs.slack.dev/reference/block-kit/."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.fakes.slack.shapes import Check, a, array, both, one_of, problem, shape, string, typed

FLAG = a(bool)
NUMBER = a(int)
ID = string(255)
URL = string(3000)


def plain(most: int) -> Check:
    """A plain_text object."""
    return typed({"plain_text": shape({"text": string(most)}, {"emoji": FLAG})})


def any_text(most: int) -> Check:
    """A plain_text or mrkdwn object."""
    content = {"text": string(most)}
    return typed({"plain_text": shape(content, {"emoji": FLAG}), "mrkdwn": shape(content, {"verbatim": FLAG})})


CONFIRM = shape(
    {"title": plain(100), "text": any_text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)
OPTION = shape({"text": plain(75)}, {"value": string(150), "description": plain(75), "url": URL})
MARKED_OPTION = shape({"text": any_text(75)}, {"value": string(150), "description": any_text(75)})
GROUP = shape({"label": plain(75), "options": array(OPTION, 1, 100)})
COMMON = {"action_id": ID, "confirm": CONFIRM, "focus_on_load": FLAG}
HINTED = {**COMMON, "placeholder": plain(150)}
LISTS = {"options": array(OPTION, 1, 100), "option_groups": array(GROUP, 1, 100)}
DISPATCH = shape({}, {"trigger_actions_on": array(one_of("on_enter_pressed", "on_character_entered"), 1)})
IMAGE = shape({"alt_text": string(2000)}, {"image_url": URL, "slack_file": a(dict)})


def _options(value: dict[str, Any]) -> list[Any]:
    """All options of an element, those in groups too."""
    groups = value.get("option_groups", [])
    return [*value.get("options", []), *(option for group in groups for option in group.get("options", []))]


def _initial_is_there(value: Any, at: str) -> Iterator[str]:
    first = [value["initial_option"]] if "initial_option" in value else value.get("initial_options", [])
    if any(option not in _options(value) for option in first):
        yield problem("initial option must be in options", f"{at}/initial_option")


def _one_list(value: Any, at: str) -> Iterator[str]:
    if ("options" in value) == ("option_groups" in value):
        yield problem("needs either options or option_groups", at)


def _picker(initial: str) -> Check:
    return shape({}, {**HINTED, initial: string(150)})


BUTTON = shape(
    {"text": plain(75)},
    {
        "action_id": ID,
        "value": string(2000),
        "url": URL,
        "style": one_of("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
    },
)
SELECT = both(shape({}, {**HINTED, **LISTS, "initial_option": OPTION}), _one_list, _initial_is_there)
MULTI_SELECT = both(
    shape({}, {**HINTED, **LISTS, "initial_options": array(OPTION, 1, 100), "max_selected_items": NUMBER}),
    _one_list,
    _initial_is_there,
)
CHOICES = array(MARKED_OPTION, 1, 10)
INTERACTIVE: Mapping[str, Check] = {
    "button": BUTTON,
    "static_select": SELECT,
    "multi_static_select": MULTI_SELECT,
    "overflow": shape({"options": array(OPTION, 1, 5)}, {"action_id": ID, "confirm": CONFIRM}),
    "radio_buttons": both(shape({"options": CHOICES}, {**COMMON, "initial_option": MARKED_OPTION}), _initial_is_there),
    "checkboxes": both(shape({"options": CHOICES}, {**COMMON, "initial_options": CHOICES}), _initial_is_there),
    "datepicker": _picker("initial_date"),
    "timepicker": _picker("initial_time"),
    "users_select": _picker("initial_user"),
    "channels_select": _picker("initial_channel"),
    "conversations_select": shape(
        {},
        {
            **HINTED,
            "initial_conversation": ID,
            "default_to_current_conversation": FLAG,
            "response_url_enabled": FLAG,
            "filter": a(dict),
        },
    ),
}
TYPED_IN = {
    "action_id": ID,
    "focus_on_load": FLAG,
    "placeholder": plain(150),
    "initial_value": string(3000, 0),
    "dispatch_action_config": DISPATCH,
}
INPUTS: Mapping[str, Check] = {
    **{kind: check for kind, check in INTERACTIVE.items() if kind not in {"button", "overflow"}},
    "plain_text_input": shape({}, {**TYPED_IN, "multiline": FLAG, "min_length": NUMBER, "max_length": NUMBER}),
    "number_input": shape({"is_decimal_allowed": FLAG}, {**TYPED_IN, "min_value": string(40), "max_value": string(40)}),
    "email_text_input": shape({}, TYPED_IN),
    "url_text_input": shape({}, TYPED_IN),
}
ACCESSORY = typed({**INTERACTIVE, "image": IMAGE})
CONTEXT_ITEM = typed(
    {
        "image": IMAGE,
        "plain_text": shape({"text": string(3000)}, {"emoji": FLAG}),
        "mrkdwn": shape({"text": string(3000)}, {"verbatim": FLAG}),
    }
)

STYLE = shape({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline"), FLAG))
MENTION_STYLE = shape({}, dict.fromkeys(("bold", "italic", "strike", "highlight", "client_highlight", "unlink"), FLAG))
LINK = shape({"url": URL}, {"text": string(13_200), "unsafe": FLAG, "style": STYLE})
TEXT = shape({"text": string(13_200)}, {"style": STYLE})
INLINE = typed(
    {
        "text": TEXT,
        "link": LINK,
        "user": shape({"user_id": ID}, {"style": MENTION_STYLE}),
        "channel": shape({"channel_id": ID}, {"style": MENTION_STYLE}),
        "usergroup": shape({"usergroup_id": ID}, {"style": MENTION_STYLE}),
        "broadcast": shape({"range": one_of("here", "channel", "everyone")}, {"style": MENTION_STYLE}),
        "emoji": shape({"name": string(100)}, {"unicode": string(100), "style": MENTION_STYLE}),
        "date": shape(
            {"timestamp": NUMBER, "format": string(1000)}, {"url": URL, "fallback": string(1000), "style": STYLE}
        ),
        "color": shape({"value": string(20)}),
    }
)
PREFORMATTED_INLINE = typed({"text": TEXT, "link": LINK})
RICH_SECTION = shape({"elements": array(INLINE)})
RICH = typed(
    {
        "rich_text_section": RICH_SECTION,
        "rich_text_list": shape(
            {"style": one_of("bullet", "ordered"), "elements": array(typed({"rich_text_section": RICH_SECTION}))},
            {"indent": NUMBER, "offset": NUMBER, "border": NUMBER},
        ),
        "rich_text_preformatted": shape({"elements": array(PREFORMATTED_INLINE)}, {"border": NUMBER}),
        "rich_text_quote": shape({"elements": array(INLINE)}, {"border": NUMBER}),
    }
)
