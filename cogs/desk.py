"""The desk: a moderator decides one reply after the other in one private message, replaced in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.errors import AlreadyDecided, Claimed, OwnReply, ReplyNotFound
from bot.i18n import explain
from bot.interactions import Interaction, PersistentButton, language, require_moderator
from bot.models import SEVERE, Filter, ReplyStatus
from bot.services import calm, opinions, queue
from bot.storage import StorageFailed
from bot.storage import cases as stored_cases
from bot.storage import queue as stored_queue
from bot.storage import replies as stored_replies
from bot.storage import settings as stored_settings
from cogs.answers import redraw
from cogs.seniors import is_senior
from cogs.ui.claims import claimed_by_another
from cogs.ui.desk import desk_card, desk_filter, desk_reply, empty_desk
from cogs.ui.hiding import veil
from cogs.ui.queue import queue_page

if TYPE_CHECKING:
    import discord

    from bot.client import StandfirstClient
    from bot.models import Case, Reply

PAGE = 8  # rows of three components each: a message has 40
FILTER = r"(?P<article_id>[0-9]+):(?P<locale>[0-9]+):(?P<minutes>[0-9]+):(?P<marks>[0-9]+)"


async def show_next(
    interaction: Interaction, wanted: Filter, *, skipping: int | None = None, leaving: int | None = None
) -> None:
    """Show the reply that comes next for this moderator, in place of the one before."""
    await _answer(interaction, await _next(interaction, wanted, skipping=skipping, leaving=leaving))


async def go_on(interaction: Interaction, reply: Reply, news: str, *, is_judged: bool = False) -> bool:
    """Say on the desk what became of a reply, and show it when it is held, else the next; False: this is no desk.

    One that is held and judged all the same waits for somebody else's view: the next is shown.
    """
    wanted = desk_filter(interaction.message)
    if wanted is None:
        return False
    try:
        if reply.status is ReplyStatus.PENDING and not is_judged:
            view = await _show(interaction, reply.id, wanted, news=news)
        else:
            view = await _next(interaction, wanted, news=news, decided=reply)
    except (AlreadyDecided, Claimed, OwnReply) as error:
        view = await _next(interaction, wanted, news=explain(error, language(interaction)))
    except StorageFailed:  # the decision has been taken all the same
        return False
    await redraw(interaction, view)
    return True


async def show_page(
    interaction: Interaction, wanted: Filter, *, after: Reply | None = None, before: Reply | None = None
) -> None:
    """Show held replies, the longest wait first: the first page, or the one beyond a reply."""
    server_id, moderator_id, now = interaction.guild_id or 0, interaction.user.id, interaction.created_at
    async with interaction.client.db.read() as conn:
        found = await stored_queue.list_page(
            conn, server_id, moderator_id, wanted, now=now, limit=PAGE + 1, after=after, before=before
        )
        held = await stored_queue.count_held(conn, server_id)
        is_blind = (await stored_settings.load(conn, server_id)).blind_review
    is_more = len(found) > PAGE
    shown = found[-PAGE:] if before is not None else found[:PAGE]
    older, newer = (is_more, True) if before is not None else (after is not None, is_more)
    shown = [veil(reply, language(interaction), is_blind=is_blind) for reply in shown]
    view = queue_page(shown, language(interaction), wanted=wanted, held=held, now=now, older=older, newer=newer)
    await _answer(interaction, view)


async def _next(
    interaction: Interaction,
    wanted: Filter,
    *,
    news: str = "",
    decided: Reply | None = None,
    skipping: int | None = None,
    leaving: int | None = None,
) -> discord.ui.LayoutView:
    """Build the desk with the next reply; one that was undone or revised meanwhile is passed over by the claim."""
    server_id, moderator_id, now = interaction.guild_id or 0, interaction.user.id, interaction.created_at
    db, speech = interaction.client.db, language(interaction)
    who: dict[str, Any] = {"server_id": server_id, "moderator_id": moderator_id, "now": now}
    is_turning = skipping is not None or leaving is not None
    case = again = None if is_turning else await opinions.find_recheck(db, wanted, **who)
    if again is None:
        who["is_senior"] = await is_senior(interaction)
        reply = await queue.open_next(db, wanted, **who, skipping=skipping, leaving=leaving)
        case = await _case(interaction, reply.id) if reply is not None else None
    if case is None:
        left = await queue.count_left(db, wanted, **who)
        return empty_desk(left, speech, wanted=wanted, news=news, decided=decided)
    async with db.read() as conn:
        held = await stored_queue.count_held(conn, server_id) + (again is not None)
    is_heavy = case.reply.severity >= SEVERE and await calm.needs_calm(db, server_id, moderator_id, now)
    offer = speech.say(calm.OFFER) if is_heavy else ""
    return desk_card(case, speech, wanted=wanted, held=held, now=now, news=news, decided=decided, offer=offer)


async def _case(interaction: Interaction, reply_id: int) -> Case | None:
    async with interaction.client.db.read() as conn:
        return await stored_cases.get(conn, reply_id, reader_id=interaction.user.id)


async def _show(interaction: Interaction, reply_id: int, wanted: Filter, *, news: str = "") -> discord.ui.LayoutView:
    """Build the desk with this reply. Raises as `queue.open_one` does."""
    server_id, now = interaction.guild_id or 0, interaction.created_at
    db = interaction.client.db
    reply = await queue.open_one(db, reply_id, server_id=server_id, moderator_id=interaction.user.id, now=now)
    case = await _case(interaction, reply.id)
    if case is None:
        raise ReplyNotFound
    async with db.read() as conn:
        held = await stored_queue.count_held(conn, server_id)
    return desk_card(case, language(interaction), wanted=wanted, held=held, now=now, news=news)


async def _answer(interaction: Interaction, view: discord.ui.LayoutView) -> None:
    if interaction.message is None:
        await interaction.response.send_message(view=view, ephemeral=True)
    else:
        await interaction.response.edit_message(view=view)


class _Filtered:
    """What the buttons of the desk carry: the filter, as four numbers."""

    article_id: int
    locale: int
    minutes: int
    marks: int

    @property
    def wanted(self) -> Filter:
        """The filter."""
        return Filter.decode(self.article_id, self.locale, self.minutes, self.marks)


class SkipButton(_Filtered, PersistentButton, template=r"desk:skip:(?P<reply_id>[0-9]+):" + FILTER):
    """Passes over a reply for half an hour."""

    reply_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Show the next."""
        await require_moderator(interaction)
        await show_next(interaction, self.wanted, skipping=self.reply_id)


