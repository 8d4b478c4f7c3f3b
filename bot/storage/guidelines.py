"""Guidelines: what is in force in a server, how it is worded, which words a decision cited, and who has read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, func, select, update

from bot.guidelines import PLACES, Book, digest
from bot.i18n import language_of
from bot.models import Guideline, Wording
from bot.storage.inserts import insert
from bot.storage.tables import decisions, guideline_cards, guidelines, readings, servers, wordings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.i18n import Language
    from bot.models import Reply


async def load(conn: AsyncConnection, server_id: int) -> Book:
    """All that a server has chosen about its guidelines; read once for everything that is drawn then."""
    query = select(servers.c.language, servers.c.guidelines_version).where(servers.c.id == server_id)
    row = (await conn.execute(query)).one_or_none()
    if row is None or not row.guidelines_version:
        return Book(row.language) if row is not None else Book()
    changed = {each.key: each for each in await conn.execute(select(guidelines).where(_here(guidelines, server_id)))}
    places = PLACES | {Guideline(key): each.position for key, each in changed.items()}
    known = sorted(places, key=lambda key: places[key])
    retired = tuple(key for key in known if key in changed and changed[key].retired_at is not None)
    in_force = tuple(key for key in known if key not in retired)
    return Book(row.language, row.guidelines_version, in_force, retired, await _own(conn, server_id), places)


async def speak(conn: AsyncConnection, server_id: int, language: Language) -> Language:
    """The language with this server's titles of guidelines."""
    return (await load(conn, server_id)).spoken(language)


async def add(conn: AsyncConnection, server_id: int, key: Guideline, *, position: int, now: datetime) -> None:
    """Have a row for a guideline; one that is there stays as it is."""
    row = {"server_id": server_id, "key": key.value, "position": position, "added_at": now}
    await conn.execute(insert(conn, guidelines).values(row).on_conflict_do_nothing())


async def retire(conn: AsyncConnection, server_id: int, key: Guideline, *, now: datetime) -> None:
    """Take a guideline that has a row out of force."""
    this = (_here(guidelines, server_id), guidelines.c.key == key.value)
    await conn.execute(update(guidelines).where(*this).values(retired_at=now))


async def next_position(conn: AsyncConnection, server_id: int) -> int:
    """The place behind all, retired ones included; the caller holds the server."""
    query = select(func.max(guidelines.c.position)).where(_here(guidelines, server_id))
    last: int | None = (await conn.execute(query)).scalar()
    return max(last or 0, len(Guideline.BUILT_IN)) + 1


async def write(conn: AsyncConnection, server_id: int, wording: Wording) -> None:
    """Have these words in force from now on."""
    await conn.execute(insert(conn, wordings).values(_columns(server_id, wording)))


async def count_change(conn: AsyncConnection, server_id: int) -> None:
    """Ask members to read again, and have the posted card drawn again."""
    counted = {"guidelines_version": servers.c.guidelines_version + 1}
    await conn.execute(update(servers).where(servers.c.id == server_id).values(counted))
    await outdate_card(conn, server_id)


async def outdate_card(conn: AsyncConnection, server_id: int) -> None:
    """Have the posted card drawn again."""
    outdated = update(guideline_cards).where(_here(guideline_cards, server_id))
    await conn.execute(outdated.values(version=guideline_cards.c.version + 1))


async def cite(
    conn: AsyncConnection, server_id: int, guideline: Guideline | None, locale: str, *, now: datetime
) -> int | None:
    """The id of the words that a member with this locale reads today; None where no guideline is named.

    What is built in is written down when it is cited first. Safe for two at once.
    """
    if guideline is None:
        return None
    wording = (await load(conn, server_id)).wording(guideline, language_of(locale))
    if wording.id is not None:
        return wording.id
    row = _columns(server_id, wording) | {"written_at": now}
    same = [wordings.c[name] == row[name] for name in ("server_id", "key", "language", "digest")]
    known = select(wordings.c.id).where(*same, wordings.c.written_by.is_(None))
    found: int | None = (await conn.execute(known)).scalar_one_or_none()
    if found is None:
        await conn.execute(insert(conn, wordings).values(row).on_conflict_do_nothing())
        found = (await conn.execute(known)).scalar_one()
    return found


async def get_wording(conn: AsyncConnection, wording_id: int) -> Wording:
    """The words of that day; nothing is ever deleted."""
    return _wording((await conn.execute(select(wordings).where(wordings.c.id == wording_id))).one())


async def list_cited(conn: AsyncConnection, replies: Iterable[Reply]) -> dict[int, Wording]:
    """Reply's id → the words that its latest decision cited, for those under a guideline."""
    under = {reply.id: reply.guideline for reply in replies if reply.guideline is not None}
    if not under:
        return {}
    query = (
        select(decisions.c.reply_id, wordings)
        .join(wordings, wordings.c.id == decisions.c.wording_id)
        .where(decisions.c.reply_id.in_(under), decisions.c.undone_at.is_(None))
        .order_by(decisions.c.id)
    )
    return {row.reply_id: _wording(row) for row in await conn.execute(query) if row.key == under[row.reply_id]}


async def has_read(conn: AsyncConnection, server_id: int, member_id: int) -> bool:
    """Tell whether a member has confirmed the guidelines as they are now."""
    now = select(servers.c.guidelines_version).where(servers.c.id == server_id).scalar_subquery()
    same = (readings.c.member_id == member_id, readings.c.version == func.coalesce(now, 0))
    return bool((await conn.execute(select(exists().where(_here(readings, server_id), *same)))).scalar_one())


async def record_reading(conn: AsyncConnection, server_id: int, member_id: int, *, version: int, now: datetime) -> bool:
    """Remember that a member has confirmed them; False when that is known."""
    row = {"server_id": server_id, "member_id": member_id, "version": version, "read_at": now}
    new = insert(conn, readings).values(row).on_conflict_do_nothing().returning(readings.c.member_id)
    return (await conn.execute(new)).one_or_none() is not None


async def _own(conn: AsyncConnection, server_id: int) -> dict[Guideline, tuple[Wording, ...]]:
    newest = (
        select(func.max(wordings.c.id))
        .where(_here(wordings, server_id), wordings.c.written_by.is_not(None))
        .group_by(wordings.c.key, wordings.c.language)
    )
    found: dict[Guideline, tuple[Wording, ...]] = {}
    for row in await conn.execute(select(wordings).where(wordings.c.id.in_(newest)).order_by(wordings.c.id)):
        wording = _wording(row)
        found[wording.guideline] = (*found.get(wording.guideline, ()), wording)
    return found


def _here(table: Any, server_id: int) -> Any:
    return table.c.server_id == server_id


def _columns(server_id: int, wording: Wording) -> dict[str, Any]:
    return {
        "server_id": server_id,
        "key": wording.guideline.value,
        "language": wording.language,
        "title": wording.title,
        "text": wording.text,
        "covered": wording.covered,
        "uncovered": wording.uncovered,
        "digest": digest(wording),
        "written_by": wording.written_by,
        "written_at": wording.written_at,
    }


def _wording(row: Row[Any]) -> Wording:
    return Wording(
        guideline=Guideline(row.key),
        language=row.language,
        title=row.title,
        text=row.text,
        covered=row.covered,
        uncovered=row.uncovered,
        written_by=row.written_by,
        written_at=row.written_at,
        id=row.id,
    )
