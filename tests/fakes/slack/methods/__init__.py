"""The methods of the Web API which the fake knows, by name."""

from tests.fakes.slack.methods import chat, conversations, files, people, views

METHODS = {**chat.METHODS, **conversations.METHODS, **files.METHODS, **people.METHODS, **views.METHODS}
