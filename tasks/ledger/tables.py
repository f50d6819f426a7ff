"""Tables of the ledger, as its migrations make them."""

from sqlalchemy import Column, Index, Integer, MetaData, String, Table, Text

metadata = MetaData()

entries = Table(
    "entries",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("at", String(27), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("actor", String(200), nullable=False),
    Column("policy", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("entries_by_subject", "subject", "sequence"),
    Index("entries_by_kind", "kind", "sequence"),
)
"""The chain. Instants are text, so that what is hashed is what is kept to the last digit."""

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("hash", String(64), primary_key=True),
    Column("key_id", String(200), primary_key=True),
    Column("at", String(27), nullable=False),
    Column("signature", Text, nullable=False),
)

archived = Table(
    "archived",
    metadata,
    Column("through", Integer, primary_key=True, autoincrement=False),
    Column("hash", String(64), nullable=False),
)
"""Where the chain begins here: entries up to `through` left for an archive. The latest row counts."""

kept = Table(
    "kept",
    metadata,
    Column("place", String(200), primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("body", Text, nullable=False),
)
"""What is true now and replaces what was: cursors, and records that wait. Beside the chain, written with it as one."""
