"""Add the troubles."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "troubles",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("channel_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("shows", sa.String(length=8), nullable=True),
        sa.Column("attempted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["server_id"], ["servers.id"], name=op.f("fk_troubles_server_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_troubles")),
    )
    with op.batch_alter_table("troubles", schema=None) as batch_op:
        batch_op.create_index(
            "ix_troubles_due",
            ["id"],
            unique=False,
            sqlite_where=sa.text("shows IS NULL AND mended_at IS NULL OR shows = 'open' AND mended_at IS NOT NULL"),
            postgresql_where=sa.text("shows IS NULL AND mended_at IS NULL OR shows = 'open' AND mended_at IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_troubles_open",
            ["server_id", "kind", "subject_id"],
            unique=True,
            sqlite_where=sa.text("mended_at IS NULL"),
            postgresql_where=sa.text("mended_at IS NULL"),
        )

    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.add_column(sa.Column("thread_shows", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("last_word_message_id", sa.BigInteger(), nullable=True))
        batch_op.create_index(
            "ix_articles_thread_due",
            ["id"],
            unique=False,
            sqlite_where=sa.text("thread_id IS NOT NULL AND (thread_shows IS NULL OR thread_shows != status)"),
            postgresql_where=sa.text("thread_id IS NOT NULL AND (thread_shows IS NULL OR thread_shows != status)"),
        )

    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index("ix_notices_sent_at", ["sent_at"], unique=False)

    with op.batch_alter_table("replies", schema=None) as batch_op:
        batch_op.add_column(sa.Column("published_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index("ix_replies_published_at", ["published_at"], unique=False)
        batch_op.drop_index("ix_replies_card_due")
        batch_op.create_index(
            "ix_replies_card_due",
            ["id"],
            unique=False,
            sqlite_where=sa.text(
                "card_message_id IS NULL AND (status = 'pending' OR card_attempted_at IS NOT NULL AND status != 'approved')"
            ),
            postgresql_where=sa.text(
                "card_message_id IS NULL AND (status = 'pending' OR card_attempted_at IS NOT NULL AND status != 'approved')"
            ),
        )

    with op.batch_alter_table("servers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("away_since", sa.DateTime(timezone=True), nullable=True))

    op.execute("UPDATE articles SET thread_shows = 'open' WHERE thread_id IS NOT NULL AND status = 'open'")


def downgrade() -> None:
    with op.batch_alter_table("servers", schema=None) as batch_op:
        batch_op.drop_column("away_since")

    with op.batch_alter_table("replies", schema=None) as batch_op:
        batch_op.drop_index("ix_replies_card_due")
        batch_op.create_index(
            "ix_replies_card_due",
            ["id"],
            unique=False,
            sqlite_where=sa.text("status = 'pending' AND card_message_id IS NULL"),
            postgresql_where=sa.text("status = 'pending' AND card_message_id IS NULL"),
        )
        batch_op.drop_index("ix_replies_published_at")
        batch_op.drop_column("published_at")

    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.drop_index("ix_notices_sent_at")

    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_articles_thread_due",
            sqlite_where=sa.text("thread_id IS NOT NULL AND (thread_shows IS NULL OR thread_shows != status)"),
            postgresql_where=sa.text("thread_id IS NOT NULL AND (thread_shows IS NULL OR thread_shows != status)"),
        )
        batch_op.drop_column("last_word_message_id")
        batch_op.drop_column("closed_at")
        batch_op.drop_column("thread_shows")

    with op.batch_alter_table("troubles", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_troubles_open", sqlite_where=sa.text("mended_at IS NULL"), postgresql_where=sa.text("mended_at IS NULL")
        )
        batch_op.drop_index(
            "ix_troubles_due",
            sqlite_where=sa.text("shows IS NULL AND mended_at IS NULL OR shows = 'open' AND mended_at IS NOT NULL"),
            postgresql_where=sa.text("shows IS NULL AND mended_at IS NULL OR shows = 'open' AND mended_at IS NOT NULL"),
        )

    op.drop_table("troubles")
