"""The seal: which permissions make a channel hold replies, and what breaks it. Pure: nothing here asks Discord."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import discord
from discord import PermissionOverwrite, Permissions

from bot.permissions import (
    BOT_IN_ARTICLES,
    BOT_IN_REVIEW,
    CORE,
    MODERATORS_IN_ARTICLES,
    MODERATORS_IN_REVIEW,
    STRICT,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Target: TypeAlias = "discord.Role | discord.Member | discord.Object"
Overwrites: TypeAlias = "Mapping[Target, PermissionOverwrite]"

DENIED = {"core": CORE, "strict": STRICT}
NONE = Permissions.none()
HIDDEN = Permissions(view_channel=True)


@dataclass(frozen=True, slots=True)
class People:
    """Whom the seal tells apart."""

    everyone: discord.Role
    bot: discord.Member
    moderators: discord.Role | None
    retired: discord.Role | None = None  # moderators until now


@dataclass(frozen=True, slots=True)
class Break:
    """Somebody who may do what the seal denies."""

    target: Target
    may: Permissions


def seal(overwrites: Overwrites, people: People, *, strictness: str) -> dict[Target, PermissionOverwrite]:
    """Return the overwrites of a sealed channel: whoever was allowed what is denied loses that and nothing else."""
    denied = DENIED[strictness]
    sealed = {target: change(overwrite, clear=denied) for target, overwrite in overwrites.items()}
    _change(sealed, people.everyone, clear=STRICT, deny=denied)
    _change(sealed, people.bot, allow=BOT_IN_ARTICLES)
    _replace_moderators(sealed, people, MODERATORS_IN_ARTICLES)
    return sealed


def hide(overwrites: Overwrites, people: People) -> dict[Target, PermissionOverwrite]:
    """Return the overwrites of a channel that only moderators, and whoever was let in by name, can see."""
    hidden = dict(overwrites)
    _change(hidden, people.everyone, deny=HIDDEN)
    _change(hidden, people.bot, allow=BOT_IN_REVIEW)
    _replace_moderators(hidden, people, MODERATORS_IN_REVIEW)
    return hidden


def breaks(overwrites: Overwrites, people: People, *, strictness: str) -> Iterator[Break]:
    """Yield whoever may still do in the channel what the seal denies."""
    denied = DENIED[strictness]
    _, everyone_denied = _find(overwrites, people.everyone).pair()
    if denied.value & ~everyone_denied.value:
        yield Break(people.everyone, Permissions(denied.value & ~everyone_denied.value))
    for target, overwrite in overwrites.items():
        if isinstance(target, discord.Object) and target.type is discord.Role:
            continue  # deleted: nobody has it
        allowed, _ = overwrite.pair()
        may = Permissions(allowed.value & denied.value & ~_granted(target, people).value)
        if may.value and target.id != people.everyone.id:
            yield Break(target, may)


def is_visible(channel: discord.TextChannel, people: People) -> bool:
    """Tell whether everybody sees what only moderators should."""
    return channel.permissions_for(people.everyone).view_channel


def mention(target: Target, people: People) -> str:
    """Return how a message names a role or a member, known or not."""
    if target.id == people.everyone.id:
        return "@everyone"
    is_role = isinstance(target, discord.Role) or getattr(target, "type", None) is discord.Role
    return f"<@&{target.id}>" if is_role else f"<@{target.id}>"


def change(
    overwrite: PermissionOverwrite, *, allow: Permissions = NONE, deny: Permissions = NONE, clear: Permissions = NONE
) -> PermissionOverwrite:
    """Return the overwrite with these bits set, and with `clear` neither allowed nor denied before that."""
    allowed, denied = overwrite.pair()
    touched = allow.value | deny.value | clear.value
    return PermissionOverwrite.from_pair(
        Permissions(allowed.value & ~touched | allow.value), Permissions(denied.value & ~touched | deny.value)
    )


def _replace_moderators(overwrites: dict[Target, PermissionOverwrite], people: People, allow: Permissions) -> None:
    if people.retired is not None and people.retired != people.moderators:
        _change(overwrites, people.retired, clear=allow)
    if people.moderators is not None:
        _change(overwrites, people.moderators, allow=allow)


def _change(overwrites: dict[Target, PermissionOverwrite], target: Target, **bits: Permissions) -> None:
    known = next((known for known in overwrites if known.id == target.id), target)
    overwrites[known] = change(overwrites.get(known, PermissionOverwrite()), **bits)


def _find(overwrites: Overwrites, target: Target) -> PermissionOverwrite:
    return next((found for known, found in overwrites.items() if known.id == target.id), PermissionOverwrite())


def _granted(target: Target, people: People) -> Permissions:
    if target.id == people.bot.id:
        return BOT_IN_ARTICLES
    if people.moderators is not None and target.id == people.moderators.id:
        return MODERATORS_IN_ARTICLES
    return Permissions.none()
