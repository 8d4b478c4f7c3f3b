"""What a person sees when something fails: a refusal as a sentence, a bug as an incident number."""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.errors import BotLacksPermission, NotAllowed, OutcomeUnknown, PostRefused, UserError
from bot.i18n import N_, explain, language_of
from bot.permissions import BOT_IN_REVIEW, INVITE, missing, names_of

if TYPE_CHECKING:
    from bot.i18n import Language

log = logging.getLogger(__name__)

UNEXPECTED = N_(
    "Something went wrong on my side; what you did may not have worked. "
    "Please try again, and if it fails again, tell an administrator this number: {incident}"
)
UNFITTING = N_("What was chosen does not fit this command. Please choose again from what it offers.")
CHANGED = N_("This command has just been changed. Please type it again.")
OUTRANKED = N_(
    "Discord refused this, although I hold the permissions it needs. "
    "Move my role above the others in Server Settings → Roles, then try again."
)

UNKNOWN_INTERACTION = 10062  # later than 3 s after the press: Discord takes no answer any more
ALREADY_ANSWERED = 40060  # the answer was sent twice because the first one looked lost; it was not


async def report_error(interaction: discord.Interaction[Any], error: Exception) -> None:
    """Tell the person what became of what they did. Never raises."""
    error = _cause(error)
    if is_too_late(error):
        log.info("interaction %s could not be answered any more: %s", interaction.id, error)
        return
    if isinstance(error, (OutcomeUnknown, PostRefused)):
        log.warning("interaction %s: Discord took no answer: %s", interaction.id, error)
        return
    try:
        await tell(interaction, _sentence(interaction, error))
    except Exception as failure:  # noqa: BLE001 - there is nobody left to report it to but the log
        log.info("interaction %s could not be told about its error: %s", interaction.id, failure)


async def tell(interaction: discord.Interaction[Any], text: str) -> None:
    """Say something to this person alone, whether or not the interaction has been answered."""
    if interaction.type is discord.InteractionType.autocomplete:
        return  # it takes nothing but choices
    if interaction.response.is_done():
        await interaction.followup.send(text, ephemeral=True)
    else:
        await interaction.response.send_message(text, ephemeral=True)


def is_too_late(error: BaseException) -> bool:
    """Tell whether Discord has closed the interaction, so that nothing can be answered and nothing is wrong."""
    return isinstance(error, discord.HTTPException) and error.code in {UNKNOWN_INTERACTION, ALREADY_ANSWERED}


def _cause(error: Exception) -> Exception:
    if isinstance(error, app_commands.CommandInvokeError):
        return error.original
    if isinstance(error, app_commands.TransformerError) and isinstance(error.__cause__, UserError):
        return error.__cause__
    return error


def _sentence(interaction: discord.Interaction[Any], error: Exception) -> str:
    language = language_of(interaction.locale)
    if isinstance(error, UserError):
        return explain(error, language)
    if isinstance(error, discord.Forbidden):
        log.warning("Discord refused interaction %s: %s", interaction.id, error)
        return _explain_forbidden(interaction, language)
    if isinstance(error, (app_commands.CommandNotFound, app_commands.CommandSignatureMismatch)):
        return language.say(CHANGED)
    if isinstance(error, app_commands.TransformerError):
        return language.say(UNFITTING)
    if isinstance(error, app_commands.CheckFailure):
        return language.say(NotAllowed.sentence)
    return language.say(UNEXPECTED, incident=_log_incident(interaction, error))


def _explain_forbidden(interaction: discord.Interaction[Any], language: Language) -> str:
    lacking = missing(BOT_IN_REVIEW, interaction.app_permissions)
    if interaction.guild is not None and interaction.guild.me is not None:
        lacking = missing(INVITE, interaction.guild.me.guild_permissions) | lacking
    if not lacking.value:
        return language.say(OUTRANKED)
    return explain(BotLacksPermission(permissions=names_of(lacking)), language)


def _log_incident(interaction: discord.Interaction[Any], error: Exception) -> str:
    incident = secrets.token_hex(4)
    what = interaction.data.get("custom_id") or interaction.data.get("name") if interaction.data else None
    log.error("incident %s: %s failed (server %s)", incident, what, interaction.guild_id, exc_info=error)
    return incident
