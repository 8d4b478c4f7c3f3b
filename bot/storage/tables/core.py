"""The tables of servers, articles, replies and of what is told, with the constraints between simultaneous requests."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from bot.storage.columns import Id, Moment
from bot.storage.tables.schema import metadata, unique

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
    Column("guidelines_version", Integer, nullable=False, server_default="0"),  # counts the changes of the guidelines
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
    Column("letters_minutes", Integer),  # approved replies appear together, every so many minutes; None: each by itself
    Column("full_at", Moment),  # too many replies were held then: no new ones until there are fewer
    Column("young_days", Integer),  # who joined fewer days ago may not reply
    Column("young_until", Moment),  # until then
    Column("last_word_message_id", BigInteger),  # what stands last in a closed discussion
    Column("attempted_at", Moment),  # a card or a last word was sent whose outcome is not recorded yet
    Column("lease_until", Moment),
    unique("uq_articles_canonical_url", "server_id", "canonical_url", where="status <> 'draft'"),
    Index("ix_articles_thread_id", "thread_id"),
)

# Members whom an editor has linked as authors of an article.
article_authors = Table(
    "article_authors",
    metadata,
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
    Column("member_id", BigInteger, primary_key=True, autoincrement=False),
    Column("linked_by", BigInteger, nullable=False),
    Column("linked_at", Moment, nullable=False),
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
    Column(
        "message_shows", String(16)
    ),  # in the place of the text: a tombstone, or unsure; see `bot/storage/removals.py`
    Column("card_message_id", BigInteger),
    Column("card_shows", String(40)),
    Column("card_retry_at", Moment),  # an edit or deletion of a card failed: not again before this
    Column("card_channel_id", BigInteger),  # the review channel of that time
    Column("superseded_card_message_id", BigInteger),  # another card took its place: this one is to be deleted
    Column("superseded_card_channel_id", BigInteger),
    Column("attempted_at", Moment),  # a publication was sent whose outcome is not recorded yet
    Column("card_attempted_at", Moment),  # likewise for the review card
    Column("lease_until", Moment),
    Column("card_version", Integer, nullable=False, server_default="0"),  # counts what changes the card beside the text
    Column("appears_at", Moment),  # an approved reply is published from then on
    Column("claimed_by", BigInteger),
    Column("claimed_until", Moment),
    Column("queued_at", Moment),  # its place among the held ones: later than sent for who has spoken here before
    Column("voice", Integer, nullable=False, server_default="0"),  # earlier replies of its author on this article
    Column("severity", Integer, nullable=False, server_default="0"),  # of its flags: 0 none, 1 some, 2 severe
    Column("blurred", Boolean, nullable=False, server_default=false()),  # moderators tap to see it
    Column(
        "copy_of_id", BigInteger
    ),  # a near-identical reply: held, its card stands for this one; else a duplicate of it
    Column("canonical", Text),  # the text as compared with others
    Column("author_joined_at", Moment),  # the server
    Column("passages", Text),  # JSON list: the author's words that a decision is about
    Column("hidden", Boolean, nullable=False, server_default=false()),  # from readers, until reports are decided
    Column("badge", String(16)),  # what its author was when it was sent: author of the article, or staff
    Column("by_role", Boolean, nullable=False, server_default=false()),  # approved by its author's own role
    Column("appealed", Boolean, nullable=False, server_default=false()),  # and that is not decided yet
    UniqueConstraint("server_id", "number"),
    unique("uq_replies_fingerprint", "article_id", "author_id", "fingerprint", where="status <> 'withdrawn'"),
    Index("ix_replies_status", "status", "server_id", "id"),
    Index("ix_replies_author", "server_id", "author_id", "id"),
    Index("ix_replies_article", "article_id", "status"),
    Index("ix_replies_latest", "article_id", "id"),
    Index("ix_replies_published_at", "published_at"),
    Index("ix_replies_copy_of", "copy_of_id"),
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
    Column("wording_id", BigInteger),  # in `wordings`: what the guideline said that day, in the author's language
    Column("sentence", Text),
    Column("passages", Text),  # JSON list
    Column("decided_at", Moment, nullable=False),
    Column("undone_at", Moment),  # taken back before it had shown any effect
    unique("uq_decisions_in_force", "reply_id", "revision", "action", where="undone_at IS NULL"),
    Index("ix_decisions_moderator", "moderator_id", "decided_at"),
)

notices = Table(
    "notices",
    metadata,
    Column("id", Id, primary_key=True),
    Column("reply_id", ForeignKey("replies.id")),
    Column("member_id", BigInteger, nullable=False),
    Column("server_id", ForeignKey("servers.id")),  # of a strike or a sanction, which need not be about a reply
    Column("strike_id", ForeignKey("strikes.id")),
    Column("sanction_id", ForeignKey("sanctions.id")),
    Column("kind", String(24), nullable=False),
    Column("status", String(16), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("shown_at", Moment),  # a refused one: the member has been shown it since, or it is out of date
    Column("leaves_at", Moment),  # not before then, since what it tells may yet be taken back
    Column("lease_until", Moment),
    Index("ix_notices_member", "member_id", "status", "shown_at"),
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
    unique("uq_troubles_open", "server_id", "kind", "subject_id", where="mended_at IS NULL"),
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
