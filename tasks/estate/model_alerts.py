"""Nouns of policy.yaml about alerts: who hears what, when, how often, and what follows when nobody answers."""

import datetime as dt
from datetime import timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from tasks.alerts.model import Severity
from tasks.estate.model_names import Alias
from tasks.value import Value


class QuietHours(Value):
    """From `start` until `end` by the wall clock of `time_zone`, past midnight where that is earlier; what comes then waits."""

    start: dt.time
    end: dt.time
    time_zone: str = "UTC"
    """IANA name."""
    unless: Severity = Severity.CRITICAL
    """What is this severe or more is told at once all the same."""

    @field_validator("time_zone")
    @classmethod
    def _is_known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"{name} is no IANA time zone; write one such as Europe/Zurich") from None
        return name

    @model_validator(mode="after")
    def _is_some_time(self) -> "QuietHours":
        if self.start.tzinfo is not None or self.end.tzinfo is not None:
            raise ValueError("write start and end without an offset; time_zone says it")
        if self.start == self.end:
            raise ValueError("start and end are the same, so nothing would be quiet")
        return self


class ChannelRule(Value):
    """What one channel hears. Without a rule it hears everything of its orgs at once."""

    least: Severity = Severity.INFO
    """What is less severe is not told here."""
    keys: tuple[str, ...] = ("*",)
    """Shell patterns of the keys of alerts, such as `anomaly:unusual-volume/*`; case counts."""
    at_once: bool = True
    """False for a channel that hears only what is escalated to it."""
    quiet: QuietHours | None = None
    max_per_hour: int = Field(default=30, ge=1, le=1_000)
    """
    Messages in any hour; twice as many for critical alerts alone. In Slack and mail the rest comes in one message that names
    the worst and counts all; PagerDuty and webhooks get the rest later, the most severe first.
    """


class Escalation(Value):
    """Who is told besides when an alert has been open for `after` and nobody has acknowledged it."""

    after: timedelta = Field(gt=timedelta(0))
    least: Severity = Severity.ERROR
    channels: tuple[Alias, ...] = Field(min_length=1)


class AlertsPolicy(Value):
    channels: dict[Alias, ChannelRule] = Field(default_factory=dict)
    """By the channel's name in estate.yaml."""
    escalation: tuple[Escalation, ...] = ()
    update_every: timedelta = Field(default=timedelta(minutes=15), ge=timedelta(0))
    """
    How often at most an open alert notes that its facts changed. That is told where it makes no new message (PagerDuty,
    webhooks); a higher severity or another state of containment is noted and told everywhere at once.
    """
    retry_first: timedelta = Field(default=timedelta(minutes=1), gt=timedelta(0))
    retry_longest: timedelta = Field(default=timedelta(minutes=30), gt=timedelta(0))
    """A channel that takes nothing is tried again after `retry_first`, then after twice as long each time, up to this."""
    fold_after: timedelta = Field(default=timedelta(hours=1), gt=timedelta(0))
    """What Slack or mail hear later than this comes in one message, critical alerts excepted."""
    detectors: dict[str, timedelta | None] = Field(default_factory=dict)
    """
    Flow to its period, for those that must run although they never did yet; null for one that may be silent. Every other
    that ran once is known by itself.
    """
    runbook: str | None = Field(default=None, pattern=r"^https?://[^\s#]+$", max_length=2000)
    """Where you publish `deployments/docs/runbook.md`: alerts then have a button to their chapter of it."""
    shortest_silence: timedelta = Field(default=timedelta(minutes=5), ge=timedelta(0))
    """How long any detector may show no sign of life, however short its period is."""

    def rule(self, channel: str) -> ChannelRule:
        return self.channels.get(channel, _EVERYTHING)


_EVERYTHING = ChannelRule()
