"""What the ledger knows of backups: which were made, which were removed, which drill is under way, and whose signatures count."""

from collections.abc import Iterable
from typing import NamedTuple

from pydantic import JsonValue

from tasks.backups.model import Drill, DrillDone, Manifest
from tasks.ledger.model import EntryKind, Note, PublicKey
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
                "equal": sum(each.equal for each in done.objects),
                "rpo_minutes": round(done.rpo.total_seconds() / 60, 1),
                "rto_minutes": round(done.rto.total_seconds() / 60, 1),
                "left": done.left,
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


class DrillBook:
    """The drill that is under way in a sandbox, kept until nothing of it is left there."""

    def __init__(self, ledger: Ledger, target: str) -> None:
        self._ledger, self._place = ledger, f"backups drill {target}"

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
