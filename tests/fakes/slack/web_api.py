"""The Web API: how a call is read, whom it comes from, and what it may do."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.fakes.slack.faults import too_many
from tests.fakes.slack.state import Recorded, State
from tests.fakes.slack.world import JSON, Channel, Refused, User, Workspace


@dataclass(frozen=True)
class Call:
    """A call of an installed app that may be carried out."""

    slack: State
    workspace: Workspace
    arguments: JSON
    base_url: str

    def text(self, name: str) -> str:
        """An argument as text, "" when it is not given."""
        value = self.arguments.get(name)
        return "" if value is None else str(value)

    def flag(self, name: str) -> bool:
        """An argument that is yes or no, however it was written."""
        return self.text(name).lower() in {"1", "true"}

    def number(self, name: str, default: int) -> int:
        """An argument that is a whole number."""
        text = self.text(name)
        if text and not text.isdigit():
            raise invalid_arguments(f"{name} must be a number")
        return int(text) if text else default

    def value(self, name: str) -> Any:
        """A structured argument, given as JSON or as a string that holds JSON; None when not given or not JSON."""
        value = self.arguments.get(name)
        if isinstance(value, str):
            with suppress(ValueError):
                return json.loads(value)
            return None
        return value

    def channel(self) -> Channel:
        """The channel named by the argument; a private one without the bot is not found."""
        channel = self.workspace.channels.get(self.text("channel"))
        if channel is None or channel.deleted or (channel.private and not channel.bot):
            raise Refused("channel_not_found")
        return channel

    def user(self, name: str = "user") -> User:
        """The user named by the argument."""
        user = self.workspace.users.get(self.text(name))
        if user is None:
            raise Refused("user_not_found")
        return user

    def need(self, *scopes: str) -> None:
        """Refuse unless one of these scopes was granted."""
        if not self.workspace.scopes.intersection(scopes):
            raise Refused("missing_scope", needed=scopes[0], provided=",".join(sorted(self.workspace.scopes)))


Method = Callable[[Call], JSON]
"""Carries a call out and gives the answer without ``ok``; raises Refused."""


def invalid_arguments(*messages: str) -> Refused:
    """What Slack says about arguments it cannot read."""
    found = [f"[ERROR] {message}" for message in messages]
    return Refused("invalid_arguments", response_metadata={"messages": found})


async def arguments_of(request: web.Request) -> JSON:
    """The arguments from the query and from a JSON or form body."""
    arguments: JSON = dict(request.query)
    if request.content_type == "application/json":
        arguments |= await request.json()
    elif request.can_read_body:
        arguments |= dict(await request.post())
    return arguments


@dataclass
class WebApi:
    """Answers the calls of all workspaces' apps."""

    slack: State
    methods: Mapping[str, Method]
    base_url: Callable[[], str]

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One call."""
        method, arguments = request.match_info["method"], await arguments_of(request)
        header = request.headers.get("Authorization", "").removeprefix("Bearer ")
        token = header if method == "apps.connections.open" else header or str(arguments.get("token", ""))
        fault = self.slack.faults.of(method)
        self.slack.calls[method].append(Recorded(method, arguments, token, self.slack.now(), fault is not None))
        self.slack.change()

        def carry_out() -> web.Response:
            return self._answer(method, token, arguments)

        return await fault(request, carry_out) if fault else carry_out()

    def _answer(self, method: str, token: str, arguments: JSON) -> web.Response:
        try:
            workspace = self._caller(method, token)
            pause = workspace.rates.wait(method, str(arguments.get("channel")), self.slack.now())
            if pause:
                return too_many(pause)
            answer = self.methods[method](Call(self.slack, workspace, arguments, self.base_url()))
        except Refused as refused:
            return web.json_response({"ok": False, "error": refused.error, **refused.details})
        return web.json_response({"ok": True, **answer}, headers={"x-oauth-scopes": ",".join(sorted(workspace.scopes))})

    def _caller(self, method: str, token: str) -> Workspace:
        if method not in self.methods:
            raise Refused("unknown_method", req_method=method)
        if not token:
            raise Refused("not_authed")
        homes = self.slack.workspaces.values()
        workspace = next((home for home in homes if token in {home.bot_token, home.app_token}), None)
        if workspace is None:
            raise Refused("invalid_auth")
        if workspace.token_error:
            raise Refused(workspace.token_error)
        if (token == workspace.app_token) != (method == "apps.connections.open"):
            raise Refused("not_allowed_token_type")
        return workspace
