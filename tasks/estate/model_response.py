"""Nouns of policy.yaml about response: how far an actor is contained, by what, and what orgs refuse by themselves."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from tasks.estate.model import Alias
from tasks.value import Value


class Rung(StrEnum):
    """How far a containment goes. Each takes what the ones before it take, too."""

    WATCH = "watch"
    """Nothing is taken; the alert is all."""
    SESSIONS = "sessions"
    """Sessions and tokens of the user end."""
    FREEZE = "freeze"
    """The user may not sign in."""
    ACCESS = "access"
    """The user's permission sets go, and nobody is admitted to the app: a key of an app opens it for all whom it admits."""
    ROTATE = "rotate"
    """The credential is rotated as an emergency."""
    ROUTE = "route"
    """The source org calls out for the route no longer."""

    @property
    def height(self) -> int:
        return list(Rung).index(self)


class ResponseRule(Value):
    """
    How far a detection may lead. The first rule that fits counts, and where none does, nothing is taken.

    `undo_after` gives everything back by itself that can be given back, unless somebody decides before; None waits for a person.
    """

    detection: str = Field(default="*", min_length=1)
    """Id of the detection, or a shell pattern of such."""
    severity: Literal["info", "warning", "error", "critical"] = "info"
    """The least severity that it is about."""
    rung: Rung
    undo_after: timedelta | None = Field(default=None, gt=timedelta(0), le=timedelta(days=30))


class TransactionRule(Value):
    """
    What an org itself refuses while it happens, where it has Event Monitoring: queries and exports of more than `over` rows, or any
    where `over` is None. `spared` are user names that it lets pass; break-glass accounts and our own always are.
    """

    event: Literal["ApiEvent", "ReportEvent", "BulkApiResultEventStore"]
    over: int | None = Field(default=None, ge=1)
    spared: tuple[Annotated[str, StringConstraints(min_length=3)], ...] = ()
    message: str = Field(default="Your security team does not allow this.", max_length=1000)

    @model_validator(mode="after")
    def _counts_where_rows_are_counted(self) -> "TransactionRule":
        if self.event == "BulkApiResultEventStore" and self.over is not None:
            raise ValueError(
                "BulkApiResultEventStore counts no rows; leave `over` out and name who is spared"
            )
        return self


class ResponsePolicy(Value):
    """What an anomaly may do to a user before anybody was asked, and how many people must say yes to the rest."""

    auto_disable: tuple[Alias, ...] = ()
    """Orgs in which an anomaly may freeze the user without asking first. In all others every step waits for a person."""
    rules: tuple[ResponseRule, ...] = ()
    unasked: Rung = Rung.ACCESS
    """The highest rung that needs no person in these orgs."""
    max_share: float = Field(default=0.01, gt=0, le=1)
    """Share of an org's active users that may be contained within an hour without a person; one always may."""
    max_routes: int = Field(default=2, ge=0)
    """Routes that may be stopped within an hour, in all orgs together, without a person."""
    approvals: int = Field(default=1, ge=1, le=3)
    """People who must say yes to steps that wait, and to giving back what was taken."""
    tier_0_approvals: int = Field(default=2, ge=1, le=3)
    """The same where the user owns the org (holds a tier-0 right)."""
    transactions: tuple[TransactionRule, ...] = ()
    """Transaction security policies, at most one for each event. Without any, none is planned."""

    @model_validator(mode="after")
    def _one_for_each_event(self) -> "ResponsePolicy":
        events = [rule.event for rule in self.transactions]
        if twice := sorted({event for event in events if events.count(event) > 1}):
            raise ValueError(f"two transactions are about {twice[0]}")
        return self
