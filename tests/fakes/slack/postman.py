"""Brings the app what people do, over Socket Mode or HTTP, and keeps what it answered."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tests.fakes.slack.http_mode import encoded, post_signed
from tests.fakes.slack.sockets import Ack
from tests.fakes.slack.state import State
from tests.fakes.slack.world import JSON, User, Workspace

NO_ACK = Ack(ok=False, seconds=0.0)


@dataclass(eq=False)
class Gesture:
    """Something a person did, or an event. ``ack`` is the app's last acknowledgement; ``since`` the fake's count of
    changes before it, ``attempts`` how often it was delivered."""

    workspace: Workspace
    kind: str
    payload: JSON
    since: int
    user: User | None = None
    ack: Ack = NO_ACK
    attempts: int = 0

    @property
    def acked(self) -> bool:
        return self.ack.ok

    @property
    def delay(self) -> float:
        """Seconds until the ack came, or was given up."""
        return self.ack.seconds

    @property
    def trigger_id(self) -> str:
        return str(self.payload["trigger_id"])


class Postman(State):
    """A fake Slack that can deliver."""

    async def deliver(self, gesture: Gesture, *, retries: int = 0) -> Gesture:
        """Deliver until it is acked, ``retries`` times again at most, and give the gesture with its ack."""
        for attempt in range(retries + 1):
            await self._deliver_once(gesture, attempt)
            self.change()
            if gesture.acked:
                break
        return gesture

    async def again(self, gesture: Gesture, *, retry: int = 1) -> Gesture:
        """Deliver once more what was delivered before: the same gesture in a new envelope, as Slack sometimes does."""
        await self._deliver_once(gesture, retry)
        return gesture

    async def post_signed(self, body: bytes, *, workspace: str = "", secret: str = "", **how: Any) -> Ack:
        """Post any body to the app, signed with the workspace's secret unless another is given; ``how`` as in
        http_mode.post_signed."""
        home = self.workspace(workspace)
        assert home.events_url, "not in HTTP mode: set the workspace's events_url"
        return await post_signed(home.events_url, body, secret or home.signing_secret, **how)

    async def verify_url(self, *, workspace: str = "") -> Ack:
        """Ask the app to repeat a challenge, as Slack does when its address is entered."""
        body = {"token": "fake", "challenge": "3eZbrw1aB1", "type": "url_verification"}
        return await self.post_signed(json.dumps(body).encode(), workspace=workspace)

    async def _deliver_once(self, gesture: Gesture, attempt: int) -> None:
        home, reason = gesture.workspace, "timeout" if attempt else ""
        gesture.attempts += 1
        is_event = gesture.kind == "events_api"
        if home.events_url is None:
            retry = (attempt, reason) if is_event else None
            gesture.ack = await home.sockets.deliver(gesture.kind, gesture.payload, retry=retry)
            return
        body, content_type = encoded(gesture.kind, gesture.payload)
        headers = {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": "http_timeout"} if attempt else {}
        gesture.ack = await post_signed(
            home.events_url,
            body,
            home.signing_secret,
            content_type=content_type,
            headers=headers if is_event else {},
            seconds=home.sockets.ack_seconds,
        )
