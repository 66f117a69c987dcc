"""The routes of the REST API which the fake knows."""

from tests.fakes.discord.routes import commands, interactions, me, messages, places, threads

ROUTES = [
    *me.ROUTES,
    *places.ROUTES,
    *messages.ROUTES,
    *threads.ROUTES,
    *commands.ROUTES,
    *interactions.ROUTES,
]
