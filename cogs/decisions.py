"""Taking a decision: the service is called, the card shows the outcome, and whoever was too slow is told."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import discord

from bot.errors import AgainstPrecedents, AlreadyDecided, Claimed, StaleRevision, StandfirstError, UserError
from bot.i18n import N_, explain, language_of
from bot.interactions import Interaction, language, require_moderator, tell
from bot.models import Action
from bot.outgoing import marks
from bot.services.remarks import remark_on
from bot.storage import StorageFailed
from bot.storage import cases as stored_cases
from bot.storage import guidelines as stored_guidelines
from bot.storage import replies as stored_replies
from bot.storage import servers as stored_servers
from cogs.answers import redraw, show
from cogs.desk import go_on
from cogs.guidelines import worded
from cogs.ui.claims import claimed_by_another
from cogs.ui.review import review_card
from cogs.ui.similar import ask_despite
from cogs.ui.text import cut, plain, quoted

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from bot.i18n import Language
    from bot.models import Reply, Server

CONTENT_LIMIT = 2000  # of an ordinary message
TO_AUTHOR = N_("Your words to the author were:")
TO_COLLEAGUES = N_("Your words to your colleagues were:")


async def decide(
    interaction: Interaction,
    act: Callable[..., Awaitable[Reply]],
    *,
    typed: str = "",
    heading: str = TO_AUTHOR,
    despite: str = "review:despite",
) -> Reply | None:
    """Let a moderator take a decision and show the card as it is now; what was typed comes back when it fails.

    Gives the reply as it was decided; None: it was not. `act` is given who decides, where and when; `heading` stands
    above what was typed; `despite` is the button that approves against the precedents.
    """
    speech, reply = language(interaction), None
    typed = _headed(typed, heading, speech)
    try:
        server = await require_moderator(interaction)
        reply = await act(server_id=server.id, moderator_id=interaction.user.id, now=interaction.created_at)
        remark, number = await _remark_on(interaction, reply), f"#{reply.number}"
        outcome = speech.say(remark or "{number}: {status}.", number=number, status=reply.status)
        if not await go_on(interaction, reply, outcome, is_judged=remark is not None):
            is_shown = await _show_card(interaction, reply.id)
            if remark is not None or not is_shown:
                await tell(interaction, outcome)
    except (AlreadyDecided, StaleRevision) as error:
        await tell_too_slow(interaction, error, typed)
    except Claimed as error:
        await tell_claimed(interaction, error, typed)
    except AgainstPrecedents as error:
        await _ask(interaction, error, typed, despite=despite)
    except UserError as error:
        await tell(interaction, _with_typed(explain(error, speech), typed))
    except Exception:
        if typed:
            with contextlib.suppress(discord.HTTPException, StandfirstError):
                await tell(interaction, _with_typed("", typed))
        raise
    finally:
        interaction.client.sweep.wake()
    return reply


async def _remark_on(interaction: Interaction, reply: Reply) -> str | None:
    db, who, now = interaction.client.db, interaction.user.id, interaction.created_at
    try:
        return await remark_on(db, reply, moderator_id=who, now=now)
    except StorageFailed:  # the decision has been taken all the same
        return None


async def _ask(interaction: Interaction, error: AgainstPrecedents, typed: str, *, despite: str) -> None:
    speech = language(interaction)
    if error.action is Action.APPROVE:
        await show(interaction, ask_despite(error, await worded(interaction), action=despite))
    else:
        await tell(interaction, _with_typed(explain(error, speech), typed))


async def tell_too_slow(interaction: Interaction, error: AlreadyDecided | StaleRevision, typed: str) -> None:
    """Draw the card as it stands, then say what happened; `typed` has its heading above it, as in `tell_claimed`."""
    speech = language(interaction)
    if await go_on(interaction, error.reply, explain(error, speech)):
        if typed:
            await tell(interaction, _with_typed("", typed))
        return
    await _show_card(interaction, error.reply.id)
    await tell(interaction, _with_typed(explain(error, speech), typed))


async def tell_claimed(interaction: Interaction, error: Claimed, typed: str) -> None:
    """Say who has it open, with the button that takes it over."""
    speech = language(interaction)
    sentence = cut(_with_typed(explain(error, speech), typed), CONTENT_LIMIT)
    view = claimed_by_another(sentence, error.reply.id, speech)
    await show(interaction, view)


async def _show_card(interaction: Interaction, reply_id: int) -> bool:
    """Draw the card again in answer to a press on it; False when the press was somewhere else."""
    try:
        async with interaction.client.db.read() as conn:
            case = await stored_cases.get(conn, reply_id)
            server = await stored_servers.get(conn, interaction.guild_id or 0)
            spoken = await stored_guidelines.speak(conn, server.id, language_of(server.language))
    except StorageFailed:  # the decision has been taken all the same, and the sweep draws the card
        return False
    message = interaction.message
    if case is None or message is None:
        return False
    is_unrecorded = case.reply.card_message_id is None and _is_card(message, case.reply, server)
    if not is_unrecorded and message.id != case.reply.card_message_id:
        return False
    await redraw(interaction, review_card(case, spoken, now=interaction.created_at))
    with contextlib.suppress(StorageFailed):  # the sweep draws the card once more
        async with interaction.client.db.begin() as conn:
            if is_unrecorded:
                await stored_replies.adopt_card(conn, reply_id, channel_id=message.channel.id, message_id=message.id)
            await stored_replies.record_card_shown(
                conn, reply_id, shows=case.reply.card_key, now=interaction.created_at
            )
    return True


def _is_card(message: discord.Message, reply: Reply, server: Server) -> bool:
    """Tell a card by its buttons: it can be pressed seconds before the answer to its posting is recorded."""
    is_here = message.channel.id == server.review_channel_id
    return is_here and f"review:approve:{reply.id}:{reply.revision}" in marks(message)


def _headed(typed: str, heading: str, language: Language) -> str:
    return f"{language.say(heading)}\n{quoted(plain(typed))}" if typed else ""


def _with_typed(sentence: str, typed: str) -> str:
    return cut(f"{sentence}\n{typed}".strip(), CONTENT_LIMIT) if typed else sentence


@contextlib.asynccontextmanager
async def giving_back(interaction: Interaction, typed: str) -> AsyncIterator[None]:
    """Say why something cannot be done, with the words to its author beneath, so that they are not lost."""
    speech = language(interaction)
    words = _headed(typed, TO_AUTHOR, speech)
    try:
        yield
    except UserError as error:
        await tell(interaction, _with_typed(explain(error, speech), words))
    except Exception:
        if words:
            with contextlib.suppress(discord.HTTPException, StandfirstError):
                await tell(interaction, _with_typed("", words))
        raise
