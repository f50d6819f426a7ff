"""Nouns of detection as it runs: what is known of an org, what was told already, what people said of it, and what a look brought."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from pydantic import Field, model_validator

from tasks.anomalies.model import Allowance, Blind, Indicator, Member, Suspicion, Tuning
from tasks.estate.model_names import Alias
from tasks.response.model import Facts
from tasks.value import Value


class Hours(Value):
    """When people of an org work, by the clock of each one's own zone."""

    opens: int = Field(ge=0, le=24)
    closes: int = Field(ge=0, le=24)

    @model_validator(mode="after")
    def _in_order(self) -> "Hours":
        if self.opens >= self.closes:
            raise ValueError("opens comes before closes; both are hours of one day")
        return self


class TuningDocument(Value):
    """
    What detections.yaml says. `without` names detections that do not run, `also` those that run only
    where somebody asks for them (YAML takes `off` and `on` for truth values), `countries` the ISO codes from which people of an org may
    come, `hours` when they work, `indicators` traces of attacks that were published.
    """

    allowances: tuple[Allowance, ...] = ()
    without: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    countries: Mapping[Alias, frozenset[str]] = {}
    hours: Mapping[Alias, Hours] = {}
    indicators: tuple[Indicator, ...] = ()

    @property
    def tuning(self) -> Tuning:
        return Tuning(allowances=self.allowances, off=self.without, on=self.also)


class Known(Value):
    """
    What an org says of its users and fields. `members` bear the made-up names of telemetry. `restricted` are `Object.Field`,
    `unread` is why something of it is not known.
    """

    org: Alias
    at: datetime
    members: tuple[Member, ...] = ()
    restricted: tuple[str, ...] = ()
    api_limit: int | None = None
    unread: Mapping[str, str] = {}


class Verdict(StrEnum):
    FALSE = "false alarm"
    TRUE = "true alarm"


class Feedback(Value):
    """What somebody said of an alert: it counts for its detection, org and actor until a day."""

    detection: str
    org: str
    actor: str
    verdict: Verdict
    at: datetime
    until: datetime


class Told(Value):
    """
    A suspicion that was told at `at`, by the org's clock; `opened` once its alert was, `over` once that is. What nobody has opened
    yet is not over, however long ago it was: a run may have been killed before it came to that.
    """

    suspicion: Suspicion
    at: datetime
    opened: bool = False
    over: bool = False


class Wanted(Value):
    """An actor to contain, and the detections that agree about it."""

    facts: Facts
    actor: str
    because: tuple[str, ...]


class Judged(Value):
    """
    What a look at one org brought, at `at` by its own clock. `news` were not told before, `standing` were and are not over, `over`
    are those whose time is up. `people` are user names by ids of actors; they are told and not kept.
    """

    org: str
    at: datetime
    news: tuple[Suspicion, ...] = ()
    standing: tuple[Suspicion, ...] = ()
    over: tuple[Suspicion, ...] = ()
    muted: tuple[Suspicion, ...] = ()
    """Left alone by an allowance, or because people called it a false alarm before."""
    idle: tuple[Allowance, ...] = ()
    wanted: tuple[Wanted, ...] = ()
    blind: tuple[Blind, ...] = ()
    unseen: Mapping[str, str] = {}
    """What this look brought nothing of, and why."""
    people: Mapping[str, str] = {}
    events: int = 0
    """Rows that were judged on, history left out."""

    @property
    def current(self) -> tuple[Suspicion, ...]:
        return (*self.standing, *self.news)
