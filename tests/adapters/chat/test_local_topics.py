"""What the local chat shows of topics, mutes and managers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from adapters.chat.local.render import render
from bot.commands import MAX_CONTROL_ID, parse_control
from bot.conversation import (
    ConfirmRemoval,
    CopyStarter,
    Greeting,
    ManagerList,
    Misunderstood,
    MuteAdded,
    MuteLine,
    MuteList,
    PauseTopic,
    Reply,
    ResumeTopic,
    StarterLibrary,
    StarterLine,
    TopicEdited,
    TopicHistory,
    TopicLine,
    TopicList,
    TopicResumed,
)
from bot.model import ChannelRef, Mute, MuteKind, Topic
from bot.reports import ChangeKind, TopicChange
from tests.adapters.chat.test_local_render import HOSTILE, hostile_paper
from tests.examples import CHANNEL, NOW, TODAY, a_query
from tests.fakes.answering import preview
from tests.fuzz.markup import harm_in

MUTE = Mute(MuteKind.AUTHOR, "Wang X")
STARTER = StarterLine(
    "radiology-ai", "AI in radiology", "Imaging", "For reading images.", "mri OR ct", 41, followed=False
)
OTHER = replace(STARTER, name="stroke", title="Stroke", followed=True)


def a_topic(name: str, channel: ChannelRef | None = CHANNEL.ref, *, paused: bool = False) -> Topic:
    return Topic(1, name, a_query("radiographs"), NOW, channel, paused)


def replies(text: str) -> Iterator[Reply]:
    counts = replace(preview(text), newest=(hostile_paper(),), warnings=(text,))
    change = TopicChange(text, ChangeKind.EDITED, a_query(), NOW, text)
    starter = StarterLine(text, text, text, text, text, 3, followed=False)
    topics = (TopicLine(a_topic(text), 3), TopicLine(a_topic(text, paused=True), 0))
    yield TopicList(text, text, topics)
    yield TopicEdited(a_topic(text), text, counts)
    yield TopicResumed(a_topic(text), 14, "key")
    yield TopicHistory(text, (change, replace(change, user=None)), (text,))
    yield StarterLibrary((starter,))
    yield StarterLibrary((starter, starter))
    yield Greeting(text, (starter,))
    yield MuteAdded(Mute(MuteKind.WORD, text), 30, 6, 90, 2)
    yield MuteList((MuteLine(Mute(MuteKind.JOURNAL, text), 1),))
    yield ManagerList((text,), text)


@pytest.mark.parametrize("reply", list(replies(HOSTILE)), ids=lambda reply: type(reply).__name__)
def test_nothing_hostile_comes_alive_and_every_control_is_understood(reply: Reply) -> None:
    message = render(reply, TODAY, "topics")
    assert not harm_in(message["html"])
    assert message["text"]
    for action in message["actions"]:
        assert len(action["id"]) <= MAX_CONTROL_ID
        assert "\u202e" not in action["label"]


@pytest.mark.parametrize("reply", list(replies("mri")), ids=lambda reply: type(reply).__name__)
def test_every_control_is_understood(reply: Reply) -> None:
    for action in render(reply, TODAY)["actions"]:
        for value in [option["value"] for option in action.get("options", [])] or [action.get("value", "")]:
            assert not isinstance(parse_control(action["id"], value), Misunderstood), action


def text_of(reply: Reply) -> str:
    return render(reply, TODAY)["text"]


def test_the_list_offers_what_can_be_done_with_each_topic() -> None:
    lines = [a_topic("ct"), a_topic("mri", paused=True), a_topic("pet", channel=None)]
    message = render(TopicList("papers", "now", tuple(TopicLine(topic, 3) for topic in lines)), TODAY)
    offered = [
        parse_control(action["id"], option["value"])
        for action in message["actions"]
        for option in action.get("options", [])
    ]
    assert offered == [PauseTopic("ct"), ResumeTopic("mri"), ConfirmRemoval("ct"), ConfirmRemoval("mri")]
    assert "mri paused 3 papers" in message["text"]
    assert "managed in the configuration file" in message["text"]


def test_what_is_followed_already_is_not_offered_again() -> None:
    copies = [
        parse_control(action["id"], option["value"])
        for action in render(StarterLibrary((STARTER, OTHER)), TODAY)["actions"]
        for option in action.get("options", [])
        if ".copy" in action["id"]
    ]
    assert copies == [CopyStarter("radiology-ai")]
    assert render(StarterLibrary((OTHER,)), TODAY)["actions"][0]["label"] == "Preview"


def test_a_mute_says_what_it_would_have_removed() -> None:
    assert "would have removed 6 of the 90 papers posted here in 30 days" in text_of(MuteAdded(MUTE, 30, 6, 90, 0))
    assert "2 papers that waited" in text_of(MuteAdded(MUTE, 30, 6, 90, 2))
    assert "Nothing was posted here" in text_of(MuteAdded(MUTE, 30, 0, 0, 0))
    assert "author “Wang X”" in text_of(MuteList((MuteLine(MUTE, 4),)))
    assert "4 papers kept back" in text_of(MuteList((MuteLine(MUTE, 4),)))
    assert "Nothing" in text_of(MuteList(()))


def test_the_greeting_says_that_nothing_is_posted_yet_and_how_to_begin() -> None:
    text = text_of(Greeting("ann", (STARTER, OTHER)))
    assert text.startswith("I post new papers here. Nothing is posted until you choose:")
    assert "AI in radiology (41 papers in 30 days), Stroke" in text
    assert "ann and the admins" in text
    assert "The admins" in text_of(Greeting(None, ()))


def test_a_resumed_topic_shows_what_came() -> None:
    message = render(TopicResumed(a_topic("mri"), 14, "k"), TODAY)
    assert "14 papers came meanwhile; they are not posted." in message["text"]
    assert [action["id"] for action in message["actions"]] == ["1.more.k"]
    assert "Nothing came meanwhile" in text_of(TopicResumed(a_topic("mri"), 0, ""))


def test_the_history_names_nobody_who_is_not_known() -> None:
    change = TopicChange("mri", ChangeKind.PAUSED, a_query(), NOW)
    assert "paused by someone" in text_of(TopicHistory("Changes", (change,), ("mri",)))
