"""What people press, choose and send: buttons, selects and forms that outlive a restart, and who may use them.

None of them carries live state: everything is in the `custom_id`, so that a press after a restart, or a form
that was open across one, is handled by the new process. Whatever fails in them goes to `report_error`.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeAlias, cast

import discord
from discord.ui import DynamicItem
from discord.ui.select import BaseSelect

from bot.errors import NotAdmin, NotEditor, NotModerator, NotSetUp, TimedOut
from bot.i18n import N_, Language, language_of
from bot.incidents import report_error, tell
from bot.shown import require_shown
from bot.storage import servers
from bot.untold import show_after, show_first

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterable, Iterator, Mapping

    from bot.client import StandfirstClient
    from bot.models import Server

__all__ = [
    "Fields", "Form", "Interaction", "PersistentButton", "PersistentSelect", "is_admin", "is_editor",
    "is_moderator", "language", "receive_form", "refuse_unknown", "report_error", "require_admin",
    "require_editor", "require_member", "require_moderator", "require_server", "tell",
]  # fmt: skip

Interaction: TypeAlias = "discord.Interaction[StandfirstClient]"


class Fields(dict[str, "str | list[str]"]):
    """What was written, by the names of the fields; a select gives a list."""

    def text(self, name: str) -> str:
        """What was written there; empty when nothing was sent that is a text."""
        value = self.get(name)
        return value if isinstance(value, str) else ""

    def choice(self, name: str) -> str:
        """The one value that was chosen; empty when there is none."""
        value = self.get(name)
        return value[0] if isinstance(value, list) and value else ""


NEVER = r"(?!)"  # the template of a class that is only inherited from
GROUP = re.compile(r"\(\?P<(\w+)>[^)]*\)")
FORM_TITLE_LIMIT = 45
LARGEST_ID = 2**63 - 1  # that a database takes; nothing has it
BUTTON_UNKNOWN = N_("This button is not in use any more.")
FORM_UNKNOWN = N_("This form is from an earlier version of me. Please open it again.")


def language(interaction: discord.Interaction[Any]) -> Language:
    """Return the language this person has chosen in Discord."""
    return language_of(interaction.locale)


# Who may do this


async def require_server(interaction: Interaction) -> Server:
    """Return the server as set up here. Raises NotSetUp, also in direct messages."""
    server = await _server(interaction)
    if not server.is_set_up:
        raise NotSetUp
    return server


async def require_moderator(interaction: Interaction) -> Server:
    """Raise NotModerator unless the person has the moderator role or manages the server; NotSetUp before that."""
    server = await require_server(interaction)
    if not is_moderator(interaction, server):
        raise NotModerator
    return server


async def require_editor(interaction: Interaction) -> Server:
    """Raise NotEditor unless the person has the editor role or manages the server; NotSetUp before that."""
    server = await require_server(interaction)
    if not is_editor(interaction, server):
        raise NotEditor
    return server


async def require_admin(interaction: Interaction) -> Server:
    """Raise NotAdmin unless the person manages the server, which need not be set up yet."""
    if interaction.guild_id is None or not is_admin(interaction):
        raise NotAdmin
    return await _server(interaction)


def require_member(interaction: Interaction) -> None:
    """Raise TimedOut while the person is timed out in this server."""
    until = getattr(interaction.user, "timed_out_until", None)
    if until is not None and until > interaction.created_at:
        raise TimedOut


def is_admin(interaction: Interaction) -> bool:
    """Tell whether the person may manage the server."""
    return interaction.permissions.administrator or interaction.permissions.manage_guild


def is_moderator(interaction: Interaction, server: Server) -> bool:
    """Tell whether the person may decide replies."""
    return is_admin(interaction) or _has_role(interaction, server.moderator_role_id)


def is_editor(interaction: Interaction, server: Server) -> bool:
    """Tell whether the person may post articles."""
    return is_admin(interaction) or _has_role(interaction, server.editor_role_id)


def _has_role(interaction: Interaction, role_id: int | None) -> bool:
    member = interaction.user
    return role_id is not None and isinstance(member, discord.Member) and member.get_role(role_id) is not None


async def _server(interaction: Interaction) -> Server:
    if interaction.guild_id is None:
        raise NotSetUp
    async with interaction.client.db.read() as conn:
        return await servers.get(conn, interaction.guild_id)


# What is pressed and chosen


class PersistentButton(DynamicItem[discord.ui.Button[Any]], template=NEVER):
    """What happens when a button is pressed; the groups of its template become attributes, all ids.

    A subclass declares those attributes (`reply_id: int`) and writes `on_press`. How it looks: `cogs/ui/buttons.py`.
    """

    for_members: ClassVar[bool] = False  # True: what they were not told is shown to them first
    decides: ClassVar[bool] = True  # False: it only takes something back, and harms no reply that was not shown

    def __init__(self, item: discord.ui.Button[Any], ids: Mapping[str, int]) -> None:
        super().__init__(item)
        _set_ids(self, ids)

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Keep the button as it was pressed."""
        return cls(cast("discord.ui.Button[Any]", item), _ids(match))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Discord calls this; a subclass writes `on_press`."""
        await _guard(interaction, self._press(interaction))

    async def _press(self, interaction: Interaction) -> None:
        if self.decides and interaction.message is not None:
            await require_shown(interaction.client.db, interaction.message, getattr(self, "reply_id", 0))
        if not (self.for_members and await show_first(interaction, self.item)):
            await self.on_press(interaction)

    @abstractmethod
    async def on_press(self, interaction: Interaction) -> None:
        """Do what the label says."""


class PersistentSelect(DynamicItem[BaseSelect[Any]], template=NEVER):
    """A select of any kind whose `custom_id` says everything. A subclass writes `draw` and `on_choose`."""

    for_members: ClassVar[bool] = False  # True: what they were not told is shown to them after the answer

    def __init__(self, language: Language, *, chosen: Iterable[int] = (), **ids: int | None) -> None:
        self.chosen = tuple(chosen)  # of channels or roles, shown as chosen already
        super().__init__(self.draw(language, _fill(self.__discord_ui_compiled_template__, ids)))
        _set_ids(self, ids)

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Draw the select that was used again."""
        return cls(language(interaction), **_ids(match))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Discord calls this; a subclass writes `on_choose`."""
        values = [str(value) for value in cast("dict[str, Any]", interaction.data or {}).get("values", [])]
        await _guard(interaction, self.on_choose(interaction, values), for_member=self.for_members)

    @abstractmethod
    def draw(self, language: Language, custom_id: str) -> BaseSelect[Any]:
        """Return the select; `required` is given always, since discord.py 2.7.1 takes it for False."""

    @abstractmethod
    async def on_choose(self, interaction: Interaction, values: list[str]) -> None:
        """Do what was chosen: values of options, or ids."""


# What is written


class Form:
    """A form whose `custom_id` says everything, so that it can be sent to a process that never opened it.

    A subclass declares the ids (`reply_id: int`) and writes `build` and `on_send`. The `custom_id` of a
    component is the name of its field.
    """

    pattern: ClassVar[re.Pattern[str]]
    for_members: ClassVar[bool] = False  # True: what they were not told is shown to them after the answer

    def __init_subclass__(cls, *, template: str) -> None:
        """Keep the template."""
        cls.pattern = re.compile(template)

    def __init__(self, **ids: int | None) -> None:
        self.custom_id = _fill(self.pattern, ids)
        _set_ids(self, ids)

    async def open(self, interaction: Interaction, **prefill: Any) -> None:
        """Show the form. It is the answer to this interaction, which may not itself come from a form."""
        modal = self.build(language(interaction), **prefill)
        modal.custom_id = self.custom_id
        modal.title = modal.title[:FORM_TITLE_LIMIT]
        modal.stop()  # discord.py then keeps nothing in memory; `receive_form` takes what is sent
        await interaction.response.send_modal(modal)

    @abstractmethod
    def build(self, language: Language, **prefill: Any) -> discord.ui.Modal:
        """Draw the form."""

    @abstractmethod
    async def on_send(self, interaction: Interaction, fields: Fields) -> None:
        """Take what was written, by the names of the fields; a select gives a list."""


async def receive_form(forms: Iterable[type[Form]], interaction: Interaction) -> None:
    """Hand what was sent to the form whose template fits."""
    data = cast("dict[str, Any]", interaction.data)
    for form in forms:
        match = form.pattern.fullmatch(data["custom_id"])
        if match is not None:
            sent = form(**_ids(match)).on_send(interaction, _fields(data))
            await _guard(interaction, sent, for_member=form.for_members)
            return
    await _guard(interaction, tell(interaction, language(interaction).say(FORM_UNKNOWN)))


async def refuse_unknown(templates: Iterable[re.Pattern[str]], interaction: Interaction) -> None:
    """Answer a press that no template fits: of an earlier version's button, or of a forged one."""
    custom_id = cast("dict[str, Any]", interaction.data)["custom_id"]
    if not any(template.fullmatch(custom_id) for template in templates):
        await _guard(interaction, tell(interaction, language(interaction).say(BUTTON_UNKNOWN)))


def _fields(data: Mapping[str, Any]) -> Fields:
    named = [part for part in _walk(data.get("components", ())) if "custom_id" in part]
    values = ([str(each) for each in p["values"]] if "values" in p else str(p.get("value") or "") for p in named)
    return Fields(zip((part["custom_id"] for part in named), values, strict=True))


def _walk(components: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for component in components:
        yield component
        yield from _walk(component.get("components", ()))
        if "component" in component:
            yield component["component"]


# Ids in a custom_id


def _fill(pattern: re.Pattern[str], ids: Mapping[str, int | None]) -> str:
    return GROUP.sub(lambda group: str(ids[group[1]] or 0), pattern.pattern)


def _ids(match: re.Match[str]) -> dict[str, Any]:
    return {name: min(int(value), LARGEST_ID) for name, value in match.groupdict().items()}


def _set_ids(item: object, ids: Mapping[str, int | None]) -> None:
    for name, value in ids.items():
        setattr(item, name, value or 0)


async def _guard(interaction: discord.Interaction[Any], act: Awaitable[None], *, for_member: bool = False) -> None:
    try:
        await act
    except Exception as error:  # noqa: BLE001 - one of the four ways into discord.py
        await report_error(interaction, error)
    if for_member:
        await show_after(interaction)
