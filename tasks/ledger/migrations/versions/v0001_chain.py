"""Entries, checkpoints, and guards that refuse to change or remove them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_GUARDED = ("entries", "checkpoints")


def upgrade() -> None:
    op.create_table(
        "entries",
        sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("policy", sa.String(64), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_index("entries_by_subject", "entries", ["subject", "sequence"])
    op.create_index("entries_by_kind", "entries", ["kind", "sequence"])
    op.create_table(
        "checkpoints",
        sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("key_id", sa.String(200), primary_key=True),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("signature", sa.Text, nullable=False),
    )
    op.create_table(
        "archived",
        sa.Column("through", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    # A guard against mistakes; against an attacker there are hashes, signatures and anchors.
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def downgrade() -> None:
    raise NotImplementedError("a ledger is never taken back")


def _guard_sqlite() -> None:
    gone = "(SELECT coalesce(max(through), 0) FROM archived)"
    for table in _GUARDED:
        op.execute(
            f"CREATE TRIGGER {table}_keep BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, 'append only'); END"
        )
        op.execute(
            f"CREATE TRIGGER {table}_stay BEFORE DELETE ON {table} WHEN OLD.sequence > {gone} "
            "BEGIN SELECT RAISE(ABORT, 'append only'); END"
        )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION bulkhead_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_OP = 'DELETE' AND OLD.sequence <= (SELECT coalesce(max(through), 0) FROM archived) THEN "
        "RETURN OLD; END IF; RAISE EXCEPTION 'append only'; END $$"
    )
    for table in _GUARDED:
        op.execute(
            f"CREATE TRIGGER {table}_keep BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION bulkhead_append_only()"
        )
