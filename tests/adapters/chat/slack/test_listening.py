from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.chat import Tools
from bot.answering import Answering
from bot.citing import CitationFormat
from bot.conversation import Asker, CitationFile, CiteList, Command, React, Reply, Search, Show, TurnPage
from bot.model import Channel, ChannelRef
from storage import open_storage
from tests.adapters.chat.slack.bench import Bench, connected, open_bench
from tests.fakes.answering import LIST_KEY
from tests.fakes.desk import a_desk
from tests.fakes.slack import FakeSlack, Gesture, Message
from tests.fakes.slack.controls import action_ids, elements
from tests.fakes.slack.faults import error, ratelimited, slow, status


@pytest.fixture
async def bench(slack: FakeSlack) -> AsyncIterator[Bench]:
    async with open_bench(slack) as opened:
        yield opened


def control(message: Message, beginning: str) -> str:
    """The whole id of a control that is there."""
    return next(one for one in action_ids(message.blocks) if one.startswith(beginning))


def control_of_button(blocks: list[dict[str, Any]], label: str) -> str:
    """The id of the button that says so."""
    buttons = (element for _, element in elements(blocks) if element["type"] == "button")
    return next(str(element["action_id"]) for element in buttons if element["text"]["text"] == label)


async def asked(slack: FakeSlack, gesture: Gesture) -> Message:
    assert gesture.acked, gesture
    return await slack.answer_to(gesture)


# ---------------------------------------------------------------- questions


async def test_a_command_is_acknowledged_and_answered_to_its_person_alone(slack: FakeSlack, bench: Bench) -> None:
    ann, lab = slack.user("ann"), slack.channel("lab", bot=False)
    async with connected(bench):
        answer = await asked(slack, await slack.slash(ann, lab, "search “breast mri”"))
    assert answer.to is ann
    assert "1,774" in answer.text
    assert bench.answers.asked == [(Search('"breast mri"'), Asker(ChannelRef("slack", "", lab.id), ann.id))]


async def test_turning_a_page_changes_the_list_where_it_stands(slack: FakeSlack, bench: Bench) -> None:
    ann, lab = slack.user("ann"), slack.channel("lab")
    async with connected(bench):
        shown = await asked(slack, await slack.slash(ann, lab, "search mri"))
        for page in range(2, 9):
            await asked(slack, await slack.click(ann, shown, control(shown, "1.next.")))
            assert f"Page {page} " in shown.text
    assert slack.ephemerals(ann) == [shown]


async def test_opening_a_paper_leaves_the_list_alone(slack: FakeSlack, bench: Bench) -> None:
    ann, lab = slack.user("ann"), slack.channel("lab")
    async with connected(bench):
        shown = await asked(slack, await slack.slash(ann, lab, "search mri"))
        opened = await asked(slack, await slack.click(ann, shown, control(shown, "1.open"), "P3"))
    assert opened is not shown
    assert slack.ephemerals(ann) == [shown, opened]
    assert bench.answers.asked[-1][0] == Show("P3")


async def test_the_page_to_go_to_is_asked_for_in_a_modal(slack: FakeSlack, bench: Bench) -> None:
    ann, lab = slack.user("ann"), slack.channel("lab")
    async with connected(bench):
        shown = await asked(slack, await slack.slash(ann, lab, "search mri"))
        clicked = await slack.click(ann, shown, control(shown, "1.jump"))
        view = await slack.view_for(ann)
        assert clicked.acked
        submitted = await slack.submit(view, {"value": "17"})
        await slack.until(lambda: "Page 17 " in shown.text)
    assert submitted.acked
    assert slack.ephemerals(ann) == [shown]
    assert slack.views == []


async def test_a_modal_that_was_open_for_long_is_answered_all_the_same(slack: FakeSlack, bench: Bench) -> None:
    ann, lab = slack.user("ann"), slack.channel("lab")
    async with connected(bench):
        shown = await asked(slack, await slack.slash(ann, lab, "search mri"))
        await slack.click(ann, shown, control(shown, "1.jump"))
        view = await slack.view_for(ann)
        slack.pass_time(3600)
        await slack.submit(view, {"value": "17"})
        await slack.until(lambda: len(slack.ephemerals(ann)) == 2)
    assert "Page 17 " in slack.ephemerals(ann)[-1].text


