"""What stands in Discord and in the database after everything of the fault matrix has happened."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from bot.demo.discord_server import SimulatedDiscord
    from bot.demo.newsroom import Server
    from tests.wire.matrix import Newsroom, Readers

MAIN, THREADED, CARDED = "The bridge", "The library", "The harbour"  # the articles


@dataclass
class Outcome:
    """What became of one act under one fault."""

    requests: int = 0  # that reached Discord
    seen: list[int] = field(default_factory=list)  # the ids of what stands in Discord
    recorded: list[int] = field(default_factory=list)  # the same, as the database knows them
    told: list[str] = field(default_factory=list)  # what the person who acted was told
    entries: list[str] = field(default_factory=list)  # of the audit, about this reply
    decisions: int = 0
    others_answered: bool = True  # meanwhile


Outcomes = dict[tuple[str, str], Outcome]  # by act and fault


@dataclass
class Run:
    """What became of everything, and what the bot wrote."""

    outcomes: Outcomes
    output: str


def rows(folder: Path, query: str, *values: Any) -> list[Any]:
    """The first column of what a query finds."""
    with closing(sqlite3.connect(f"file:{folder / 'standfirst.db'}?mode=ro", uri=True)) as connection:
        return [row[0] for row in connection.execute(query, values)]


def count_due(folder: Path) -> int:
    """How much is still to be done in Discord."""
    conditions = (
        "articles WHERE status = 'open' AND thread_id IS NULL",
        "replies WHERE status = 'approved' OR (status = 'pending' AND card_message_id IS NULL)",
        "notices WHERE status = 'waiting'",
    )
    return sum(rows(folder, f"SELECT count(*) FROM {condition}")[0] for condition in conditions)


def look(folder: Path, newsrooms: list[Newsroom], readers: Readers) -> Outcomes:
    outcomes: Outcomes = {}
    for room in newsrooms:
        looked = look_around(folder, room) | look_at_answers(folder, room)
        outcomes |= {(act, room.fault): outcome for act, outcome in looked.items()}
    for fault in readers.readers:
        path, words = f"/channels/{readers.channel(fault)}/messages", f"Under {fault}."
        sent = "SELECT notices.id FROM notices JOIN replies ON reply_id = replies.id WHERE text = ? AND sent_at > ''"
        outcomes["notice", fault] = Outcome(
            requests=count(readers.discord, path),
            seen=readers.told(fault),
            recorded=rows(folder, sent, words),
            **history(folder, readers.desk.newsroom, words),
        )
    return outcomes


def look_around(folder: Path, room: Newsroom) -> dict[str, Outcome]:
    """What the sweep did."""
    server, discord = room.server, room.discord
    threads, hook = room.threads(THREADED), room.webhooks()[0]
    article = "SELECT {} FROM articles WHERE server_id = ? AND title = ?"
    reply = "SELECT {} FROM replies WHERE server_id = ? AND text = ?"
    made = "SELECT id FROM webhooks WHERE channel_id = ?"
    published, card = "To be published.", "To be carded."
    return {
        "article": Outcome(
            requests=count(discord, room.posts, CARDED),
            seen=room.article_cards(CARDED),
            recorded=rows(folder, article.format("card_message_id"), server.id, CARDED),
        ),
        "thread": Outcome(
            requests=count(discord, f"{room.posts}/{room.article_cards(THREADED)[0]}/threads"),
            seen=threads,
            recorded=rows(folder, article.format("thread_id"), server.id, THREADED),
        ),
        "webhook": Outcome(
            requests=count(discord, f"/channels/{room.articles}/webhooks"),
            seen=room.webhooks(),
            recorded=rows(folder, made, room.articles),
        ),
        "publication": Outcome(
            requests=count(discord, f"/webhooks/{hook}/{discord.backend.webhooks[hook].token}", published),
            seen=room.published(published),
            recorded=rows(folder, reply.format("message_id"), server.id, published),
            **history(folder, server, published),
        ),
        "card": Outcome(
            requests=count(discord, f"/channels/{room.review}/messages", card),
            seen=room.cards(card),
            recorded=rows(folder, reply.format("card_message_id"), server.id, card),
            **history(folder, server, card),
        ),
    }


def look_at_answers(folder: Path, room: Newsroom) -> dict[str, Outcome]:
    """What people were told, and what was done."""
    words = {"receipt": "To be answered.", "press": "To be pressed."}
    stored = "SELECT coalesce(message_id, card_message_id) FROM replies WHERE server_id = ? AND text = ?"
    seen = {"receipt": room.cards(words["receipt"]), "press": room.published(words["press"])}
    return {
        act: Outcome(
            requests=count(room.discord, room.answered[act]),
            seen=seen[act],
            recorded=rows(folder, stored, room.server.id, words[act]),
            told=room.told[act],
            others_answered=room.others_answered[act],
            **history(folder, room.server, words[act]),
        )
        for act in words
    }


def count(discord: SimulatedDiscord, path: str, words: str = "") -> int:
    """How often the bot posted these words there."""
    return sum(call.path == path and words in str(call.json) for call in discord.calls("POST", path))


def history(folder: Path, server: Server, words: str) -> dict[str, Any]:
    """What the audit says about a reply, oldest first, and how many decisions there are."""
    ours = "(SELECT id FROM replies WHERE server_id = ? AND text = ?)"
    query = f"SELECT action FROM audit WHERE server_id = ? AND subject_id = {ours} AND action != 'article_posted'"
    entries = rows(folder, f"{query} ORDER BY sequence", server.id, server.id, words)
    taken = rows(folder, f"SELECT count(*) FROM decisions WHERE reply_id = {ours}", server.id, words)
    return {"entries": entries, "decisions": taken[0]}
