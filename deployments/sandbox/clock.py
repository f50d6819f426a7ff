"""The estate clock: real time plus an offset that only grows and is kept on disk."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

FASTEST = 86_400.0


class Clock:
    """Business time of the estate (expiry, password age, relative dates); TLS and JWTs use real time."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._offset = timedelta()
        # Estate seconds that pass in a real second, and the real moment from which they do.
        self._rate = 1.0
        self._since = datetime.now(UTC)
        self._frozen: datetime | None = None
        self.read()

    @property
    def offset(self) -> timedelta:
        """How far the estate's time is ahead of real time, or behind it once it has stood still."""
        if self._rate == 1.0:
            return self._offset
        return self._offset + (datetime.now(UTC) - self._since) * (self._rate - 1)

    @property
    def rate(self) -> float:
        return self._rate

    def now(self) -> datetime:
        """The estate's time, aware and in UTC."""
        if self._rate == 1.0 or self._frozen is not None:
            return (self._frozen or datetime.now(UTC)) + self._offset
        # One look at real time: what stands still must not tremble.
        real = datetime.now(UTC)
        return real + self._offset + (real - self._since) * (self._rate - 1)

    def advance(self, step: timedelta) -> datetime:
        """Move forward and remember it. Raises ValueError on a step backwards."""
        if step < timedelta():
            raise ValueError("The estate clock only moves forward; start a fresh estate to go back.")
        self._offset += step
        self._write()
        return self.now()

    def run_at(self, rate: float) -> datetime:
        """
        Let time pass faster or slower from now on: 1 is real time, 0 stands still. Remembered like a step.

        Raises ValueError on a rate below zero or above a day in a second.
        """
        if not 0 <= rate <= FASTEST:
            raise ValueError(f"The estate clock runs at a rate from 0 to {FASTEST}.")
        self._offset, self._since, self._rate = self.offset, datetime.now(UTC), rate
        self._write()
        return self.now()

    def freeze(self, moment: datetime) -> None:
        """Stand still at a moment (offset still added), for seeding and for tests; nothing is remembered."""
        if moment.tzinfo is None:
            raise ValueError("The estate clock needs a moment with a time zone.")
        self._frozen = moment.astimezone(UTC)

    def thaw(self) -> None:
        self._frozen = None

    def read(self) -> None:
        """Takes up what the file says; a file of one estate put in the place of another's moves the clock."""
        if self._path is None or not self._path.exists():
            self._offset, self._rate = timedelta(), 1.0
            return
        kept = json.loads(self._path.read_text())
        self._offset = timedelta(seconds=kept["offset_seconds"])
        self._rate = kept.get("rate", 1.0)
        self._since = datetime.fromisoformat(kept["since"]) if "since" in kept else datetime.now(UTC)

    def state(self) -> dict[str, float | str]:
        """What the file keeps: `offset_seconds` held at the real moment `since`, and `rate`."""
        return {
            "offset_seconds": self._offset.total_seconds(),
            "rate": self._rate,
            "since": self._since.isoformat(),
        }

    def _write(self) -> None:
        if self._path is not None:
            draft = self._path.with_suffix(".draft")
            draft.write_text(json.dumps(self.state()))
            draft.replace(self._path)


def stamp(moment: datetime) -> str:
    """The wire form of a moment, always UTC: 2026-05-02T06:14:09.000+0000."""
    return f"{moment.astimezone(UTC).isoformat(timespec='milliseconds')[:23]}+0000"


def parse_stamp(text: str) -> datetime:
    """Read any ISO 8601 moment the wire may carry. Raises ValueError without a time zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"The moment {text!r} has no time zone.")
    return moment.astimezone(UTC)
