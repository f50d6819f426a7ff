"""A quarter control by control: how it stood, what was changed and by whose yes, what was tried, and what nobody can tell."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from tasks.audit.controls import catalogue
from tasks.audit.model import Assessment, Control, Verdict
from tasks.compliance.maps import frameworks
from tasks.ledger.model import Entry, Head
from tasks.packs.changes import changes_of
from tasks.packs.extracts import exercise_of, is_rehearsal
from tasks.packs.model import Asked, ChangeStory, ControlStory, Narrative, OrgStanding, Quarter, Risk

_NEVER_ASSESSED = "No assessment of this quarter is kept here, so nothing says how the controls stood. Run `bulkhead run assessment` in each quarter."


def narrate(
    estate: str,
    quarter: Quarter,
    assessments: Sequence[Assessment],
    entries: Sequence[Entry],
    start: Head,
    now: datetime,
) -> Narrative:
    """
    `assessments` are those that are kept, in any order; the first and the last of the quarter count. `entries` are the whole
    ledger as it is here, which begins behind `start`.
    """
    within = sorted((a for a in assessments if quarter.holds(a.made_at)), key=lambda a: a.made_at)
    opening, closing = (within[0], within[-1]) if within else (None, None)
    changes = changes_of(entries, quarter)
    exercises = [e for entry in entries if quarter.holds(entry.at) if (e := exercise_of(entry)) is not None]
    tests = tuple(each for each in exercises if not is_rehearsal(each))
    rehearsals = tuple(each for each in exercises if is_rehearsal(each))
    return Narrative(
        estate=estate,
        quarter=quarter.name,
        since=quarter.since,
        until=quarter.until,
        made_at=now,
        opening=None if opening is None else opening.made_at,
        closing=None if closing is None else closing.made_at,
        controls=tuple(_story(control, opening, closing, changes.of(control.id)) for control in catalogue()),
        tests=tests,
        rehearsals=rehearsals,
        entries=sum(quarter.holds(entry.at) for entry in entries),
        gaps=(
            *_of_time(quarter, entries, start, now),
            *_of_assessments(within),
            *changes.unread,
            *(() if tests else ("No test of this quarter is noted: no restore or key-loss drill, no handshake.",)),
            *(() if rehearsals else ("No rehearsal of an attack is noted in this quarter.",)),
        ),
    )  # fmt: skip


def _of_time(quarter: Quarter, entries: Sequence[Entry], start: Head, now: datetime) -> Iterable[str]:
    if now < quarter.until:
        yield f"{quarter.name} is not over: what comes until {quarter.until:%Y-%m-%d} is not in this pack."
    if start.sequence and (not entries or entries[0].at > quarter.since):
        yield (
            f"Entries up to {start.sequence} left for an archive, and some of them may be of this quarter. "
            "Check the archive with `bulkhead verify-evidence`."
        )


def _of_assessments(within: Sequence[Assessment]) -> Iterable[str]:
    if not within:
        yield _NEVER_ASSESSED
        return
    if len(within) == 1:
        yield "There was one assessment in this quarter, so opening and closing are the same."
    closing = within[-1]
    for org, why in sorted(closing.unreadable.items()):
        yield f"{org} could not be read at the end of the quarter: {why}"
    for org, gaps in sorted(closing.gaps.items()):
        for section, why in sorted(gaps.items()):
            yield f"{org}: {section} could not be seen at the end of the quarter: {why}"


def _story(
    control: Control,
    opening: Assessment | None,
    closing: Assessment | None,
    changes: tuple[ChangeStory, ...],
) -> ControlStory:
    standing = _standing(control.id, opening, closing)
    risks = () if closing is None else tuple(_risks(control.id, closing))
    return ControlStory(
        id=control.id,
        title=control.title,
        layer=control.layer,
        severity=control.severity,
        source=control.source,
        remediation=control.remediation,
        standing=standing,
        changes=changes,
        risks=risks,
        asked_by=tuple(
            Asked(framework=f"{each.name} {each.version}", requirement=name, title=each.requirements[name].title)
            for each in frameworks()
            for name in each.asked_by(control.id)
        ),
        sentences=tuple(_sentences(standing, changes, risks)),
    )  # fmt: skip


def _standing(
    control: str, opening: Assessment | None, closing: Assessment | None
) -> tuple[OrgStanding, ...]:
    before = {} if opening is None else {v.org: v for v in opening.verdicts if v.control == control}
    after = {} if closing is None else {v.org: v for v in closing.verdicts if v.control == control}
    unread = {} if closing is None else closing.unreadable
    found = []
    for org in dict.fromkeys([*before, *after, *sorted(unread)]):
        now = after.get(org)
        failing = () if now is None else tuple(f for f in now.findings if f.verdict is Verdict.FAIL)
        found.append(
            OrgStanding(
                org=org,
                opening=before[org].verdict if org in before else None,
                closing=now.verdict if now is not None else Verdict.UNKNOWN,
                reason=now.reason if now is not None else unread.get(org, "it was not judged"),
                failing=tuple(f"{f.resource}: {f.summary}" for f in failing),
            )
        )
    return tuple(found)


def _risks(control: str, closing: Assessment) -> Iterable[Risk]:
    for use in closing.waivers:
        if use.waiver.control == control:
            yield Risk(
                org=use.waiver.org,
                resource=use.waiver.resource,
                owner=use.waiver.owner,
                reason=use.waiver.reason,
                expires=use.waiver.expires.isoformat(),
                state=use.state.value,
            )


def _sentences(
    standing: Sequence[OrgStanding], changes: Sequence[ChangeStory], risks: Sequence[Risk]
) -> Iterable[str]:
    if not standing:
        yield "How it stood is not known: no assessment of this quarter is kept."
    else:
        yield f"At the end of the quarter: {_told(each.closing for each in standing)}."
        yield f"At its beginning: {_told(each.opening for each in standing)}."
    worse = [each.org for each in standing if each.opening is Verdict.PASS and each.closing is Verdict.FAIL]
    if worse:
        yield f"It passed at the beginning and fails at the end in {', '.join(worse)}."
    yield _changed(changes)
    if approvers := {yes.approver for each in changes for yes in each.approvals}:
        signed = sum(yes.signed for each in changes for yes in each.approvals)
        yield f"{len(approvers)} people approved them{', with signatures of their own' if signed else ', without signatures'}."
    if back := sum(bool(each.undoes) for each in changes):
        yield f"{back} of the changes took an earlier one back."
    if risks:
        lapsed = sum(risk.state == "expired" for risk in risks)
        yield f"{len(risks)} accepted risks are noted, {lapsed} of them expired."
    if failing := sum(len(each.failing) for each in standing):
        yield f"{failing} resources still fail."


def _told(verdicts: Iterable[Verdict | None]) -> str:
    counts = Counter("not judged" if each is None else each.value for each in verdicts)
    return ", ".join(f"{number} {name}" for name, number in counts.most_common())


def _changed(changes: Sequence[ChangeStory]) -> str:
    if not changes:
        return "No plan changed anything for it in this quarter."
    plans = len({each.plan for each in changes})
    verified = sum(each.verified is not None for each in changes)
    sent = sum(each.verified is None and each.attempted is not None for each in changes)
    return (
        f"{len(changes)} changes of {plans} plans are about it: {verified} were read back as planned, {sent} were sent and "
        f"not verified, {len(changes) - verified - sent} were not sent."
    )
