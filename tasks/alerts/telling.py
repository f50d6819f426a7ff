"""Telling: every letter that is due to every channel, by one run at a time."""

from collections.abc import Callable, Sequence

from tasks.alerts.ledger_gateway import AlertBook
from tasks.alerts.model import Letter
from tasks.alerts.outbox import pending
from tasks.errors import BulkheadError
from tasks.estate.model import AlertChannel

Send = Callable[[Letter, AlertChannel], None]


def tell(book: AlertBook, channels: Sequence[AlertChannel], send: Send) -> tuple[int, list[BulkheadError]]:
    """
    How many letters were taken, and why others were not.

    Two runs at once would both find a letter untold and both send it, so the second waits for the first. Raises
    AlreadyRunning when that takes too long.
    """
    by_name = {channel.name: channel for channel in channels}
    sent, failed = 0, []
    with book.turn():
        for letter in pending(book.all(), channels):
            try:
                send(letter, by_name[letter.channel])
            except BulkheadError as error:
                failed.append(error)
                continue
            book.told(letter)
            sent += 1
    return sent, failed
