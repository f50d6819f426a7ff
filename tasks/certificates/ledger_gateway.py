"""Steps of certificates in the ledger: when a caller was first seen with one, and which were revoked."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from tasks.certificates.model import Proof, Proven, RouteState
from tasks.ledger.model import EntryKind, Note
from tasks.ledger.store import Ledger

PRESENTED, REVOKED, PROVED = "presented", "revoked", "proved"


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
                            state.route, PRESENTED, leaf.fingerprint, leaf.serial, clocks[state.target]
                        )
                    )
            pages.append(*notes)

    def former(self, route: str) -> dict[str, str]:
        """Serial numbers by fingerprint of all that a route's caller was ever seen with."""
        return {
            str(entry.body["fingerprint"]): str(entry.body["serial"])
            for entry in self._ledger.entries(EntryKind.CERTIFICATE, subject=route)
            if entry.body.get("step") == PRESENTED
        }

    def revoke(self, route: str, fingerprint: str, serial: str, at: datetime) -> None:
        """Noted before it is published; what is published comes from these notes. Raises LedgerUnavailable."""
        self._ledger.append(self._note(route, REVOKED, fingerprint, serial, at))

    def revoked(self) -> dict[int, datetime]:
        """Serial numbers, and when each was revoked first."""
        found: dict[int, datetime] = {}
        for entry in self._ledger.entries(EntryKind.CERTIFICATE):
            if entry.body.get("step") == REVOKED:
                at = datetime.fromisoformat(str(entry.body["at"]))
                found.setdefault(int(str(entry.body["serial"])), at)
        return found

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

    def _note(self, route: str, step: str, fingerprint: str, serial: str, at: datetime) -> Note:
        return Note(
            kind=EntryKind.CERTIFICATE,
            subject=route,
            actor=self._actor,
            policy=self._policy,
            body={"step": step, "fingerprint": fingerprint, "serial": serial, "at": at.isoformat()},
        )
