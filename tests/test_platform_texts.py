"""What the texts tell of Slack and Discord is so: rights, troubles and what is said of them."""

from __future__ import annotations

import ast
import re
from types import SimpleNamespace

import pytest
from slack_sdk.errors import SlackApiError

from adapters.chat.discord import verdicts as discord
from adapters.chat.discord.permissions import PERMISSIONS, invite_address
from adapters.chat.slack import verdicts as slack
from adapters.chat.slack.scopes import SCOPES
from tests.texts import OPERATIONS, README, ROOT, codes, table


def explained(heading: str) -> list[str]:
    """What the rows of the table of operations that begins with this heading explain."""
    _, rest = OPERATIONS.split(f"\n| {heading} |", maxsplit=1)
    return re.findall(r"^\| ([`*][^|]+) \|", rest.split("\n\n")[0], re.MULTILINE)


def test_every_word_of_slack_that_is_explained_is_one_it_would_be_shown_with() -> None:
    words = codes(explained("Slack's word"))
    assert len(words) > 8
    for code in words:
        answer = SimpleNamespace(status_code=200, data={"ok": False, "error": code}, headers={})
        found = slack.failure(SlackApiError("", answer))  # type: ignore[no-untyped-call]
        assert (found.proof is slack.Proof.UNKNOWN, f"({code})" in found.words) == (False, True), code


def test_every_code_of_discord_that_is_explained_is_one_it_would_be_shown_with() -> None:
    numbers = [int(code) for code in codes(explained("Discord's code"))]
    assert len(numbers) > 8
    for code in numbers:
        found = discord.failure(discord.Refused(404, {"code": code}, {}))
        assert (found.proof is discord.Proof.UNKNOWN, f"({code})" in found.words) == (False, True), code


@pytest.mark.parametrize(("heading", "platform"), [("Slack's word", "slack"), ("Discord's code", "discord")])
def test_every_sentence_of_a_platform_that_is_explained_is_one_it_says(heading: str, platform: str) -> None:
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in (ROOT / "adapters/chat" / platform).glob("*.py")]
    constants = [node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    says = [text for text in constants if isinstance(text, str)]
    sentences = [sentence for cell in explained(heading) for sentence in re.findall(r"\*(.+?)\*", cell)]
    assert sentences
    for piece in " … ".join(sentences).split(" … "):
        assert any(piece in text for text in says), piece


def test_every_scope_is_said_to_be_for_what_the_manifest_says() -> None:
    assert {scope: what for (scope,), what in ((codes([row[0]]), row[1]) for row in table("scope"))} == SCOPES


def test_every_permission_is_said_to_be_for_what_the_bot_has_it_for_and_the_invitation_asks_for_no_other() -> None:
    assert {name.strip("*"): what for name, what in table("permission")} == dict(PERMISSIONS.values())
    assert invite_address("APPLICATION_ID") in README
