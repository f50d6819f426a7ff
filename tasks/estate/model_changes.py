"""Nouns of policy.yaml about changes: when, how many at once, approved by how many, and how they are watched."""

import datetime as dt
from datetime import timedelta
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from tasks.estate.model import Alias
from tasks.value import Value


class ChangeWindow(Value):
    """When plans may be applied: on these weekdays from `start` until `end`, past midnight where that is earlier."""

    days: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...]
    start: dt.time
    end: dt.time
    time_zone: str = "UTC"
    """IANA name."""

    @field_validator("time_zone")
    @classmethod
    def _is_known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"{name} is no IANA time zone; write one such as Europe/Zurich") from None
        return name


class Freeze(Value):
    """Days, first and last included and counted in UTC, on which nothing is changed."""

    first: dt.date
    last: dt.date
    reason: str


class ApprovalPolicy(Value):
    """How many people other than the requester must say yes, by what a plan does."""

    narrowing: int = Field(default=1, ge=0, le=2)
    """Takes rights away."""
    widening: int = Field(default=2, ge=0, le=2)
    """Gives rights."""
    identity: int = Field(default=2, ge=0, le=2)
    """Changes who somebody is or how they sign in."""
    irreversible: int = Field(default=2, ge=0, le=2)
    """Ends what cannot be made anew, such as a refresh token."""
    rollback: int = Field(default=0, ge=0, le=2)
    """Takes an approved plan back; whoever approved the plan approved its way back."""
    signed: tuple[
        Literal["narrowing", "widening", "identity", "irreversible", "rollback", "containment"], ...
    ] = ()
    """Where a yes counts only when the approver's own key signed it; `containment` is a yes to steps of one that wait, or to giving back."""
    keys: dict[str, str] = Field(default_factory=dict)
    """Approver to public key, one line of OpenSSH each: `ssh-ed25519 AAAA…`."""


class WatchPolicy(Value):
    """
    What happens after a plan was applied that changed the access of a route's user.

    A route that stops working is an outage of the business; the rights that come back are those it held until the plan. So
    the way back is automatic unless somebody says otherwise, and it counts as an approved one where `approvals.rollback` is 0.
    """

    length: timedelta = timedelta(hours=24)
    """How long after the last apply the user's calls and sign-ins are watched, by the org's own time."""
    rollback: Literal["off", "alert", "automatic"] = "automatic"
    """
    What follows when a route fails because of its plan: it is noted and shown (`off`), told (`alert`), or told and this
    user's changes are taken back (`automatic`). A failure of which nobody knows whether it is the route's own is only told.
    """


class CanaryPolicy(Value):
    """Whether a plan reaches only a part of what it changes at first, and goes on when that part was quiet."""

    first: Literal["all", "ring", "user"] = "all"
    """`ring`: the orgs of one ring, then the next (see `rings`). `user`: one route's user, then all else. `all`: no canary."""
    quiet: timedelta = timedelta(hours=24)
    """How long the watch of a part must have seen nothing fail, late logs included, before the plan goes on."""

    @model_validator(mode="after")
    def _is_some_time(self) -> "CanaryPolicy":
        if self.quiet < timedelta(0):
            raise ValueError("quiet is how long to wait; it cannot be negative")
        return self


class ChangePolicy(Value):
    """What a plan must keep to before it is applied."""

    approvals: ApprovalPolicy = ApprovalPolicy()
    max_changes: int = Field(default=500, ge=1)
    """Changes to one org in one plan."""
    max_share: float = Field(default=0.2, gt=0, le=1)
    """Share of an org's active users whose own access one plan may change."""
    plan_lifetime: timedelta = timedelta(days=7)
    """How long after it was made a plan may be applied."""
    windows: tuple[ChangeWindow, ...] = ()
    """Without any, changes may be made at all times."""
    freezes: tuple[Freeze, ...] = ()
    rings: tuple[tuple[Alias, ...], ...] = ()
    """Orgs in the order in which plans reach them; sandboxes come first and unnamed orgs last in any case."""
    watch: WatchPolicy = WatchPolicy()
    canary: CanaryPolicy = CanaryPolicy()

    @model_validator(mode="after")
    def _canary_is_watched(self) -> "ChangePolicy":
        if self.canary.first != "all" and self.canary.quiet > self.watch.length:
            raise ValueError(
                "canary.quiet is longer than watch.length, so the canary would never be watched long enough"
            )
        return self
