"""The nouns of a rehearsal: what was stolen, who tries it, each step and what came of it, and which layer was lost."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal, Protocol

from pydantic import Field, SecretStr

from tasks.value import Value

Network = Literal["abroad", "office"]
ENOUGH = 2_000
"""Rows: one page of a query. An attack that takes no more than that is stopped."""


class Layer(StrEnum):
    """A layer of defence that can be lost."""

    NETWORK = "network"
    """Addresses of profiles and orgs, web ACLs."""
    SIGN_IN = "sign-in"
    """Second factors, codes at password doors, policies of apps and tokens."""
    MUTUAL_TLS = "mutual-tls"
    """A key without its client certificate opens nothing."""
    LEAST_PRIVILEGE = "least-privilege"
    JUST_IN_TIME = "just-in-time"
    """Rights that last as long as the run that needs them."""
    ENCRYPTION = "encryption"
    """Sensitive fields that are sealed on their way to another org."""
    ROTATION = "rotation"
    """Credentials that were seen by strangers are replaced."""
    SEGMENTATION = "segmentation"
    """Nothing joins production and other orgs."""
    DETECTION = "detection"
    """What is seen in telemetry within minutes, and contained."""


class Refused(Exception):
    """The answer that stopped a step: its HTTP status (None where the connection itself was refused) and its code."""

    def __init__(self, status: int | None, code: str) -> None:
        super().__init__(f"{status or 'no answer'} {code}")
        self.status, self.code = status, code


class Loot(Value):
    """
    What an intruder holds: a password with its security token, the key or secret of an app, a refresh token, a client
    certificate (two files in PEM). `home` is where they call from; `guesses` are passwords to try on `usernames`.
    """

    org: str
    instance_url: str
    username: str
    password: SecretStr | None = None
    security_token: SecretStr | None = None
    consumer_key: SecretStr | None = None
    private_key: SecretStr | None = None
    consumer_secret: SecretStr | None = None
    refresh_token: SecretStr | None = None
    certificate_files: tuple[str, str] | None = None
    home: Network = "abroad"
    usernames: tuple[str, ...] = ()
    guesses: tuple[SecretStr, ...] = ()


class Caller(Protocol):
    """Somebody who calls one org over HTTP. Every method raises Refused where the answer is no."""

    @property
    def loot(self) -> Loot: ...

    @property
    def now(self) -> datetime | None:
        """The org's own time in its last answer; None before the first."""
        ...

    def sign_in(self, network: Network | None = None) -> str:
        """A session with what the loot opens; gives the id of its user."""
        ...

    def guess(self, username: str, password: str) -> str:
        """A session with a password alone; gives the id of its user."""
        ...

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        network: Network | None = None,
        port: int | None = None,
    ) -> Any:
        """One call below /services/data/vXX.X with the session; the JSON answer, or the text of any other one."""
        ...

    def export(self, soql: str) -> int:
        """Runs a query as a Bulk 2.0 job and counts the rows that came out."""
        ...

    def write_metadata(self, kind: str, full_name: str, elements: str) -> None:
        """Updates one metadata component with ready XML elements."""
        ...

    def only(self, sobject: str) -> str:
        """The condition that keeps to canary records, with ` WHERE ` in front; empty where all records may be taken."""
        ...


@dataclass(frozen=True)
class Gain:
    """
    What a step brought, in words, and how many customers' rows came out. Steps read the same rows of an object again, so what
    counts is the most that one of them says of it: a step that goes on where another ended counts from the beginning.
    """

    words: str
    rows: int = 0
    of: str = ""


@dataclass(frozen=True)
class Step:
    """
    One thing an intruder tries; `run` raises Refused. `after` is how long they wait before it. What would touch anybody or anything
    but canaries is not `harmless`, and is tried on the embedded estate alone.
    """

    title: str
    run: Callable[[Caller], Gain]
    after: timedelta = timedelta(0)
    harmless: bool = True


@dataclass(frozen=True)
class Attack:
    """
    A story: what was stolen and the steps in order. `name` is also the key of its loot; `incident` says where it is taken from,
    `technique` is its MITRE ATT&CK id, and `layers` are those that are meant to stop it.
    """

    name: str
    title: str
    steps: tuple[Step, ...]
    incident: str
    technique: str
    layers: tuple[Layer, ...]


@dataclass(frozen=True)
class Measure:
    """One measure an administrator takes by hand, with the controls it serves."""

    title: str
    controls: tuple[str, ...]
    take: Callable[[Caller, Loot], None]


class Outcome(Value):
    """What came of one step; all of it read from the answer. `at` is the org's own time."""

    step: str
    reached: bool
    status: int | None = None
    code: str = ""
    gained: str = ""
    rows: int = 0
    of: str = ""
    at: datetime | None = None


class Played(Value):
    """
    One attack as it went: before hardening, after it, or after it with `lost` taken away. `seen` is how long after its first
    step an alert named its actor or its address, by the org's clock; None for never. `by` says what saw it.
    """

    attack: str
    title: str
    org: str
    actor: str = Field(default="", repr=False)
    """The user name that was misused: a canary, or somebody of the embedded estate."""
    hardened: bool
    lost: Layer | None = None
    outcomes: tuple[Outcome, ...]
    seen: timedelta | None = None
    by: str = ""
    contained: bool = False

    @property
    def rows(self) -> int:
        """Of customers, each counted once."""
        most: dict[str, int] = {}
        for each in self.outcomes:
            most[each.of] = max(most.get(each.of, 0), each.rows)
        return sum(most.values())

    @property
    def stopped(self) -> bool:
        return self.rows <= ENOUGH

    @property
    def where(self) -> str:
        """The first step that was refused after which nothing more was gained; empty where none was."""
        gained = [number for number, each in enumerate(self.outcomes) if each.rows]
        rest = self.outcomes[gained[-1] + 1 :] if gained else self.outcomes
        first = next((each for each in rest if not each.reached), None)
        return (
            "" if first is None else f"{first.step}: {first.status or 'no connection'} {first.code}".rstrip()
        )
