"""Administrators change settings: validated, stored per server, written down."""

from __future__ import annotations

import json

import pytest

from bot.errors import SettingInvalid
from bot.models import Action
from bot.services import settings
from bot.settings import SETTINGS, Settings
from bot.storage import Database, audit
from bot.storage import settings as stored
from tests.givens import NOW, SERVER, given_server


async def test_a_setting_is_stored_for_its_server_alone_and_written_down(db: Database) -> None:
    await given_server(db)

    changed = await settings.change(db, SERVER, "reply_length", "2 000", actor_id=7, now=NOW)

    assert changed == Settings(reply_length=2000, grace_time=0)  # which `given_server` has set
    async with db.read() as conn:
        assert await stored.load(conn, 101) == Settings()
        entry = (await audit.list_all(conn, SERVER))[-1]
    assert (entry.action, entry.actor_id) == (Action.SETTING_CHANGED, 7)
    assert json.loads(entry.details) == {"setting": "reply_length", "value": 2000}


async def test_a_setting_goes_back_to_its_default(db: Database) -> None:
    await settings.change(db, SERVER, "notify_author", "off", actor_id=7, now=NOW)

    assert await settings.reset(db, SERVER, "notify_author", actor_id=7, now=NOW) == Settings()


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("reply_length", "99"),
        ("reply_length", "2001"),
        ("reply_length", "many"),
        ("notify_author", "maybe"),
        ("seal", "wax"),
        ("colour", "red"),
    ],
)
async def test_a_value_that_does_not_fit_is_refused_and_nothing_changes(db: Database, name: str, typed: str) -> None:
    with pytest.raises(SettingInvalid):
        await settings.change(db, SERVER, name, typed, actor_id=7, now=NOW)

    async with db.read() as conn:
        assert await stored.load(conn, SERVER) == Settings()
        assert await audit.list_all(conn, SERVER) == []


def test_every_setting_accepts_what_it_offers_and_nothing_else_is_a_setting() -> None:
    names = [setting.name for setting in SETTINGS]

    assert names == list(Settings.__slots__)
    for setting in SETTINGS:
        assert all(setting.read(choice) is not None for choice in setting.choices)
