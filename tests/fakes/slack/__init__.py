"""A fake Slack over real sockets on 127.0.0.1, written from Slack's documentation; it refuses what Slack refuses."""

from tests.fakes.slack.postman import Gesture
from tests.fakes.slack.server import FakeSlack
from tests.fakes.slack.sockets import Ack
from tests.fakes.slack.world import Channel, File, Message, User, View, Workspace

__all__ = ["Ack", "Channel", "FakeSlack", "File", "Gesture", "Message", "User", "View", "Workspace"]
