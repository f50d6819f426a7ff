"""Hands on a credential that orgs have copies of: those of the credential itself, and beside them those on the copies."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tasks.credentials.deliveries import Deliver, with_deliveries
from tasks.credentials.model import Held, Proof, Rotation, Seen, SignIn
from tasks.credentials.places import Secret, TurningDoor, TurningHands, Vault
from tasks.credentials.rotate import Hands
from tasks.credentials.rotation import Act, Store
from tasks.errors import CloudError, OrgError
from tasks.estate.model import Delivery, RotatedCredential
from tasks.estate.model_rotation import RotationPolicy

SIGNS = "signingCertificate"
"""In a secret: the name of the key pair of the source org that signs, where no private key is kept."""


@dataclass(frozen=True)
class Copy:
    """What a place shows of its copy: consumer key and signing certificate. `tells` says that this is all there is of it."""

    consumer_key: str | None
    certificate: str | None = None
    tells: bool = True


class Rounds(Protocol):
    """The places inside orgs. All raise OrgError; then nobody knows whether it was done."""

    def copy(self, delivery: Delivery) -> Copy: ...

    def bring(self, delivery: Delivery, value: Secret) -> None:
        """The whole copy at once, or nothing of it. Brought twice is brought once."""
        ...

    def sign_ins(self, since: datetime) -> tuple[SignIn, ...]:
        """Of the credential's apps, those that were let in."""
        ...

    def refusals(self, since: datetime) -> tuple[SignIn, ...]:
        """Of the credential's apps, those that were not."""
        ...


class HeldDoor(TurningDoor, Protocol):
    """Two apps that take turns for a key that an org makes and keeps."""

    def make_held(self, current: Secret, token: str) -> Secret:
        """As `make`, with a key pair that is named after `token`, so that a repeat finds it. All raise OrgError."""
        ...


class SignedByOrgHands(TurningHands):
    """
    Two apps, and a key that never leaves the org that signs with it.

    Nobody but that org can sign in with it, so trying it is comparing what it signs with to what the app takes; the first
    sign-in is looked for where the apps are.
    """

    def __init__(
        self, credential: RotatedCredential, vault: Vault, door: HeldDoor, days: RotationPolicy
    ) -> None:
        super().__init__(credential, vault, door, days)
        self._held = door

    def carry_out(self, act: Act) -> None:
        if isinstance(act, Store):
            self._vault.put(act.token, self._held.make_held(self._current(), act.token))
        else:
            super().carry_out(act)


class DeliveringHands:
    """Around the hands on the credential itself."""

    def __init__(self, credential: RotatedCredential, vault: Vault, inner: Hands, rounds: Rounds) -> None:
        self._credential = credential
        self._vault = vault
        self._inner = inner
        self._rounds = rounds
        self._values: dict[str, Secret] = {}

    def look(self) -> Seen:
        seen = self._inner.look()
        # A copy of what no version holds any more shows a mark of its own: it is of none of them.
        marks = {
            _shown(self._value(each.id)): each.mark for each in seen.versions if each.mark and each.stages
        }
        held = []
        for delivery in self._credential.deliveries:
            try:
                found = self._rounds.copy(delivery)
            except OrgError:
                # Unknown is not held: bringing it says what is wrong.
                held.append(Held(place=delivery.name))
                continue
            mark = None
            if found.consumer_key is not None:
                mark = marks.get((found.consumer_key, found.certificate), "none of ours")
            held.append(Held(place=delivery.name, mark=mark, tells=found.tells))
        return seen.model_copy(update={"held": tuple(held)})

    def carry_out(self, act: Act) -> None:
        if not isinstance(act, Deliver):
            self._inner.carry_out(act)
            return
        delivery = next(each for each in self._credential.deliveries if each.name == act.place)
        self._rounds.bring(delivery, self._value(act.version))

    def proof(self, seen: Seen, rotation: Rotation | None) -> Proof:
        found = self._inner.proof(seen, rotation)
        if rotation is None or rotation.live is None:
            return found
        sign_ins: tuple[SignIn, ...] | None = None
        refusals: tuple[SignIn, ...] | None = None
        with suppress(OrgError):
            sign_ins, refusals = self._rounds.sign_ins(rotation.live), self._rounds.refusals(rotation.live)
        return with_deliveries(found, self._credential, rotation, seen, sign_ins, refusals)

    def _value(self, version: str) -> Secret:
        """A version's value never changes."""
        if version not in self._values:
            value = self._vault.read(version)
            if value is None:
                raise CloudError(f"A version of {self._credential.secret} holds nothing that can be read.")
            self._values[version] = value
        return self._values[version]


def _shown(value: Mapping[str, object]) -> tuple[object, object]:
    return value.get("consumerKey"), value.get(SIGNS)
