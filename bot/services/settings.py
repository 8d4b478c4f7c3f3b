"""Settings: an administrator changes one, or goes back to its default."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import SettingInvalid
from bot.i18n import N_
from bot.ladder import with_keys
from bot.models import Action
from bot.screening.cleaning import clean
from bot.services import backlog
from bot.settings import BY_NAME, Settings
from bot.storage import audit, cards, guidelines, servers, settings

if TYPE_CHECKING:
    from datetime import datetime

    from bot.settings import Setting
    from bot.storage import Connection, Database

GUIDELINES_ONLY = N_("after the first number, each part names a guideline of this server once, and its days")


async def change(db: Database, server_id: int, name: str, typed: str, *, actor_id: int, now: datetime) -> Settings:
    """Store what was typed as the setting's value; raises SettingInvalid when it does not fit."""
    setting, typed = _setting(name), clean(typed)
    value = setting.read(typed)
    async with db.begin() as conn:
        await servers.ensure(conn, server_id)
        if setting.name == "strike_days":
            value = await _with_keys(conn, server_id, str(value), setting=setting, typed=typed)
        await settings.put(conn, server_id, name, value)
        await audit.append(
            conn, server_id, Action.SETTING_CHANGED, actor_id=actor_id, at=now, setting=name, value=value
        )
        await backlog.adjust(conn, server_id, now=now)
        await _redraw(conn, server_id, name)
        return await settings.load(conn, server_id)


async def reset(db: Database, server_id: int, name: str, *, actor_id: int, now: datetime) -> Settings:
    """Go back to the default."""
    setting = _setting(name)
    async with db.begin() as conn:
        await settings.remove(conn, server_id, name)
        await audit.append(
            conn, server_id, Action.SETTING_CHANGED, actor_id=actor_id, at=now, setting=name, value=setting.default
        )
        await backlog.adjust(conn, server_id, now=now)
        await _redraw(conn, server_id, name)
        return await settings.load(conn, server_id)


async def _with_keys(conn: Connection, server_id: int, value: str, *, setting: Setting, typed: str) -> str:
    try:
        return with_keys(value, (await guidelines.load(conn, server_id)).find)
    except ValueError:
        raise SettingInvalid(value=typed[:100], setting=setting.name, expected=GUIDELINES_ONLY) from None


async def _redraw(conn: Connection, server_id: int, name: str) -> None:
    if name == "blind_review":
        await cards.outdate_held(conn, server_id)


def _setting(name: str) -> Setting:
    if name not in BY_NAME:
        raise SettingInvalid(value=clean(name)[:100], setting="setting", expected=", ".join(BY_NAME))
    return BY_NAME[name]
