"""Add the desk."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bulks",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("moderator_id", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.String(length=24), nullable=False),
        sa.Column("guideline", sa.String(length=32), nullable=True),
        sa.Column("sentence", sa.Text(), nullable=True),
        sa.Column("previewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["server_id"], ["servers.id"], name=op.f("fk_bulks_server_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulks")),
    )
    op.create_table(
        "bulletins",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("attempted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["server_id"], ["servers.id"], name=op.f("fk_bulletins_server_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletins")),
        sa.UniqueConstraint("server_id", "kind", "key", name=op.f("uq_bulletins_server_id_kind_key")),
    )
    with op.batch_alter_table("bulletins", schema=None) as batch_op:
        batch_op.create_index(
            "ix_bulletins_due",
            ["id"],
            unique=False,
            sqlite_where=sa.text("message_id IS NULL"),
            postgresql_where=sa.text("message_id IS NULL"),
        )

    op.create_table(
        "phrases",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("moderator_id", sa.BigInteger(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["server_id"], ["servers.id"], name=op.f("fk_phrases_server_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phrases")),
        sa.UniqueConstraint("server_id", "name", name=op.f("uq_phrases_server_id_name")),
    )
    op.create_table(
        "shifts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("moderator_id", sa.BigInteger(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["server_id"], ["servers.id"], name=op.f("fk_shifts_server_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shifts")),
    )
    with op.batch_alter_table("shifts", schema=None) as batch_op:
        batch_op.create_index(
            "uq_shifts_running",
            ["server_id", "moderator_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "bulk_items",
        sa.Column("bulk_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reply_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=True),
        sa.ForeignKeyConstraint(["bulk_id"], ["bulks.id"], name=op.f("fk_bulk_items_bulk_id")),
        sa.ForeignKeyConstraint(["reply_id"], ["replies.id"], name=op.f("fk_bulk_items_reply_id")),
        sa.PrimaryKeyConstraint("bulk_id", "reply_id", name=op.f("pk_bulk_items")),
    )
    op.create_table(
        "flags",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reply_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("check", sa.String(length=24), nullable=False),
        sa.Column("guideline", sa.String(length=32), nullable=True),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["reply_id"], ["replies.id"], name=op.f("fk_flags_reply_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flags")),
    )
    with op.batch_alter_table("flags", schema=None) as batch_op:
        batch_op.create_index("ix_flags_reply", ["reply_id", "revision"], unique=False)

    op.create_table(
        "likenesses",
        sa.Column("reply_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("other_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["other_id"], ["replies.id"], name=op.f("fk_likenesses_other_id")),
        sa.ForeignKeyConstraint(["reply_id"], ["replies.id"], name=op.f("fk_likenesses_reply_id")),
        sa.PrimaryKeyConstraint("reply_id", "other_id", name=op.f("pk_likenesses")),
    )
    with op.batch_alter_table("likenesses", schema=None) as batch_op:
        batch_op.create_index("ix_likenesses_other", ["other_id"], unique=False)

    op.create_table(
        "notes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("reply_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("moderator_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["reply_id"], ["replies.id"], name=op.f("fk_notes_reply_id")),
        sa.ForeignKeyConstraint(["server_id"], ["servers.id"], name=op.f("fk_notes_server_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
    )
    with op.batch_alter_table("notes", schema=None) as batch_op:
        batch_op.create_index("ix_notes_member", ["server_id", "member_id", "id"], unique=False)
        batch_op.create_index("ix_notes_reply", ["reply_id"], unique=False)

    op.create_table(
        "opinions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reply_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_view", sa.String(length=24), nullable=True),
        sa.Column("first_guideline", sa.String(length=32), nullable=True),
        sa.Column("moderator_id", sa.BigInteger(), nullable=True),
        sa.Column("view", sa.String(length=24), nullable=True),
        sa.Column("guideline", sa.String(length=32), nullable=True),
        sa.Column("sentence", sa.Text(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["reply_id"], ["replies.id"], name=op.f("fk_opinions_reply_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinions")),
    )
    with op.batch_alter_table("opinions", schema=None) as batch_op:
        batch_op.create_index("ix_opinions_reply", ["reply_id"], unique=False)
        batch_op.create_index(
            "uq_opinions_asked",
            ["reply_id", "revision", "purpose"],
            unique=True,
            sqlite_where=sa.text("given_at IS NULL"),
            postgresql_where=sa.text("given_at IS NULL"),
        )

    op.create_table(
        "skips",
        sa.Column("moderator_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reply_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("skipped_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["reply_id"], ["replies.id"], name=op.f("fk_skips_reply_id")),
        sa.PrimaryKeyConstraint("moderator_id", "reply_id", name=op.f("pk_skips")),
    )
    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.add_column(sa.Column("letters_minutes", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("full_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("young_days", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("young_until", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("passages", sa.Text(), nullable=True))
        batch_op.create_index("ix_decisions_moderator", ["moderator_id", "decided_at"], unique=False)

    with op.batch_alter_table("replies", schema=None) as batch_op:
        batch_op.add_column(sa.Column("card_version", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("appears_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("claimed_by", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("queued_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("voice", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("severity", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("blurred", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("copy_of_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("canonical", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("author_joined_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("passages", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("message_shows", sa.String(length=16), nullable=True))
        batch_op.drop_index("ix_replies_removal_due")
        batch_op.create_index(
            "ix_replies_removal_due",
            ["id"],
            unique=False,
            sqlite_where=sa.text(
                "status = 'removed' AND message_id IS NOT NULL AND (message_shows IS NULL OR message_shows != 'tombstone')"
            ),
            postgresql_where=sa.text(
                "status = 'removed' AND message_id IS NOT NULL AND (message_shows IS NULL OR message_shows != 'tombstone')"
            ),
        )
        batch_op.create_index(
            "ix_replies_restoration_due",
            ["id"],
            unique=False,
            sqlite_where=sa.text("status = 'published' AND message_shows IS NOT NULL"),
            postgresql_where=sa.text("status = 'published' AND message_shows IS NOT NULL"),
        )
        batch_op.drop_index("ix_replies_card_due")
        batch_op.drop_index("ix_replies_card_outdated")
        batch_op.create_index(
            "ix_replies_card_due",
            ["id"],
            unique=False,
            sqlite_where=sa.text(
                "card_message_id IS NULL AND (status = 'pending' AND copy_of_id IS NULL OR card_attempted_at IS NOT NULL AND status != 'approved')"
            ),
            postgresql_where=sa.text(
                "card_message_id IS NULL AND (status = 'pending' AND copy_of_id IS NULL OR card_attempted_at IS NOT NULL AND status != 'approved')"
            ),
        )
        batch_op.create_index(
            "ix_replies_card_outdated",
            ["id"],
            unique=False,
            sqlite_where=sa.text(
                "card_message_id IS NOT NULL AND (card_shows IS NULL OR card_shows != (status || ':' || CAST(revision AS TEXT) || ':' || CAST(card_version AS TEXT)))"
            ),
            postgresql_where=sa.text(
                "card_message_id IS NOT NULL AND (card_shows IS NULL OR card_shows != (status || ':' || CAST(revision AS TEXT) || ':' || CAST(card_version AS TEXT)))"
            ),
        )
        batch_op.create_index("ix_replies_copy_of", ["copy_of_id"], unique=False)
        batch_op.create_index("ix_replies_latest", ["article_id", "id"], unique=False)
        batch_op.create_index(
            "ix_replies_queue",
            ["server_id", "queued_at", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'pending' AND copy_of_id IS NULL"),
            postgresql_where=sa.text("status = 'pending' AND copy_of_id IS NULL"),
        )
        batch_op.create_index(
            "ix_replies_queue_article",
            ["article_id", "severity", "queued_at", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'pending' AND copy_of_id IS NULL"),
            postgresql_where=sa.text("status = 'pending' AND copy_of_id IS NULL"),
        )
        batch_op.create_index(
            "ix_replies_queue_claim",
            ["server_id", "claimed_by", "queued_at", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'pending' AND copy_of_id IS NULL"),
            postgresql_where=sa.text("status = 'pending' AND copy_of_id IS NULL"),
        )
        batch_op.create_index(
            "ix_replies_queue_language",
            ["server_id", "author_language", "severity", "queued_at", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'pending' AND copy_of_id IS NULL"),
            postgresql_where=sa.text("status = 'pending' AND copy_of_id IS NULL"),
        )
        batch_op.create_index(
            "ix_replies_queue_severity",
            ["server_id", "severity", "queued_at", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'pending' AND copy_of_id IS NULL"),
            postgresql_where=sa.text("status = 'pending' AND copy_of_id IS NULL"),
        )
        batch_op.create_index(
            "ix_replies_queue_voice",
            ["server_id", "voice", "severity", "queued_at", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'pending' AND copy_of_id IS NULL"),
            postgresql_where=sa.text("status = 'pending' AND copy_of_id IS NULL"),
        )

    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.add_column(sa.Column("leaves_at", sa.DateTime(timezone=True), nullable=True))

    # What the cards show has not changed by this, and who was held keeps the place in the queue.
    op.execute("UPDATE replies SET card_shows = card_shows || '\\:0' WHERE card_shows IS NOT NULL")
    op.execute("UPDATE replies SET queued_at = submitted_at")


def downgrade() -> None:
    op.execute("UPDATE replies SET card_shows = NULL")
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.drop_column("leaves_at")

    with op.batch_alter_table("replies", schema=None) as batch_op:
        batch_op.drop_index("ix_replies_restoration_due")
        batch_op.drop_index("ix_replies_removal_due")
        batch_op.create_index(
            "ix_replies_removal_due",
            ["id"],
            unique=False,
            sqlite_where=sa.text("status = 'removed' AND message_id IS NOT NULL"),
            postgresql_where=sa.text("status = 'removed' AND message_id IS NOT NULL"),
        )
        batch_op.drop_index("ix_replies_card_due")
        batch_op.drop_index("ix_replies_card_outdated")
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
        batch_op.create_index(
            "ix_replies_card_outdated",
            ["id"],
            unique=False,
            sqlite_where=sa.text(
                "card_message_id IS NOT NULL AND (card_shows IS NULL OR card_shows != (status || ':' || CAST(revision AS TEXT)))"
            ),
            postgresql_where=sa.text(
                "card_message_id IS NOT NULL AND (card_shows IS NULL OR card_shows != (status || ':' || CAST(revision AS TEXT)))"
            ),
        )
        batch_op.drop_index(
            "ix_replies_queue_voice",
            sqlite_where=sa.text("status = 'pending' AND copy_of_id IS NULL"),
            postgresql_where=sa.text("status = 'pending' AND copy_of_id IS NULL"),
        )
        batch_op.drop_index(
            "ix_replies_queue_severity",
            sqlite_where=sa.text("status = 'pending' AND copy_of_id IS NULL"),
            postgresql_where=sa.text("status = 'pending' AND copy_of_id IS NULL"),
        )
        batch_op.drop_index(
            "ix_replies_queue_language",
            sqlite_where=sa.text("status = 'pending' AND copy_of_id IS NULL"),
            postgresql_where=sa.text("status = 'pending' AND copy_of_id IS NULL"),
        )
        batch_op.drop_index(
            "ix_replies_queue_claim",
            sqlite_where=sa.text("status = 'pending' AND copy_of_id IS NULL"),
            postgresql_where=sa.text("status = 'pending' AND copy_of_id IS NULL"),
        )
        batch_op.drop_index(
            "ix_replies_queue_article",
            sqlite_where=sa.text("status = 'pending' AND copy_of_id IS NULL"),
            postgresql_where=sa.text("status = 'pending' AND copy_of_id IS NULL"),
        )
        batch_op.drop_index(
            "ix_replies_queue",
            sqlite_where=sa.text("status = 'pending' AND copy_of_id IS NULL"),
            postgresql_where=sa.text("status = 'pending' AND copy_of_id IS NULL"),
        )
        batch_op.drop_index("ix_replies_copy_of")
        batch_op.drop_index("ix_replies_latest")
        batch_op.drop_column("message_shows")
        batch_op.drop_column("passages")
        batch_op.drop_column("author_joined_at")
        batch_op.drop_column("canonical")
        batch_op.drop_column("copy_of_id")
        batch_op.drop_column("blurred")
        batch_op.drop_column("severity")
        batch_op.drop_column("voice")
        batch_op.drop_column("queued_at")
        batch_op.drop_column("claimed_until")
        batch_op.drop_column("claimed_by")
        batch_op.drop_column("appears_at")
        batch_op.drop_column("card_version")

    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.drop_index("ix_decisions_moderator")
        batch_op.drop_column("passages")

    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.drop_column("young_until")
        batch_op.drop_column("young_days")
        batch_op.drop_column("full_at")
        batch_op.drop_column("letters_minutes")

    op.drop_table("skips")
    with op.batch_alter_table("opinions", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_opinions_asked", sqlite_where=sa.text("given_at IS NULL"), postgresql_where=sa.text("given_at IS NULL")
        )
        batch_op.drop_index("ix_opinions_reply")

    op.drop_table("opinions")
    with op.batch_alter_table("notes", schema=None) as batch_op:
        batch_op.drop_index("ix_notes_reply")
        batch_op.drop_index("ix_notes_member")

    op.drop_table("notes")
    with op.batch_alter_table("likenesses", schema=None) as batch_op:
        batch_op.drop_index("ix_likenesses_other")

    op.drop_table("likenesses")
    with op.batch_alter_table("flags", schema=None) as batch_op:
        batch_op.drop_index("ix_flags_reply")

    op.drop_table("flags")
    op.drop_table("bulk_items")
    with op.batch_alter_table("shifts", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_shifts_running", sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL")
        )

    op.drop_table("shifts")
    op.drop_table("phrases")
    with op.batch_alter_table("bulletins", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_bulletins_due",
            sqlite_where=sa.text("message_id IS NULL"),
            postgresql_where=sa.text("message_id IS NULL"),
        )

    op.drop_table("bulletins")
    op.drop_table("bulks")
