"""The tree of commands: its errors are reported, its names and descriptions translated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation as Location

from bot.i18n import ENGLISH, language_of
from bot.incidents import report_error

if TYPE_CHECKING:
    from discord.app_commands import TranslationContextTypes, locale_str

    from bot.client import StandfirstClient

CONTEXTS = {
    Location.command_name: "command",
    Location.group_name: "command",
    Location.parameter_name: "option",
}


class CommandTree(app_commands.CommandTree["StandfirstClient"]):
    """All commands; the first of the four ways in."""

    async def on_error(
        self, interaction: discord.Interaction[StandfirstClient], error: app_commands.AppCommandError, /
    ) -> None:
        """Tell the person, whatever it was."""
        await report_error(interaction, error)


class Translator(app_commands.Translator):
    """Translates what Discord shows while a command is typed."""

    async def translate(
        self, string: locale_str, locale: discord.Locale, context: TranslationContextTypes
    ) -> str | None:
        """Return None where the catalogue has nothing: Discord then shows English."""
        language = language_of(locale)
        if language == ENGLISH:
            return None
        name_context = CONTEXTS.get(context.location)
        text = language.name(name_context, string.message) if name_context else language.say(string.message)
        return None if text == string.message else text


async def payload(tree: app_commands.CommandTree[StandfirstClient]) -> list[dict[str, Any]]:
    """Return what Discord is told about the commands, translations included."""
    translator = tree.translator
    commands = sorted(tree.get_commands(), key=lambda command: command.name)
    if translator is None:
        return [command.to_dict(tree) for command in commands]
    return [await command.get_translated_payload(tree, translator) for command in commands]
