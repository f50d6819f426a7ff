"""
The Prefect server of one machine: on SQLite, no form is refused because somebody else was writing.

Prefect opens most transactions that write with BEGIN DEFERRED and reads first. Where another connection commits between that and
the first write, SQLite refuses the write at once, whatever the timeout (SQLITE_BUSY_SNAPSHOT,
https://www.sqlite.org/rescode.html#busy_snapshot). The API then answers 503: Prefect's clients ask again, but a person at a
form reads "Oops. Something went wrong." BEGIN IMMEDIATE takes the lock first, and waits for it.
"""

import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from prefect.cli import app
from prefect.server.database.configurations import SQLITE_BEGIN_MODE, AioSqliteConfiguration
from sqlalchemy.ext.asyncio import AsyncSession, AsyncSessionTransaction


@asynccontextmanager
async def _begin_immediately(
    self: AioSqliteConfiguration,  # takes the place of a method
    session: AsyncSession,
    with_for_update: bool = False,  # the method's own
) -> AsyncGenerator[AsyncSessionTransaction, None]:
    token = SQLITE_BEGIN_MODE.set("IMMEDIATE")
    try:
        async with session.begin() as transaction:
            yield transaction
    finally:
        SQLITE_BEGIN_MODE.reset(token)


def main() -> None:
    """Takes what `prefect server start` takes."""
    AioSqliteConfiguration.begin_transaction = _begin_immediately  # type: ignore[method-assign]  # no setting does it
    sys.argv[:] = ["prefect", "server", "start", *sys.argv[1:]]
    app()


if __name__ == "__main__":
    main()
