"""A fake Discord over real sockets on 127.0.0.1, written from Discord's documentation; it refuses what Discord
refuses."""

from tests.fakes.discord.gateway import Intent
from tests.fakes.discord.interactions import Callback, Modal
from tests.fakes.discord.message import Message
from tests.fakes.discord.people import Gesture
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import Channel, Guild, Kind, User

__all__ = [
    "Callback",
    "Channel",
    "FakeDiscord",
    "Gesture",
    "Guild",
    "Intent",
    "Kind",
    "Message",
    "Modal",
    "Permission",
    "User",
]