class NextButton(_Filtered, PersistentButton, template=r"desk:next:" + FILTER):
    """Looks again, also at what was skipped; on a card: at another part of the queue."""

    async def on_press(self, interaction: Interaction) -> None:
        """Forget what was skipped, let go of the reply that is on the desk, and show the next."""
        await require_moderator(interaction)
        await queue.begin_again(interaction.client.db, moderator_id=interaction.user.id)
        await show_next(interaction, self.wanted, leaving=desk_reply(interaction.message))


class OpenButton(_Filtered, PersistentButton, template=r"desk:open:(?P<reply_id>[0-9]+):" + FILTER):
    """Opens one reply of a page on the desk."""

    reply_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Show it in a message of its own, so that the page stays; say why it cannot be opened."""
        await require_moderator(interaction)
        speech = language(interaction)
        try:
            view = await _show(interaction, self.reply_id, self.wanted)
        except Claimed as error:
            view = claimed_by_another(explain(error, speech), self.reply_id, speech)
        await interaction.response.send_message(view=view, ephemeral=True)


class AfterButton(_Filtered, PersistentButton, template=r"desk:after:(?P<reply_id>[0-9]+):" + FILTER):
    """Turns to the replies that came later."""

    reply_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Show them in the same message."""
        await show_page(interaction, self.wanted, after=await _edge(interaction, self.reply_id))


class BeforeButton(_Filtered, PersistentButton, template=r"desk:before:(?P<reply_id>[0-9]+):" + FILTER):
    """Turns to the replies that wait longer."""

    reply_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Show them in the same message."""
        await show_page(interaction, self.wanted, before=await _edge(interaction, self.reply_id))


async def _edge(interaction: Interaction, reply_id: int) -> Reply:
    server = await require_moderator(interaction)
    async with interaction.client.db.read() as conn:
        reply = await stored_replies.get(conn, reply_id, server_id=server.id)
    if reply is None:
        raise ReplyNotFound
    return reply


async def setup(client: StandfirstClient) -> None:
    """Load the feature."""
    client.add_dynamic_items(SkipButton, NextButton, OpenButton, AfterButton, BeforeButton)
