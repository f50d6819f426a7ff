"""Calls are counted for whoever asked for the count, from all threads that work for it, and for nobody else."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

import pytest

from tasks.spending import spending, spent


def test_calls_of_all_threads_of_a_run_are_counted_also_of_what_failed() -> None:
    def fails(org: str) -> None:
        try:
            raise LookupError(org)
        finally:
            spent(org, 3)

    with spending() as counted, ThreadPoolExecutor(8) as threads:
        futures = [threads.submit(copy_context().run, fails, org) for org in ("hq", "emea") * 20]
        for future in futures:
            with pytest.raises(LookupError):
                future.result()
    assert counted.calls() == {"hq": 60, "emea": 60}


def test_nobody_counts_what_others_spend() -> None:
    spent("hq", 1)
    with spending() as outer:
        spent("hq", 2)
        with spending() as inner:
            spent("hq", 4)
        spent("hq", 8)
    spent("hq", 16)
    assert (outer.calls(), inner.calls()) == ({"hq": 10}, {"hq": 4})
