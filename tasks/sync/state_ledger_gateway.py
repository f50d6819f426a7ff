"""Where a route is, what it has carried lately and what waits in quarantine: kept beside the ledger, noted in it."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from pydantic import JsonValue

from tasks.ledger.model import EntryKind, Note
from tasks.ledger.store import Ledger
from tasks.masking.model import Origin
from tasks.sync.cursor import outlived
from tasks.sync.model import Batch, Cursor, Held, InUse, Lineage, Look, Renewal

_CURSOR, _RENEWAL = "cursor", "renewal"


def proven_clean(ledger: Ledger, org: str) -> Origin | None:
    """The org that a sandbox was when masking last proved it clean; None where it did not, or real data came since."""
    with ledger.read() as pages:
        found = pages.kept(f"sandbox {org}").get("origin")
    return None if found is None else Origin.model_validate(found)


class RouteState:
    """One route's. Everything about a batch is written as one, or not at all."""

    def __init__(self, ledger: Ledger, route: str, actor: str, policy: str = "") -> None:
        self._ledger, self._route = ledger, route
        self._actor, self._policy = actor, policy
        self._place = f"sync {route}"

    def cursor(self) -> Cursor:
        with self._ledger.read() as pages:
            found = pages.kept(self._place).get(_CURSOR)
        return Cursor() if found is None else Cursor.model_validate(found)

    def carried(self, ids: Iterable[str]) -> dict[str, str]:
        """Stamp by id of those that were carried lately. All of them are as many as changed within the overlap: they stay on disk."""
        with self._ledger.read() as pages:
            found = pages.kept(f"{self._place} carried", ids)
        return {name: str(stamp) for name, stamp in found.items()}

    def quarantine(self) -> dict[str, Held]:
        with self._ledger.read() as pages:
            found = pages.kept(f"{self._place} quarantine")
        return {name: Held.model_validate(body) for name, body in found.items()}

    def put(self, cursor: Cursor) -> None:
        """Before anything is sent."""
        with self._ledger.exclusive() as pages:
            pages.keep(self._place, {_CURSOR: cursor.model_dump(mode="json")})

    def verified(
        self,
        batch: Batch,
        cursor: Cursor,
        carried: Mapping[str, str],
        horizon: datetime | None,
        held: Iterable[Held],
        healed: Iterable[str],
    ) -> None:
        """The batch is done: from here on the next one counts. What was carried in a state older than `horizon` is forgotten."""
        body: dict[str, JsonValue] = {"step": "batch", **batch.model_dump(mode="json")}
        with self._ledger.exclusive() as pages:
            pages.keep(self._place, {_CURSOR: cursor.model_dump(mode="json")})
            if horizon is not None:
                for part in pages.walked(f"{self._place} carried"):
                    pages.drop(f"{self._place} carried", outlived(part, horizon))
            pages.keep(f"{self._place} carried", carried)
            pages.drop(f"{self._place} quarantine", healed)
            pages.keep(f"{self._place} quarantine", {each.id: each.model_dump(mode="json") for each in held})
            pages.append(self._note(body))

    def forget(self) -> None:
        """Of a target that was made anew: nothing counts as carried, and the next run carries everything. Noted."""
        with self._ledger.exclusive() as pages:
            for place in (self._place, f"{self._place} carried", f"{self._place} quarantine"):
                for part in pages.walked(place):
                    pages.drop(place, part)
            pages.append(self._note({"step": "forgotten"}))

    def renewal(self) -> Renewal | None:
        """Where sealing anew is; None before the first time."""
        with self._ledger.read() as pages:
            found = pages.kept(self._place).get(_RENEWAL)
        return None if found is None else Renewal.model_validate(found)

    def renewed(self, renewal: Renewal, refused: Mapping[str, str]) -> None:
        """A batch that was sealed anew and read back. `refused` are codes by id of records that stay as they were."""
        body: dict[str, JsonValue] = {
            "step": "reseal",
            **renewal.model_dump(mode="json"),
            "refused": dict(sorted(refused.items())),
        }
        with self._ledger.exclusive() as pages:
            pages.keep(self._place, {_RENEWAL: renewal.model_dump(mode="json")})
            pages.append(self._note(body))

    def looked(self, epoch: int, used: InUse) -> None:
        """Which keys values of the target need, as it was seen after the last of them was sealed anew."""
        look = Look(epoch=epoch, used=used)
        self._ledger.append(self._note({"step": "keys", **look.model_dump(mode="json")}))

    def last_look(self) -> Look | None:
        """What `looked` noted last."""
        found = None
        with self._ledger.read() as pages:
            for entry in pages.entries((EntryKind.SYNC,), self._route):
                if entry.body.get("step") == "keys":
                    found = Look.model_validate({k: v for k, v in entry.body.items() if k != "step"})
        return found

    def ended(self, lineage: Lineage) -> None:
        body: dict[str, JsonValue] = {"step": "run", **lineage.model_dump(mode="json")}
        self._ledger.append(self._note(body))

    def _note(self, body: dict[str, JsonValue]) -> Note:
        return Note(
            kind=EntryKind.SYNC, subject=self._route, actor=self._actor, body=body, policy=self._policy
        )
