"""How runs of ours are told from others on the same Prefect server."""

from typing import Final

WORK_POOL: Final = "bulkhead"
FREQUENT: Final = "frequent"
"""The tag of jobs that run every few minutes: most of their runs have nothing to tell."""
