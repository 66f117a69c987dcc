"""The bot itself, its application, its gateway, and users."""

from __future__ import annotations

from tests.fakes.discord import objects
from tests.fakes.discord.refusals import Refused
from tests.fakes.discord.rest import Answer, Call, Route


def own_user(call: Call) -> Answer:
    return Answer(objects.own_user(call.discord.bot))


def application(call: Call) -> Answer:
    discord = call.discord
    owner = discord.guild("").owner
    return Answer(objects.application(discord.application_id, discord.bot, owner, len(discord.guilds)))


def gateway(call: Call) -> Answer:
    return Answer({"url": call.discord.gateway_url})


def gateway_for_bots(call: Call) -> Answer:
    discord = call.discord
    limit = discord.gateway.start_limit()
    return Answer({"url": discord.gateway_url, "shards": discord.gateway.shards, "session_start_limit": limit})


def user(call: Call) -> Answer:
    return Answer(call.user().as_json())


def open_direct(call: Call) -> Answer:
    person = call.discord.users.get(str(call.form().get("recipient_id")))
    if person is None:
        raise Refused(10013)
    if person.bot:
        raise Refused(50007)
    return Answer(call.discord.direct_channel(person).as_json())


ROUTES = [
    Route("GET", "/users/@me", own_user),
    Route("GET", "/applications/@me", application),
    Route("GET", "/oauth2/applications/@me", application),
    Route("GET", "/gateway", gateway, open=True),
    Route("GET", "/gateway/bot", gateway_for_bots),
    Route("POST", "/users/@me/channels", open_direct),
    Route("GET", "/users/{user}", user),
]