async def test_a_mention_in_a_thread_is_answered_in_that_thread(slack: FakeSlack, bench: Bench) -> None:
    ann, lab = slack.user("ann"), slack.channel("lab")
    first = slack.say(ann, lab, "Have you seen it?")
    async with connected(bench):
        answer = await asked(slack, await slack.mention(ann, lab, "show 3", thread_ts=first.ts))
        again = await asked(slack, await slack.click(ann, answer, control(answer, "1.react.useful")))
    assert (answer.to, answer.thread_ts) == (ann, first.ts)
    assert (again.to, again.thread_ts) == (ann, first.ts)
    assert bench.answers.asked[-1][0] == React("useful", answer.ts, 3)  # type: ignore[arg-type]


async def test_words_to_the_bot_alone_are_answered_there(slack: FakeSlack, bench: Bench) -> None:
    ann = slack.user("ann")
    async with connected(bench):
        answer = await asked(slack, await slack.direct(ann, "search mri"))
        await asked(slack, await slack.click(ann, answer, control(answer, "1.next.")))
    assert answer.to is None
    assert answer.channel is slack.direct_channel(ann)
    assert "Page 2 " in answer.text
    assert {asker.channel.id for _, asker in bench.answers.asked} == {f"dm-{ann.id}"}


async def test_the_bot_does_not_answer_itself(slack: FakeSlack, bench: Bench) -> None:
    bot, ann = slack.workspace().bot, slack.user("ann")
    event = {"type": "message", "channel_type": "im", "channel": slack.direct_channel(ann).id, "ts": slack.ts()}
    async with connected(bench):
        said = await slack.event(event | {"user": bot.id, "bot_id": slack.workspace().bot_id, "text": "search mri"})
        await asked(slack, await slack.direct(ann, "show 3"))
    assert said.acked
    assert [command for command, _ in bench.answers.asked] == [Show("3")]


async def test_a_file_of_citations_comes_into_direct_messages(slack: FakeSlack, bench: Bench) -> None:
    ann, lab = slack.user("ann"), slack.channel("lab")
    request = CiteList(LIST_KEY, CitationFormat.RIS, 1)

    async def answer(command: Command, asker: Asker) -> Reply:
        return CitationFile(request, "papers.ris", 10, 1774)

    async with connected(bench, replace(bench.tools(), answer=answer)):
        await slack.slash(ann, lab, "latest")
        said = await slack.until(lambda: next(iter(slack.ephemerals(ann, lab)), None))
    [file] = slack.files
    assert file.channel is slack.direct_channel(ann)
    assert len(file.content.decode().splitlines()) == 10
    assert "papers.ris is in your direct messages" in said.text


async def test_an_answer_whose_blocks_are_refused_is_shown_as_text(slack: FakeSlack, bench: Bench) -> None:
    ann, lab = slack.user("ann"), slack.channel("lab")
    async with connected(bench):
        slack.faults.fail_next("chat.postEphemeral", error("invalid_blocks"))
        answer = await asked(slack, await slack.mention(ann, lab, "search mri"))
    assert "Page 1 " in answer.text


async def test_an_answer_waits_when_slack_asks_for_it(slack: FakeSlack, bench: Bench) -> None:
    ann, lab = slack.user("ann"), slack.channel("lab")
    async with connected(bench):
        slack.faults.fail_next("chat.postEphemeral", ratelimited(1))
        answer = await asked(slack, await slack.mention(ann, lab, "search mri"))
    assert "Page 1 " in answer.text
    assert len(slack.calls["chat.postEphemeral"]) == 2


async def test_an_answer_without_a_way_into_the_channel_comes_as_a_direct_message(
    slack: FakeSlack, bench: Bench
) -> None:
    ann, lab = slack.user("ann"), slack.channel("lab", bot=False)
    async with connected(bench):
        slack.faults.fail_next("response_url", status(404))
        answer = await asked(slack, await slack.slash(ann, lab, "search mri"))
    assert answer.channel is slack.direct_channel(ann)


