"""The nouns of a rehearsal: what was stolen, who tries it, each step and what came of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from pydantic import SecretStr

from tasks.value import Value

Network = Literal["abroad", "office"]


class Refused(Exception):
    """The answer that stopped a step: its HTTP status (None where the connection itself was refused) and its code."""

    def __init__(self, status: int | None, code: str) -> None:
        super().__init__(f"{status or 'no answer'} {code}")
        self.status, self.code = status, code


class Loot(Value):
    """What an intruder holds: a password with its security token, or the private key of an app."""

    org: str
    instance_url: str
    username: str
    password: SecretStr | None = None
    security_token: SecretStr | None = None
    consumer_key: SecretStr | None = None
    private_key: SecretStr | None = None


class Caller(Protocol):
    """Somebody who calls one org over HTTP. Every method raises Refused where the answer is no."""

    @property
    def loot(self) -> Loot: ...

    def sign_in(self) -> str:
        """A session with what the loot opens; gives the id of its user."""
        ...

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        network: Network | None = None,
        port: int = 443,
    ) -> Any:
        """One call below /services/data/vXX.X with the session; the JSON answer, or the text of any other one."""
        ...

    def export(self, soql: str) -> int:
        """Runs a query as a Bulk 2.0 job and counts the rows that came out."""
        ...

    def write_metadata(self, kind: str, full_name: str, elements: str) -> None:
        """Updates one metadata component with ready XML elements."""
        ...


@dataclass(frozen=True)
class Step:
    """One thing an intruder tries; `run` gives what was gained, in words, and raises Refused."""

    title: str
    run: Callable[[Caller], str]


@dataclass(frozen=True)
class Attack:
    """A story: what was stolen and the steps in order. `name` is also the key of its loot."""

    name: str
    title: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Measure:
    """One measure an administrator takes by hand, with the controls it serves."""

    title: str
    controls: tuple[str, ...]
    take: Callable[[Caller, Loot], None]


class Outcome(Value):
    """What came of one step; all of it read from the answer."""

    step: str
    reached: bool
    status: int | None = None
    code: str = ""
    gained: str = ""
