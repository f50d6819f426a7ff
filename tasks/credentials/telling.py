"""Which alerts follow from where a rotation stands, and what people read of it."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from fnmatch import fnmatchcase

from tasks.alerts.model import Alert, Severity
from tasks.credentials.model import Laggard, Order, Standing
from tasks.credentials.rotate import Progress
from tasks.credentials.rotation import GRACE, End, Stop, Wait, live_at, revoke_at
from tasks.estate.model import RotatedCredential
from tasks.estate.model_rotation import RotationPolicy
from tasks.estate.policy import Waiver
from tasks.pages import cell

LATE, STOPPED, OUTLIVES, OVERDUE, BACK, MANAGED, OPEN = (
    "rotation-late:",
    "rotation-stopped:",
    "rotation-outlives:",
    "rotation-overdue:",
    "rotation-back:",
    "rotation-managed:",
    "rotation-open:",
)
UNSEEN = "rotation-unseen:"
"""How keys of these alerts begin."""
ALL = (LATE, STOPPED, OUTLIVES, OVERDUE, BACK, UNSEEN, OPEN)
_KEY = 150
_DAY = timedelta(days=1)
CONTROL = "ZT-10"


def waived(credential: RotatedCredential, waivers: Iterable[Waiver], now: datetime) -> Waiver | None:
    """The waiver that lets an old credential outlive its last day."""
    resource = f"credential:secret:{credential.secret}"
    return next(
        (
            each
            for each in waivers
            if (each.control, each.org) == (CONTROL, credential.org)
            and fnmatchcase(resource, each.resource)
            and each.expires >= now.date()
        ),
        None,
    )


def alerts(
    credential: RotatedCredential, progress: Progress, days: RotationPolicy, waiver: Waiver | None
) -> list[Alert]:
    """What is to be known now; what is not among them is over."""
    found = []
    if isinstance(progress.step, Stop):
        found.append(_stopped(credential, progress.step))
    rotation, now = progress.rotation, progress.seen.now
    if rotation is None or isinstance(progress.step, End):
        return found
    if rotation.back is not None:
        found.append(_taken_back(credential, rotation.promoted, rotation.refused_at))
    elif rotation.live is None and (
        now >= live_at(rotation, days) + _DAY or (rotation.order is Order.EMERGENCY and progress.trouble)
    ):
        found.append(_overdue(credential, progress.trouble))
    elif rotation.live is not None:
        due = revoke_at(rotation, days) or now
        found += [
            _late(credential, each, due, days)
            for each in progress.proof.laggards
            if now >= _late_from(credential, each, rotation.live, due)
        ]
        if rotation.order is Order.EMERGENCY and progress.trouble:
            found.append(_left_open(credential, progress.trouble))
    end = rotation.old_since + days.revoke_after
    if rotation.order is Order.SCHEDULED and now >= end:
        found.append(_outlives(credential, progress, end, waiver))
    return found


def over(opened: Iterable[str], now: Iterable[Alert], looked: Collection[str]) -> list[str]:
    """Keys of open alerts whose reason is gone; `looked` are the secrets that were looked at, others keep theirs."""
    known = {alert.key for alert in now}
    ours = {_key(kind, secret) for kind in ALL for secret in looked}
    late = tuple(f"{_key(LATE, secret)}:" for secret in looked)
    return [key for key in opened if key not in known and (key in ours or key.startswith(late))]


def unseen(secret: str, org: str, why: str) -> Alert:
    return Alert(
        key=_key(UNSEEN, secret),
        org=org,
        severity=Severity.ERROR,
        title=f"{secret} could not be looked at"[:200],
        detail=why,
        next_step="Nothing was changed. The next run tries again; restore what does not answer before its last day.",
    )


def _key(kind: str, secret: str, more: str = "") -> str:
    """Whole where it fits; a long name is told apart by its fingerprint."""
    room = _KEY - len(kind) - 40
    name = secret if len(secret) <= room else f"{secret[: room - 9]}~{_short(secret)}"
    return f"{kind}{name}:{more}" if more else f"{kind}{name}"


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _late_from(credential: RotatedCredential, laggard: Laggard, live: datetime, due: datetime) -> datetime:
    """
    A day after its cache was over, and at the latest when half of the overlap is. An org that rarely calls out is waited for.
    """
    if (pause := _pause(credential, laggard)) is not None:
        return live + pause + _DAY
    cache = next((each.cache for each in credential.consumers if each.name == laggard.consumer), _DAY)
    return live + min(cache + _DAY, (due - live) / 2)


def _pause(credential: RotatedCredential, laggard: Laggard) -> timedelta | None:
    return next((each.pause for each in credential.deliveries if each.name == laggard.consumer), None)


def _late(credential: RotatedCredential, laggard: Laggard, due: datetime, days: RotationPolicy) -> Alert:
    places = ", ".join(laggard.addresses) or "an address nobody registered"
    what = (
        "then it fails"
        if days.at_the_end == "revoke"
        else "then it fails, unless a waiver lets the old one live"
    )
    last = f" It last signed in on {laggard.last:%Y-%m-%d %H:%M} UTC." if laggard.last else ""
    if _pause(credential, laggard) is not None:
        return Alert(
            key=_key(LATE, credential.secret, f"{laggard.consumer[:24]}-{_short(laggard.consumer)}"),
            org=credential.org,
            severity=Severity.ERROR,
            title=f"{laggard.consumer} was not seen with the new {credential.secret}"[:200],
            detail=f"App {laggard.app}: {laggard.why}.",
            next_step="See whether its sync runs, and whether its org takes the copy. The old one stays valid until it was seen, also "
            f"after {due:%Y-%m-%d %H:%M} UTC.",
        )
    return Alert(
        key=_key(LATE, credential.secret, f"{laggard.consumer[:24]}-{_short(laggard.consumer)}"),
        org=credential.org,
        severity=Severity.ERROR,
        title=f"{laggard.consumer} still uses the old {credential.secret}"[:200],
        detail=f"From {places}, app {laggard.app}: {laggard.why}.{last}",
        next_step=f"Let it read the secret again before {due:%Y-%m-%d %H:%M} UTC; {what}.",
    )


def _stopped(credential: RotatedCredential, stop: Stop) -> Alert:
    unusable = "cannot sign in" in stop.reason
    return Alert(
        key=_key(STOPPED, credential.secret),
        org=credential.org,
        severity=Severity.CRITICAL if unusable else Severity.ERROR,
        title=f"The rotation of {credential.secret} needs a person"[:200],
        detail=f"{stop.reason}.",
        next_step=f"Look at {_looked_at(credential)}; the next run goes on by itself.",
    )


def _looked_at(credential: RotatedCredential) -> str:
    return {
        "client-secret": "the secret's versions and the app's staged credentials",
        "key-pair": "the secret's versions and the certificates of the two apps",
        "password": "the secret's versions and the two users, whom only one password each lets in",
        "client-certificate": "the secret's versions and the org's mutual authentication certificates",
    }[credential.kind]


def _outlives(
    credential: RotatedCredential, progress: Progress, end: datetime, waiver: Waiver | None
) -> Alert:
    if waiver is not None:
        why = f"accepted by {waiver.owner} until {waiver.expires}: {waiver.reason}"
    else:
        why = progress.trouble or getattr(progress.step, "why", "") or getattr(progress.step, "reason", "")
    return Alert(
        key=_key(OUTLIVES, credential.secret),
        org=credential.org,
        severity=Severity.CRITICAL,
        title=f"{credential.secret} outlives its last day"[:200],
        detail=f"The old credential should have been revoked on {end:%Y-%m-%d} and still works: {why}.",
        next_step="See who still uses it, or what keeps the rotation from going on.",
    )


def _overdue(credential: RotatedCredential, trouble: str) -> Alert:
    return Alert(
        key=_key(OVERDUE, credential.secret),
        org=credential.org,
        severity=Severity.ERROR,
        title=f"The new {credential.secret} is not live yet"[:200],
        detail=trouble or "Its day has come, and something keeps it waiting.",
        next_step="Nothing is lost while the old one is valid. Restore what does not answer.",
    )


def _left_open(credential: RotatedCredential, trouble: str) -> Alert:
    return Alert(
        key=_key(OPEN, credential.secret),
        org=credential.org,
        severity=Severity.CRITICAL,
        title=f"The emergency of {credential.secret} is not over"[:200],
        detail=trouble,
        next_step="The old one, or what was opened with it, may be let in still. End sessions and tokens of its users in Setup (Session "
        "Management, Connected Apps OAuth Usage); the next run tries again.",
    )


def _taken_back(credential: RotatedCredential, promoted: datetime | None, refused_at: str) -> Alert:
    end = (
        ""
        if promoted is None
        else f" The org ends the old one by {promoted + GRACE:%Y-%m-%d}, whatever we do."
    )
    why = f", because {refused_at} was refused with the new one" if refused_at else ""
    return Alert(
        key=_key(BACK, credential.secret),
        org=credential.org,
        severity=Severity.WARNING,
        title=f"The old {credential.secret} is current again"[:200],
        detail=f"The rotation was taken back{why}.{end if credential.kind == 'client-secret' else ''}",
        next_step="Mend what the new one broke, then order the rotation again.",
    )


def managed_over(opened: Iterable[str], now: Iterable[Alert]) -> list[str]:
    known = {alert.key for alert in now}
    return [key for key in opened if key.startswith(MANAGED) and key not in known]


def standing(credential: RotatedCredential, progress: Progress, found: Iterable[Alert]) -> Standing:
    step, rotation = progress.step, progress.rotation
    current = next(iter(progress.seen.labelled("AWSCURRENT")), None)
    stands = "steady"
    if rotation is not None and not isinstance(step, End):
        stands = "the new one is being made" if rotation.live is None else "both are valid"
        if rotation.severing is not None and rotation.severed is None:
            stands = "what the old one had opened is being ended"
        stands = "taken back" if rotation.back is not None else stands
    comes, until = "", None
    match step:
        case Stop():
            comes = f"a person has to look: {step.reason}"
        case End():
            comes = step.outcome
        case Wait():
            comes, until = step.why, step.until
    return Standing(
        secret=credential.secret,
        org=credential.org,
        age=None if current is None else progress.seen.now - current.created,
        stands=stands,
        next=comes,
        until=until,
        version="" if current is None else current.id,
        rotation=rotation,
        laggards=progress.proof.laggards,
        acts=tuple(type(act).__name__.lower() for act in progress.acts),
        trouble=progress.trouble,
        needs_person=isinstance(step, Stop),
        alerts=tuple(found),
    )


def managed_alert(secret: str, org: str, why: str) -> Alert:
    return Alert(
        key=_key(MANAGED, secret),
        org=org,
        severity=Severity.ERROR,
        title=f"AWS does not rotate {secret} as it should"[:200],
        detail=f"{why}.",
        next_step="Look at the secret's rotation in Secrets Manager: its role, its admin secret and its schedule.",
    )


def markdown(standings: Sequence[Standing], failed: Mapping[str, str]) -> str:
    """For an artifact: one line per credential."""
    lines = [
        "# Rotation of credentials",
        "",
        "| Credential | Org | Days old | Now | Next |",
        "|---|---|--:|---|---|",
    ]
    for each in standings:
        age = "" if each.age is None else str(each.age.days)
        until = f" ({each.until:%Y-%m-%d})" if each.until else ""
        lines.append(
            f"| {cell(each.secret)} | {each.org} | {age} | {cell(each.stands, 20)} | {cell(f'{each.next}{until}' or 'nothing is due', 36)} |"
        )
    lines += [""] + [f"> {secret} could not be rotated: {why}" for secret, why in failed.items()]
    for each in standings:
        if each.request:
            lines += [f"## To be signed for {each.secret}", "", "```", each.request.strip(), "```", ""]
    late = [(each, laggard) for each in standings for laggard in each.laggards]
    if late:
        lines += ["## Who still uses an old one", ""]
        lines += [
            f"* **{laggard.consumer}** ({each.secret}): from {', '.join(laggard.addresses) or 'nowhere known'}, app "
            f"{laggard.app}: {laggard.why}."
            for each, laggard in late
        ]
    lines += [
        "",
        "What no log shows: which of an app's two sets a sign-in used. Who has read the new version is taken to use it.",
        "",
    ]
    return "\n".join(lines)
