"""Data keys of a route: one epoch after the other, all of them readable until one is destroyed."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from pydantic import Field, model_validator

from tasks.encryption.sealed import USES, SealKey, seal_key
from tasks.errors import ConfigurationError, SecretUnavailable
from tasks.value import Value


class KeyState(StrEnum):
    SEALS = "seals"
    """The newest epoch: what is sealed now is sealed with it."""
    OPENS = "opens"
    """An older epoch, of which values may still be out."""
    DESTROYED = "destroyed"
    """Its wrapped key is gone, and with it whatever was still sealed with it."""


class DataKey(Value):
    """
    A data key as it is kept: wrapped by KMS, base64. `made` is an instant of ours; `sealed` counts values, to the batch that
    was announced last.
    """

    key_id: str = Field(pattern=r"^[0-9a-f]{16}$")
    epoch: int = Field(ge=1)
    made: datetime
    state: KeyState
    wrapped: str = ""
    sealed: int = Field(default=0, ge=0)

    def context(self, route: str) -> dict[str, str]:
        """What KMS binds the wrapped key to."""
        return {"bulkhead:route": route, "bulkhead:epoch": str(self.epoch), "bulkhead:key": self.key_id}


class KeyRing(Value):
    """All data keys of one route, oldest first. At most one seals."""

    route: str
    keys: tuple[DataKey, ...] = ()

    @model_validator(mode="after")
    def _one_seals(self) -> "KeyRing":
        if [key.epoch for key in self.keys] != list(range(1, len(self.keys) + 1)):
            raise ValueError("epochs are counted from 1 without a gap")
        if len({key.key_id for key in self.keys}) != len(self.keys):
            raise ValueError("two keys have one id")
        if [key for key in self.keys[:-1] if key.state is KeyState.SEALS]:
            raise ValueError("only the newest key seals")
        return self

    @property
    def sealing(self) -> DataKey | None:
        newest = self.keys[-1] if self.keys else None
        return newest if newest is not None and newest.state is KeyState.SEALS else None

    def find(self, key_id: str) -> DataKey:
        """Raises SecretUnavailable for a key that is not there or was destroyed."""
        for key in self.keys:
            if key.key_id == key_id and key.state is not KeyState.DESTROYED:
                return key
        raise SecretUnavailable(
            f"The key ring of {self.route} has no key {key_id} that opens. What it sealed is lost; sync it again."
        )


def is_due(ring: KeyRing, now: datetime, life: timedelta, uses: int = USES) -> bool:
    """Whether a new epoch has to begin: there is none, it is too old, or it has sealed as much as one key may."""
    key = ring.sealing
    return key is None or now - key.made >= life or key.sealed >= uses


def with_epoch(ring: KeyRing, key_id: str, wrapped: str, now: datetime) -> KeyRing:
    """The ring with a new key that seals from now on; all others still open."""
    older = tuple(
        key.model_copy(update={"state": KeyState.OPENS}) if key.state is KeyState.SEALS else key
        for key in ring.keys
    )
    made = DataKey(key_id=key_id, epoch=len(older) + 1, made=now, state=KeyState.SEALS, wrapped=wrapped)
    return KeyRing(route=ring.route, keys=(*older, made))


def announced(ring: KeyRing, values: int) -> KeyRing:
    """
    The ring once so many values more are about to be sealed. Written before they are: a crash counts too many, never too few.

    Raises ConfigurationError when the key that seals may not seal so many more.
    """
    key = ring.sealing
    if key is None or key.sealed + values > USES:
        raise ConfigurationError(
            f"{ring.route} needs a new data key before it seals more; begin a new epoch."
        )
    return _changed(ring, key, sealed=key.sealed + values)


def destroyed(ring: KeyRing, key_id: str, still_sealed: Collection[str]) -> KeyRing:
    """
    The ring without the wrapped key. `still_sealed` are the keys of values that were found in the target.

    Raises ConfigurationError for the key that seals, and for one of which values are still out: they would be lost.
    """
    key = ring.find(key_id)
    if key.state is KeyState.SEALS:
        raise ConfigurationError(f"{key_id} is what {ring.route} seals with; begin a new epoch first.")
    if key_id in still_sealed:
        raise ConfigurationError(
            f"Values of {ring.route} are still sealed with {key_id}. Seal them anew before it is destroyed."
        )
    return _changed(ring, key, state=KeyState.DESTROYED, wrapped="")


def _changed(ring: KeyRing, key: DataKey, **changes: object) -> KeyRing:
    keys = (each.model_copy(update=changes) if each == key else each for each in ring.keys)
    return KeyRing(route=ring.route, keys=tuple(keys))


class _Held(NamedTuple):
    key: SealKey
    until: float
    left: int


class OpenKeys:
    """
    Data keys in the clear, for a bounded time and number of values; then KMS is asked again, and can say no.

    Not for sharing between threads.
    """

    def __init__(
        self,
        unwrap: Callable[[DataKey], bytes],
        clock: Callable[[], float],
        *,
        seconds: float = 300.0,
        uses: int = 1_000_000,
    ) -> None:
        """`clock` counts seconds and never goes back."""
        self._unwrap, self._clock = unwrap, clock
        self._seconds, self._uses = seconds, uses
        self._held: dict[str, _Held] = {}

    def key(self, kept: DataKey, values: int) -> SealKey:
        """For so many values. Raises SecretUnavailable and CloudError, as `unwrap` does; then nothing of the key is left here."""
        held = self._held.pop(kept.key_id, None)
        if held is None or held.until <= self._clock() or held.left < values:
            key = seal_key(kept.key_id, self._unwrap(kept))
            held = _Held(key, self._clock() + self._seconds, max(self._uses, values))
        self._held[kept.key_id] = held._replace(left=held.left - values)
        return held.key

    def keys(self, ring: KeyRing, counts: Mapping[str, int]) -> dict[str, SealKey]:
        """For opening: by key id how many values. Raises as `key` and KeyRing.find do."""
        return {key_id: self.key(ring.find(key_id), count) for key_id, count in counts.items()}

    def forget(self) -> None:
        self._held.clear()
