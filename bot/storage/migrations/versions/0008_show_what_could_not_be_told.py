"""Show what could not be told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.add_column(sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(
            "ix_notices_untold",
            ["member_id"],
            unique=False,
            sqlite_where=sa.text("status = 'refused' AND shown_at IS NULL"),
            postgresql_where=sa.text("status = 'refused' AND shown_at IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_notices_untold",
            sqlite_where=sa.text("status = 'refused' AND shown_at IS NULL"),
            postgresql_where=sa.text("status = 'refused' AND shown_at IS NULL"),
        )
        batch_op.drop_column("shown_at")
