"""What people do in Slack, each returning when the app has acknowledged it or Slack has given up."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack import controls, payloads
from tests.fakes.slack.contents import checked_view, content
from tests.fakes.slack.postman import Gesture, Postman
from tests.fakes.slack.response_urls import ResponseUrls
from tests.fakes.slack.world import JSON, Channel, Message, User, View, Workspace


class People(Postman):
    """A fake Slack with people in it. ``text`` is always as Slack sends it: ``&``, ``<`` and ``>`` escaped, a mention
    written ``<@U…>``."""

    response_urls: ResponseUrls

    async def slash(self, user: User, channel: Channel, text: str = "", *, command: str = "") -> Gesture:
        """Type a slash command; text in the ack itself is shown to the person."""
        gesture = self._gesture(user.workspace, "slash_commands", user=user)
        gesture.payload = payloads.slash_command(
            user,
            channel,
            command or user.workspace.command,
            text,
            response_url=self.response_urls.new("commands", channel, user, gesture),
            trigger_id=self.trigger(user),
        )
        await self.deliver(gesture)
        said = gesture.ack.payload
        if gesture.acked and said:
            self._show_ack(gesture, channel, user, said if isinstance(said, dict) else {"text": str(said)})
        return gesture

    async def click(
        self, user: User, where: Message | View, action_id: str, value: Any = None, typed: JSON | None = None
    ) -> Gesture:
        """Use a control of a message, modal or home tab; ``value`` as in controls.used. ``typed`` is what other inputs
        hold, by action_id."""
        action = controls.used(where.blocks, action_id, value, self.ts())
        values = {**(typed or {}), **({} if action["type"] in {"button", "overflow"} else {action_id: value})}
        held = controls.state(where.blocks, values)
        gesture = self._gesture(user.workspace, "interactive", user=user)
        if isinstance(where, View):
            assert where.user is user, "only one person sees this view"
            gesture.payload = payloads.view_actions(where, [action], held, self.trigger(user))
        else:
            assert where.to in {None, user}, "this message is for somebody else"
            url = self.response_urls.new("actions", where.channel, user, gesture, where)
            trigger = self.trigger(user)
            gesture.payload = payloads.message_actions(
                user, where, [action], held, response_url=url, trigger_id=trigger
            )
        return await self.deliver(gesture)

    async def submit(self, view: View, values: dict[str, Any] | None = None) -> Gesture:
        """Fill in a modal, by action_id, and submit it; then it does what the ack says."""
        held = controls.state(view.blocks, values or {})
        controls.check_filled_in(view.blocks, held)
        gesture = self._gesture(view.workspace, "interactive", user=view.user)
        gesture.payload = payloads.view_submission(view, held, self.trigger(view.user))
        await self.deliver(gesture)
        if gesture.acked:
            self._follow(view, gesture.ack.payload or {})
        return gesture

    async def close(self, view: View) -> Gesture | None:
        """Close a modal; the app hears of it only if it asked to."""
        view.workspace.views.remove(view)
        self.change()
        if not view.content.get("notify_on_close"):
            return None
        gesture = self._gesture(view.workspace, "interactive", user=view.user)
        gesture.payload = payloads.view_closed(view)
        return await self.deliver(gesture)

    async def shortcut(self, user: User, message: Message, callback_id: str) -> Gesture:
        """Use a shortcut from the menu of a message."""
        gesture = self._gesture(user.workspace, "interactive", user=user)
        url = self.response_urls.new("actions", message.channel, user, gesture)
        trigger = self.trigger(user)
        gesture.payload = payloads.message_shortcut(
            user, message, callback_id, response_url=url, trigger_id=trigger, ts=self.ts()
        )
        return await self.deliver(gesture)

    def show(self, message: Message) -> Message:
        """Put a new message where it is seen; the app hears of its own ones in direct channels, too."""
        home = message.channel.workspace
        own = message.author is home.bot and message.channel.person and not message.to
        if own and "message.im" in home.subscriptions and (home.sockets.open or home.events_url):
            event = payloads.message_event(message, "message", channel_type="im")
            self.in_background(self.event(event, workspace=home.name))
        return super().show(message)

    def say(self, user: User, channel: Channel, text: str, *, thread_ts: str | None = None) -> Message:
        """Write a message the bot is not told of."""
        blocks = payloads.typed_blocks(text)
        extra = {"client_msg_id": f"{self.id('M')}", "team": user.team or user.workspace.id}
        return self.show(Message(channel, user, self.ts(), text, blocks, thread_ts, extra=extra))

    async def mention(self, user: User, channel: Channel, text: str, *, thread_ts: str | None = None) -> Gesture:
        """Write "@bot text" in a channel or thread where the bot is."""
        assert channel.bot, "Slack tells the bot only of channels it is in"
        message = self.say(user, channel, f"<@{user.workspace.bot.id}> {text}", thread_ts=thread_ts)
        return await self.event(payloads.message_event(message, "app_mention"), user=user)

    async def direct(self, user: User, text: str, *, thread_ts: str | None = None) -> Gesture:
        """Write to the bot alone."""
        message = self.say(user, self.direct_channel(user), text, thread_ts=thread_ts)
        return await self.event(payloads.message_event(message, "message", channel_type="im"), user=user)

    async def react(self, user: User, message: Message, emoji: str, *, remove: bool = False) -> Gesture:
        """Put an emoji on a message, or take it off again."""
        users = message.reactions.setdefault(emoji, [])
        users.remove(user) if remove else users.append(user)
        event = {
            "type": "reaction_removed" if remove else "reaction_added",
            "user": user.id,
            "reaction": emoji,
            "item": {"type": "message", "channel": message.channel.id, "ts": message.ts},
            "item_user": message.author.id,
            "event_ts": self.ts(),
        }
        return await self.event(event, user=user)

    async def open_home(self, user: User, *, tab: str = "home") -> Gesture:
        """Look at the app's home tab, or with ``tab`` "messages" at its direct messages."""
        home = user.workspace.homes.get(user.id)
        event = {
            "type": "app_home_opened",
            "user": user.id,
            "channel": self.direct_channel(user).id,
            "tab": tab,
            "event_ts": self.ts(),
            **({"view": home.as_json()} if home and tab == "home" else {}),
        }
        return await self.event(event, user=user)

    async def event(self, event: JSON, *, retries: int = 0, user: User | None = None, workspace: str = "") -> Gesture:
        """Tell the app of any event; ``event`` is the inner one."""
        home = user.workspace if user else self.workspace(workspace)
        gesture = self._gesture(home, "events_api", user=user)
        gesture.payload = payloads.event_callback(home.bot, event, self.id("Ev"), int(self.now()))
        return await self.deliver(gesture, retries=retries)

    async def answer_to(self, gesture: Gesture, seconds: float = 5.0) -> Message:
        """Wait for the bot's first message to this person after the gesture: one by its response_url, one only they
        see, one in their direct channel, or a new one in public."""
        return await self.until(lambda: next(iter(self.answers(gesture)), None), seconds)

    def answers(self, gesture: Gesture) -> list[Message]:
        """The bot's messages to this person since the gesture, in the order in which they were last written."""
        home = gesture.workspace
        mine = [
            message
            for message in [*home.messages(), *home.ephemerals]
            if message.changed > gesture.since and message.author.bot
            if message.to in {None, gesture.user} and message.gesture in {None, gesture}
        ]
        return sorted(mine, key=lambda message: message.changed)

    async def view_for(self, user: User, seconds: float = 5.0) -> View:
        """Wait for a modal to be open for this person, and give the one on top."""

        def top() -> View | None:
            return next((view for view in reversed(user.workspace.views) if view.user is user), None)

        return await self.until(top, seconds)

    def _gesture(self, home: Workspace, kind: str, *, user: User | None) -> Gesture:
        return Gesture(home, kind, {}, self.changes, user)

    def _show_ack(self, gesture: Gesture, channel: Channel, user: User, said: JSON) -> None:
        shown = content(str(said.get("text") or ""), said.get("blocks"))
        to = None if said.get("response_type") == "in_channel" else user
        bot = user.workspace.bot
        self.show(Message(channel, bot, self.ts(), shown.text, shown.blocks, to=to, gesture=gesture))

    def _follow(self, view: View, said: JSON) -> None:
        """Do with a submitted modal what the app's ack says."""
        views, action = view.workspace.views, said.get("response_action")
        if action == "errors":
            inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
            assert inputs.issuperset(said["errors"]), f"no such inputs: {said['errors']}"
            view.errors = said["errors"]
        elif action == "update":
            view.content, view.hash = checked_view(said["view"], "modal"), self.ts()
        elif action == "push":
            views.append(View(self.id("V"), view.user, view.workspace, checked_view(said["view"], "modal"), self.ts()))
        elif action == "clear":
            views[:] = [other for other in views if other.user is not view.user]
        else:
            assert not said, f"Slack does not know {said}"
            views.remove(view)
        self.change()
