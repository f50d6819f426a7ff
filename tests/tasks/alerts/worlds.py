"""Channels that are down, lose answers or take everything, and a ledger with a clock that is set by hand."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tasks.alerts.ledger_gateway import AlertBook
from tasks.alerts.model import Alert, Letter, Message, Severity
from tasks.alerts.telling import tell
from tasks.errors import AlertUndelivered
from tasks.estate.model import AlertChannel, ChannelKind
from tasks.estate.model_alerts import AlertsPolicy
from tasks.ledger.store import Ledger

NOW = datetime(2026, 5, 13, 12, tzinfo=UTC)


def an_alert(key: str = "volume:hq:1", org: str = "hq", **changes: Any) -> Alert:
    values = {"key": key, "org": org, "severity": Severity.ERROR, "title": "Too much", **changes}
    return Alert.model_validate(values)


def a_channel(name: str, *orgs: str, kind: ChannelKind = ChannelKind.SLACK) -> AlertChannel:
    return AlertChannel(name=name, kind=kind, orgs=orgs or ("hq",), secret="alerts/x")


def policy_of(**fields: Any) -> AlertsPolicy:
    return AlertsPolicy.model_validate(fields)


class Killed(BaseException):
    """The process ends here."""


@dataclass
class World:
    """A ledger, its clock, and what every channel has received. `trouble` decides about each message before it arrives."""

    folder: Path
    channels: list[AlertChannel]
    policy: AlertsPolicy = field(default_factory=AlertsPolicy)
    now: datetime = NOW
    trouble: Callable[[Message, AlertChannel, Callable[[], None]], None] | None = None
    received: dict[str, list[Message]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ledger = Ledger(f"sqlite:///{self.folder / 'ledger.db'}", lambda: self.now)
        self.book = AlertBook(self.ledger)

    def later(self, **span: float) -> "World":
        self.now += timedelta(**span)
        return self

    def resolve(self, key: str) -> bool:
        return self.book.resolve(key, self.channels, self.policy)

    def tell(self) -> list[str]:
        """Marks of what went out in this turn, by channel and kind; a digest is one."""
        before = {name: len(got) for name, got in self.received.items()}
        _, self.failed = tell(self.book, self.channels, self._send, self.policy)
        return [
            mark_of(message)
            for channel in self.channels
            for message in self.received.get(channel.name, [])[before.get(channel.name, 0) :]
        ]

    def _send(self, message: Message, channel: AlertChannel) -> None:
        def arrive() -> None:
            self.received.setdefault(channel.name, []).append(message)

        if self.trouble is None:
            arrive()
        else:
            self.trouble(message, channel, arrive)


def mark_of(message: Message) -> str:
    return (
        message.mark if isinstance(message, Letter) else f"{message.channel}:digest({len(message.letters)})"
    )


def refuses(*names: str) -> Callable[[Message, AlertChannel, Callable[[], None]], None]:
    def trouble(message: Message, channel: AlertChannel, arrive: Callable[[], None]) -> None:
        if channel.name in names:
            raise AlertUndelivered("down")
        arrive()

    return trouble


def loses_answers(*names: str) -> Callable[[Message, AlertChannel, Callable[[], None]], None]:
    def trouble(message: Message, channel: AlertChannel, arrive: Callable[[], None]) -> None:
        arrive()
        if channel.name in names:
            raise AlertUndelivered("no answer", doubtful=True)

    return trouble
