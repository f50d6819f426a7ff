"""Hands on a credential whose emergency also ends what was opened with it: those of the credential, and beside them those on that."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Protocol

from tasks.credentials.model import Proof, Rotation, Seen
from tasks.credentials.places import Secret, Vault
from tasks.credentials.rotate import Hands
from tasks.credentials.rotation import Act, Sever, Witness
from tasks.errors import CloudError, OrgError
from tasks.estate.model import Estate, RotatedCredential, Route
from tasks.value import Value

Still = Callable[[], bool]
"""Whether a session is let in still. Raises OrgError where there is no answer."""


class Actors(Value):
    """
    As whom a credential acts, by user name in lower case. `users` are those that estate.yaml names; whoever else signed in
    through its apps shows only in the org. What `spared` have opened is never ended: they are ours, and break-glass accounts.
    """

    users: frozenset[str] = frozenset()
    spared: frozenset[str] = frozenset()


NOBODY = Actors()


class Openings(Protocol):
    """What was opened with a credential. All raise OrgError; then nobody knows whether it was done."""

    def stay(self, value: Secret) -> Still | None:
        """Signs in and stays signed in; None where we cannot sign in with it, or it would not tell."""
        ...

    def end(self, value: Secret, since: datetime, until: datetime) -> None:
        """
        Ends all from before `until`, and reads back that it is gone. Ended twice is ended once. `value` is the old one; who
        signed in since `since` is one who acts with it.
        """
        ...


class SeveringHands:
    """Around all other hands on a credential. `org` is where it signs in."""

    def __init__(self, org: str, vault: Vault, inner: Hands, openings: Openings) -> None:
        self._org = org
        self._vault = vault
        self._inner = inner
        self._openings = openings
        self._still: Still | None = None

    def look(self) -> Seen:
        return self._inner.look()

    def proof(self, seen: Seen, rotation: Rotation | None) -> Proof:
        return self._inner.proof(seen, rotation)

    def carry_out(self, act: Act) -> None:
        match act:
            case Witness():
                self._still = None
                # Who cannot be seen to be thrown out is thrown out all the same: a revocation waits for no trial.
                with suppress(CloudError, OrgError):
                    value = self._vault.read(act.version)
                    self._still = None if value is None else self._openings.stay(value)
            case Sever():
                self._openings.end(self._vault.read(act.version) or {}, act.since, act.until)
                if self._still is not None and self._still():
                    raise OrgError(
                        self._org,
                        "a session that was opened with the old credential is let in still",
                        "The next run ends it again; end it in Setup (Session Management) if it lasts.",
                        "STILL_LET_IN",
                    )
            case _:
                self._inner.carry_out(act)


def routes_of(estate: Estate, credential: RotatedCredential) -> list[Route]:
    """Those that sign in with it: they read it, have a copy of it, or present it."""
    places = {(each.org, each.named_credential) for each in credential.deliveries}
    return [
        route
        for route in estate.routes
        if route.credential == credential.secret
        or (route.source, route.credential) in places
        or (route.name == credential.route)
    ]


def actors(estate: Estate, credential: RotatedCredential, spared: frozenset[str]) -> Actors:
    """`spared` are user names in lower case."""
    named = [*credential.users, *(route.sync_user for route in routes_of(estate, credential))]
    return Actors(users=frozenset(each.lower() for each in named) - spared, spared=spared)
