"""The product as tests see it: a Prefect server and worker of their own, with the embedded estate registered."""

import base64
import os
import re
import shutil
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from prefect.context import refresh_global_settings_context
from prefect.events.worker import EventsWorker
from prefect.logging.handlers import APILogWorker

from deployments.server import Running
from deployments.settings import Home


@dataclass
class Product:
    """`prefect` calls the server's API, with `token` against forged requests; `database` opens what it stores."""

    home: Home
    running: Running
    token: dict[str, str] = field(default_factory=dict)

    def prefect(self, method: str, path: str, **options: Any) -> Any:
        with httpx.Client(trust_env=False, timeout=120) as client:
            for _ in range(10):
                headers = {} if method == "GET" else self.token
                answer = client.request(method, f"{self.running.ui}/api{path}", headers=headers, **options)
                if answer.status_code == httpx.codes.FORBIDDEN and method != "GET":
                    # One token for an hour of questions: each new one is a row to write, and tests ask often.
                    me = str(uuid4())
                    given = client.get(f"{self.running.ui}/api/csrf-token", params={"client": me}).json()
                    self.token = {"Prefect-Csrf-Client": me, "Prefect-Csrf-Token": given["token"]}
                # So the server says that its database was busy; Prefect's own client repeats the request, too.
                elif answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                    break
                else:
                    time.sleep(0.5)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def database(self) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{self.home.prefect / 'prefect.db'}?mode=ro", uri=True)

    def begin_anew(self, declared: Path) -> None:
        """
        Registers what is declared with a ledger in which nothing is in force. Its chain goes on, as after an archive: put back to
        how it was, it would be found to have been touched.
        """
        from deployments.register import offer_choices, register_files
        from tasks.orgs import open_ledger, open_signer

        with open_ledger() as ledger, ledger.exclusive() as pages:
            signer = open_signer()
            assert signer is not None
            pages.seal(signer)
            head = pages.head()
            if head != pages.start():
                pages.forget(head)
        with closing(sqlite3.connect(self.home.root / "ledger" / "ledger.db", timeout=60)) as database:
            database.execute("DELETE FROM kept")
            database.commit()
        shutil.rmtree(self.home.root / "tenant-secrets", ignore_errors=True)
        offer_choices(register_files(declared))

    def holding(self, *secrets: str) -> list[Path]:
        """Files in which one of these can be found: database, result storage (pickles in base64 too), logs, ledger, reports."""
        return [path for path in self.files() if any(each.encode() in unpacked(path) for each in secrets)]

    def files(self) -> list[Path]:
        """Everything on disk that the product wrote, the embedded estate's own folder left out."""
        return [path for path in self.home.root.rglob("*") if path.is_file()]


def point_here(home: Home, port: int) -> dict[str, str | None]:
    """Points this process at a server; gives what has to be put back."""
    # What sends to the server before stays with it: heartbeats of a flow here would not reach this one.
    drain()
    wanted = home.environment(port)
    before = {name: os.environ.get(name) for name in wanted}
    home.enter(port)
    return before


def put_back(before: dict[str, str | None]) -> None:
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    refresh_global_settings_context()


def drain() -> None:
    """Sends what Prefect has still queued here; it would try for a minute when the server is gone."""
    for service in (APILogWorker, EventsWorker):
        service.drain_all(timeout=10)


def unpacked(path: Path) -> bytes:
    """A file's bytes; of a database its whole text; with everything that is base64 inside decoded as well."""
    content = path.read_bytes()
    if content.startswith(b"SQLite format 3"):
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
            content += "\n".join(database.iterdump()).encode()
    packed = re.findall(rb"(?:[A-Za-z0-9+/]{4}){4,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", content)
    return content + b"\n".join(base64.b64decode(text) for text in packed)
