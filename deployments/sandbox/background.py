"""Work that goes on between requests: a little at a time on the event loop, or at once where there is none."""

import asyncio
import logging
import sqlite3
from collections.abc import Iterator

log = logging.getLogger(__name__)
_PAUSE = 0.001


def start(work: Iterator[object]) -> None:
    """
    Runs a generator to its end, one step at a time.

    A store that is closed meanwhile ends it quietly: the estate stops, or goes back to a snapshot that knows nothing of
    this work.
    """
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        for _ in work:
            pass
        return
    loop.call_later(_PAUSE, _step, loop, work)


def _step(loop: asyncio.AbstractEventLoop, work: Iterator[object]) -> None:
    try:
        next(work)
    except StopIteration:
        return
    except sqlite3.ProgrammingError as error:
        if "closed database" not in str(error):
            log.exception("work in the background failed")
        return
    except Exception:
        log.exception("work in the background failed")
        return
    loop.call_later(_PAUSE, _step, loop, work)
