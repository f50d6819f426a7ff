"""What hands on a credential are made of, and how they join: the same for every org, every kind, and for worlds in memory."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from tasks.certificates.model import Revocation
from tasks.credentials.consumers import proof_of, recent
from tasks.credentials.model import (
    KeySet,
    Proof,
    Rotation,
    SecretRead,
    Seen,
    SetState,
    SignIn,
    Version,
)
from tasks.credentials.rotation import (
    CURRENT,
    PENDING,
    Act,
    Discard,
    Label,
    Place,
    Promote,
    Revoke,
    Sever,
    Stage,
    Store,
    Try,
    Unlabel,
    Void,
    Witness,
)
from tasks.errors import CloudError, OrgError
from tasks.estate.model import RotatedCredential
from tasks.estate.model_rotation import RotationPolicy

Secret = dict[str, Any]
"""A stored secret's JSON. It stays inside hands."""
_MARK = 16
_AROUND = "what was opened is for the hands around these (severing)"


@dataclass(frozen=True)
class Kept:
    """A version of a stored secret and its labels."""

    id: str
    stages: frozenset[str]
    created: datetime


@dataclass(frozen=True)
class Pair:
    """A set of an app as the org gives it; `state` is empty for the main one."""

    key: str
    secret: str = field(repr=False)
    id: str = ""
    state: str = ""


class Vault(Protocol):
    """One secret in Secrets Manager. All raise CloudError."""

    def versions(self) -> tuple[Kept, ...]: ...

    def taken(self) -> str:
        """Who rotates it instead of us; empty where nobody does."""
        ...

    def read(self, version: str) -> Secret | None: ...

    def put(self, token: str, value: Secret) -> None: ...

    def move(self, stage: str, to: str | None, source: str) -> None: ...

    def reads(self, since: datetime) -> tuple[SecretRead, ...]: ...


class Door(Protocol):
    """What every credential has: an org that lets it in. All raise OrgError."""

    def now(self) -> datetime: ...

    def own_key(self) -> str:
        """The consumer key that we are signed in with ourselves."""
        ...

    def sign_in(self, value: Secret) -> None:
        """Signs in with it and makes one harmless call. Raises LoginRefused when it is not let in."""
        ...

    def sign_ins(self, since: datetime) -> tuple[SignIn, ...]: ...


class StagingDoor(Door, Protocol):
    """An External Client App's two sets."""

    def main(self) -> Pair: ...

    def other(self) -> Pair | None: ...

    def stage(self) -> None:
        """Raises Occupied when there is a second set already."""
        ...

    def rotate(self, handle: str) -> None: ...

    def discard(self, handle: str) -> None: ...

    def address(self) -> Secret:
        """`baseUri`, `appId` and `consumerId`, as AWS managed external secrets name them."""
        ...


class TurningDoor(Door, Protocol):
    """Two apps, users or listed certificates that take turns."""

    seen_by_place: bool
    """Whether a sign-in tells which of the two was used; otherwise that follows from who has read which version."""

    def accepted(self) -> frozenset[str] | None:
        """Marks of what both places accept now; None where that does not show."""
        ...

    def mark(self, value: Secret) -> str | None: ...

    def place(self, value: Secret) -> str:
        """The app or user that it signs in as."""
        ...

    def certificate(self, value: Secret) -> Revocation | None:
        """The certificate that it is, as its authority would revoke it; None where it is none."""
        ...

    def make(self, current: Secret) -> Secret:
        """A new secret for the place at rest. Nothing is changed yet."""
        ...

    def give(self, value: Secret) -> None:
        """Makes the place of this secret accept it, and nothing else. Given twice is given once."""
        ...

    def void(self, value: Secret) -> None:
        """Makes the place of this secret accept something that nobody knows, or nothing. Done twice is done once."""
        ...

    def hurdle(self) -> str:
        """Why the place at rest could not do what the one in use does; empty where it could."""
        ...


def mark_of(*parts: str) -> str:
    """A fingerprint that tells credentials apart and opens nothing."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:_MARK]


class _Hands(ABC):
    """What is alike for both families."""

    def __init__(self, credential: RotatedCredential, vault: Vault, days: RotationPolicy) -> None:
        self._credential = credential
        self._vault = vault
        self._days = days
        self._values: dict[str, Secret | None] = {}

    def proof(self, seen: Seen, rotation: Rotation | None) -> Proof:
        """Nothing is asked before there is something to prove."""
        if rotation is None or rotation.live is None:
            return Proof()
        reads: tuple[SecretRead, ...] | None = None
        sign_ins: tuple[SignIn, ...] | None = None
        # What cannot be read is unknown, and the proof says so.
        with suppress(CloudError):
            reads = self._vault.reads(rotation.live)
        with suppress(OrgError):
            # We have signed in with the new one ourselves: where not even that shows, nothing of the app does.
            found = self._door.sign_ins(rotation.begun)
            sign_ins = tuple(each for each in found if each.at >= rotation.live) if found else None
        old = seen.version(rotation.old)
        place = old.place if old and self._by_place else ""
        proof = proof_of(self._credential, rotation, reads, sign_ins, place)
        return recent(proof, self._days.quiet, seen.now)

    @property
    @abstractmethod
    def _door(self) -> Door: ...

    @property
    def _by_place(self) -> bool:
        return False

    def _versions(self) -> list[tuple[Kept, Secret | None]]:
        """A version's value never changes, so each is opened once; those without a label are left closed."""
        found = []
        for kept in self._vault.versions():
            if kept.stages and self._values.get(kept.id) is None:
                self._values[kept.id] = self._vault.read(kept.id)
            found.append((kept, self._values.get(kept.id) if kept.stages else None))
        return found

    def _value(self, version: str) -> Secret:
        value = self._values.get(version) or self._vault.read(version)
        if value is None:
            raise CloudError(f"A version of {self._credential.secret} holds nothing that can be read.")
        return value

    def _current(self) -> Secret:
        current = next(kept.id for kept in self._vault.versions() if CURRENT in kept.stages)
        return self._value(current)


