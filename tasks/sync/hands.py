"""What carrying a batch asks of both orgs and of the ledger. Pure: who does it lives elsewhere."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from tasks.sync.model import Batch, Cursor, Held, Record, Rules, Way
from tasks.sync.profile import Profile
from tasks.sync.sealing import Seals


class Refused(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def fields(self) -> tuple[str, ...]: ...
    @property
    def passing(self) -> bool: ...


class Found(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def values(self) -> tuple[str | None, ...]: ...


class Source(Protocol):
    def read(self, rules: Rules, where: str, limit: int, way: Way) -> list[Record]: ...
    def read_again(self, rules: Rules, ids: Sequence[str]) -> list[Record]: ...


class Target(Protocol):
    def now(self) -> datetime: ...
    def send(self, rules: Rules, rows: Sequence[Sequence[str | None]]) -> Mapping[str, Refused]: ...
    def send_in_bulk(
        self, rules: Rules, parts: Iterator[Sequence[Sequence[str | None]]], note: Callable[[str], None]
    ) -> Mapping[str, Refused]: ...
    def settle(self, job: str) -> None: ...
    def remove(self, ids: Sequence[str]) -> Mapping[str, Refused]: ...
    def found(self, rules: Rules, keys: Sequence[str]) -> Iterator[Sequence[Found]]: ...
    def by_keys(self, rules: Rules, keys: Sequence[str]) -> Iterator[Sequence[Found]]: ...
    def written(self, rules: Rules, since: datetime) -> Iterator[Sequence[Found]]: ...
    def forget(self) -> None: ...


class State(Protocol):
    def cursor(self) -> Cursor: ...
    def carried(self, ids: Iterable[str]) -> dict[str, str]: ...
    def quarantine(self) -> dict[str, Held]: ...
    def put(self, cursor: Cursor) -> None: ...
    def verified(
        self,
        batch: Batch,
        cursor: Cursor,
        carried: Mapping[str, str],
        horizon: datetime | None,
        held: Iterable[Held],
        healed: Iterable[str],
    ) -> None: ...


class Hands(NamedTuple):
    """
    All that a run works with. `check` gives what of a profile breaks the contract; `digest_key` lives as long as the run.

    `impersonal` says that the target may get no personal data.
    """

    source: Source
    target: Target
    state: State
    seals: Seals
    check: Callable[[Profile], tuple[str, ...]]
    digest_key: bytes
    overlap: timedelta
    impersonal: bool
