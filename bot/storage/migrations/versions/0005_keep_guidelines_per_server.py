"""Keep guidelines per server."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guideline_cards",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("shows", sa.Integer(), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["server_id"], ["servers.id"], name=op.f("fk_guideline_cards_server_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guideline_cards")),
    )
    with op.batch_alter_table("guideline_cards", schema=None) as batch_op:
        batch_op.create_index(
            "ix_guideline_cards_due",
            ["id"],
            unique=False,
            sqlite_where=sa.text(
                "replaced_at IS NULL AND (message_id IS NULL OR shows IS NULL OR shows != version) OR replaced_at IS NOT NULL AND (message_id IS NOT NULL OR attempted_at IS NOT NULL)"
            ),
            postgresql_where=sa.text(
                "replaced_at IS NULL AND (message_id IS NULL OR shows IS NULL OR shows != version) OR replaced_at IS NOT NULL AND (message_id IS NOT NULL OR attempted_at IS NOT NULL)"
            ),
        )
        batch_op.create_index(
            "uq_guideline_cards_server",
            ["server_id"],
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    op.create_table(
        "guidelines",
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["server_id"], ["servers.id"], name=op.f("fk_guidelines_server_id")),
        sa.PrimaryKeyConstraint("server_id", "key", name=op.f("pk_guidelines")),
        sa.UniqueConstraint("server_id", "position", name=op.f("uq_guidelines_server_id_position")),
    )
    op.create_table(
        "readings",
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["server_id"], ["servers.id"], name=op.f("fk_readings_server_id")),
        sa.PrimaryKeyConstraint("server_id", "member_id", "version", name=op.f("pk_readings")),
    )
    op.create_table(
        "wordings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("covered", sa.Text(), nullable=False),
        sa.Column("uncovered", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("written_by", sa.BigInteger(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["server_id"], ["servers.id"], name=op.f("fk_wordings_server_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wordings")),
    )
    with op.batch_alter_table("wordings", schema=None) as batch_op:
        batch_op.create_index("ix_wordings_key", ["server_id", "key", "language", "id"], unique=False)
        batch_op.create_index(
            "uq_wordings_built_in",
            ["server_id", "key", "language", "digest"],
            unique=True,
            sqlite_where=sa.text("written_by IS NULL"),
            postgresql_where=sa.text("written_by IS NULL"),
        )

    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("wording_id", sa.BigInteger(), nullable=True))

    with op.batch_alter_table("servers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("guidelines_version", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("servers", schema=None) as batch_op:
        batch_op.drop_column("guidelines_version")

    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.drop_column("wording_id")

    with op.batch_alter_table("wordings", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_wordings_built_in",
            sqlite_where=sa.text("written_by IS NULL"),
            postgresql_where=sa.text("written_by IS NULL"),
        )
        batch_op.drop_index("ix_wordings_key")

    op.drop_table("wordings")
    op.drop_table("readings")
    op.drop_table("guidelines")
    with op.batch_alter_table("guideline_cards", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_guideline_cards_server",
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_guideline_cards_due",
            sqlite_where=sa.text(
                "replaced_at IS NULL AND (message_id IS NULL OR shows IS NULL OR shows != version) OR replaced_at IS NOT NULL AND (message_id IS NOT NULL OR attempted_at IS NOT NULL)"
            ),
            postgresql_where=sa.text(
                "replaced_at IS NULL AND (message_id IS NULL OR shows IS NULL OR shows != version) OR replaced_at IS NOT NULL AND (message_id IS NOT NULL OR attempted_at IS NOT NULL)"
            ),
        )

    op.drop_table("guideline_cards")
