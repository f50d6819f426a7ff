"""What the ledger knows of backups: which were made, which were removed, which drill is under way, and whose signatures count."""

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from pydantic import JsonValue

from tasks.backups.model import BackupProof, Drill, DrillDone, DrillOrder, KeyLossDone, Manifest
from tasks.backups.orders import Orders, done_note, subject_of, told
from tasks.ledger.model import Entry, EntryKind, Note, PublicKey
from tasks.ledger.store import Ledger, Signer

_UNDER_WAY = "drill"
_CLEAN = "origin"
"""Under this name masking keeps, at the sandbox's place, that it was proven clean."""


class Noted(NamedTuple):
    """
    Digests of manifests by backup: of those that were made and not removed, of those that were about to be written, and of
    those that were removed.
    """

    made: dict[str, str]
    vouching: dict[str, str]
    gone: dict[str, str]

    def counting(self, there: Iterable[tuple[str, str]]) -> dict[str, str]:
        """
        With those that were about to be written and lie there as they were to be (backup and digest): a process may end
        between a manifest and its note.
        """
        written = {name: digest for name, digest in there if self.vouching.get(name) == digest}
        return {**written, **self.made}


class BackupBook:
    def __init__(self, ledger: Ledger, org: str, policy: str = "") -> None:
        self._ledger, self._org, self._policy = ledger, org, policy
        self._subject = f"backup {org}"

    def noted(self) -> Noted:
        found = Noted({}, {}, {})
        for entry in self._ledger.entries(EntryKind.EVIDENCE, subject=self._subject):
            match entry.body.get("step"):
                case "vouching":
                    found.vouching[str(entry.body["backup"])] = str(entry.body["manifest"])
                case "made":
                    found.made[str(entry.body["backup"])] = str(entry.body["manifest"])
                case "removed":
                    name = str(entry.body["backup"])
                    begun = found.vouching.pop(name, "")
                    found.gone[name] = found.made.pop(name, begun)
        return found

    def proof(self) -> BackupProof | None:
        """None where no backup is noted."""
        last: dict[str, Entry] = {
            str(entry.body.get("step")): entry
            for entry in self._ledger.entries(EntryKind.EVIDENCE, subject=self._subject)
        }
        if "made" not in last:
            return None
        restored, lost = last.get("drilled"), last.get("key-loss")
        return BackupProof(
            made=last["made"].at,
            restored=None if restored is None else restored.at,
            restored_well=restored is not None and restored.body["good"] is True,
            key_lost=None if lost is None else lost.at,
            key_survived=lost is not None and lost.body["good"] is True,
        )

    def vouching(self, backup: str, manifest: str) -> None:
        """Written before the manifest is, which counts from then on if it lies there as it was to be."""
        self._note({"step": "vouching", "backup": backup, "manifest": manifest})

    def made(self, manifest: Manifest, digest: str) -> None:
        counts: dict[str, JsonValue] = {
            "rows": manifest.rows,
            "objects": len(manifest.objects),
            "size": manifest.size,
        }
        self._note({"step": "made", "backup": manifest.id, "manifest": digest, **counts})

    def removed(self, backup: str) -> None:
        """Written before it goes: what is noted and lies there yet counts no more, and goes with the next run."""
        self._note({"step": "removed", "backup": backup})

    def drilled(self, done: DrillDone) -> None:
        self._note(
            {
                "step": "drilled",
                "backup": done.backup,
                "target": done.target,
                "good": done.good,
                "rows": sum(each.rows for each in done.objects),
                "restored": sum(each.restored for each in done.objects),
                "equal": sum(each.equal for each in done.objects),
                "rpo_minutes": round(done.rpo.total_seconds() / 60, 1),
                "rto_minutes": round(done.rto.total_seconds() / 60, 1),
                "left": done.left,
            }
        )

    def lost_keys(self, done: KeyLossDone) -> None:
        self._note(
            {
                "step": "key-loss",
                "backup": done.newest,
                "good": done.good,
                "keys": len(done.losses),
                "unreadable": sum(each.unreadable for each in done.losses),
                "rpo_minutes": _minutes(done.rpo),
                "rto_minutes": _minutes(done.rto),
            }
        )

    def _note(self, body: dict[str, JsonValue]) -> None:
        self._ledger.append(
            Note(
                kind=EntryKind.EVIDENCE,
                subject=self._subject,
                actor="bulkhead",
                body=body,
                policy=self._policy,
            )
        )


def _minutes(span: timedelta | None) -> float | None:
    return None if span is None else round(span.total_seconds() / 60, 1)


class DrillBook:
    """Orders of drills in a sandbox, and the drill that is under way there, kept until nothing of it is left."""

    def __init__(self, ledger: Ledger, target: str) -> None:
        self._ledger, self._target, self._place = ledger, target, f"backups drill {target}"

    def orders(self, org: str) -> Orders:
        entries = self._ledger.entries(EntryKind.EVIDENCE, subject=subject_of(self._target))
        return told((entry.body for entry in entries), org)

    def carried_out(self, org: str, order: DrillOrder) -> None:
        body = done_note(org, order.order)
        self._ledger.append(
            Note(kind=EntryKind.EVIDENCE, subject=subject_of(self._target), actor="bulkhead", body=body)
        )

    def under_way(self) -> Drill | None:
        with self._ledger.read() as pages:
            found = pages.kept(self._place).get(_UNDER_WAY)
        return None if found is None else Drill.model_validate(found)

    def begin(self, drill: Drill) -> None:
        """From here on the sandbox holds real records, so that it was proven clean says nothing any more."""
        with self._ledger.exclusive() as pages:
            pages.drop(f"sandbox {drill.target}", [_CLEAN])
            pages.keep(self._place, {_UNDER_WAY: drill.model_dump(mode="json")})

    def over(self) -> None:
        with self._ledger.exclusive() as pages:
            pages.drop(self._place, [_UNDER_WAY])


def keys_that_count(ledger: Ledger, signer: Signer | None) -> tuple[PublicKey, ...]:
    """The key at hand, and those that the ledger announced."""
    announced = [PublicKey.model_validate(entry.body) for entry in ledger.entries(EntryKind.KEY)]
    own = (
        []
        if signer is None
        else [PublicKey(key_id=signer.key_id, algorithm=signer.algorithm, public_key=signer.public_key)]
    )
    return tuple(dict.fromkeys([*own, *announced]))


def halted(ledger: Ledger) -> bool:
    with ledger.read() as pages:
        last = pages.last((EntryKind.HALT, EntryKind.RESUME))
    return last is not None and last.kind is EntryKind.HALT
