"""Nouns of emerging threats: packs of data, how each stands, and whom of ours something hits."""

from datetime import date
from enum import StrEnum
from ipaddress import ip_network

from pydantic import Field, model_validator

from tasks.alerts.model import Severity
from tasks.value import Value

EVERYWHERE = "*"
"""What `Hit.org` says of something that no single org has."""


class PlatformChange(Value):
    """
    Something that Salesforce, or the authorities it trusts, change on a day. `trait` names the rule that finds whom it hits; one
    that this version does not know is said and not judged.
    """

    id: str = Field(pattern=r"^[a-z0-9-]{3,60}$")
    title: str = Field(min_length=5, max_length=150)
    takes_effect: date
    trait: str = Field(pattern=r"^[a-z0-9-]+$")
    what_to_do: str = Field(min_length=10, max_length=500)
    source: str = Field(min_length=5)


class IndicatorKind(StrEnum):
    ADDRESS = "address"
    """An address or a network of such."""
    APP = "app"
    """A part of an app's name; case does not count."""
    AGENT = "agent"
    """A part of what a client calls itself. Sign-ins do not show it, so only detections in telemetry look for it."""


class Indicator(Value):
    """
    A trace of a campaign. A `weak` one belongs to many honest programs, too, and says nothing alone.
    """

    kind: IndicatorKind
    value: str = Field(min_length=3, max_length=200)
    source: str = Field(min_length=5)
    weak: bool = False

    @model_validator(mode="after")
    def _is_an_address(self) -> "Indicator":
        if self.kind is IndicatorKind.ADDRESS:
            ip_network(self.value)
        return self


class Campaign(Value):
    id: str = Field(pattern=r"^[a-z0-9-]{3,60}$")
    title: str = Field(min_length=5, max_length=150)
    what_to_do: str = Field(min_length=10, max_length=500)
    indicators: tuple[Indicator, ...] = Field(min_length=1)


class ThreatPack(Value):
    """`expires` is the last day on which its indicators count: addresses find new owners, and a list that is not renewed misleads."""

    id: str = Field(pattern=r"^[a-z0-9-]{3,40}$")
    version: int = Field(ge=1)
    made: date
    expires: date
    note: str = ""
    changes: tuple[PlatformChange, ...] = ()
    campaigns: tuple[Campaign, ...] = ()

    @model_validator(mode="after")
    def _is_whole(self) -> "ThreatPack":
        if self.expires <= self.made:
            raise ValueError("a pack expires after the day on which it was made")
        if twice := sorted({name for name in self.names if self.names.count(name) > 1}):
            raise ValueError(f"two things in it are named {twice[0]}")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """Ids of all that is in it."""
        return (*(each.id for each in self.changes), *(each.id for each in self.campaigns))


class RawPack(Value):
    """A file as it lies there; `signature` is empty where there is none."""

    name: str
    content: bytes
    signature: str = ""


class PackState(StrEnum):
    GOOD = "good"
    EXPIRED = "expired"
    """Its indicators count no longer; dates of the platform stay what they are."""
    UNSIGNED = "unsigned"
    """No key of the policy has signed it as it lies there. Nothing of it counts."""
    BROKEN = "broken"
    """Signed, and not to be read by this version. Nothing of it counts."""
    OLD = "old"
    """There is a newer one of the same id."""


class PackStanding(Value):
    """`pack` is None unless something of it counts."""

    name: str
    state: PackState
    publisher: str = ""
    pack: ThreatPack | None = None
    why: str = ""


class Hit(Value):
    """Something of ours that a threat is about. `route` is empty where no declared route is; `subject` is a user, app or certificate."""

    threat: str
    title: str
    org: str
    route: str
    subject: str
    evidence: str
    what_to_do: str
    due: date | None
    """The day on which it takes effect; None for a trace of a campaign, which has happened."""
    severity: Severity


class Unjudged(Value):
    """What nobody can say, and why."""

    threat: str
    org: str
    why: str


class Outlook(Value):
    """All packs, whom of ours they hit, and what could not be judged."""

    packs: tuple[PackStanding, ...]
    hits: tuple[Hit, ...]
    unjudged: tuple[Unjudged, ...]
