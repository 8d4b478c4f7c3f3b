"""A removed reply leaves a tombstone or nothing, as the setting says; restored, it stands there again, once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.errors import NotRemoved, OutcomeUnknown, OwnReply
from bot.models import Action, NoticeKind, Reply, ReplyStatus
from bot.services import publishing, removals, replies, review, settings
from bot.storage import Database, audit, decisions, leases, notices, sweep
from tests.discussions import TITLE, last, reply_of
from tests.discussions import given_article as given_card
from tests.discussions import given_published as given_message
from tests.givens import (
    ANN,
    CLOCK,
    MODERATOR,
    NOW,
    OTHER_MODERATOR,
    SERVER,
    given_article,
    given_published,
)
from tests.world import World, labels, new_world, said, text, world

if TYPE_CHECKING:
    from bot.models import Case

__all__ = ["new_world", "world"]  # fixtures

TEXT, TOMBSTONE = "text", "tombstone"


@dataclass
class Thread:
    """What stands in a thread: message's id → text or tombstone; and how the next edit fails."""

    messages: dict[int, str] = field(default_factory=lambda: {401: TEXT})
    can_edit: bool = True
    failure: Exception | None = None

    async def bury(self, case: Case) -> bool:
        return self._edit(case, TOMBSTONE)

    async def unearth(self, case: Case) -> bool:
        return self._edit(case, TEXT)

    async def delete(self, reply: Reply, _thread_id: int) -> None:
        self.messages.pop(reply.message_id or 0, None)

    async def post(self, _case: Case) -> int:
        message_id = 500 + len(self.messages)
        self.messages[message_id] = TEXT
        return message_id

    async def find(self, *_: object) -> None:
        return None

    def _edit(self, case: Case, shows: str) -> bool:
        if case.reply.message_id not in self.messages or not self.can_edit:
            return False
        self.messages[case.reply.message_id] = shows
        if self.failure:
            raise self.failure
        return True

    async def sweep(self, db: Database, *, later: timedelta = timedelta()) -> None:
        """What a process does until nothing is due."""
        now = NOW + later
        for _ in range(3):
            for kind in ("removal", "restoration", "publication"):
                async with db.read() as conn:
                    found = await sweep.list_due(conn, kind, now)
                for reply_id in found:
                    await self._act(db, kind, reply_id, now)

    async def _act(self, db: Database, kind: str, reply_id: int, now) -> None:
        if kind == "removal":
            await removals.take_down(db, reply_id, clock=lambda: now, bury=self.bury, delete=self.delete)
        elif kind == "restoration":
            await removals.put_back(db, reply_id, clock=lambda: now, unearth=self.unearth, delete=self.delete)
        else:
            await publishing.publish(db, reply_id, clock=lambda: now, post=self.post, find=self.find)


async def remove(db: Database, reply: Reply) -> Reply:
    return await removals.remove(db, reply.id, server_id=SERVER, moderator_id=MODERATOR, sentence=None, now=NOW)


async def restore(db: Database, reply: Reply, *, moderator: int = OTHER_MODERATOR) -> Reply:
    return await removals.restore(
        db, reply.id, server_id=SERVER, moderator_id=moderator, sentence="It was fair.", now=NOW
    )


async def status(db: Database, reply: Reply) -> tuple[ReplyStatus, int | None]:
    now = (await replies.receipt(db, reply.id)).reply
    return now.status, now.message_id


async def test_a_removed_reply_becomes_a_tombstone_and_restored_it_stands_there_again(db: Database) -> None:
    reply, thread = await given_published(db, await given_article(db)), Thread()
    await remove(db, reply)
    await thread.sweep(db)
    buried = dict(thread.messages)

    await restore(db, reply)
    await thread.sweep(db)

    assert buried == {401: TOMBSTONE}
    assert thread.messages == {401: TEXT}
    assert await status(db, reply) == (ReplyStatus.PUBLISHED, 401)
    async with db.read() as conn:
        entry = (await audit.list_all(conn, SERVER))[-1]
        assert await notices.is_known(conn, reply, NoticeKind.RESTORED)
        in_force = [action for action, *_ in await decisions.list_of(conn, reply.id)]
    assert (entry.action, entry.actor_id) == (Action.RESTORE, OTHER_MODERATOR)
    assert "It was fair." in entry.details
    assert in_force == [Action.APPROVE]


async def test_without_tombstones_the_message_is_deleted_and_restored_it_is_published_anew(db: Database) -> None:
    reply, thread = await given_published(db, await given_article(db)), Thread()
    await settings.change(db, SERVER, "tombstone", "off", actor_id=1, now=NOW)
    await remove(db, reply)
    await thread.sweep(db)
    left = dict(thread.messages)

    restored = await restore(db, reply)
    await thread.sweep(db)

    assert left == {}
    assert restored.status is ReplyStatus.APPROVED
    assert thread.messages == {500: TEXT}
    assert await status(db, reply) == (ReplyStatus.PUBLISHED, 500)


@pytest.mark.parametrize("lost", ["deleted by hand", "not to be edited"])
async def test_where_the_tombstone_is_gone_or_cannot_be_edited_the_reply_is_published_anew_and_once(
    db: Database, lost: str
) -> None:
    reply, thread = await given_published(db, await given_article(db)), Thread()
    await remove(db, reply)
    await thread.sweep(db)
    if lost == "deleted by hand":
        del thread.messages[401]
    thread.can_edit = False

    await restore(db, reply)
    await thread.sweep(db)

    assert thread.messages == {500: TEXT}
    assert await status(db, reply) == (ReplyStatus.PUBLISHED, 500)


