"""What belongs to single persons: reading lists, reactions, and all that is kept about somebody."""

from __future__ import annotations

from datetime import datetime

from bot.conversation import Kept
from bot.errors import Refused
from bot.model import Member, PaperId
from bot.ports import Reaction
from storage.database import Database
from storage.rows import CHANNEL_ID, channel_key, moment

_LOCAL = "local"
"""The platform whose messages are kept here; another's stand in its own channels."""

_WHO = "platform = ? AND workspace = ? AND user = ?"
_CHANNELS = "SELECT id FROM channels WHERE platform = ? AND workspace = ?"
_TOPICS = f"SELECT id FROM topics WHERE channel_id IN ({_CHANNELS})"
_OWN_TOPICS = f"SELECT id FROM topics WHERE channel_id = {CHANNEL_ID}"

_COUNTS = f"""
WITH me (platform, workspace, user) AS (SELECT ?, ?, ?),
channel (id) AS (SELECT id FROM channels, me WHERE channels.platform = me.platform
    AND channels.workspace = me.workspace),
own (id) AS (SELECT {CHANNEL_ID})
SELECT
(SELECT count(*) FROM saved NATURAL JOIN me),
(SELECT count(*) FROM follows WHERE channel_id IN own),
(SELECT count(*) FROM reactions NATURAL JOIN me),
(SELECT count(*) FROM last_lists NATURAL JOIN me),
(SELECT count(*) FROM chat_messages AS m, me WHERE me.platform = '{_LOCAL}' AND (m.user = me.user OR m.channel = ?)),
(SELECT count(*) FROM managers NATURAL JOIN me WHERE channel_id IN channel),
(SELECT count(*) FROM topic_changes NATURAL JOIN me WHERE topic_id IN (
    SELECT id FROM topics WHERE channel_id IN channel))
    + (SELECT count(*) FROM deliveries AS d, me WHERE d.settled_by = me.user AND channel_id IN channel)
"""
_LAST_MANAGER = f"""
SELECT name FROM channels WHERE id IN ({_CHANNELS}) AND id IN (SELECT channel_id FROM managers WHERE user = ?)
AND (SELECT count(*) FROM managers WHERE channel_id = channels.id) = 1 ORDER BY name
"""
_FORGET_MEMBER = (
    f"DELETE FROM saved WHERE {_WHO}",
    f"DELETE FROM reactions WHERE {_WHO}",
    f"DELETE FROM last_lists WHERE {_WHO}",
    f"DELETE FROM managers WHERE channel_id IN ({_CHANNELS}) AND user = ?",
    f"UPDATE topic_changes SET user = NULL WHERE topic_id IN ({_TOPICS}) AND user = ?",
    f"UPDATE deliveries SET settled_by = NULL WHERE channel_id IN ({_CHANNELS}) AND settled_by = ?",
)
_FORGET_CHANNEL = (
    f"DELETE FROM announcements WHERE channel_id = {CHANNEL_ID}",
    f"DELETE FROM deliveries WHERE channel_id = {CHANNEL_ID}",
    f"DELETE FROM follows WHERE channel_id = {CHANNEL_ID}",
    f"DELETE FROM followed WHERE channel_id = {CHANNEL_ID}",
    f"DELETE FROM baselines WHERE topic_id IN ({_OWN_TOPICS})",
    f"DELETE FROM baseline_papers WHERE topic_id IN ({_OWN_TOPICS})",
    f"DELETE FROM topics WHERE channel_id = {CHANNEL_ID}",
    "DELETE FROM reactions WHERE platform = ? AND workspace = ? AND channel = ?",
    "DELETE FROM last_lists WHERE platform = ? AND workspace = ? AND channel = ?",
    f"DELETE FROM channels WHERE id = {CHANNEL_ID}",
)
"""In the order that foreign keys allow; the channel's mutes and managers and its topics' history go with it."""


class SqlitePeople:
    """See bot.ports.People."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, member: Member, paper: PaperId, now: datetime) -> bool:
        """Put a paper on the reading list."""
        return bool(
            await self._database.write(
                "INSERT OR IGNORE INTO saved VALUES (?, ?, ?, ?, ?)", (*_who(member), paper, moment(now))
            )
        )

    async def unsave(self, member: Member, paper: PaperId) -> bool:
        """Take a paper off the reading list."""
        return bool(
            await self._database.write(f"DELETE FROM saved WHERE {_WHO} AND paper_id = ?", (*_who(member), paper))
        )

    async def saved(self, member: Member) -> list[PaperId]:
        """The reading list, the last saved first."""
        rows = await self._database.read(
            f"SELECT paper_id FROM saved WHERE {_WHO} ORDER BY at DESC, paper_id DESC", _who(member)
        )
        return [paper for (paper,) in rows]

    async def react(self, reaction: Reaction, now: datetime) -> None:
        """Keep a reaction."""
        await self._database.write(
            "INSERT OR IGNORE INTO reactions VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*_reaction(reaction), moment(now))
        )

    async def unreact(self, reaction: Reaction) -> None:
        """Forget a reaction."""
        await self._database.write(
            "DELETE FROM reactions WHERE platform = ? AND workspace = ? AND channel = ? AND message = ? "
            "AND user = ? AND reaction = ? AND paper_id = ?",
            _reaction(reaction),
        )

    async def kept(self, member: Member) -> Kept:
        """How much is kept about a person."""
        direct = channel_key(member.direct)
        [[*counts]] = await self._database.read(_COUNTS, (*_who(member), *direct, member.direct.id))
        alone = await self._database.read(_LAST_MANAGER, _who(member))
        return Kept(tuple(name for (name,) in alone), *counts)

    async def forget(self, member: Member) -> None:
        """Remove all that is kept about a person; see bot.ports.People."""
        direct = channel_key(member.direct)
        async with self._database.transaction():
            if await self._database.read(
                f"SELECT 1 FROM deliveries WHERE channel_id = {CHANNEL_ID} AND state = 'sending'", direct
            ):
                raise Refused("A message is being sent to you just now. Nothing was removed; try again in a minute.")
            for statement in _FORGET_MEMBER:
                await self._database.write(statement, _who(member))
            for statement in _FORGET_CHANNEL:
                await self._database.write(statement, direct)
            if member.platform == _LOCAL:
                await self._database.write(
                    "DELETE FROM chat_messages WHERE user = ? OR channel = ?", (member.user, member.direct.id)
                )


def _who(member: Member) -> tuple[str, str, str]:
    return member.platform, member.workspace, member.user


def _reaction(reaction: Reaction) -> tuple[str | int, ...]:
    return (*channel_key(reaction.channel), reaction.message, reaction.user, reaction.reaction, reaction.paper or 0)
