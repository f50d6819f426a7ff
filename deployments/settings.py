"""Where everything lies on this machine, and how Prefect is set up for us."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tasks.fleet.cluster import SETTING
from tasks.runs.names import WORK_POOL as WORK_POOL

DEFAULT_PORT = 4200
LOOPBACK = "127.0.0.1"

# Measured: with the defaults of 1 the server records 25 task runs a second, with these 100. Triggers stay on, because
# automations need them.
TUNED = {
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "500",
    "PREFECT_SERVER_DATABASE_TIMEOUT": "120",
}
QUIET = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
    "PREFECT_CLI_COLORS": "false",
    "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
}
CAREFUL = {
    # Never pickles: whoever may write to the result storage would run code in its reader.
    "PREFECT_RESULTS_DEFAULT_SERIALIZER": "json",
    "PREFECT_TASKS_DEFAULT_NO_CACHE": "true",
    "PREFECT_LOGGING_EXTRA_LOGGERS": "tasks,flows",
    # A page of somebody else's cannot start flows with what a person's browser knows; Prefect's UI and clients bring a token.
    "PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED": "true",
    # A person who presses the button in the UI does not wait ten seconds for the worker to look.
    "PREFECT_WORKER_QUERY_SECONDS": "2",
    # By these end-lost-runs knows that a run's process lives; more often Prefect does not allow.
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
    # Logs and artifacts of runs that delete-old-runs took, and events of more than a week.
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,orphans",
}
STRUCTURED = {
    # One JSON object per line, for whoever gathers logs.
    "PREFECT_LOGGING_HANDLERS_CONSOLE_FORMATTER": "json",
    "PREFECT_LOGGING_COLORS": "false",
}
API_URL = "BULKHEAD_API_URL"
"""Environment variable with the address of a Prefect server elsewhere: `https://bulkhead.acme.example/api`."""
_ELSEWHERE = frozenset({API_URL, SETTING, "BULKHEAD_LEDGER_URL"})


@dataclass(frozen=True)
class Home:
    """Paths below BULKHEAD_HOME; the folder belongs to one user (mode 0700)."""

    root: Path

    @property
    def prefect(self) -> Path:
        return self.root / "prefect"

    @property
    def estate(self) -> Path:
        """State folder of the embedded estate."""
        return self.root / "estate"

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def running(self) -> Path:
        """What `up` started, for `down` to stop."""
        return self.root / "running.json"

    def prepare(self) -> None:
        """Raises OSError when the folder cannot be made."""
        for folder in (self.root, self.prefect, self.reports, self.logs):
            folder.mkdir(parents=True, exist_ok=True)
        self.root.chmod(0o700)

    @property
    def encryption_key(self) -> Path:
        """The key that Prefect encrypts Blocks with, outside the database that they lie in (mode 0600)."""
        return self.root / "prefect-encryption.key"

    def environment(self, port: int) -> dict[str, str]:
        """Settings of every process of ours on this machine; nothing secret among them."""
        origin = f"http://{LOOPBACK}:{port}"
        return {
            **self.settings(f"{origin}/api"),
            "PREFECT_UI_URL": origin,
            # Prefect lets pages from anywhere call its API; a page that an operator happens to visit could start flows.
            "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": f"{origin},http://localhost:{port}",
        }

    def settings(self, api: str) -> dict[str, str]:
        """The same wherever the server is; `api` is the address of its API."""
        return {
            **TUNED,
            **QUIET,
            **CAREFUL,
            **(STRUCTURED if os.environ.get("BULKHEAD_LOG_FORMAT") == "json" else {}),
            "BULKHEAD_HOME": str(self.root),
            "PREFECT_HOME": str(self.prefect),
            "PREFECT_API_URL": api,
        }

    def enter(self, port: int) -> None:
        """Points this process, and all it starts, at the server on this port."""
        _take_over(self.environment(port))

    def join(self, api: str) -> None:
        """The same for a server on another machine."""
        _take_over(self.settings(api))


def _take_over(environment: dict[str, str]) -> None:
    os.environ.update(environment)
    _read_again()


def without_elsewhere(environment: Mapping[str, str]) -> dict[str, str]:
    """What of it leads to no Prefect server, database, ledger or cluster: for whatever makes its own and throws it away."""
    return {
        name: value
        for name, value in environment.items()
        if name not in _ELSEWHERE and not name.startswith("PREFECT_")
    }


@contextmanager
def on_its_own() -> Iterator[None]:
    """
    This process and all it starts meanwhile know of no server elsewhere; a bench would register its orgs on one. Afterwards the
    environment is as before, and what this process asks of Prefect goes where it went before.
    """
    before = dict(os.environ)
    try:
        _become(without_elsewhere(before))
        yield
    finally:
        _become(before)


def _become(environment: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    _read_again()


def _read_again() -> None:
    """Prefect reads its settings once, when it is imported."""
    if "prefect" in sys.modules:
        from prefect.context import refresh_global_settings_context

        refresh_global_settings_context()


def home() -> Home:
    """BULKHEAD_HOME, or `.bulkhead` in the current folder."""
    return Home(Path(os.environ.get("BULKHEAD_HOME") or ".bulkhead").resolve())
