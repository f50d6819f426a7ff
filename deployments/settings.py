"""Where everything lies on this machine, and how Prefect is set up for us."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

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
    # A person who presses the button in the UI does not wait ten seconds for the worker to look.
    "PREFECT_WORKER_QUERY_SECONDS": "2",
    # By these end-lost-runs knows that a run's process lives; more often Prefect does not allow.
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
    # Logs and artifacts of runs that delete-old-runs took, and events of more than a week.
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,orphans",
}


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

    def environment(self, port: int) -> dict[str, str]:
        """The settings that every process of ours runs with; nothing secret among them."""
        return {
            **TUNED,
            **QUIET,
            **CAREFUL,
            "BULKHEAD_HOME": str(self.root),
            "PREFECT_HOME": str(self.prefect),
            "PREFECT_API_URL": f"http://{LOOPBACK}:{port}/api",
            "PREFECT_UI_URL": f"http://{LOOPBACK}:{port}",
            # Prefect lets pages from anywhere call its API; a page that an operator happens to visit could start flows.
            "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": f"http://{LOOPBACK}:{port},http://localhost:{port}",
        }

    def enter(self, port: int) -> None:
        """Points this process, and all it starts, at the server on this port."""
        os.environ.update(self.environment(port))
        if "prefect" in sys.modules:
            # Prefect reads its settings once, when it is imported.
            from prefect.context import refresh_global_settings_context

            refresh_global_settings_context()


def home() -> Home:
    """BULKHEAD_HOME, or `.bulkhead` in the current folder."""
    return Home(Path(os.environ.get("BULKHEAD_HOME") or ".bulkhead").resolve())
