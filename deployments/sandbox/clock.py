"""The estate clock: real time plus an offset that only grows and is kept on disk."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path


class Clock:
    """Business time of the estate (expiry, password age, relative dates); TLS and JWTs use real time."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._offset = timedelta()
        self._frozen: datetime | None = None
        if path is not None and path.exists():
            self._offset = timedelta(seconds=json.loads(path.read_text())["offset_seconds"])

    @property
    def offset(self) -> timedelta:
        return self._offset

    def now(self) -> datetime:
        """The estate's time, aware and in UTC."""
        return (self._frozen or datetime.now(UTC)) + self._offset

    def advance(self, step: timedelta) -> datetime:
        """Move forward and remember it. Raises ValueError on a step backwards."""
        if step < timedelta():
            raise ValueError("The estate clock only moves forward; start a fresh estate to go back.")
        self._offset += step
        if self._path is not None:
            draft = self._path.with_suffix(".draft")
            draft.write_text(json.dumps({"offset_seconds": self._offset.total_seconds()}))
            draft.replace(self._path)
        return self.now()

    def freeze(self, moment: datetime) -> None:
        """Stand still at a moment (offset still added), for seeding and for tests."""
        if moment.tzinfo is None:
            raise ValueError("The estate clock needs a moment with a time zone.")
        self._frozen = moment.astimezone(UTC)

    def thaw(self) -> None:
        self._frozen = None


def stamp(moment: datetime) -> str:
    """The wire form of a moment, always UTC: 2026-05-02T06:14:09.000+0000."""
    return f"{moment.astimezone(UTC).isoformat(timespec='milliseconds')[:23]}+0000"


def parse_stamp(text: str) -> datetime:
    """Read any ISO 8601 moment the wire may carry. Raises ValueError without a time zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"The moment {text!r} has no time zone.")
    return moment.astimezone(UTC)
