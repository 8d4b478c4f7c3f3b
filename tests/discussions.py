"""What the tests of the bot begin with: an article that is posted, replies that were sent by pressing buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from bot.storage import replies as stored_replies
from bot.storage import tables

if TYPE_CHECKING:
    import discord
    import simcord

    from bot.models import Reply, ReplyStatus
    from tests.world import World

TITLE = "Council votes for a garden"


async def given_article(world: World, *, title: str = TITLE) -> discord.Message:
    """An article that the editor wrote and posted: its card."""
    form = await world.ed.slash(world.general, "article write")
    preview = await world.ed.submit_modal(form, {"title": title, "summary": "The car park becomes a garden."})
    await world.ed.click(preview.response.message, label="Post")
    return last(world.articles)


async def send(
    person: simcord.MemberActor, message: Any, text: str, *, label: str | None = None
) -> simcord.InteractionResult:
    """Press **Join the conversation** or another button that opens a form with a text, and send it."""
    form = await person.click(message, label=label or "Join the conversation")
    return await person.submit_modal(form, {"text": text})


async def report(
    person: simcord.MemberActor, message: Any, *, guideline: str = "spam", sentence: str = ""
) -> simcord.InteractionResult:
    """Press **Report**, choose a guideline and send the form."""
    form = await person.click(message, label="Report")
    return await person.submit_modal(form, {"guideline": [guideline], "sentence": sentence})


async def given_reply(world: World, card: Any, text: str = "A fair point.") -> discord.Message:
    """A reply that Ann sent and that is held: its review card."""
    await send(world.ann, card, text)
    return last(world.review)


async def given_published(world: World, card: Any, text: str = "A fair point.") -> discord.Message:
    """A reply of Ann's that a moderator approved: the message in the discussion."""
    await world.mira.click(await given_reply(world, card, text), label="Approve")
    return last(world.channel(TITLE))


def last(channel: simcord.ChannelHandle, person: simcord.MemberActor | None = None) -> discord.Message:
    """The newest message that everybody sees, or this person."""
    messages = channel.history(viewer=person) if person else channel.history()
    return next(message for message in reversed(messages) if person or not message.flags.ephemeral)


async def reply_of(world: World, number: int = 1) -> Reply:
    """A reply as it is stored."""
    async with world.db.read() as conn:
        reply = await stored_replies.get_by_number(conn, world.guild.id, number)
    assert reply is not None
    return reply


async def count_replies(world: World) -> int:
    """How many are stored."""
    async with world.db.read() as conn:
        return (await conn.execute(select(func.count()).select_from(tables.replies))).scalar_one()


async def close_discussions(world: World) -> None:
    """Close every article."""
    async with world.db.begin() as conn:
        await conn.execute(update(tables.articles).values(status="closed"))


async def set_status(world: World, status: ReplyStatus) -> None:
    """Bring the only reply into a state, before anything in Discord shows it."""
    async with world.db.begin() as conn:
        await conn.execute(update(tables.replies).values(status=status))
