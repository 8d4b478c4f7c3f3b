"""Add strikes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "strikes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("guideline", sa.String(length=32), nullable=False),
        sa.Column("reply_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("moderator_id", sa.BigInteger(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=True),
        sa.Column("passages", sa.Text(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["reply_id"], ["replies.id"], name=op.f("fk_strikes_reply_id")),
        sa.ForeignKeyConstraint(["server_id"], ["servers.id"], name=op.f("fk_strikes_server_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strikes")),
    )
    with op.batch_alter_table("strikes", schema=None) as batch_op:
        batch_op.create_index("ix_strikes_member", ["server_id", "member_id", "id"], unique=False)
        batch_op.create_index(
            "uq_strikes_in_force",
            ["reply_id"],
            unique=True,
            sqlite_where=sa.text("lifted_at IS NULL"),
            postgresql_where=sa.text("lifted_at IS NULL"),
        )

    op.create_table(
        "sanctions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("strike_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reply_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("guideline", sa.String(length=32), nullable=True),
        sa.Column("sentence", sa.Text(), nullable=True),
        sa.Column("moderator_id", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trial", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.BigInteger(), nullable=True),
        sa.Column("bulk_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("discord", sa.String(length=16), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["bulk_id"], ["bulks.id"], name=op.f("fk_sanctions_bulk_id")),
        sa.ForeignKeyConstraint(["reply_id"], ["replies.id"], name=op.f("fk_sanctions_reply_id")),
        sa.ForeignKeyConstraint(["server_id"], ["servers.id"], name=op.f("fk_sanctions_server_id")),
        sa.ForeignKeyConstraint(["strike_id"], ["strikes.id"], name=op.f("fk_sanctions_strike_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sanctions")),
    )
    with op.batch_alter_table("sanctions", schema=None) as batch_op:
        batch_op.create_index(
            "ix_sanctions_due",
            ["id"],
            unique=False,
            sqlite_where=sa.text("discord IN ('apply', 'lift')"),
            postgresql_where=sa.text("discord IN ('apply', 'lift')"),
        )
        batch_op.create_index("ix_sanctions_member", ["server_id", "member_id", "id"], unique=False)
        batch_op.create_index(
            "uq_sanctions_ban",
            ["server_id", "member_id", "kind"],
            unique=True,
            sqlite_where=sa.text(
                "ends_at IS NULL AND lifted_at IS NULL AND NOT trial AND kind IN ('ban', 'discord_ban')"
            ),
            postgresql_where=sa.text(
                "ends_at IS NULL AND lifted_at IS NULL AND NOT trial AND kind IN ('ban', 'discord_ban')"
            ),
        )

    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.add_column(sa.Column("server_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("strike_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(
            sa.Column("sanction_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.alter_column("reply_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.create_foreign_key(batch_op.f("fk_notices_sanction_id"), "sanctions", ["sanction_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_notices_strike_id"), "strikes", ["strike_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_notices_server_id"), "servers", ["server_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_notices_server_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_notices_strike_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_notices_sanction_id"), type_="foreignkey")
        batch_op.alter_column("reply_id", existing_type=sa.INTEGER(), nullable=False)
        batch_op.drop_column("sanction_id")
        batch_op.drop_column("strike_id")
        batch_op.drop_column("server_id")

    with op.batch_alter_table("sanctions", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_sanctions_ban",
            sqlite_where=sa.text(
                "ends_at IS NULL AND lifted_at IS NULL AND NOT trial AND kind IN ('ban', 'discord_ban')"
            ),
            postgresql_where=sa.text(
                "ends_at IS NULL AND lifted_at IS NULL AND NOT trial AND kind IN ('ban', 'discord_ban')"
            ),
        )
        batch_op.drop_index("ix_sanctions_member")
        batch_op.drop_index(
            "ix_sanctions_due",
            sqlite_where=sa.text("discord IN ('apply', 'lift')"),
            postgresql_where=sa.text("discord IN ('apply', 'lift')"),
        )

    op.drop_table("sanctions")
    with op.batch_alter_table("strikes", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_strikes_in_force",
            sqlite_where=sa.text("lifted_at IS NULL"),
            postgresql_where=sa.text("lifted_at IS NULL"),
        )
        batch_op.drop_index("ix_strikes_member")

    op.drop_table("strikes")
