"""Show what could not be told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def _index(*columns: str) -> None:
    op.drop_index("ix_notices_member", table_name="notices")
    op.create_index("ix_notices_member", "notices", columns)


def upgrade() -> None:
    op.add_column("notices", sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True))
    _index("member_id", "status", "shown_at")


def downgrade() -> None:
    _index("member_id", "status")
    op.drop_column("notices", "shown_at")
