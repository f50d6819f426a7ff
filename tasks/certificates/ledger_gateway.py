"""Steps of certificates in the ledger: when a caller was first seen with one, and which were revoked."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from pydantic import JsonValue

from tasks.certificates.authority import LIST_LIFE
from tasks.certificates.chains import perhaps_chain
from tasks.certificates.model import Proof, Proven, Revocation, RouteState
from tasks.ledger.model import EntryKind, Note
from tasks.ledger.store import Ledger

PRESENTED, REVOKED, PUBLISHED, PROVED = "presented", "revoked", "published", "proved"
LIST = "the list of revoked certificates"
Put = Callable[[Mapping[int, datetime], int, datetime], None]
"""Signs and publishes: serial numbers and when each was revoked, the list's number, and the time that it is of."""


class CertificateBook:
    """The pages of the ledger that are about certificates."""

    def __init__(self, ledger: Ledger, actor: str = "bulkhead", policy: str = "") -> None:
        self._ledger = ledger
        self._actor = actor
        self._policy = policy

    def since(self) -> dict[tuple[str, str], datetime]:
        """By route and fingerprint: when its caller was first seen with it, by the target org's time."""
        return {
            (entry.subject, str(entry.body["fingerprint"])): datetime.fromisoformat(str(entry.body["at"]))
            for entry in self._ledger.entries(EntryKind.CERTIFICATE)
            if entry.body.get("step") == PRESENTED
        }

    def seen(self, states: Iterable[RouteState], clocks: Mapping[str, datetime]) -> None:
        """Notes what each caller presents, the first time only. Raises LedgerUnavailable."""
        with self._ledger.exclusive() as pages:
            known = {
                (entry.subject, entry.body.get("fingerprint"))
                for entry in pages.entries((EntryKind.CERTIFICATE,))
                if entry.body.get("step") == PRESENTED
            }
            notes = []
            for state in states:
                pair = state.shown
                if pair is None or pair.chain is None:
                    continue
                leaf = pair.chain.leaf
                if (state.route, leaf.fingerprint) not in known:
                    notes.append(
                        self._note(
                            *(state.route, PRESENTED, leaf.fingerprint, leaf.serial),
                            *(clocks[state.target], leaf.ends),
                        )
                    )
            pages.append(*notes)

    def former(self, route: str) -> tuple[Revocation, ...]:
        """All that a route's caller was ever seen with or had from a rotation, each once, as it would be revoked."""
        seen = (
            Revocation(
                route=route,
                fingerprint=str(entry.body["fingerprint"]),
                serial=str(entry.body["serial"]),
                ends=_moment(entry.body.get("ends")),
            )
            for entry in self._ledger.entries(EntryKind.CERTIFICATE, subject=route)
            if entry.body.get("step") == PRESENTED
        )
        rotated = (each for each in self._rotated_off() if each.route == route)
        return tuple({each.fingerprint: each for each in (*seen, *rotated)}.values())

    def taken_off(self) -> frozenset[str]:
        """Fingerprints of what applied plans have taken off an org's list, and of what rotations have, or were about to."""
        plans = {entry.subject: entry.body["plan"] for entry in self._ledger.entries(EntryKind.PLAN)}
        found: set[str] = set()
        for entry in self._ledger.entries(EntryKind.VERIFICATION):
            plan, numbers = plans.get(entry.subject), entry.body.get("numbers")
            changes = plan.get("changes") if isinstance(plan, dict) else None
            for change in changes if isinstance(changes, list) else ():
                if isinstance(numbers, list) and isinstance(change, dict) and change["number"] in numbers:
                    found |= _delisted(change)
        return frozenset(found | {each.fingerprint for each in self._rotated_off()})

    def _rotated_off(self) -> list[Revocation]:
        """An answer that did not come leaves no note that it was done, so the note before it counts, and the list decides."""
        return [
            Revocation.model_validate(entry.body["certificate"])
            for entry in self._ledger.entries(EntryKind.ROTATION)
            if entry.body.get("step") == "void" and entry.body.get("certificate") is not None
        ]

    def list_anew(
        self,
        put: Put,
        clock: Callable[[], datetime],
        revoke: Iterable[Revocation] = (),
        patience: float = 0,
    ) -> tuple[Revocation, ...]:
        """
        Notes what is revoked and publishes the list; gives what was not revoked before. One after the other: who published
        last has read all that was noted, under the highest number. Raises AlreadyRunning, LedgerUnavailable and what `put` does.
        """
        with self._ledger.held(LIST, patience):
            now = clock()
            known = self._revoked_ever()
            fresh = tuple(each for each in revoke if int(each.serial) not in known)
            notes = [
                self._note(each.route, REVOKED, each.fingerprint, each.serial, now, each.ends)
                for each in fresh
            ]
            number = max(self._last_number() + 1, int(now.timestamp()))
            # Noted first: a number that was never published is a gap, one that was published twice would be an old list.
            published = self._note(LIST, PUBLISHED, "", str(number), now)
            self._ledger.append(*notes, published)
            put(self.revoked(now), number, now)
        return fresh

    def revoked(self, now: datetime) -> dict[int, datetime]:
        """
        Serial numbers, and when each was revoked first. An entry goes once a list was issued after the certificate's end
        (RFC 5280 section 3.3): from there on its date refuses it.
        """
        found = self._revoked_ever()
        return {serial: at for serial, (at, ends) in found.items() if ends is None or now <= ends + LIST_LIFE}

    def _revoked_ever(self) -> dict[int, tuple[datetime, datetime | None]]:
        found: dict[int, tuple[datetime, datetime | None]] = {}
        for entry in self._ledger.entries(EntryKind.CERTIFICATE):
            if entry.body.get("step") == REVOKED:
                at = datetime.fromisoformat(str(entry.body["at"]))
                found.setdefault(int(str(entry.body["serial"])), (at, _moment(entry.body.get("ends"))))
        return found

    def _last_number(self) -> int:
        notes = self._ledger.entries(EntryKind.CERTIFICATE, subject=LIST)
        return max((int(str(e.body["serial"])) for e in notes if e.body.get("step") == PUBLISHED), default=0)

    def prove(self, proofs: Iterable[Proof], clocks: Mapping[str, datetime]) -> None:
        """What handshakes showed, by the target org's own time. Raises LedgerUnavailable."""
        notes = [
            Note(
                kind=EntryKind.CERTIFICATE,
                subject=proof.route,
                actor=self._actor,
                policy=self._policy,
                body={
                    "step": PROVED,
                    "verdict": proof.verdict,
                    "fingerprint": proof.fingerprint,
                    "at": clocks[proof.org].isoformat(),
                    "why": list(proof.why),
                },
            )
            for proof in proofs
        ]
        with self._ledger.exclusive() as pages:
            pages.append(*notes)

    def proofs(self) -> dict[str, Proven]:
        """The last proof of each route."""
        return {
            entry.subject: Proven.model_validate(
                {
                    "route": entry.subject,
                    **{name: each for name, each in entry.body.items() if name != "step"},
                }
            )
            for entry in self._ledger.entries(EntryKind.CERTIFICATE)
            if entry.body.get("step") == PROVED
        }

    def _note(
        self,
        route: str,
        step: str,
        fingerprint: str,
        serial: str,
        at: datetime,
        ends: datetime | None = None,
    ) -> Note:
        """`ends` is the certificate's own end, where it is known."""
        body: dict[str, JsonValue] = {
            "step": step,
            "fingerprint": fingerprint,
            "serial": serial,
            "at": at.isoformat(),
        }
        return Note(
            kind=EntryKind.CERTIFICATE,
            subject=route,
            actor=self._actor,
            policy=self._policy,
            body=body if ends is None else {**body, "ends": ends.isoformat()},
        )


def _moment(said: object) -> datetime | None:
    return None if said is None else datetime.fromisoformat(str(said))


def _delisted(change: Mapping[str, JsonValue]) -> set[str]:
    resource, before = change["resource"], change["before"]
    if change["after"] is not None or not isinstance(before, dict) or not isinstance(resource, dict):
        return set()
    if resource["kind"] != "inbound-certificate":
        return set()
    chain = perhaps_chain(str(before["chain"]))
    return set() if chain is None else {chain.leaf.fingerprint}
