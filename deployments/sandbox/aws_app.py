"""The AWS server as the estate runs it: on the estate's time, kept on disk, with its firewall told to the proxies."""

import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import time_machine

from deployments.sandbox import aws_keeping
from deployments.sandbox.aws_firewall import enforced
from deployments.sandbox.clock import Clock
from deployments.sandbox.state import StateFolder, write_json

WRITE_AFTER = 1.0
"""Seconds from a change to its being on disk, when the server is not ended before."""
_READS = ("Get", "List", "Describe", "BatchGet")
Start = Callable[..., Any]
Application = Callable[[dict[str, Any], Start], Iterable[bytes]]


class EstateTime:
    """Makes this process live in the estate's time, whose file another process writes."""

    def __init__(self, file: Path) -> None:
        self._clock = Clock(file)
        self._file = file
        self._seen = 0
        self._travel: time_machine.travel | None = None

    def follow(self) -> None:
        """Takes up a change of the file; at a pace other than real time, each call moves the hands."""
        try:
            changed = self._file.stat().st_mtime_ns
        except FileNotFoundError:
            changed = 0
        if changed == self._seen and self._clock.rate in (0.0, 1.0):
            return
        self._seen = changed
        if self._travel is not None:
            self._travel.stop()
            self._travel = None
        self._clock.read()
        if self._clock.offset.total_seconds() or self._clock.rate != 1.0:
            self._travel = time_machine.travel(self._clock.now(), tick=self._clock.rate != 0)
            self._travel.start()


class EstateApp:
    """WSGI around moto: one request at a time, changes noted; `POST /estate/save` and `/estate/restore`."""

    def __init__(self, inner: Application, folder: Path) -> None:
        self._inner = inner
        self._folder = folder
        self._files = StateFolder(folder)
        self._time = EstateTime(folder / "clock.json")
        self._lock = threading.RLock()
        self._changed = False
        self._told: list[Any] | None = None

    @property
    def file(self) -> Path:
        return self._files.aws_state

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        with self._lock:
            path = environ["PATH_INFO"]
            if path.startswith("/estate/") and environ["REQUEST_METHOD"] == "POST":
                return self._command(path.removeprefix("/estate/"), environ, start)
            self._time.follow()
            # Whole, before the lock goes: moto makes some answers only while they are read.
            answer = list(self._inner(environ, start))
            if _changes(environ):
                self._changed = True
                if "WAF" in environ.get("HTTP_X_AMZ_TARGET", ""):
                    self.tell_firewall()
            return answer

    def _command(self, name: str, environ: dict[str, Any], start: Start) -> list[bytes]:
        """`save` and `restore`: the body is a path below the state folder."""
        size = int(environ.get("CONTENT_LENGTH") or 0)
        path = (self._folder / environ["wsgi.input"].read(size).decode()).resolve()
        if not path.is_relative_to(self._folder):
            start("403 Forbidden", [("Content-Type", "text/plain")])
            return [b"not below the state folder"]
        if name == "save":
            aws_keeping.save(path)
        else:
            self._time.follow()
            aws_keeping.load(path)
            self.tell_firewall()
            self._changed = True
        start("204 No Content", [])
        return []

    def tell_firewall(self) -> None:
        """Writes the web ACLs that the proxies enforce, before the caller hears that they have changed."""
        rules = enforced()
        if rules != self._told:
            write_json(self._files.firewall, {"acls": rules})
            self._told = rules

    def keep(self) -> None:
        """Writes down what has changed since the last time."""
        with self._lock:
            if self._changed:
                self._changed = False
                aws_keeping.save(self.file)

    def keep_keeping(self) -> None:
        """For a thread of its own."""
        while True:
            time.sleep(WRITE_AFTER)
            self.keep()

    def follow_time(self) -> None:
        with self._lock:
            self._time.follow()


def _changes(environ: dict[str, Any]) -> bool:
    if environ["REQUEST_METHOD"] in ("GET", "HEAD"):
        return False
    operation = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]
    return not operation.startswith(_READS)
