"""Nouns of reporting: what changed between two runs, the runs before, and how fast something was seen."""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import Field

from tasks.audit.model import Assessment, Severity, Verdict
from tasks.value import Value


class DriftClass(StrEnum):
    NEW = "new"
    """Fails now and did not, under the same rule."""
    RULE_CHANGED = "rule-changed"
    """Fails now or fails no longer, and the rule or its part of the policy is another."""
    PERSISTENT = "persistent"
    ERROR = "error"
    """Could not be judged now. What failed before is not resolved by that."""
    WAIVED = "waived"
    RESOLVED = "resolved"


class Drifted(Value):
    """One finding that one of two runs has. A verdict is None where that run has no such finding."""

    drift: DriftClass
    control: str
    org: str
    resource: str
    severity: Severity
    before: Verdict | None
    now: Verdict | None
    why: str


class Drift(Value):
    """Between the run of `since` and this one."""

    since: datetime
    changes: tuple[Drifted, ...]

    def of(self, drift: DriftClass) -> tuple[Drifted, ...]:
        return tuple(each for each in self.changes if each.drift is drift)


class RadiusChange(Value):
    """One secret and what a thief of it could read, before and now; None where it opened nothing."""

    secret_id: str
    sensitive_before: int | None
    sensitive_now: int | None
    rows_before: int | None
    rows_now: int | None


class Run(Value):
    """What is remembered of one assessment for ever. Counts are of findings; `rows` of the widest blast radius."""

    made_at: datetime
    scores: dict[str, int | None]
    coverage: dict[str, int]
    verdicts: dict[Verdict, int]
    failing: dict[Severity, int]
    edges: int = Field(ge=0)
    rows: int = Field(ge=0)
    sensitive_rows: int = Field(ge=0)


class Tier(StrEnum):
    """How telemetry comes, and how late."""

    LIVE = "live"
    HOURLY = "hourly"
    DAILY = "daily"


class TierTime(Value):
    """From the event to the alert, over `alerts` alerts. None until there was one: nobody has measured it."""

    tier: Tier
    alerts: int
    mean: timedelta | None
    p95: timedelta | None


Money = int
"""Whole units of the currency."""


class RoiInputs(Value):
    """
    All that the reckoning knows. `recurring` and `savings` are per year and counted in every year, `one_time` once; nothing is
    discounted. `breach_probability` is how likely such a breach is within the years, if nothing is done.
    """

    name: str
    currency: str = "USD"
    years: int = Field(default=3, ge=1, le=20)
    recurring: dict[str, Money] = {}
    one_time: dict[str, Money] = {}
    breach: dict[str, Money] = {}
    breach_probability: float = Field(default=1.0, ge=0, le=1)
    savings: dict[str, Money] = {}
    claimed_benefit: Money | None = None
    claimed_percent: int | None = None


class Roi(Value):
    """
    `percent` is (benefit - cost) / cost, rounded; None where nothing is spent. `break_even` is the probability of a breach
    from which on it pays; None where it never does, or no breach was named.
    """

    inputs: RoiInputs
    first_year: Money
    cost: Money
    breach: Money
    prevented: Money
    saved: Money
    benefit: Money
    net: Money
    percent: int | None
    break_even: float | None
    at_probabilities: tuple[tuple[float, int | None], ...]


class Posture(Value):
    """One assessment with what came before it; all that a report is made from."""

    assessment: Assessment
    drift: Drift | None = None
    """None for the first run."""
    radii: tuple[RadiusChange, ...] = ()
    """Against the run before; empty for the first run."""
    runs: tuple[Run, ...] = ()
    """This run and those before it, oldest first."""
    tiers: tuple[TierTime, ...] = ()
    roi: RoiInputs | None = None
    """None where nobody wrote any down; a report then shows the example."""


class History(Value):
    """What a report needs besides assessments; kept beside them, so that it can be made without a ledger."""

    estate: str
    runs: tuple[Run, ...] = ()
    tiers: tuple[TierTime, ...] = ()
