"""Give reports a card."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

HIDING_DUE = "status = 'published' AND {hidden} AND (message_shows IS NULL OR message_shows != 'hidden')"
# Index → its condition before and after; a truth is a number on SQLite.
CONDITIONS = {
    "ix_replies_publication_due": ("status = 'approved'", "status = 'approved' AND message_id IS NULL"),
    "ix_replies_removal_due": (
        "status = 'removed' AND message_id IS NOT NULL AND (message_shows IS NULL OR message_shows != 'tombstone')",
        (
            "status != 'published' AND message_id IS NOT NULL "
            "AND (status != 'removed' OR message_shows IS NULL OR message_shows != 'tombstone')"
        ),
    ),
    "ix_replies_restoration_due": (
        "status = 'published' AND message_shows IS NOT NULL",
        "status = 'published' AND message_shows IS NOT NULL AND {shown}",
    ),
}


def _index(name: str, column: str, condition: str) -> None:
    op.create_index(
        name,
        "replies",
        [column],
        sqlite_where=sa.text(condition.format(hidden="hidden = 1", shown="hidden = 0")),
        postgresql_where=sa.text(condition.format(hidden="hidden", shown="NOT hidden")),
    )


def _redraw(*, is_new: bool) -> None:
    for name, conditions in CONDITIONS.items():
        op.drop_index(name, table_name="replies")
        _index(name, "approval" if "publication" in name else "id", conditions[is_new])


def _gather() -> None:
    """Put the reports that no moderator was told of on cards, with what others said about the same reply."""
    op.execute("UPDATE reports SET revision = (SELECT revision FROM replies WHERE replies.id = reports.reply_id)")
    op.execute(
        "INSERT INTO report_cards (server_id, reply_id, revision, opened_at) "
        "SELECT reports.server_id, reports.reply_id, replies.revision, MIN(reports.created_at) "
        "FROM reports JOIN replies ON replies.id = reports.reply_id "
        "WHERE reports.message_id IS NULL AND replies.status = 'published' "
        "GROUP BY reports.server_id, reports.reply_id, replies.revision"
    )
    op.execute(
        "UPDATE reports SET card_id = (SELECT id FROM report_cards WHERE report_cards.reply_id = reports.reply_id)"
    )


def upgrade() -> None:
    op.create_table(
        "report_cards",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("reply_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("shows", sa.Integer(), nullable=True),
        sa.Column("channel_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("attempted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("would_hide_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(["reply_id"], ["replies.id"], name=op.f("fk_report_cards_reply_id")),
        sa.ForeignKeyConstraint(["server_id"], ["servers.id"], name=op.f("fk_report_cards_server_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_cards")),
    )
    with op.batch_alter_table("report_cards", schema=None) as batch_op:
        batch_op.create_index(
            "ix_report_cards_due",
            ["id"],
            unique=False,
            sqlite_where=sa.text("message_id IS NULL AND (decided_at IS NULL OR attempted_at IS NOT NULL)"),
            postgresql_where=sa.text("message_id IS NULL AND (decided_at IS NULL OR attempted_at IS NOT NULL)"),
        )
        batch_op.create_index(
            "ix_report_cards_outdated",
            ["id"],
            unique=False,
            sqlite_where=sa.text("message_id IS NOT NULL AND (shows IS NULL OR shows != version)"),
            postgresql_where=sa.text("message_id IS NOT NULL AND (shows IS NULL OR shows != version)"),
        )
        batch_op.create_index("ix_report_cards_reply", ["reply_id", "revision"], unique=False)
        batch_op.create_index(
            "uq_report_cards_open",
            ["reply_id"],
            unique=True,
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )

    with op.batch_alter_table("replies", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hidden", sa.Boolean(), server_default=sa.false(), nullable=False))
    _index("ix_replies_hiding_due", "id", HIDING_DUE)
    _redraw(is_new=True)

    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.add_column(sa.Column("revision", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("card_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(sa.Column("guideline", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("sentence", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("reporter_language", sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column("is_independent", sa.Boolean(), server_default=sa.true(), nullable=False))
    _gather()
    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reports_due"), sqlite_where=sa.text("message_id IS NULL"))
        batch_op.drop_constraint(batch_op.f("uq_reports_reply_id_reporter_id"), type_="unique")
        batch_op.create_index("ix_reports_card", ["card_id"], unique=False)
        batch_op.create_index("ix_reports_reporter", ["server_id", "reporter_id", "created_at"], unique=False)
        batch_op.create_unique_constraint(
            batch_op.f("uq_reports_reply_id_revision_reporter_id"), ["reply_id", "revision", "reporter_id"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_reports_card_id"), "report_cards", ["card_id"], ["id"])
        batch_op.drop_column("lease_until")
        batch_op.drop_column("message_id")


def downgrade() -> None:
    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.add_column(sa.Column("message_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_constraint(batch_op.f("fk_reports_card_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_reports_reply_id_revision_reporter_id"), type_="unique")
        batch_op.drop_index("ix_reports_reporter")
        batch_op.drop_index("ix_reports_card")
        batch_op.create_unique_constraint(batch_op.f("uq_reports_reply_id_reporter_id"), ["reply_id", "reporter_id"])
        batch_op.create_index(
            batch_op.f("ix_reports_due"), ["id"], unique=False, sqlite_where=sa.text("message_id IS NULL")
        )
        batch_op.drop_column("is_independent")
        batch_op.drop_column("reporter_language")
        batch_op.drop_column("sentence")
        batch_op.drop_column("guideline")
        batch_op.drop_column("card_id")
        batch_op.drop_column("revision")

    _redraw(is_new=False)
    op.drop_index("ix_replies_hiding_due", table_name="replies")
    with op.batch_alter_table("replies", schema=None) as batch_op:
        batch_op.drop_column("hidden")

    with op.batch_alter_table("report_cards", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_report_cards_open",
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )
        batch_op.drop_index("ix_report_cards_reply")
        batch_op.drop_index(
            "ix_report_cards_outdated",
            sqlite_where=sa.text("message_id IS NOT NULL AND (shows IS NULL OR shows != version)"),
            postgresql_where=sa.text("message_id IS NOT NULL AND (shows IS NULL OR shows != version)"),
        )
        batch_op.drop_index(
            "ix_report_cards_due",
            sqlite_where=sa.text("message_id IS NULL AND (decided_at IS NULL OR attempted_at IS NOT NULL)"),
            postgresql_where=sa.text("message_id IS NULL AND (decided_at IS NULL OR attempted_at IS NOT NULL)"),
        )

    op.drop_table("report_cards")
