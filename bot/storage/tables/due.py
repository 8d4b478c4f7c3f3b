"""What is still to be done in Discord: few rows among many, so each condition has an index of just those rows."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Table, Text, and_, cast, literal_column, or_

from bot.storage.tables.appeals import appeals
from bot.storage.tables.core import articles, notices, replies, troubles
from bot.storage.tables.desk import bulletins
from bot.storage.tables.guidelines import guideline_cards
from bot.storage.tables.reports import report_cards
from bot.storage.tables.sanctions import sanctions
from bot.storage.tables.schema import partial

ARTICLE_DUE = and_(
    articles.c.status == literal_column("'open'"),
    or_(articles.c.card_message_id.is_(None), articles.c.thread_id.is_(None)),
)
# The thread of an article is open while the article is, and locked afterwards.
THREAD_DUE = and_(
    articles.c.thread_id.is_not(None),
    or_(articles.c.thread_shows.is_(None), articles.c.thread_shows != articles.c.status),
)
# Every held reply has its place in the queue, unless the card of a near-identical one stands for it.
IN_QUEUE = and_(replies.c.status == literal_column("'pending'"), replies.c.copy_of_id.is_(None))
# A held reply needs a card, and so does one that no moderator has approved; for any other that is decided the card is
# looked for that may have been posted, after publishing.
BY_ROLE = and_(replies.c.by_role, replies.c.status.in_((literal_column("'approved'"), literal_column("'published'"))))
CARD_DUE = and_(
    replies.c.card_message_id.is_(None),
    or_(
        IN_QUEUE,
        BY_ROLE,
        and_(replies.c.card_attempted_at.is_not(None), replies.c.status != literal_column("'approved'")),
    ),
)
# `Reply.card_key` in SQL.
_COLON: ColumnElement[str] = literal_column("':'")
CARD_KEY = replies.c.status + _COLON + cast(replies.c.revision, Text) + _COLON + cast(replies.c.card_version, Text)
CARD_OUTDATED = and_(
    replies.c.card_message_id.is_not(None), or_(replies.c.card_shows.is_(None), replies.c.card_shows != CARD_KEY)
)
CARD_SUPERSEDED = replies.c.superseded_card_message_id.is_not(None)
# One whose author was asked to change it after all stands in the thread until it is taken out.
PUBLICATION_DUE = and_(replies.c.status == literal_column("'approved'"), replies.c.message_id.is_(None))
# The message of a reply that is not published any more is deleted; that of a removed one may become a tombstone, and
# that of a restored one is turned back.
REMOVAL_DUE = and_(
    replies.c.status != literal_column("'published'"),
    replies.c.message_id.is_not(None),
    or_(
        replies.c.status != literal_column("'removed'"),
        replies.c.message_shows.is_(None),
        replies.c.message_shows != literal_column("'tombstone'"),
    ),
)
RESTORATION_DUE = and_(
    replies.c.status == literal_column("'published'"), replies.c.message_shows.is_not(None), ~replies.c.hidden
)
# A line takes the place of a published reply that is hidden until its reports are decided.
HIDING_DUE = and_(
    replies.c.status == literal_column("'published'"),
    replies.c.hidden,
    or_(replies.c.message_shows.is_(None), replies.c.message_shows != literal_column("'hidden'")),
)


def _card_due(table: Table) -> ColumnElement[bool]:
    """What is open has a card; one that may have been posted is looked for also when it is decided meanwhile."""
    return and_(table.c.message_id.is_(None), or_(table.c.decided_at.is_(None), table.c.attempted_at.is_not(None)))


def _card_outdated(table: Table) -> ColumnElement[bool]:
    return and_(table.c.message_id.is_not(None), or_(table.c.shows.is_(None), table.c.shows != table.c.version))


REPORT_DUE = _card_due(report_cards)
REPORT_OUTDATED = _card_outdated(report_cards)
APPEAL_DUE = _card_due(appeals)
APPEAL_OUTDATED = _card_outdated(appeals)
NOTICE_DUE = notices.c.status == literal_column("'waiting'")
# What Discord refused to deliver is shown at the member's next press.
NOTICE_UNTOLD = and_(notices.c.status == literal_column("'refused'"), notices.c.shown_at.is_(None))
# Moderators are told of a trouble, and of its end if they were told of it.
TROUBLE_DUE = or_(
    and_(troubles.c.shows.is_(None), troubles.c.mended_at.is_(None)),
    and_(troubles.c.shows == literal_column("'open'"), troubles.c.mended_at.is_not(None)),
)
BULLETIN_DUE = bulletins.c.message_id.is_(None)
# The guidelines are posted, drawn again when they have changed, and deleted where another card has replaced them.
GUIDELINES_DUE = or_(
    and_(
        guideline_cards.c.replaced_at.is_(None),
        or_(
            guideline_cards.c.message_id.is_(None),
            guideline_cards.c.shows.is_(None),
            guideline_cards.c.shows != guideline_cards.c.version,
        ),
    ),
    and_(
        guideline_cards.c.replaced_at.is_not(None),
        or_(guideline_cards.c.message_id.is_not(None), guideline_cards.c.attempted_at.is_not(None)),
    ),
)
TIMEOUT_DUE = sanctions.c.discord.in_((literal_column("'apply'"), literal_column("'lift'")))

for _name, _column, _due in (
    ("ix_articles_due", articles.c.id, ARTICLE_DUE),
    ("ix_articles_thread_due", articles.c.id, THREAD_DUE),
    ("ix_replies_card_due", replies.c.id, CARD_DUE),
    ("ix_replies_card_outdated", replies.c.id, CARD_OUTDATED),
    ("ix_replies_card_superseded", replies.c.id, CARD_SUPERSEDED),
    ("ix_replies_publication_due", replies.c.approval, PUBLICATION_DUE),
    ("ix_replies_removal_due", replies.c.id, REMOVAL_DUE),
    ("ix_replies_restoration_due", replies.c.id, RESTORATION_DUE),
    ("ix_replies_hiding_due", replies.c.id, HIDING_DUE),
    ("ix_report_cards_due", report_cards.c.id, REPORT_DUE),
    ("ix_report_cards_outdated", report_cards.c.id, REPORT_OUTDATED),
    ("ix_appeals_due", appeals.c.id, APPEAL_DUE),
    ("ix_appeals_outdated", appeals.c.id, APPEAL_OUTDATED),
    ("ix_notices_due", notices.c.id, NOTICE_DUE),
    ("ix_troubles_due", troubles.c.id, TROUBLE_DUE),
    ("ix_bulletins_due", bulletins.c.id, BULLETIN_DUE),
    ("ix_guideline_cards_due", guideline_cards.c.id, GUIDELINES_DUE),
    ("ix_sanctions_due", sanctions.c.id, TIMEOUT_DUE),
):
    partial(_name, _column, where=_due)

# The orders and the filters of the queue: each is read from its beginning, however many replies are held. The severity
# stands before the time, so that with a filter, too, severe ones can be put first or last.
for _name, _columns in (
    ("ix_replies_queue", ("server_id", "queued_at", "id")),
    ("ix_replies_queue_severity", ("server_id", "severity", "queued_at", "id")),
    ("ix_replies_queue_article", ("article_id", "severity", "queued_at", "id")),
    ("ix_replies_queue_language", ("server_id", "author_language", "severity", "queued_at", "id")),
    ("ix_replies_queue_voice", ("server_id", "voice", "severity", "queued_at", "id")),
    ("ix_replies_queue_claim", ("server_id", "claimed_by", "queued_at", "id")),
):
    partial(_name, *(replies.c[_column] for _column in _columns), where=IN_QUEUE)
