"""Response URLs: up to five answers to one gesture within 30 minutes, without a token."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import uuid4

from aiohttp import web

from tests.fakes.slack.contents import content
from tests.fakes.slack.state import Recorded, State
from tests.fakes.slack.world import JSON, Channel, Message, Refused, User

USES = 5
LIFETIME = 30 * 60


@dataclass
class ResponseUrl:
    """One address and what it answers: a gesture of ``user`` in ``channel``, maybe on a message."""

    channel: Channel
    user: User
    at: float
    gesture: object
    original: Message | None = None
    uses: int = 0


@dataclass
class ResponseUrls:
    """All of them, by the path of their address."""

    slack: State
    base_url: Callable[[], str]
    _known: dict[str, ResponseUrl] = field(default_factory=dict)

    def new(self, kind: str, channel: Channel, user: User, gesture: object, original: Message | None = None) -> str:
        """A new address; ``kind`` is "commands" or "actions"."""
        path = f"/{kind}/{user.workspace.id}/{uuid4().int % 10**13}/{uuid4().hex[:24]}"
        self._known[path] = ResponseUrl(channel, user, self.slack.now(), gesture, original)
        return self.base_url() + path

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One answer."""
        body: JSON = await request.json()
        fault = self.slack.faults.of("response_url")
        self.slack.calls["response_url"].append(Recorded("response_url", body, "", self.slack.now(), fault is not None))
        self.slack.change()

        def carry_out() -> web.Response:
            return self._answer(request.path, body)

        return await fault(request, carry_out) if fault else carry_out()

    def _answer(self, path: str, body: JSON) -> web.Response:
        url = self._known.get(path)
        if url is None or url.uses >= USES or self.slack.now() - url.at > LIFETIME:
            return web.Response(status=404, text="used_url" if url else "expired_url")
        url.uses += 1
        try:
            self._carry_out(url, body)
        except Refused as refused:
            return web.Response(status=400, text=refused.error)
        return web.Response(text="ok")

    def _carry_out(self, url: ResponseUrl, body: JSON) -> None:
        original = url.original
        if body.get("delete_original"):
            if original is None:
                raise Refused("no_original")
            _home(original).remove(original)
            self.slack.change()
            return
        shown = content(str(body.get("text") or ""), body.get("blocks"))
        if body.get("replace_original") and original is not None:
            original.text, original.blocks, original.gesture = shown.text, shown.blocks, url.gesture
            original.changed = self.slack.change()
            return
        public = body.get("response_type") == "in_channel"
        self.slack.show(
            Message(
                url.channel,
                url.user.workspace.bot,
                self.slack.ts(),
                shown.text,
                shown.blocks,
                thread_ts=body.get("thread_ts"),
                to=None if public else url.user,
                gesture=url.gesture,
            )
        )


def _home(message: Message) -> list[Message]:
    return message.channel.workspace.ephemerals if message.to else message.channel.messages
