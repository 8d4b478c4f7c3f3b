"""Make the first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "memory",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_memory")),
    )
    op.create_table(
        "servers",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("articles_channel_id", sa.BigInteger(), nullable=True),
        sa.Column("review_channel_id", sa.BigInteger(), nullable=True),
        sa.Column("moderator_role_id", sa.BigInteger(), nullable=True),
        sa.Column("editor_role_id", sa.BigInteger(), nullable=True),
        sa.Column("language", sa.String(length=8), server_default="en-US", nullable=False),
        sa.Column("last_reply_number", sa.Integer(), server_default="0", nullable=False),
        sa.Column("audit_sequence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("audit_digest", sa.String(length=64), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_servers")),
    )
    op.create_table(
        "webhooks",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
    )
    op.create_index(op.f("ix_webhooks_channel_id"), "webhooks", ["channel_id"], unique=False)
    op.create_table(
        "articles",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("editor_id", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("canonical_url", sa.Text(), nullable=True),
        sa.Column("site", sa.Text(), nullable=True),
        sa.Column("authors", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("image_url", sa.Text(), nullable=True),
        sa.Column("image_credit", sa.Text(), nullable=True),
        sa.Column("image_alt", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("channel_id", sa.BigInteger(), nullable=True),
        sa.Column("card_message_id", sa.BigInteger(), nullable=True),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("attempted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["server_id"], ["servers.id"], name=op.f("fk_articles_server_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
    )
    op.create_index(
        "ix_articles_due",
        "articles",
        ["id"],
        unique=False,
        sqlite_where=sa.text("status = 'open' AND (card_message_id IS NULL OR thread_id IS NULL)"),
        postgresql_where=sa.text("status = 'open' AND (card_message_id IS NULL OR thread_id IS NULL)"),
    )
    op.create_index("ix_articles_thread_id", "articles", ["thread_id"], unique=False)
    op.create_index(
        "uq_articles_canonical_url",
        "articles",
        ["server_id", "canonical_url"],
        unique=True,
        sqlite_where=sa.text("status <> 'draft'"),
        postgresql_where=sa.text("status <> 'draft'"),
    )
    op.create_table(
        "audit",
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["server_id"], ["servers.id"], name=op.f("fk_audit_server_id")),
        sa.PrimaryKeyConstraint("server_id", "sequence", name=op.f("pk_audit")),
    )
    op.create_table(
        "settings",
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["server_id"], ["servers.id"], name=op.f("fk_settings_server_id")),
        sa.PrimaryKeyConstraint("server_id", "name", name=op.f("pk_settings")),
    )
    op.create_table(
        "replies",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("author_avatar_url", sa.Text(), nullable=True),
        sa.Column("author_language", sa.String(length=8), nullable=False),
        sa.Column("interaction_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("guideline", sa.String(length=32), nullable=True),
        sa.Column("sentence", sa.Text(), nullable=True),
        sa.Column("approval", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("card_message_id", sa.BigInteger(), nullable=True),
        sa.Column("card_shows", sa.String(length=40), nullable=True),
        sa.Column("card_retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("card_channel_id", sa.BigInteger(), nullable=True),
        sa.Column("superseded_card_message_id", sa.BigInteger(), nullable=True),
        sa.Column("superseded_card_channel_id", sa.BigInteger(), nullable=True),
        sa.Column("attempted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("card_attempted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_replies_article_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["replies.id"], name=op.f("fk_replies_parent_id")),
        sa.ForeignKeyConstraint(["server_id"], ["servers.id"], name=op.f("fk_replies_server_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replies")),
        sa.UniqueConstraint("interaction_id", name=op.f("uq_replies_interaction_id")),
        sa.UniqueConstraint("server_id", "number", name=op.f("uq_replies_server_id_number")),
    )
    op.create_index("ix_replies_article", "replies", ["article_id", "status"], unique=False)
    op.create_index("ix_replies_author", "replies", ["server_id", "author_id", "id"], unique=False)
    op.create_index(
        "ix_replies_card_due",
        "replies",
        ["id"],
        unique=False,
        sqlite_where=sa.text("status = 'pending' AND card_message_id IS NULL"),
        postgresql_where=sa.text("status = 'pending' AND card_message_id IS NULL"),
    )
    op.create_index(
        "ix_replies_card_outdated",
        "replies",
        ["id"],
        unique=False,
        sqlite_where=sa.text(
            "card_message_id IS NOT NULL AND (card_shows IS NULL OR card_shows != (status || ':' || CAST(revision AS TEXT)))"
        ),
        postgresql_where=sa.text(
            "card_message_id IS NOT NULL AND (card_shows IS NULL OR card_shows != (status || ':' || CAST(revision AS TEXT)))"
        ),
    )
    op.create_index(
        "ix_replies_card_superseded",
        "replies",
        ["id"],
        unique=False,
        sqlite_where=sa.text("superseded_card_message_id IS NOT NULL"),
        postgresql_where=sa.text("superseded_card_message_id IS NOT NULL"),
    )
    op.create_index(
        "ix_replies_publication_due",
        "replies",
        ["approval"],
        unique=False,
        sqlite_where=sa.text("status = 'approved'"),
        postgresql_where=sa.text("status = 'approved'"),
    )
    op.create_index(
        "ix_replies_removal_due",
        "replies",
        ["id"],
        unique=False,
        sqlite_where=sa.text("status = 'removed' AND message_id IS NOT NULL"),
        postgresql_where=sa.text("status = 'removed' AND message_id IS NOT NULL"),
    )
    op.create_index("ix_replies_status", "replies", ["status", "server_id", "id"], unique=False)
    op.create_index(
        "uq_replies_fingerprint",
        "replies",
        ["article_id", "author_id", "fingerprint"],
        unique=True,
        sqlite_where=sa.text("status <> 'withdrawn'"),
        postgresql_where=sa.text("status <> 'withdrawn'"),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reply_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=24), nullable=False),
        sa.Column("moderator_id", sa.BigInteger(), nullable=False),
        sa.Column("guideline", sa.String(length=32), nullable=True),
        sa.Column("sentence", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["reply_id"], ["replies.id"], name=op.f("fk_decisions_reply_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("reply_id", "revision", "action", name=op.f("uq_decisions_reply_id_revision_action")),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reply_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["reply_id"], ["replies.id"], name=op.f("fk_notices_reply_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index(
        "ix_notices_due",
        "notices",
        ["id"],
        unique=False,
        sqlite_where=sa.text("status = 'waiting'"),
        postgresql_where=sa.text("status = 'waiting'"),
    )
    op.create_index("ix_notices_member", "notices", ["member_id", "status"], unique=False)
    op.create_table(
        "reports",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("reply_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reporter_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["reply_id"], ["replies.id"], name=op.f("fk_reports_reply_id")),
        sa.ForeignKeyConstraint(["server_id"], ["servers.id"], name=op.f("fk_reports_server_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint("reply_id", "reporter_id", name=op.f("uq_reports_reply_id_reporter_id")),
    )
    op.create_index(
        "ix_reports_due",
        "reports",
        ["id"],
        unique=False,
        sqlite_where=sa.text("message_id IS NULL"),
        postgresql_where=sa.text("message_id IS NULL"),
    )
    op.create_table(
        "revisions",
        sa.Column("reply_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["reply_id"], ["replies.id"], name=op.f("fk_revisions_reply_id")),
        sa.PrimaryKeyConstraint("reply_id", "revision", name=op.f("pk_revisions")),
    )


def downgrade() -> None:
    op.drop_table("revisions")
    op.drop_index(
        "ix_reports_due",
        table_name="reports",
        sqlite_where=sa.text("message_id IS NULL"),
        postgresql_where=sa.text("message_id IS NULL"),
    )
    op.drop_table("reports")
    op.drop_index("ix_notices_member", table_name="notices")
    op.drop_index(
        "ix_notices_due",
        table_name="notices",
        sqlite_where=sa.text("status = 'waiting'"),
        postgresql_where=sa.text("status = 'waiting'"),
    )
    op.drop_table("notices")
    op.drop_table("decisions")
    op.drop_index(
        "uq_replies_fingerprint",
        table_name="replies",
        sqlite_where=sa.text("status <> 'withdrawn'"),
        postgresql_where=sa.text("status <> 'withdrawn'"),
    )
    op.drop_index("ix_replies_status", table_name="replies")
    op.drop_index(
        "ix_replies_removal_due",
        table_name="replies",
        sqlite_where=sa.text("status = 'removed' AND message_id IS NOT NULL"),
        postgresql_where=sa.text("status = 'removed' AND message_id IS NOT NULL"),
    )
    op.drop_index(
        "ix_replies_publication_due",
        table_name="replies",
        sqlite_where=sa.text("status = 'approved'"),
        postgresql_where=sa.text("status = 'approved'"),
    )
    op.drop_index(
        "ix_replies_card_superseded",
        table_name="replies",
        sqlite_where=sa.text("superseded_card_message_id IS NOT NULL"),
        postgresql_where=sa.text("superseded_card_message_id IS NOT NULL"),
    )
    op.drop_index(
        "ix_replies_card_outdated",
        table_name="replies",
        sqlite_where=sa.text(
            "card_message_id IS NOT NULL AND (card_shows IS NULL OR card_shows != (status || ':' || CAST(revision AS TEXT)))"
        ),
        postgresql_where=sa.text(
            "card_message_id IS NOT NULL AND (card_shows IS NULL OR card_shows != (status || ':' || CAST(revision AS TEXT)))"
        ),
    )
    op.drop_index(
        "ix_replies_card_due",
        table_name="replies",
        sqlite_where=sa.text("status = 'pending' AND card_message_id IS NULL"),
        postgresql_where=sa.text("status = 'pending' AND card_message_id IS NULL"),
    )
    op.drop_index("ix_replies_author", table_name="replies")
    op.drop_index("ix_replies_article", table_name="replies")
    op.drop_table("replies")
    op.drop_table("settings")
    op.drop_table("audit")
    op.drop_index(
        "uq_articles_canonical_url",
        table_name="articles",
        sqlite_where=sa.text("status <> 'draft'"),
        postgresql_where=sa.text("status <> 'draft'"),
    )
    op.drop_index("ix_articles_thread_id", table_name="articles")
    op.drop_index(
        "ix_articles_due",
        table_name="articles",
        sqlite_where=sa.text("status = 'open' AND (card_message_id IS NULL OR thread_id IS NULL)"),
        postgresql_where=sa.text("status = 'open' AND (card_message_id IS NULL OR thread_id IS NULL)"),
    )
    op.drop_table("articles")
    op.drop_index(op.f("ix_webhooks_channel_id"), table_name="webhooks")
    op.drop_table("webhooks")
    op.drop_table("servers")
    op.drop_table("memory")