async def test_the_home_is_shown_when_it_is_opened(slack: FakeSlack, bench: Bench) -> None:
    ann = slack.user("ann")
    async with connected(bench):
        await slack.open_home(ann, tab="messages")
        await slack.open_home(ann)
        home = await slack.until(lambda: slack.homes.get(ann.id))
        answer = await asked(slack, await slack.click(ann, home, control_of_button(home.blocks, "Newest papers")))
        await slack.until(lambda: len(slack.calls["views.publish"]) == 2 or None)
    assert answer.channel is slack.direct_channel(ann)
    assert len(slack.calls["views.publish"]) == 2


# ---------------------------------------------------------------- once, and always


async def test_what_slack_delivers_again_is_done_once(slack: FakeSlack, bench: Bench) -> None:
    ann, lab = slack.user("ann"), slack.channel("lab")
    async with connected(bench):
        command = await slack.slash(ann, lab, "search mri")
        shown = await asked(slack, command)
        mention = await slack.mention(ann, lab, "show 3")
        await asked(slack, mention)
        click = await slack.click(ann, shown, control(shown, "1.next."))
        await asked(slack, click)
        for gesture in (command, mention, click):
            for _ in range(5):
                assert (await slack.again(gesture)).acked
        await asked(slack, await slack.slash(ann, lab, "show 4"))
    done = [command for command, _ in bench.answers.asked]
    assert done == [Search("mri"), Show("3"), TurnPage(LIST_KEY, 2), Show("4")]


