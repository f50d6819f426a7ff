"""What the ledger says of a quarter, sorted into the drawers that an auditor asks for; and tests and rehearsals in words."""

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from tasks.ledger.chain import canonical, document_of
from tasks.ledger.model import Entry, EntryKind
from tasks.packs.model import Exercise, Quarter

_REHEARSAL = "rehearsal:"
_DRAWERS: Mapping[str, frozenset[EntryKind]] = {
    "plans": frozenset({EntryKind.PLAN}),
    "approvals": frozenset({EntryKind.APPROVAL}),
    "changes": frozenset({EntryKind.ATTEMPT, EntryKind.STOP, EntryKind.HALT, EntryKind.RESUME}),
    "verifications": frozenset({EntryKind.VERIFICATION}),
    "watches": frozenset({EntryKind.WATCH, EntryKind.LOOK, EntryKind.FAILURE, EntryKind.WATCHED}),
    "access": frozenset(
        {EntryKind.REQUEST, EntryKind.GRANT, EntryKind.END, EntryKind.REFUSAL, EntryKind.REVOCATION}
    ),
    "credentials": frozenset({EntryKind.ROTATION, EntryKind.CERTIFICATE, EntryKind.TENANT_SECRET}),
    "alerts": frozenset({EntryKind.ALERT, EntryKind.ACKNOWLEDGEMENT, EntryKind.RESOLUTION}),
    "containments": frozenset({EntryKind.RESPONSE}),
    "waivers": frozenset({EntryKind.WAIVER}),
    "assessments": frozenset({EntryKind.ASSESSMENT, EntryKind.FINDING}),
}


def extracts(entries: Sequence[Entry], quarter: Quarter) -> dict[str, bytes]:
    """
    By path within a pack: one JSON document per line, each the entry as the ledger's export has it.

    Nothing but the chain goes in, so whoever checks a pack makes them anew and compares.
    """
    within = [entry for entry in entries if quarter.holds(entry.at)]
    drawers = {name: [e for e in within if e.kind in kinds] for name, kinds in _DRAWERS.items()}
    tried = [(entry, exercise) for entry in within if (exercise := exercise_of(entry)) is not None]
    drawers["rehearsals"] = [entry for entry, _ in tried if entry.subject.startswith(_REHEARSAL)]
    drawers["tests"] = [entry for entry, _ in tried if not entry.subject.startswith(_REHEARSAL)]
    return {f"ledger/{name}.jsonl": _lines(found) for name, found in drawers.items()}


def is_rehearsal(exercise: Exercise) -> bool:
    return exercise.kind == "rehearsal"


def exercise_of(entry: Entry) -> Exercise | None:
    """A proof that something works, or does not; None for everything else."""
    body = entry.body
    if entry.kind is EntryKind.CERTIFICATE and body.get("step") == "proved":
        return _exercise(entry, "mutual TLS handshakes", f"{body.get('verdict')}{_why(body.get('why'))}")
    if entry.kind is not EntryKind.EVIDENCE:
        return None
    match body.get("step"):
        case "drilled":
            words = (
                f"{body.get('equal')} of {body.get('rows')} records came back as they were, {body.get('left')} left behind; "
                f"RPO {body.get('rpo_minutes')} minutes, RTO {body.get('rto_minutes')} minutes"
            )
            return _exercise(entry, "restore drill", f"{_outcome(body)}: {words}")
        case "key-loss":
            return _exercise(entry, "key-loss drill", _outcome(body))
        case _ if entry.subject.startswith(_REHEARSAL):
            return _exercise(entry, "rehearsal", _rehearsed(body))
        case _:
            return None


def _exercise(entry: Entry, kind: str, result: str) -> Exercise:
    about = entry.subject.removeprefix(_REHEARSAL)
    return Exercise(kind=kind, about=about, at=entry.at, result=result, entry=entry.sequence)


def _outcome(body: Mapping[str, JsonValue]) -> str:
    return "held" if body.get("good") is True else "did not hold"


def _why(reasons: JsonValue) -> str:
    return f": {'; '.join(map(str, reasons))}" if isinstance(reasons, list) and reasons else ""


def _rehearsed(body: Mapping[str, JsonValue]) -> str:
    """Each attack with where it ended; as the ledger has it where that is written in another way."""
    listed = body.get("rehearsal")
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        return canonical(body).decode()
    attacks = [each for each in listed if isinstance(each, dict)]
    told = "; ".join(
        f"{each.get('attack')}: {each.get('stopped') or 'not stopped'}, {each.get('rows')} rows"
        for each in attacks
    )
    return f"{len(attacks)} attacks. {told}"


def _lines(entries: Sequence[Entry]) -> bytes:
    return b"".join(canonical(document_of(entry)) + b"\n" for entry in entries)