class StagedHands(_Hands):
    """An External Client App whose second set is staged by the org."""

    def __init__(
        self, credential: RotatedCredential, vault: Vault, door: StagingDoor, days: RotationPolicy
    ) -> None:
        super().__init__(credential, vault, days)
        self._app = door

    @property
    def _door(self) -> Door:
        return self._app

    def look(self) -> Seen:
        taken = self._vault.taken()
        versions = tuple(
            Version(
                id=kept.id,
                mark=_key_mark(value),
                stages=kept.stages,
                created=kept.created,
            )
            for kept, value in self._versions()
        )
        main, other = self._app.main(), self._app.other()
        sets = [KeySet(mark=mark_of(main.key), state=SetState.MAIN)]
        if other is not None:
            state = SetState.REPLACED if other.state == SetState.REPLACED else SetState.STAGED
            sets.append(KeySet(mark=mark_of(other.key), state=state, handle=other.id))
        return Seen(
            now=self._app.now(),
            versions=versions,
            sets=tuple(sets),
            taken=taken,
            own=mark_of(self._app.own_key()),
        )

    def carry_out(self, act: Act) -> None:
        match act:
            case Stage():
                self._app.stage()
            case Store():
                self._store(act.token)
            case Try():
                self._app.sign_in(self._value(act.token))
            case Promote():
                self._app.rotate(act.handle)
            case Label():
                self._vault.move(CURRENT, act.to, act.source)
            case Unlabel():
                self._vault.move(PENDING, None, act.version)
            case Revoke() | Discard():
                self._delete(act)
            case Place() | Void():
                raise AssertionError("the org makes these sets itself")
            case Witness() | Sever():
                raise AssertionError(_AROUND)

    def _store(self, token: str) -> None:
        staged = self._app.other()
        if staged is None or staged.state == SetState.REPLACED:
            raise CloudError("What was staged is gone; nothing was kept.")
        value = {
            **self._current(),
            **self._app.address(),
            "consumerKey": staged.key,
            "consumerSecret": staged.secret,
        }
        self._vault.put(token, value)

    def _delete(self, act: Revoke | Discard) -> None:
        """One handle names the staged set before a rotation and the old one after it, so what it names now is looked at."""
        other = self._app.other()
        wanted = SetState.REPLACED if isinstance(act, Revoke) else SetState.STAGED
        if other is None or other.id != act.handle or other.state != wanted:
            return
        if isinstance(act, Revoke) and mark_of(other.key) != act.mark:
            return
        self._app.discard(act.handle)


def _key_mark(value: Mapping[str, Any] | None) -> str | None:
    key = (value or {}).get("consumerKey")
    return mark_of(key) if isinstance(key, str) and key else None


class TurningHands(_Hands):
    """Two apps, users or listed certificates: one is in use, the other at rest."""

    def __init__(
        self, credential: RotatedCredential, vault: Vault, door: TurningDoor, days: RotationPolicy
    ) -> None:
        super().__init__(credential, vault, days)
        self._places = door

    @property
    def _door(self) -> Door:
        return self._places

    @property
    def _by_place(self) -> bool:
        return self._places.seen_by_place

    def look(self) -> Seen:
        taken = self._vault.taken()
        accepted = self._places.accepted()
        versions = tuple(
            Version(
                id=kept.id,
                mark=None if value is None else self._places.mark(value),
                stages=kept.stages,
                created=kept.created,
                place="" if value is None else self._places.place(value),
                certificate=None if value is None else self._places.certificate(value),
            )
            for kept, value in self._versions()
        )
        own = self._places.own_key()
        return Seen(
            now=self._places.now(),
            versions=versions,
            sets=None
            if accepted is None
            else tuple(KeySet(mark=mark, state=SetState.MAIN) for mark in sorted(accepted)),
            taken=taken,
            own=next(
                (
                    each.mark
                    for each, (_, value) in zip(versions, self._versions(), strict=True)
                    if each.mark and value and value.get("consumerKey") == own
                ),
                "",
            ),
            hurdle=self._places.hurdle(),
        )

    def carry_out(self, act: Act) -> None:
        match act:
            case Store():
                self._vault.put(act.token, self._places.make(self._current()))
            case Place():
                self._places.give(self._value(act.token))
            case Try():
                self._places.sign_in(self._value(act.token))
            case Label():
                self._vault.move(CURRENT, act.to, act.source)
            case Unlabel():
                self._vault.move(PENDING, None, act.version)
            case Void():
                self._places.void(self._value(act.version))
            case Stage() | Promote() | Revoke() | Discard():
                raise AssertionError("we make these sets ourselves")
            case Witness() | Sever():
                raise AssertionError(_AROUND)
