"""Methods about the app itself, its workspace and the people there: auth, apps, team, users, reactions."""

from __future__ import annotations

from tests.fakes.slack.methods.conversations import message_of, page
from tests.fakes.slack.web_api import Call
from tests.fakes.slack.world import JSON, Refused


def auth_test(call: Call) -> JSON:
    home = call.workspace
    return {
        "url": home.url,
        "team": home.domain.title(),
        "user": home.bot.name,
        "team_id": home.id,
        "user_id": home.bot.id,
        "bot_id": home.bot_id,
        "is_enterprise_install": False,
    }


def open_connection(call: Call) -> JSON:
    address = call.base_url.replace("http://", "ws://", 1)
    return {"url": f"{address}/link/?ticket={call.workspace.sockets.ticket()}&app_id={call.workspace.app_id}"}


def team_info(call: Call) -> JSON:
    call.need("team:read")
    home = call.workspace
    return {"team": {"id": home.id, "name": home.domain.title(), "domain": home.domain, "url": home.url}}


def users_info(call: Call) -> JSON:
    call.need("users:read")
    return {"user": call.user().as_json()}


def users_list(call: Call) -> JSON:
    call.need("users:read")
    return page(call, "members", [user.as_json() for user in call.workspace.users.values()])


def add_reaction(call: Call) -> JSON:
    call.need("reactions:write")
    message, name = message_of(call, call.channel(), "timestamp"), call.text("name")
    if not name:
        raise Refused("no_reaction")
    users = message.reactions.setdefault(name, [])
    if call.workspace.bot in users:
        raise Refused("already_reacted")
    users.append(call.workspace.bot)
    call.slack.change()
    return {}


METHODS = {
    "auth.test": auth_test,
    "apps.connections.open": open_connection,
    "team.info": team_info,
    "users.info": users_info,
    "users.list": users_list,
    "reactions.add": add_reaction,
}
