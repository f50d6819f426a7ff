"""What masking a sandbox would write, field by field, what it sets off, and what a copy of production brought along."""

from collections.abc import Mapping
from datetime import datetime

from tasks.estate.policy import Policy
from tasks.masking.model import Copied, Kind, MaskedObject, Origin, SandboxReading
from tasks.masking.proof import same
from tasks.plans.draft import Draft
from tasks.plans.model import Plan, ResourceKind, State

JOB = "masking"
CONTROL = "ZT-08"
_WORDS = {
    Kind.FIRST_NAME: "another first name",
    Kind.LAST_NAME: "another last name",
    Kind.FULL_NAME: "another name",
    Kind.COMPANY: "another company",
    Kind.EMAIL: "an address below example.com, which nobody receives",
    Kind.PHONE: "a number that nobody has (555-01xx, or country code 999)",
    Kind.NUMBER: "a number of the same form that nobody can hold",
    Kind.BAND: "one amount of its band",
    Kind.DATE: "one day of its year",
    Kind.STREET: "another street",
    Kind.CITY: "another city",
    Kind.POSTAL_CODE: "zeros in its form",
    Kind.URL: "an address below example.com",
    Kind.TEXT: "other words, all of it",
    Kind.FILE_NAME: "another name with the same ending",
    Kind.CHOICE: "the first value of its list",
    Kind.COORDINATE: "the corner of a field of five degrees",
}


def state_of(found: MaskedObject, digest: str) -> State | None:
    """
    What stands in an org, as the change engine compares it; None where nothing but fakes is there.

    An object that is half masked is not masked: the state stays until its last record is, so that a run goes on with it.
    """
    return {"rows": found.rows, "rules": digest} if found.open else None


def masking_plan(
    policy: Policy,
    reading: SandboxReading,
    digests: Mapping[str, str],
    known: Origin | None,
    requester: str,
    now: datetime,
) -> Plan:
    """`digests` are those of rules and key, by object; `known` is the org that was last proven clean."""
    draft = Draft(CONTROL)
    org = reading.org
    for each in reading.objects:
        draft.refused += [f"{org}: {line}" for line in each.left_out]
        if not each.rules:
            continue
        draft.change(
            *(org, ResourceKind.REAL_DATA, each.key),
            state_of(each, digests[each.sobject]),
            None,
            f"{each.sobject} holds data of people in a sandbox",
            _effect(each),
        )
        if not each.open:
            draft.keeps.append(f"{org}: {each.sobject} holds fakes alone ({each.rows:,} records)")
        collisions = [rule.field for rule in each.rules if rule.unique]
        if each.open and collisions:
            draft.risks.append(
                f"{org}: {each.sobject}: {', '.join(collisions)} must be unique; a fake that is there already is refused"
            )
    _automations(draft, reading)
    _copy(draft, org, reading, known)
    draft.keeps += [
        f"{org}: it says of itself that it is a sandbox; that is asked again before the first write",
        f"{org}: ids, lookups and external ids that hold nobody's data are not touched, so all records stay joined",
        f"{org}: the same value becomes the same fake in every sandbox that is masked with this key; empty stays empty",
    ]
    return draft.plan(JOB, f"Mask the sandbox {org}", requester, now, policy)


def _effect(found: MaskedObject) -> str:
    fields = [
        f"{rule.field}: {found.open_fields[rule.field]:,} become {_WORDS[rule.kind]}"
        for rule in found.rules
        if found.open_fields.get(rule.field)
    ]
    return f"{found.open:,} of {found.rows:,} records; {'; '.join(fields)}; the real values are gone for good"


def _automations(draft: Draft, reading: SandboxReading) -> None:
    org, there = reading.org, reading.automations
    touched = [each.sobject for each in reading.objects if each.open]
    if None in (
        there.triggers,
        there.validation_rules,
        there.workflow_rules,
        there.duplicate_rules,
        there.flows,
    ):
        draft.risks.append(
            f"{org}: not all automations could be read; look in Setup for what runs when records are written"
        )
    for name in touched:
        if running := (there.triggers or {}).get(name, ()):
            draft.risks.append(
                f"{org}: every masked {name} runs the triggers {', '.join(running)}, which may write or call elsewhere"
            )
        if judging := (there.validation_rules or {}).get(name, ()):
            draft.risks.append(
                f"{org}: validation rules of {name} may refuse records ({', '.join(judging)}); those are listed, and the run fails"
            )
        if sending := (there.workflow_rules or {}).get(name, ()):
            draft.risks.append(
                f"{org}: every masked {name} may start the workflow rules {', '.join(sending)}, which may send mail and messages elsewhere"
            )
        if comparing := (there.duplicate_rules or {}).get(name, ()):
            draft.risks.append(
                f"{org}: duplicate rules of {name} may refuse fakes that are alike ({', '.join(comparing)}); those are listed, and the run fails"
            )
    if touched and there.flows:
        draft.risks.append(
            f"{org}: flows that start with a record may run ({', '.join(there.flows)}): switch them off meanwhile"
        )
    if touched:
        draft.risks += [
            f"{org}: no API says whether it may send mail; before you apply, set Setup, Deliverability to `No access` or `System email only`",
            f"{org}: field history, feeds and the recycle bin keep old values; delete them in Setup, or refresh the sandbox without them",
            f"{org}: a killed run is gone on with by applying the plan again; records are written one by one whole, never half",
        ]
        exact = [
            f"{o.sobject}.{r.field}"
            for o in reading.objects
            for r in o.rules
            if r.kind in (Kind.DATE, Kind.BAND, Kind.COORDINATE)
        ]
        if exact:
            draft.risks.append(
                f"{org}: of {', '.join(exact)} the year, the band or the region stays; one value in some hundred happens to stay what it is"
            )
    if reading.files:
        draft.risks.append(f"{org}: the contents of {reading.files:,} files are not looked into; delete them")
    if reading.passed_over:
        draft.risks.append(
            f"{org}: these stay as they are, whatever they hold: {', '.join(reading.passed_over)}"
        )
    draft.risks += [f"{org}: {line}" for line in reading.unread]


def _copy(draft: Draft, org: str, reading: SandboxReading, known: Origin | None) -> None:
    """A sandbox that was never proven clean, or was refreshed since, is a copy of production with all its keys."""
    if known is not None and same(known, reading.origin):
        return
    how = "was never proven clean" if known is None else "was refreshed since it was proven clean"
    draft.risks.append(
        f"{org} {how}: it has {_counted(reading.copied)}, copied with it from production or made since"
    )
    draft.afterwards += [
        f"{org}: end what was copied: reset passwords of its users and revoke their tokens (Setup, OAuth Usage)",
        f"{org}: give its apps new secrets (credential-rotation) and remove certificates that production uses too",
        f"{org}: prove that nothing real is left (scan-sandbox) before it is the target of a sync",
    ]


def _counted(copied: Copied) -> str:
    return f"{copied.users:,} active users, {copied.apps:,} apps and {copied.certificates:,} certificates"
