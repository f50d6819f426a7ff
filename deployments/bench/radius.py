"""How far a stolen credential goes: its user's own reach, and onward through orgs whose outbound credentials it can use."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from deployments.bench.reach import Cells, Reach, may, reach_of, total
from deployments.bench.wire import Refused, Wire
from tasks.permissions.tiers import HOPPING

User = tuple[str, str]
"""Org and user name."""
Radius = Mapping[User, Reach]


class Radii:
    """
    `edges` is the trust graph as it truly is (the answer key's), `governed` names for each org the objects that count.

    Every user that is reached is measured as itself. Users other than the credential's own do not change between two
    looks, and are measured once.
    """

    def __init__(
        self, wire: Wire, edges: Sequence[Mapping[str, Any]], governed: Mapping[str, Collection[str]]
    ) -> None:
        self._wire = wire
        self._edges = edges
        self._governed = governed
        self._others: dict[User, tuple[Reach, bool]] = {}

    def of(self, org: str, username: str) -> Radius:
        own = (org, username)
        reached: dict[User, Reach] = {}
        waiting = [own]
        while waiting:
            user = waiting.pop()
            if user in reached:
                continue
            reached[user], hops = self._measured(user) if user == own else self._other(user)
            if hops:
                waiting += [(e["target"], name) for e in self._usable_in(user[0]) for name in e["run_as"]]
        return reached

    def _usable_in(self, org: str) -> list[Mapping[str, Any]]:
        """What code that runs in the org can call out with; what middleware keeps it cannot use."""
        return [e for e in self._edges if e["source"] == org and not e["secret_id"].startswith("secret:")]

    def _other(self, user: User) -> tuple[Reach, bool]:
        if user not in self._others:
            self._others[user] = self._measured(user)
        return self._others[user]

    def _measured(self, user: User) -> tuple[Reach, bool]:
        org, username = user
        with self._wire.user(org, username) as asking:
            try:
                return reach_of(asking, self._governed[org]), may(asking, HOPPING)
            except Refused:
                return {}, False


def cells(radius: Radius) -> Cells:
    return sum((total(reach.values()) for reach in radius.values()), Cells())


def beyond(radius: Radius, own: User, need: Mapping[str, Cells]) -> int:
    """Cells that the routes of the credential's own user do not declare."""
    found = sum(total(reach.values()).total for user, reach in radius.items() if user != own)
    return found + sum(
        on.cells.beyond(need.get(sobject, Cells())) for sobject, on in radius.get(own, {}).items()
    )
