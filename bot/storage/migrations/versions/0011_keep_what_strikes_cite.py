"""Keep the words that strikes and sanctions cite."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sanctions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("wording_id", sa.BigInteger(), nullable=True))

    with op.batch_alter_table("strikes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("wording_id", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("strikes", schema=None) as batch_op:
        batch_op.drop_column("wording_id")

    with op.batch_alter_table("sanctions", schema=None) as batch_op:
        batch_op.drop_column("wording_id")
