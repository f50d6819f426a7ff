"""What is mapped over orgs runs as threads of its run, or on a Dask cluster where workers are told of one."""

import os
from importlib.util import find_spec
from typing import Any

from flows.reading import SIDE_BY_SIDE
from tasks.errors import ConfigurationError
from tasks.fleet.cluster import SETTING, local_processes

_THREADS = 4
"""Of each process of a cluster on this machine."""


def over_orgs(setting: str | None = None) -> Any:
    """
    The runner of tasks that need nothing of one another: each opens its own org, ledger and store, wherever it runs. `setting` as
    BULKHEAD_DASK, which is read where none is given. Raises ConfigurationError.
    """
    value = os.environ.get(SETTING, "") if setting is None else setting
    if not value:
        return SIDE_BY_SIDE
    processes = local_processes(value)
    if find_spec("prefect_dask") is None:
        raise ConfigurationError(
            f'{SETTING} needs prefect-dask: install the extra "dask" from this repository (make setup does).'
        )
    # Seconds to import, and of no use without a cluster.
    from prefect_dask.task_runners import DaskTaskRunner

    if processes is None:
        return DaskTaskRunner(address=value)
    # With certificates of its own, or every user of the machine could run code in it.
    return DaskTaskRunner(
        cluster_kwargs={
            "n_workers": processes,
            "threads_per_worker": _THREADS,
            "security": True,
            "dashboard_address": None,
        }
    )
