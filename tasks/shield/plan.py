"""What encrypting sensitive fields would change in each org, who would be stopped, and what people have to do besides."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from tasks.encryption.classify import PROTECTED_KINDS
from tasks.estate.policy import Policy
from tasks.plans.draft import Draft
from tasks.plans.model import Plan, ResourceKind
from tasks.shield.choose import choose
from tasks.shield.model import (
    DATA,
    DETERMINISTIC_DATA,
    Caller,
    Choice,
    FieldFacts,
    OrgShield,
    Scheme,
    Use,
)
from tasks.shield.readers import narrow_readers

JOB = "encryption"
CONTROL = "ZT-06"
DETERMINISTIC = "PlatformEncryption.enableDeterministicEncryption"
HISTORY = "PlatformEncryption.enableEncryptFieldHistory"
_SHOWN = 8
_WORDS = {
    Scheme.PROBABILISTIC: "probabilistic: the same value never looks alike twice",
    Scheme.CASE_SENSITIVE: "deterministic, case-sensitive: equal values look alike, and can be filtered for",
    Scheme.CASE_INSENSITIVE: "deterministic, whatever the case: equal values look alike, and can be filtered for",
}


def wanted(fields: Iterable[FieldFacts], named: Collection[str]) -> tuple[FieldFacts, ...]:
    """Fields to encrypt: those that are named, else those of the kinds that ZT-06 asks for."""
    lower = {name.lower() for name in named}
    return tuple(
        each for each in fields if (each.name.lower() in lower if lower else each.kind in PROTECTED_KINDS)
    )


def choices(shield: OrgShield, named: Collection[str], although_used: Collection[str]) -> tuple[Choice, ...]:
    """For each field that is wanted and not encrypted yet, in order of names."""
    accepted = {name.lower() for name in although_used}
    return tuple(
        choose(each, shield.callers, accepted=each.name.lower() in accepted)
        for each in sorted(wanted(shield.fields, named), key=lambda each: each.name)
        if each.scheme is Scheme.NONE
    )


def encryption_plan(
    policy: Policy,
    shields: Mapping[str, OrgShield],
    named: Collection[str],
    although_used: Collection[str],
    protected: Mapping[str, Collection[str]],
    requester: str,
    now: datetime,
) -> Plan:
    """
    `named` are fields (`Account.SSN__c`; none for all that need it), `although_used` those that are encrypted even where that
    stops callers. `protected` are by org the user names whose reading no plan takes: routes', our own, break-glass accounts'.
    """
    draft = Draft(CONTROL)
    for org, shield in shields.items():
        accepted = frozenset(name.lower() for name in although_used)
        _of_org(draft, org, shield, choices(shield, named, although_used), accepted)
        narrow_readers(draft, policy.shield, shield, frozenset(protected.get(org, ())))
    title = f"Encrypt sensitive fields in {', '.join(shields)}"
    return draft.plan(JOB, title, requester, now, policy)


def _of_org(
    draft: Draft, org: str, shield: OrgShield, chosen: Sequence[Choice], accepted: Collection[str]
) -> None:
    """Where something was not looked into, nobody knows what a scheme stops: then it takes somebody's word for each field."""
    for choice in chosen:
        if choice.scheme is None:
            draft.refused.append(
                f"{org}: {choice.field.name} stays in clear: {_listed(choice.breaks)}. {_way_out(choice)}"
            )
    blind = [each for each in chosen if shield.unread and each.field.name.lower() not in accepted]
    draft.refused += [
        f"{org}: {choice.field.name} stays in clear: it is not known what uses it. Give our user the rights that are missing, or name "
        "the field under `although_used`."
        for choice in blind
        if choice.scheme is not None
    ]
    open_fields = [choice for choice in chosen if choice.scheme is not None and choice not in blind]
    ground = _ground(draft, org, shield, open_fields)
    for choice in open_fields:
        _encrypt(draft, org, choice, ground)
    draft.refused += [
        f"{org}: the scheme of {each.name} could not be read, so nothing is planned for it"
        for each in shield.fields
        if each.scheme is None and each.kind in PROTECTED_KINDS
    ]
    draft.risks += [f"{org}: not looked into, so callers there are unknown: {line}" for line in shield.unread]
    draft.risks += [f"{org}: {line}" for line in shield.hidden]
    if open_fields:
        _told(draft, org, shield, open_fields)


