"""Add appeals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "appeals",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("reply_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("action", sa.String(length=24), nullable=False),
        sa.Column("first_moderator_id", sa.BigInteger(), nullable=False),
        sa.Column("guideline", sa.String(length=32), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("shows", sa.Integer(), nullable=True),
        sa.Column("channel_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("attempted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("sentence", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_appeals_decision_id")),
        sa.ForeignKeyConstraint(["reply_id"], ["replies.id"], name=op.f("fk_appeals_reply_id")),
        sa.ForeignKeyConstraint(["server_id"], ["servers.id"], name=op.f("fk_appeals_server_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_appeals_decision_id")),
    )
    with op.batch_alter_table("appeals", schema=None) as batch_op:
        batch_op.create_index("ix_appeals_decided", ["server_id", "decided_at"], unique=False)
        batch_op.create_index(
            "ix_appeals_due",
            ["id"],
            unique=False,
            sqlite_where=sa.text("message_id IS NULL AND (decided_at IS NULL OR attempted_at IS NOT NULL)"),
            postgresql_where=sa.text("message_id IS NULL AND (decided_at IS NULL OR attempted_at IS NOT NULL)"),
        )
        batch_op.create_index(
            "ix_appeals_outdated",
            ["id"],
            unique=False,
            sqlite_where=sa.text("message_id IS NOT NULL AND (shows IS NULL OR shows != version)"),
            postgresql_where=sa.text("message_id IS NOT NULL AND (shows IS NULL OR shows != version)"),
        )
        batch_op.create_index("ix_appeals_reply", ["reply_id", "revision"], unique=False)
        batch_op.create_index(
            "uq_appeals_open",
            ["reply_id"],
            unique=True,
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )

    with op.batch_alter_table("replies", schema=None) as batch_op:
        batch_op.add_column(sa.Column("appealed", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("replies", schema=None) as batch_op:
        batch_op.drop_column("appealed")

    with op.batch_alter_table("appeals", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_appeals_open",
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )
        batch_op.drop_index("ix_appeals_reply")
        batch_op.drop_index(
            "ix_appeals_outdated",
            sqlite_where=sa.text("message_id IS NOT NULL AND (shows IS NULL OR shows != version)"),
            postgresql_where=sa.text("message_id IS NOT NULL AND (shows IS NULL OR shows != version)"),
        )
        batch_op.drop_index(
            "ix_appeals_due",
            sqlite_where=sa.text("message_id IS NULL AND (decided_at IS NULL OR attempted_at IS NOT NULL)"),
            postgresql_where=sa.text("message_id IS NULL AND (decided_at IS NULL OR attempted_at IS NOT NULL)"),
        )
        batch_op.drop_index("ix_appeals_decided")

    op.drop_table("appeals")
