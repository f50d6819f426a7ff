"""Runs migrations on the connection that the ledger holds; Alembic's own command line is not used."""

from alembic import context

from tasks.ledger.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