async def test_a_message_that_cannot_be_edited_is_deleted_instead(db: Database) -> None:
    reply, thread = await given_published(db, await given_article(db)), Thread(can_edit=False)
    await remove(db, reply)

    await thread.sweep(db)

    assert thread.messages == {}
    assert await status(db, reply) == (ReplyStatus.REMOVED, None)


@pytest.mark.parametrize("ends_as", ["restored", "removed again"])
async def test_what_is_decided_while_the_message_is_edited_is_what_stands_there_in_the_end(
    db: Database, ends_as: str
) -> None:
    reply, thread = await given_published(db, await given_article(db)), Thread()
    await remove(db, reply)

    async def bury(case: Case) -> bool:
        await restore(db, reply)
        if ends_as == "removed again":
            await remove(db, reply)
        return await thread.bury(case)

    await removals.take_down(db, reply.id, clock=CLOCK, bury=bury, delete=thread.delete)
    await thread.sweep(db)

    assert thread.messages == {401: TEXT if ends_as == "restored" else TOMBSTONE}


async def test_a_deletion_that_was_under_way_when_the_reply_was_restored_leads_to_a_new_message(db: Database) -> None:
    reply, thread = await given_published(db, await given_article(db)), Thread()
    await settings.change(db, SERVER, "tombstone", "off", actor_id=1, now=NOW)
    await remove(db, reply)

    async def delete(taken: Reply, thread_id: int) -> None:
        await restore(db, reply)
        await thread.delete(taken, thread_id)

    await removals.take_down(db, reply.id, clock=CLOCK, bury=thread.bury, delete=delete)
    await thread.sweep(db)

    assert thread.messages == {500: TEXT}


async def test_a_lost_answer_to_a_burial_is_waited_for_before_the_text_comes_back(db: Database) -> None:
    reply, thread = await given_published(db, await given_article(db)), Thread()
    await remove(db, reply)
    thread.failure = OutcomeUnknown("reset")
    with pytest.raises(OutcomeUnknown):
        await thread.sweep(db)
    thread.failure = None
    await restore(db, reply)

    await thread.sweep(db, later=leases.SETTLE - timedelta(seconds=1))
    early = dict(thread.messages)
    await thread.sweep(db, later=leases.SETTLE)

    assert early == {401: TOMBSTONE}
    assert thread.messages == {401: TEXT}


async def test_only_what_is_removed_is_restored_and_nobody_restores_their_own(db: Database) -> None:
    reply = await given_published(db, await given_article(db))

    with pytest.raises(NotRemoved, match="published"):
        await restore(db, reply)
    await remove(db, reply)
    with pytest.raises(OwnReply):
        await restore(db, reply, moderator=ANN)
    await restore(db, reply)
    with pytest.raises(NotRemoved):
        await restore(db, reply)


async def test_a_reply_can_be_removed_and_restored_again_and_again(db: Database) -> None:
    reply, thread = await given_published(db, await given_article(db)), Thread()
    for _ in range(2):
        await remove(db, reply)
        await thread.sweep(db)
        await restore(db, reply)
        await thread.sweep(db)

    assert thread.messages == {401: TEXT}


async def test_a_restored_reply_that_waits_to_appear_can_be_held_again(db: Database) -> None:
    reply, thread = await given_published(db, await given_article(db)), Thread()
    await settings.change(db, SERVER, "tombstone", "off", actor_id=1, now=NOW)
    await remove(db, reply)
    await thread.sweep(db)
    await restore(db, reply)

    held = await review.undo(db, reply.id, server_id=SERVER, moderator_id=MODERATOR, now=NOW)

    assert held.status is ReplyStatus.PENDING


async def test_the_button_of_a_removed_replys_card_puts_the_text_back_into_its_message(world: World) -> None:
    message = await given_message(world, await given_card(world))
    form = await world.mira.click(last(world.review), label="Remove")
    await world.mira.submit_modal(form, {"sentence": "Off topic."})
    buried, offered = last(world.channel(TITLE)), labels(last(world.review))

    form = await world.max.click(last(world.review), label="Restore")
    await world.max.submit_modal(form, {"sentence": "It is on topic after all."})
    await world.env.advance_time(60)

    assert (buried.id, text(buried), labels(buried)) == (message.id, "-# *removed by the moderators*", [])
    assert offered == ["Restore"]
    back = last(world.channel(TITLE))
    assert (back.id, text(back), labels(back)) == (message.id, text(message), ["Reply", "Report"])
    told = [text(each) for each in world.ann.user.dm_channel.history()]
    assert "has put your reply **#1**" in told[-1]
    assert "It is on topic after all." in told[-1]
    assert f"approved by <@{world.mira.id}>" in text(last(world.review))  # and not by who restored it


async def test_the_command_offers_removed_replies_and_a_tombstone_deleted_by_hand_is_no_obstacle(world: World) -> None:
    message = await given_message(world, await given_card(world))
    await world.mira.slash(world.general, "moderate remove", reply="1")
    world.env.backend.delete_message(message.channel.id, message.id)

    offered = await world.mira.autocomplete(world.general, "moderate restore", "reply", "")
    answer = await world.mira.slash(world.general, "moderate restore", reply=offered[0]["value"])
    refused = await world.ann.slash(world.general, "moderate restore", reply="1")
    await world.env.advance_time(6)

    assert "#1: " in said(answer)
    assert "Only moderators" in said(refused)
    assert text(last(world.channel(TITLE))).startswith("A fair point.")
    assert (await reply_of(world)).status is ReplyStatus.PUBLISHED