def _ground(draft: Draft, org: str, shield: OrgShield, chosen: Sequence[Choice]) -> dict[bool, list[int]]:
    """What must be in place first, by whether the scheme is deterministic: settings and tenant secrets."""
    needs: dict[bool, list[int]] = {False: [], True: []}
    for deterministic, kind in ((False, DATA), (True, DETERMINISTIC_DATA)):
        using = [c.field.name for c in chosen if c.scheme and c.scheme.deterministic >= deterministic]
        if not using:
            continue
        if deterministic and not shield.deterministic:
            needs[True].append(
                draft.change(
                    *(org, ResourceKind.ORG_SETTING, DETERMINISTIC),
                    {"on": False},
                    {"on": True},
                    f"{', '.join(using)} are filtered by equality",
                    "deterministic schemes may be used",
                )
            )
        if shield.active(kind) is None:
            # A probabilistic one comes before any deterministic one (Security Guide, "Encrypt Data with the Deterministic Encryption
            # Scheme").
            number = draft.change(
                *(org, ResourceKind.TENANT_SECRET, kind),
                None,
                {"active": True},
                f"there is no active tenant secret of type {kind}, without which nothing is encrypted so",
                "made by Salesforce's own key service; it never leaves it in clear",
            )
            for each in (True,) if deterministic else (False, True):
                needs[each].append(number)
    tracked = [c.field.name for c in chosen if any(o.use is Use.HISTORY for o in c.others)]
    if tracked and not shield.history_encrypted:
        number = draft.change(
            *(org, ResourceKind.ORG_SETTING, HISTORY),
            {"on": False},
            {"on": True},
            f"{', '.join(tracked)}: changes are tracked, and old values would stay in clear",
            "field history and feed tracking are encrypted, too",
        )
        needs[False].append(number)
        needs[True].append(number)
    return needs


def _encrypt(draft: Draft, org: str, choice: Choice, ground: Mapping[bool, Sequence[int]]) -> None:
    scheme = choice.scheme
    assert scheme is not None  # the caller sorted the others out
    effect = _WORDS[scheme]
    if choice.breaks:
        effect += f"; stops {_listed(choice.breaks)}"
    draft.change(
        *(org, ResourceKind.FIELD_ENCRYPTION, choice.field.name),
        {"scheme": Scheme.NONE.value},
        {"scheme": scheme.value},
        f"{choice.field.name} is sensitive and not encrypted",
        effect,
        *ground[scheme.deterministic],
    )
    for caller in choice.others:
        if caller.use is Use.TEXT:
            draft.risks.append(f"{org}: {choice.field.name}: look at {caller}")
        elif caller.use is not Use.HISTORY:
            draft.keeps.append(f"{org}: {choice.field.name}: goes on: {caller}")
    if scheme is Scheme.CASE_SENSITIVE:
        draft.risks.append(f"{org}: {choice.field.name}: filters tell large from small letters from then on")
    if choice.field.standard:
        draft.risks.append(
            f"{org}: {choice.field.name} is a standard field: switch on its encryption for a sandbox first; some have effects of "
            'their own (Salesforce Help, "General Shield Platform Encryption Considerations")'
        )
    if choice.breaks:
        draft.risks.append(
            f"{org}: {choice.field.name}: these stop: {_listed(choice.breaks, len(choice.breaks))}"
        )


def _told(draft: Draft, org: str, shield: OrgShield, chosen: Sequence[Choice]) -> None:
    objects = sorted({choice.field.name.partition(".")[0] for choice in chosen})
    draft.keeps.append(
        f"{org}: whoever may read a field reads it in clear as before, by page and by API: encryption at rest hides nothing from them"
    )
    draft.risks += [
        f"{org}: Apex that puts field names together while it runs cannot be searched; neither can queries of programs outside",
        f"{org}: taken back, values are decrypted when they are saved or synchronized, and restrictions on filters may outlast that "
        "until Salesforce Support lifts them",
    ]
    draft.afterwards += [
        f"{org}: values that are there stay in clear until they are saved: in Setup, Encryption Statistics and Data Sync, gather "
        f"statistics and synchronize {', '.join(objects)}",
        f"{org}: then add an attestation `background-encryption` to estate.yaml, with the statistics' page as evidence",
        f"{org}: start verify-encryption: it asks the org what it refuses now, and names whom that hits",
    ]


def _way_out(choice: Choice) -> str:
    uses = {caller.use for caller in choice.breaks}
    if uses & {Use.TYPE}:
        return "Convert it to a type that can be encrypted, or encrypt it before it is synced."
    if uses & {Use.SHARING, Use.FORMULA}:
        return "Change these first: the platform refuses to encrypt the field while they are there."
    if uses == {Use.STANDARD}:
        return "If Salesforce Help lists it by now, name the field under `although_used`."
    return "Change these first, or name the field under `although_used`."


def _listed(callers: Sequence[Caller], shown: int = _SHOWN) -> str:
    more = f"; and {len(callers) - shown} more" if len(callers) > shown else ""
    return "; ".join(str(caller) for caller in callers[:shown]) + more
