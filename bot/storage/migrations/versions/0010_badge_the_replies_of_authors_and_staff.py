"""Badge the replies of authors and staff."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


BEFORE = "status = 'pending' AND copy_of_id IS NULL OR card_attempted_at IS NOT NULL AND status != 'approved'"
AFTER = (
    "status = 'pending' AND copy_of_id IS NULL OR {by_role} AND status IN ('approved', 'published') "
    "OR card_attempted_at IS NOT NULL AND status != 'approved'"
)


def _index(condition: str) -> None:
    op.drop_index("ix_replies_card_due", table_name="replies")
    due = f"card_message_id IS NULL AND ({condition})"
    op.create_index(
        "ix_replies_card_due",
        "replies",
        ["id"],
        unique=False,
        sqlite_where=sa.text(due.format(by_role="by_role = 1")),
        postgresql_where=sa.text(due.format(by_role="by_role")),
    )


def upgrade() -> None:
    op.create_table(
        "article_authors",
        sa.Column("article_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("linked_by", sa.BigInteger(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_article_authors_article_id")),
        sa.PrimaryKeyConstraint("article_id", "member_id", name=op.f("pk_article_authors")),
    )
    with op.batch_alter_table("replies", schema=None) as batch_op:
        batch_op.add_column(sa.Column("badge", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("by_role", sa.Boolean(), server_default=sa.false(), nullable=False))
    _index(AFTER)


def downgrade() -> None:
    _index(BEFORE)
    with op.batch_alter_table("replies", schema=None) as batch_op:
        batch_op.drop_column("by_role")
        batch_op.drop_column("badge")

    op.drop_table("article_authors")
