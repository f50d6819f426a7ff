"""What of the credential calendar is due when, by the policy's rotation days."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from tasks.credentials.model import CredentialAge, CredentialKind
from tasks.estate.model_rotation import RotationPolicy

SOON = timedelta(days=30)


def scheduled(lines: Iterable[CredentialAge], rotation: RotationPolicy) -> tuple[CredentialAge, ...]:
    """With the day by which each is due; what is due first comes first, and what has no day last."""
    found = []
    for line in lines:
        days = _days(line, rotation)
        due, why = min(days, default=(None, None))
        found.append(line.model_copy(update={"due": due, "why": why}))
    return tuple(sorted(found, key=lambda each: (each.due or date.max, each.org, each.kind, each.name)))


def _days(line: CredentialAge, rotation: RotationPolicy) -> list[tuple[date, str]]:
    """
    A certificate has to be new before it ends, whoever uses it. What opens an org has to be new when it is as old as policy
    lets it be; a key pair that no edge signs with opens none.
    """
    found = []
    if line.expires is not None and (line.used_by or line.kind is CredentialKind.CERTIFICATE):
        found.append((line.expires - rotation.expiry_warning, f"it ends on {line.expires}"))
    if line.since is not None and _opens(line):
        found.append((line.since.date() + rotation.max_age, f"it is of {line.since.date()}"))
    return found


def _opens(line: CredentialAge) -> bool:
    if line.kind is CredentialKind.KEY_PAIR:
        # Edges are named by the secret that opens them; those of a client certificate by another one.
        return any(key.startswith(f"certificate:{line.org}/{line.name}->") for key in line.used_by)
    return line.kind is not CredentialKind.CERTIFICATE and bool(line.used_by)


def state(line: CredentialAge, now: datetime) -> str:
    """One word or two for people: whether something has to be done, and how soon."""
    if line.due is None:
        return "not used" if not line.used_by else "no date"
    if line.due < now.date():
        return "overdue"
    return "soon" if line.due <= (now + SOON).date() else "in time"


def told(lines: Iterable[CredentialAge], now: datetime) -> str:
    """The whole calendar in one sentence."""
    states = [state(line, now) for line in lines]
    counts = ((word, states.count(word)) for word in ("overdue", "soon", "in time", "no date", "not used"))
    return ", ".join(f"{number} {word}" for word, number in counts if number) or "no credentials"
