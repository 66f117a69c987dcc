"""What the bot needs to be allowed, and what it is allowed; judged by the fake, which counts in its own way."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import discord
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.chat.discord.permissions import PERMISSIONS, in_channel, invite_address, lacking, unusable
from tests.fakes.discord import Kind, Permission
from tests.fakes.discord import permissions as fakes
from tests.fakes.discord.permissions import Overwrite

GUILD, ROLE, SECOND_ROLE, OTHER_ROLE, ME, OWNER = "123456"
BITS = (Permission.VIEW_CHANNEL, Permission.SEND_MESSAGES, Permission.EMBED_LINKS, Permission.ADMINISTRATOR)
SOME = st.lists(st.sampled_from(BITS), unique=True).map(lambda bits: Permission(sum(map(int, bits))))
OVERWRITES = st.dictionaries(st.sampled_from([GUILD, ROLE, SECOND_ROLE, OTHER_ROLE, ME, OWNER]), st.tuples(SOME, SOME))


def test_the_invitation_asks_for_what_is_needed_and_no_more() -> None:
    query = parse_qs(urlsplit(invite_address("1196600000000000001")).query)
    assert query["client_id"] == ["1196600000000000001"]
    assert query["scope"] == ["bot applications.commands"]
    asked = {name for name, on in discord.Permissions(int(query["permissions"][0])) if on}
    assert asked == {
        "read_messages", "send_messages", "send_messages_in_threads", "embed_links", "attach_files",
        "read_message_history",
    }  # fmt: skip


def test_every_permission_has_a_purpose() -> None:
    for name, purpose in PERMISSIONS.values():
        assert name.istitle() or name == "Send Messages in Threads"
        assert purpose.startswith("to ")


def test_a_thread_needs_the_right_to_write_in_threads_instead() -> None:
    may = discord.Permissions(view_channel=True, send_messages=True, embed_links=True)
    assert lacking(may, thread=False) == ["Attach Files", "Read Message History"]
    assert lacking(may, thread=True) == ["Send Messages in Threads", "Attach Files", "Read Message History"]
    assert lacking(discord.Permissions.all(), thread=True) == []


@pytest.mark.parametrize("kind", Kind)
def test_what_cannot_be_posted_in_is_said_with_what_can(kind: Kind) -> None:
    usable = kind in {Kind.TEXT, Kind.DM, Kind.THREAD, Kind.ANNOUNCEMENT_THREAD}
    words = unusable(kind)
    assert usable == (words is None)
    assert usable or (words or "").endswith("; choose a text channel or a thread")


NOTHING = Permission.NONE
BY_TWO_ROLES = {
    ROLE: (Permission.VIEW_CHANNEL, NOTHING),
    SECOND_ROLE: (Permission.EMBED_LINKS, Permission.SEND_MESSAGES),
    OTHER_ROLE: (NOTHING, Permission.VIEW_CHANNEL),
}


@example(Permission.SEND_MESSAGES, NOTHING, NOTHING, BY_TWO_ROLES, False)
@given(SOME, SOME, SOME, OVERWRITES, st.booleans())
def test_rights_add_up_as_discord_adds_them(
    everyone: Permission,
    mine: Permission,
    others: Permission,
    overwrites: dict[str, tuple[Permission, Permission]],
    owner: bool,
) -> None:
    roles = {GUILD: everyone, ROLE: mine, SECOND_ROLE: NOTHING, OTHER_ROLE: others}
    guild = {
        "id": GUILD,
        "owner_id": ME if owner else OWNER,
        "roles": [{"id": role, "permissions": str(int(may))} for role, may in roles.items()],
    }
    shown = [{"id": one, "allow": str(int(allow)), "deny": str(int(deny))} for one, (allow, deny) in overwrites.items()]
    found = in_channel(guild, {"user": {"id": ME}, "roles": [ROLE, SECOND_ROLE]}, shown)
    by_id = {one: Overwrite(allow, deny) for one, (allow, deny) in overwrites.items()}
    expected = fakes.ALL if owner else fakes.in_channel(everyone | mine, by_id, GUILD, [ROLE, SECOND_ROLE], ME)
    assert found.value & int(fakes.ALL) == int(expected)
