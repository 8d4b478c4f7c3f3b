"""After a storm: what stands in the database and in Discord, held against what people were told and each other."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.models import Action, ReplyStatus
from bot.services.decisions import TOLD
from bot.storage import audit
from tests.storm.books import Books, custom_ids, read_books, with_button

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simcord.backend.models import Message

    from bot.demo.discord_server import SimulatedDiscord
    from bot.storage import Database
    from tests.storm.ledger import Ledger

THREAD_CREATED = 18  # Discord's own line in the channel when a thread is made late
AUDITED = {"submit", "withdraw", "approve", "reject", "request_changes", "remove", "publish", "revise", "undo"}
ONCE = {"submit", "withdraw", "publish", "remove"}  # for one reply; of the others, what was undone can be done again


@dataclass
class Accounts:
    """What was counted, and a sentence for everything that is not as it must be."""

    wrong: list[str] = field(default_factory=list)
    stored: int = 0
    published: int = 0
    held: int = 0
    lost: int = 0
    doubled: int = 0
    told: int = 0  # direct messages

    def lose(self, what: str) -> None:
        """Something that people were told, or that the database says, is not there."""
        self.lost += 1
        self.wrong.append(f"lost: {what}")

    def double(self, what: str) -> None:
        """Something is there twice, or is not accounted for."""
        self.doubled += 1
        self.wrong.append(f"doubled: {what}")

    def table(self, ledger: Ledger) -> Iterator[tuple[str, str]]:
        """The lines of the table."""
        thanked = len({(told.server_id, told.number) for told in ledger.receipts})
        yield "replies acknowledged", f"{thanked} (of {ledger.written} texts sent)"
        yield "replies stored", str(self.stored)
        yield "replies published", f"{self.published}, {self.held} held"
        yield "decisions acknowledged", str(len(ledger.decisions))
        yield "direct messages", str(self.told)
        yield "lost", str(self.lost)
        yield "doubled", str(self.doubled)


async def settle_accounts(discord: SimulatedDiscord, database: Database, ledger: Ledger) -> Accounts:
    """Look at everything."""
    books = await read_books(discord, database)
    accounts = Accounts(stored=len(books.replies))
    _check_receipts(accounts, books, ledger)
    _check_decisions(accounts, books, ledger)
    _check_trail(accounts, books)
    _check_articles(accounts, books, ledger)
    _check_threads(accounts, books)
    _check_cards(accounts, books)
    _check_direct_messages(accounts, books)
    _check_strays(accounts, books)
    return accounts


def _check_receipts(accounts: Accounts, books: Books, ledger: Ledger) -> None:
    """Every acknowledged reply is stored, once, with every acknowledged text; what was withdrawn is."""
    by_number = {(row.server_id, row.number): row for row in books.replies.values()}
    kept = {(row.reply_id, row.text) for row in books.revisions}
    for told in ledger.receipts:
        reply = by_number.get((told.server_id, told.number))
        if reply is None or (reply.id, told.text) not in kept:
            accounts.lose(f"{told} was acknowledged")
    for key in ledger.withdrawn:
        if by_number[key].status != ReplyStatus.WITHDRAWN:
            accounts.lose(f"reply {key} was acknowledged as withdrawn and is {by_number[key].status}")
    texts = Counter(row.text for row in books.revisions)
    for words, count in texts.items():
        if count > 1:
            accounts.double(f"{words!r} is stored {count} times")


def _check_decisions(accounts: Accounts, books: Books, ledger: Ledger) -> None:
    """Every acknowledged decision is stored; every decided reply has one decision for its state."""
    stored = {(row.reply_id, row.action, row.moderator_id) for row in books.decisions}
    for decided in ledger.decisions:
        if (decided.reply_id, decided.action, decided.moderator_id) not in stored:
            accounts.lose(f"{decided} was acknowledged")
    in_force = [row for row in books.decisions if row.action != Action.REMOVE and row.undone_at is None]
    taken = Counter((row.reply_id, row.revision) for row in in_force)
    for (reply_id, revision), count in taken.items():
        if count > 1:
            accounts.double(f"revision {revision} of reply {reply_id} has {count} decisions")
    for reply in books.replies.values():
        needed = reply.status not in (ReplyStatus.PENDING, ReplyStatus.WITHDRAWN)
        if needed and not taken[reply.id, reply.revision]:
            accounts.lose(f"reply {reply.id} is {reply.status} without a decision")


def _check_trail(accounts: Accounts, books: Books) -> None:
    """The audit trail has no gap and no fork, and one entry for each act."""
    written: Counter[tuple[Any, ...]] = Counter()
    for server_id, trail in books.trail.items():
        previous = ""
        for sequence, entry in enumerate(trail, start=1):
            body = [server_id, entry.sequence, entry.at.isoformat(), entry.actor_id, entry.action, entry.subject_id]
            if entry.sequence != sequence or entry.digest != audit.digest(previous, [*body, entry.details]):
                accounts.lose(f"the audit trail of server {server_id} breaks at {sequence}")
            previous = entry.digest
            if entry.action in AUDITED:
                details = json.loads(entry.details)
                written[entry.subject_id, entry.action, 0 if entry.action in ONCE else details["revision"]] += 1
    expected = Counter(_acts(books))
    for act, count in (written - expected).items():
        accounts.double(f"{count} audit entries too many for {act}")
    for act, count in (expected - written).items():
        accounts.lose(f"{count} audit entries for {act}")


def _acts(books: Books) -> Iterator[tuple[Any, ...]]:
    """(reply's id, action, revision or 0) of everything that the other tables say was done."""
    yield from ((row.reply_id, "submit", 0) for row in books.revisions if row.revision == 1)
    yield from ((row.reply_id, "revise", row.revision) for row in books.revisions if row.revision > 1)
    for row in books.decisions:
        yield row.reply_id, row.action, 0 if row.action in ONCE else row.revision
        if row.undone_at is not None:
            yield row.reply_id, "undo", row.revision
    for reply in books.replies.values():
        if reply.status in (ReplyStatus.PUBLISHED, ReplyStatus.REMOVED):
            yield reply.id, "publish", 0
        if reply.status == ReplyStatus.WITHDRAWN:
            yield reply.id, "withdraw", 0


def _check_articles(accounts: Accounts, books: Books, ledger: Ledger) -> None:
    """Every posted article has one card and one thread, and its channel holds nothing else."""
    opened = Counter((row.server_id, row.title) for row in books.articles.values() if row.status == "open")
    for posted in ledger.posted:
        if not opened[posted]:
            accounts.lose(f"article {posted} was acknowledged")
    for posted, count in opened.items():
        if count > 1:
            accounts.double(f"article {posted} is open {count} times")
    for article in books.articles.values():
        if article.status != "open":
            continue
        if article.thread_id not in books.discord.backend.channels:
            accounts.lose(f"the thread of article {article.id}")
        cards = with_button(books.messages_in(article.channel_id), f"article:join:{article.id}")
        _expect_one(accounts, cards, article.card_message_id, f"card of article {article.id}")


def _check_threads(accounts: Accounts, books: Books) -> None:
    """Every published reply is in its thread once, in the order of approval, and nothing else is there."""
    published = defaultdict(list)
    tombstones = {reply.message_id for reply in books.replies.values() if reply.status == ReplyStatus.REMOVED}
    for reply in books.replies.values():
        if reply.status == ReplyStatus.PUBLISHED:
            accounts.published += 1
            published[reply.article_id].append(reply)
    for article in books.articles.values():
        there = [message for message in books.messages_in(article.thread_id) if message.webhook_id]
        accounted = {message.id for message in there if message.id in tombstones and not custom_ids(message)}
        for reply in published[article.id]:
            shown = with_button(there, f"reply:answer:{reply.id}")
            accounted |= {message.id for message in shown}
            _expect_one(accounts, shown, reply.message_id, f"publication of reply {reply.id}")
            if not any(reply.text in books.text(message) for message in shown):
                accounts.lose(f"the approved text of reply {reply.id} in its thread")
        known = {reply.message_id: reply.approval for reply in published[article.id]}
        order = [known[message.id] for message in there if message.id in known]
        if order != sorted(order):
            accounts.wrong.append(f"thread {article.thread_id} is not in the order of approval: {order}")
        for message in there:
            if message.id not in accounted:
                accounts.double(f"message {message.id} in thread {article.thread_id} belongs to no published reply")


def _check_cards(accounts: Accounts, books: Books) -> None:
    """Every pending reply has one card that offers to decide it; every card shows how its reply stands."""
    cards = {reply.card_message_id: reply for reply in books.replies.values() if reply.card_message_id}
    seen: set[int] = set()
    for server in books.servers.values():
        for message in books.messages_in(server.review_channel_id):
            reply = cards.get(message.id)
            if reply is not None:
                seen.add(message.id)
                _check_card(accounts, message, reply)
            elif message.id not in books.lines:
                accounts.double(f"a card is left over: {books.text(message)[:90]!r}")
    for reply in books.replies.values():
        if reply.status == ReplyStatus.PENDING:
            accounts.held += 1
            if reply.card_message_id not in seen:
                accounts.lose(f"the card of held reply {reply.id}")


def _check_card(accounts: Accounts, message: Message, reply: Any) -> None:
    offered = {
        custom_id for custom_id in custom_ids(message) if custom_id.startswith(("review:approve", "review:remove"))
    }
    expected = {
        ReplyStatus.PENDING: {f"review:approve:{reply.id}:{reply.revision}"},
        ReplyStatus.PUBLISHED: {f"review:remove:{reply.id}"},
    }.get(reply.status, set())
    if offered != expected:
        accounts.wrong.append(
            f"the card of reply {reply.id} ({reply.status}, revision {reply.revision}) offers {offered}"
        )


def _check_direct_messages(accounts: Accounts, books: Books) -> None:
    """Every notice that counts as sent was sent once; one that waits may have been sent, once.

    One that was sent and not recorded is forgotten when the next revision makes it out of date: its decision stays.
    """
    sent: Counter[tuple[int, str]] = Counter()
    for person_id, channel_id in books.discord.backend.dm_channels.items():
        for message in books.messages_in(channel_id):
            accounts.told += 1
            sent[person_id, _head(books.text(message))] += 1
    fewest: Counter[tuple[int, str]] = Counter()
    most: Counter[tuple[int, str]] = Counter()
    for notice in books.notices:
        reply = books.replies[notice.reply_id]
        key = (notice.member_id, f"#{reply.number} {notice.kind}")
        most[key] += 1
        fewest[key] += notice.status == "sent"
    decided = Counter((row.reply_id, TOLD[Action(row.action)]) for row in books.decisions if row.action in TOLD)
    for (reply_id, kind), count in decided.items():
        reply = books.replies[reply_id]
        key = (reply.author_id, f"#{reply.number} {kind}")
        most[key] = max(most[key], count)
    for key, count in (sent - most).items():
        accounts.double(f"{count} direct messages too many: {key}")
    for key, count in (fewest - sent).items():
        accounts.lose(f"{count} direct messages that count as sent: {key}")


HEADS = {
    "is published": "published",
    "was not approved": "rejected",
    "asks you to change": "changes_requested",
    "was removed": "removed",
}


def _head(words: str) -> str:
    number = re.search(r"#\d+", words)
    kind = next((kind for part, kind in HEADS.items() if part in words.splitlines()[0]), words)
    return f"{number[0] if number else '?'} {kind}"


def _check_strays(accounts: Accounts, books: Books) -> None:
    """Nothing is said anywhere else, and the articles' channels hold nothing but the cards and Discord's own lines."""
    cards = {row.card_message_id for row in books.articles.values()}
    known = {row.thread_id for row in books.articles.values()} | set(books.discord.backend.dm_channels.values())
    known |= {server.review_channel_id for server in books.servers.values()}
    for channel_id, messages in books.messages.items():
        if channel_id in known:
            continue
        for message in messages:
            if message.id not in cards and message.type != THREAD_CREATED:
                accounts.double(f"message in channel {channel_id}: {books.text(message)[:90]!r}")


def _expect_one(accounts: Accounts, found: list[Message], recorded: int | None, what: str) -> None:
    if len(found) > 1:
        accounts.double(f"{what}: {len(found)} messages")
    elif not found:
        accounts.lose(f"{what} is nowhere")
    elif found[0].id != recorded:
        accounts.wrong.append(f"{what} is message {found[0].id}, recorded is {recorded}")
