"""Every table, its columns and the constraints that hold between simultaneous requests."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    cast,
    literal_column,
    or_,
    text,
)

from bot.storage.columns import Id, Moment

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def _unique(name: str, *columns: str, where: str) -> Index:
    """One row at most with these values, among the rows of which the condition holds."""
    return Index(name, *columns, unique=True, sqlite_where=text(where), postgresql_where=text(where))


servers = Table(
    "servers",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),  # Discord's
    Column("articles_channel_id", BigInteger),
    Column("review_channel_id", BigInteger),
    Column("moderator_role_id", BigInteger),
    Column("editor_role_id", BigInteger),
    Column("language", String(8), nullable=False, server_default="en-US"),
    Column("last_reply_number", Integer, nullable=False, server_default="0"),
    Column("audit_sequence", Integer, nullable=False, server_default="0"),
    Column("audit_digest", String(64), nullable=False, server_default=""),
    Column("away_since", Moment),  # Discord does not show us this server: an outage, or the bot was removed
)

settings = Table(
    "settings",
    metadata,
    Column("server_id", ForeignKey("servers.id"), primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),  # JSON
)

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("channel_id", BigInteger, nullable=False, index=True),
    Column("token", Text, nullable=False),
    Column("retired_at", Moment),  # Discord no longer knows it; what it posted is still ours
)

articles = Table(
    "articles",
    metadata,
    Column("id", Id, primary_key=True),
    Column("server_id", ForeignKey("servers.id"), nullable=False),
    Column("editor_id", BigInteger, nullable=False),
    Column("status", String(16), nullable=False),
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("url", Text),
    Column("canonical_url", Text),
    Column("site", Text),
    Column("authors", Text, nullable=False),  # JSON list
    Column("language", String(8)),
    Column("published_at", Moment),
    Column("image_url", Text),
    Column("image_credit", Text),
    Column("image_alt", Text),
    Column("created_at", Moment, nullable=False),
    Column("posted_at", Moment),
    Column("channel_id", BigInteger),
    Column("card_message_id", BigInteger),
    Column("thread_id", BigInteger),
    Column("thread_shows", String(16)),  # the status that the thread was last brought to: open or locked
    Column("closed_at", Moment),
    Column("last_word_message_id", BigInteger),  # what stands last in a closed discussion
    Column("attempted_at", Moment),  # a card or a last word was sent whose outcome is not recorded yet
    Column("lease_until", Moment),
    _unique("uq_articles_canonical_url", "server_id", "canonical_url", where="status <> 'draft'"),
    Index("ix_articles_thread_id", "thread_id"),
)

replies = Table(
    "replies",
    metadata,
    Column("id", Id, primary_key=True),
    Column("server_id", ForeignKey("servers.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("article_id", ForeignKey("articles.id"), nullable=False),
    Column("parent_id", ForeignKey("replies.id")),
    Column("author_id", BigInteger, nullable=False),
    Column("author_name", Text, nullable=False),
    Column("author_avatar_url", Text),
    Column("author_language", String(8), nullable=False),
    Column("interaction_id", BigInteger, nullable=False, unique=True),
    Column("text", Text, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("status", String(24), nullable=False),
    Column("submitted_at", Moment, nullable=False),
    Column("decided_by", BigInteger),
    Column("decided_at", Moment),
    Column("guideline", String(32)),
    Column("sentence", Text),
    Column("approval", Integer),  # the audit entry's sequence: the order of publishing, whatever clocks say
    Column("message_id", BigInteger),
    Column("published_at", Moment),
    Column("card_message_id", BigInteger),
    Column("card_shows", String(40)),
    Column("card_retry_at", Moment),  # an edit or deletion of a card failed: not again before this
    Column("card_channel_id", BigInteger),  # the review channel of that time
    Column("superseded_card_message_id", BigInteger),  # another card took its place: this one is to be deleted
    Column("superseded_card_channel_id", BigInteger),
    Column("attempted_at", Moment),  # a publication was sent whose outcome is not recorded yet
    Column("card_attempted_at", Moment),  # likewise for the review card
    Column("lease_until", Moment),
    UniqueConstraint("server_id", "number"),
    _unique("uq_replies_fingerprint", "article_id", "author_id", "fingerprint", where="status <> 'withdrawn'"),
    Index("ix_replies_status", "status", "server_id", "id"),
    Index("ix_replies_author", "server_id", "author_id", "id"),
    Index("ix_replies_article", "article_id", "status"),
    Index("ix_replies_published_at", "published_at"),
)

revisions = Table(
    "revisions",
    metadata,
    Column("reply_id", ForeignKey("replies.id"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("written_at", Moment, nullable=False),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("reply_id", ForeignKey("replies.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("action", String(24), nullable=False),
    Column("moderator_id", BigInteger, nullable=False),
    Column("guideline", String(32)),
    Column("sentence", Text),
    Column("decided_at", Moment, nullable=False),
    Column("undone_at", Moment),  # taken back before it had shown any effect
    _unique("uq_decisions_in_force", "reply_id", "revision", "action", where="undone_at IS NULL"),
)

reports = Table(
    "reports",
    metadata,
    Column("id", Id, primary_key=True),
    Column("server_id", ForeignKey("servers.id"), nullable=False),
    Column("reply_id", ForeignKey("replies.id"), nullable=False),
    Column("reporter_id", BigInteger, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("message_id", BigInteger),  # None until the moderators were told
    Column("lease_until", Moment),
    UniqueConstraint("reply_id", "reporter_id"),
)

notices = Table(
    "notices",
    metadata,
    Column("id", Id, primary_key=True),
    Column("reply_id", ForeignKey("replies.id"), nullable=False),
    Column("member_id", BigInteger, nullable=False),
    Column("kind", String(24), nullable=False),
    Column("status", String(16), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("lease_until", Moment),
    Index("ix_notices_member", "member_id", "status"),
    Index("ix_notices_sent_at", "sent_at"),
)

troubles = Table(
    "troubles",
    metadata,
    Column("id", Id, primary_key=True),
    Column("server_id", ForeignKey("servers.id"), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("subject_id", BigInteger, nullable=False),
    Column("details", Text, nullable=False),  # JSON
    Column("noticed_at", Moment, nullable=False),
    Column("mended_at", Moment),
    Column("channel_id", BigInteger),
    Column("message_id", BigInteger),
    Column("shows", String(8)),  # what the moderators were told last: open or mended
    Column("attempted_at", Moment),  # a message was sent whose outcome is not recorded yet
    Column("lease_until", Moment),
    _unique("uq_troubles_open", "server_id", "kind", "subject_id", where="mended_at IS NULL"),
)

audit = Table(
    "audit",
    metadata,
    Column("server_id", ForeignKey("servers.id"), primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("actor_id", BigInteger, nullable=False),
    Column("action", String(32), nullable=False),
    Column("subject_id", BigInteger),
    Column("details", Text, nullable=False),
    Column("digest", String(64), nullable=False),
)

# What the process itself remembers between two starts, such as which commands Discord was told of.
memory = Table(
    "memory",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

# What is still to be done in Discord: few rows among many, so each condition has an index of just those rows. The
# values stand in the SQL itself, since a database uses such an index only where it can see them.
ARTICLE_DUE = and_(
    articles.c.status == literal_column("'open'"),
    or_(articles.c.card_message_id.is_(None), articles.c.thread_id.is_(None)),
)
# The thread of an article is open while the article is, and locked afterwards.
THREAD_DUE = and_(
    articles.c.thread_id.is_not(None),
    or_(articles.c.thread_shows.is_(None), articles.c.thread_shows != articles.c.status),
)
# A held reply needs a card; for a decided one the card is looked for that may have been posted, after publishing.
CARD_DUE = and_(
    replies.c.card_message_id.is_(None),
    or_(
        replies.c.status == literal_column("'pending'"),
        and_(replies.c.card_attempted_at.is_not(None), replies.c.status != literal_column("'approved'")),
    ),
)
# `Reply.card_key` in SQL.
CARD_KEY = replies.c.status + literal_column("':'") + cast(replies.c.revision, Text)
CARD_OUTDATED = and_(
    replies.c.card_message_id.is_not(None), or_(replies.c.card_shows.is_(None), replies.c.card_shows != CARD_KEY)
)
CARD_SUPERSEDED = replies.c.superseded_card_message_id.is_not(None)
PUBLICATION_DUE = replies.c.status == literal_column("'approved'")
REMOVAL_DUE = and_(replies.c.status == literal_column("'removed'"), replies.c.message_id.is_not(None))
REPORT_DUE = reports.c.message_id.is_(None)
NOTICE_DUE = notices.c.status == literal_column("'waiting'")
# Moderators are told of a trouble, and of its end if they were told of it.
TROUBLE_DUE = or_(
    and_(troubles.c.shows.is_(None), troubles.c.mended_at.is_(None)),
    and_(troubles.c.shows == literal_column("'open'"), troubles.c.mended_at.is_not(None)),
)

for _name, _column, _due in (
    ("ix_articles_due", articles.c.id, ARTICLE_DUE),
    ("ix_articles_thread_due", articles.c.id, THREAD_DUE),
    ("ix_replies_card_due", replies.c.id, CARD_DUE),
    ("ix_replies_card_outdated", replies.c.id, CARD_OUTDATED),
    ("ix_replies_card_superseded", replies.c.id, CARD_SUPERSEDED),
    ("ix_replies_publication_due", replies.c.approval, PUBLICATION_DUE),
    ("ix_replies_removal_due", replies.c.id, REMOVAL_DUE),
    ("ix_reports_due", reports.c.id, REPORT_DUE),
    ("ix_notices_due", notices.c.id, NOTICE_DUE),
    ("ix_troubles_due", troubles.c.id, TROUBLE_DUE),
):
    Index(_name, _column, sqlite_where=_due, postgresql_where=_due)
