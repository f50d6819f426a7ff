"""What of the ledger is still in force, and may not leave for an archive however old it is."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from tasks.ledger.model import Entry, EntryKind

_LISTED = timedelta(days=7)
"""How long after its end a revoked certificate stays on the authority's list."""


def in_force(entries: Iterable[Entry], now: datetime) -> tuple[int, str] | None:
    """
    The oldest entry that something still rests on, and what that is; None when nothing does.

    That is a halt, a grant that the org was not seen without, a waking without its end, an open alert, a plan that may
    still be applied, one that is still watched, the newest rotation of each credential, what each route's caller was last
    seen to present, what a rotation took off a list and nobody has revoked yet, what is on the list of revoked certificates, every backup that was made and not removed,
    the last drill of each org's backups, a drill that was ordered and not carried out, a round of recertification that is open, and what was registered last. A request that nobody approved is asked anew.
    """
    begun: dict[str, int] = {}
    held: dict[str, int] = {}
    for entry in entries:
        _turn(entry, begun, held, now)
    found = min(held.items(), key=lambda item: item[1], default=None)
    return None if found is None else (found[1], found[0])


def _turn(entry: Entry, begun: dict[str, int], held: dict[str, int], now: datetime) -> None:
    """`begun` maps requests and plans to where they stand, `held` what is in force to the first entry that it needs."""
    subject, body = entry.subject, entry.body
    grant, plan = f"the grant {subject}", f"the plan {subject[:12]}"
    match entry.kind:
        case EntryKind.HALT:
            held["the halt"] = entry.sequence
        case EntryKind.RESUME:
            held.pop("the halt", None)
        case EntryKind.REQUEST:
            begun[grant] = entry.sequence
        case EntryKind.GRANT if grant in begun:
            held[grant] = begun[grant]
        case EntryKind.REVOCATION:
            held.pop(grant, None)
        case EntryKind.AWAKE:
            held[f"the waking {body['waking']} in {subject}"] = entry.sequence
        case EntryKind.ASLEEP:
            for name in _names(body["wakings"]):
                held.pop(f"the waking {name} in {subject}", None)
        case EntryKind.ALERT:
            held[f"the alert {body['id']}"] = entry.sequence
        case EntryKind.RESOLUTION:
            held.pop(f"the alert {body['id']}", None)
        case EntryKind.PLAN:
            begun[plan] = entry.sequence
            if now < _expiry(entry):
                held[plan] = entry.sequence
        case EntryKind.WATCH:
            held[f"{plan}, watched in {body['org']}"] = begun.get(plan, entry.sequence)
        case EntryKind.ROTATION if body["phase"] in {"begin", "order"}:
            # What an order asked for stands before the rotation that it began.
            held[f"the rotation of {subject}"] = begun.pop(f"order {subject}", entry.sequence)
            if body["phase"] == "order":
                begun[f"order {subject}"] = entry.sequence
        case EntryKind.ROTATION if isinstance(gone := body.get("certificate"), dict):
            # It is put on the list by the next run that finds it gone; from its end on its date refuses it.
            if gone["ends"] is None or now <= datetime.fromisoformat(str(gone["ends"])):
                held.setdefault(f"the certificate {gone['serial']} of {gone['route']}", entry.sequence)
        case EntryKind.CERTIFICATE if body["step"] == "revoked":
            held.pop(f"the certificate {body['serial']} of {subject}", None)
            # Each is on the list that is published next, until it has ended and a list said so.
            if "ends" not in body or now <= datetime.fromisoformat(str(body["ends"])) + _LISTED:
                held[f"the revocation of {body['serial']} of {subject}"] = entry.sequence
        case EntryKind.CERTIFICATE:
            held[f"the certificate of {subject} ({body['step']})"] = entry.sequence
        case EntryKind.EVIDENCE if body.get("step") == "made":
            held[f"the {subject} ({body['backup']})"] = entry.sequence
        case EntryKind.EVIDENCE if body.get("step") == "removed":
            held.pop(f"the {subject} ({body['backup']})", None)
        case EntryKind.EVIDENCE if body.get("step") == "drilled":
            held[f"the last drill of the {subject}"] = entry.sequence
        case EntryKind.EVIDENCE if body.get("step") == "key-loss":
            held[f"the last key-loss drill of the {subject}"] = entry.sequence
        case EntryKind.EVIDENCE if body.get("step") == "ordered":
            held[f"the order of the {subject} about {body['org']}"] = entry.sequence
        case EntryKind.EVIDENCE if body.get("step") == "carried-out":
            held.pop(f"the order of the {subject} about {body['org']}", None)
        case EntryKind.EVIDENCE if body.get("step") == "asked":
            held[f"the open {subject}"] = entry.sequence
        case EntryKind.EVIDENCE if body.get("step") == "closed":
            held.pop(f"the open {subject}", None)
        case EntryKind.REGISTRATION:
            held["the registration (register again, and it moves on)"] = entry.sequence
        case EntryKind.WATCHED:
            held.pop(f"{plan}, watched in {body['org']}", None)


def _names(found: object) -> list[object]:
    assert isinstance(found, list)
    return found


def _expiry(entry: Entry) -> datetime:
    plan = entry.body["plan"]
    assert isinstance(plan, dict)
    return datetime.fromisoformat(str(plan["expires_at"]))