async def test_a_failure_is_acknowledged_and_answered_in_words(
    slack: FakeSlack, bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    ann, lab = slack.user("ann"), slack.channel("lab")
    async with connected(bench):
        answer = await asked(slack, await slack.slash(ann, lab, "show crash"))
        after = await asked(slack, await slack.slash(ann, lab, "show 3"))
    assert "Something went wrong" in answer.text
    assert answer.to is ann
    assert "P3" in after.text
    assert "boom" in caplog.text


async def test_a_malformed_payload_is_acknowledged(
    slack: FakeSlack, bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    async with connected(bench):
        for event in ({"type": "app_mention"}, {"type": "reaction_added"}, {"type": "member_joined_channel"}):
            assert (await slack.event(event)).acked
        answer = await asked(slack, await slack.slash(slack.user("ann"), slack.channel("lab"), "show 3"))
    assert "P3" in answer.text


async def test_everything_else_is_acknowledged_without_a_warning(
    slack: FakeSlack, bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    ann, lab = slack.user("ann"), slack.channel("lab")
    said = slack.say(ann, lab, "hello")
    gestures: list[Gesture] = []
    async with connected(bench):
        gestures.append(await slack.archive(ann, lab))
        gestures.append(await slack.event({"type": "team_join", "user": {"id": "U9"}}))
        gestures.append(await slack.event({"type": "message", "subtype": "message_deleted", "channel": lab.id}))
        gestures.append(await slack.shortcut(ann, said, "somebody_elses"))
    assert all(gesture.acked for gesture in gestures)
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_slack_that_does_not_take_the_answer_harms_nobody_else(slack: FakeSlack, bench: Bench) -> None:
    ann, bob, lab = slack.user("ann"), slack.user("bob"), slack.channel("lab")
    async with connected(bench):
        slack.faults.fail_next("response_url", slow(0.5))
        assert (await slack.slash(ann, lab, "show 3")).acked
        assert "P4" in (await asked(slack, await slack.slash(bob, lab, "show 4"))).text
        slack.faults.fail_next("response_url", status(503))
        assert "P5" in (await asked(slack, await slack.slash(bob, lab, "show 5"))).text


async def test_a_crowd_is_acknowledged_in_time(slack: FakeSlack, bench: Bench) -> None:
    lab = slack.channel("lab")
    busy, most = 0, 0

    async def answer(command: Command, asker: Asker) -> Reply:
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        await asyncio.sleep(0.005)
        busy -= 1
        return await bench.answers(command, asker)

    people = [slack.user(f"member{number}") for number in range(64)]
    async with connected(bench, replace(bench.tools(), answer=answer)):
        gestures = await asyncio.gather(*(slack.slash(one, lab, "show 3") for one in people))
        await slack.until(lambda: all(slack.ephemerals(one) for one in people), 20)
    assert all(gesture.acked for gesture in gestures)
    assert 1 < most <= 32


async def test_a_control_works_after_a_restart(slack: FakeSlack, bench: Bench) -> None:
    ann, lab = slack.user("ann"), slack.channel("lab")
    async with connected(bench):
        shown = await asked(slack, await slack.slash(ann, lab, "search mri"))
    async with connected(bench):
        await asked(slack, await slack.click(ann, shown, control(shown, "1.next.")))
    assert "Page 2 " in shown.text


async def test_a_control_of_another_age_says_so(slack: FakeSlack, bench: Bench) -> None:
    ann, lab = slack.user("ann"), slack.channel("lab")
    button = {"type": "button", "action_id": "0.was.KEY", "text": {"type": "plain_text", "text": "Once"}}
    old = slack.say(slack.workspace().bot, lab, "old")
    old.blocks = [{"type": "actions", "block_id": "b", "elements": [button]}]
    async with connected(bench):
        answer = await asked(slack, await slack.click(ann, old, "0.was.KEY"))
    assert "cannot be used any more" in answer.text


# ---------------------------------------------------------------- channels and reactions


async def test_an_invitation_is_greeted_once_and_makes_the_inviter_known(slack: FakeSlack, bench: Bench) -> None:
    ann, lab = slack.user("ann"), slack.channel("lab", bot=False)
    async with connected(bench):
        invited = await slack.invite(ann, lab)
        greeting = await slack.until(lambda: next(iter(slack.messages(lab)), None))
        for _ in range(3):
            await slack.again(invited)
        await slack.kick(ann, lab)
        await slack.invite(ann, lab)
        await slack.until(lambda: len(bench.returned) == 2 or None)
    assert greeting.to is None
    invitation = (Channel(ChannelRef("slack", "", lab.id), "lab", zone="Europe/Berlin"), ann.id, False)
    assert bench.invitations == [invitation] * 2
    assert len(slack.messages(lab)) == 1
    assert bench.returned == [ChannelRef("slack", "", lab.id)] * 2


@pytest.mark.parametrize(
    "flags", [{"restricted": True}, {"ultra_restricted": True}, {"stranger": True}, {"team": "T0OTHER"}]
)
async def test_a_guest_who_invites_does_not_manage(slack: FakeSlack, bench: Bench, flags: dict[str, Any]) -> None:
    guest, lab = slack.user("guest", **flags), slack.channel("lab", bot=False)
    async with connected(bench):
        await slack.invite(guest, lab)
        await slack.until(lambda: bench.returned)
    assert [(by, is_guest) for _, by, is_guest in bench.invitations] == [(guest.id, True)]


async def test_an_inviter_whom_slack_does_not_describe_does_not_manage(slack: FakeSlack, bench: Bench) -> None:
    ann, lab = slack.user("ann"), slack.channel("lab", bot=False)
    slack.faults.fail_next("users.info", error("internal_error"))
    async with connected(bench):
        await slack.invite(ann, lab)
        await slack.until(lambda: bench.returned)
    assert [is_guest for _, _, is_guest in bench.invitations] == [True]


async def test_a_member_who_joins_is_not_greeted(slack: FakeSlack, bench: Bench) -> None:
    ann, lab = slack.user("ann"), slack.channel("lab")
    event = {"type": "member_joined_channel", "user": ann.id, "channel": lab.id, "channel_type": "C"}
    async with connected(bench):
        assert (await slack.event(event)).acked
        await asked(slack, await slack.slash(ann, lab, "show 3"))
    assert bench.invitations == []


async def test_a_channel_that_is_back_is_told(slack: FakeSlack, bench: Bench) -> None:
    ann = slack.user("ann")
    public, private = slack.channel("lab", archived=True), slack.channel("secret", private=True, archived=True)
    async with connected(bench):
        await slack.unarchive(ann, public)
        await slack.unarchive(ann, private)
        await slack.until(lambda: len(bench.returned) == 2 or None)
    assert {ref.id for ref in bench.returned} == {public.id, private.id}


async def test_a_channel_is_called_by_its_new_name(slack: FakeSlack, bench: Bench) -> None:
    ann, lab = slack.user("ann"), slack.channel("lab")
    async with connected(bench):
        await slack.rename(ann, lab, "laboratory")
        await slack.until(lambda: bench.admitted or None)
    assert [(channel.ref.id, channel.name) for channel in bench.admitted] == [(lab.id, "laboratory")]


async def test_reactions_to_our_posts_are_kept_and_taken_back(slack: FakeSlack, bench: Bench) -> None:
    ann, lab = slack.user("ann"), slack.channel("lab")
    ours, theirs = slack.say(slack.workspace().bot, lab, "papers"), slack.say(ann, lab, "hello")
    async with connected(bench):
        await slack.react(ann, theirs, "eyes")
        await slack.react(ann, ours, "tada")
        await slack.react(ann, ours, "tada", remove=True)
        await slack.until(lambda: len(bench.answers.asked) == 2 or None)
    assert [command for command, _ in bench.answers.asked] == [
        React("tada", ours.ts),
        React("tada", ours.ts, added=False),
    ]


# ---------------------------------------------------------------- with the real answers


@pytest.fixture
async def real(bench: Bench, tmp_path: Path) -> AsyncIterator[Tools]:
    async with open_storage(tmp_path / "papers.sqlite3") as storage:
        answering = Answering(a_desk(storage))
        yield replace(bench.tools(), answer=answering.answer, invited=answering.invited, gestures=storage.gestures)


async def test_the_inviter_manages_the_channel_and_others_are_sent_to_them(
    slack: FakeSlack, bench: Bench, real: Tools
) -> None:
    ann, bob, chief = slack.user("ann"), slack.user("bob"), slack.user("chief", owner=True)
    guest, lab = slack.user("guest", restricted=True), slack.channel("lab", bot=False)
    async with connected(bench, real):
        await slack.invite(ann, lab)
        greeting = await slack.until(lambda: next(iter(slack.messages(lab)), None))
        refused = await asked(slack, await slack.slash(bob, lab, "schedule daily 08:00"))
        done = await asked(slack, await slack.slash(ann, lab, "schedule daily 08:00"))
        added = await asked(slack, await slack.slash(chief, lab, f"managers add <@{guest.id}|guest>"))
        never = await asked(slack, await slack.slash(guest, lab, "schedule daily 07:00"))
    assert "Nothing is posted until" in greeting.text
    assert f"Ask one of: <@{ann.id}>" in refused.text
    assert "08:00" in done.text
    assert f"<@{guest.id}>" in added.text
    assert "Guests cannot change" in never.text


async def test_rights_are_asked_anew_for_each_click(slack: FakeSlack, bench: Bench, real: Tools) -> None:
    boss, ann, lab = slack.user("boss", admin=True), slack.user("ann"), slack.channel("lab", bot=False)
    async with connected(bench, real):
        await slack.invite(ann, lab)
        greeting = await slack.until(lambda: next(iter(slack.messages(lab)), None))
        menu, options = next(
            (element["action_id"], element["options"])
            for _, element in elements(greeting.blocks)
            if element["type"] == "static_select"
        )
        boss.admin = False
        refused = await asked(slack, await slack.click(boss, greeting, menu, options[0]["value"]))
        boss.admin = True
        taken = await asked(slack, await slack.click(boss, greeting, menu, options[0]["value"]))
    assert "Only admins" in refused.text
    assert "Only admins" not in taken.text


async def test_gestures_are_remembered_over_a_restart(slack: FakeSlack, bench: Bench, real: Tools) -> None:
    ann, lab = slack.user("ann"), slack.channel("lab")
    async with connected(bench, real):
        command = await slack.slash(ann, lab, "help")
        await asked(slack, command)
    async with connected(bench, real):
        await slack.again(command)
        await asked(slack, await slack.slash(ann, lab, "saved"))
    assert len(slack.ephemerals(ann)) == 2


# ---------------------------------------------------------------- the environment


async def test_nothing_of_slack_is_taken_from_the_environment(
    slack: FakeSlack, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CLIENT_ID", "CLIENT_SECRET", "SIGNING_SECRET", "BOT_TOKEN", "APP_TOKEN", "VERIFICATION_TOKEN"):
        monkeypatch.setenv(f"SLACK_{name}", "xoxb-from-the-environment")
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    ann, lab = slack.user("ann"), slack.channel("lab")
    async with connected(bench):
        answer = await asked(slack, await slack.slash(ann, lab, "search mri"))
        await slack.click(ann, answer, control(answer, "1.jump"))
        assert await slack.view_for(ann)
    assert slack.calls["response_url"]
    used = {call.token for calls in slack.calls.values() for call in calls}
    assert used <= {slack.workspace().bot_token, slack.workspace().app_token, ""}
