"""How secrets that lie about in orgs come into the secrets manager: what to make, what to change where, in which order."""

import re
from collections.abc import Collection, Iterable
from datetime import datetime

from tasks.credentials.model import ExposedKind, ExposedSecret
from tasks.estate.policy import Policy
from tasks.plans.draft import Draft
from tasks.plans.model import Plan, ResourceKind
from tasks.value import Value

JOB = "exposed-secrets"
CONTROL = "ZT-11"
_WHY = "whoever reads the setup of an org reads what lies in it (SP 800-53 r5 IA-5(7))"
_USED_BY = {
    ExposedKind.APEX: "its developers take the literal out of the class and call through a named credential; code is never "
    "deployed by a plan",
    ExposedKind.CUSTOM_SETTING: "its code reads the value from a named credential instead",
    ExposedKind.CUSTOM_METADATA: "its code reads the value from a named credential instead; then deploy the record without it",
    ExposedKind.NAMED_CREDENTIAL: "make an external credential with a named principal, and point the named credential to it",
    ExposedKind.REMOTE_SITE: "take user name and password out of the address, and call through a named credential",
    ExposedKind.CUSTOM_LABEL: "its code reads the value from a named credential instead; then delete the label",
    ExposedKind.OUTBOUND_MESSAGE: "its receiver gets a credential of its own; then take the secret out of the address and "
    "switch Send Session ID off",
    ExposedKind.STATIC_RESOURCE: "import the key under Certificate and Key Management as not exportable; then delete the file",
}


class OrgExposed(Value):
    """What of one org lies about."""

    org: str
    secrets: tuple[ExposedSecret, ...]


def resource_of(kind: ExposedKind, place: str) -> str:
    """As findings of ZT-11 have it."""
    return f"exposed:{kind.value}:{place}"


def stored_name(org: str, kind: ExposedKind, place: str) -> str:
    """Where the new secret goes: a name that Secrets Manager takes, the same each time."""
    return f"integration/{org}/{kind.value}/{re.sub(r'[^A-Za-z0-9_+=.@-]+', '-', place)}"


def moving_plan(
    policy: Policy,
    orgs: Iterable[OrgExposed],
    requester: str,
    now: datetime,
    *,
    switched: Collection[str] = (),
) -> Plan:
    """
    `switched` are resources (`org/exposed:…`) of which the requester attests that nothing reads the old value any more: only
    those are cleared, for there is no way back. The rest is told in order, and is for people.
    """
    draft = Draft(CONTROL)
    known: set[str] = set()
    for org in orgs:
        places: dict[tuple[ExposedKind, str], str] = {}
        for secret in org.secrets:
            places.setdefault((secret.kind, secret.place), secret.looks_like)
        for (kind, place), looks_like in sorted(places.items()):
            name = f"{org.org}/{resource_of(kind, place)}"
            known.add(name)
            if name in switched:
                _clear(draft, org.org, kind, place, requester)
            else:
                draft.afterwards.append(_steps(org.org, kind, place, looks_like))
    draft.refused += [
        f"{name} is attested as switched, and no secret was found there"
        for name in sorted(set(switched) - known)
    ]
    if known:
        draft.risks.append(
            "what lies in an org was readable for everybody who may see its setup: the new value must be another one; a copied "
            "one is exposed already"
        )
    return draft.plan(JOB, f"Secrets of {len(known)} places into the secrets manager", requester, now, policy)


def _steps(org: str, kind: ExposedKind, place: str, looks_like: str) -> str:
    name = stored_name(org, kind, place)
    layout = '{"username": "…", "password": "…"}' if "password" in looks_like else '{"value": "…"}'
    told = (
        f"then run this flow again with switched={org}/{resource_of(kind, place)}"
        if _by_plan(kind)
        else ("then take the old one away there")
    )
    return (
        f"{org}: {kind.value} {place} ({looks_like}): (1) have whoever issued it issue another one; (2) store that as {name} in "
        f"AWS Secrets Manager, as {layout}; (3) {_USED_BY[kind]}; (4) see it work, and revoke the old one where it was issued; "
        f"(5) {told}"
    )


def _by_plan(kind: ExposedKind) -> bool:
    return kind is ExposedKind.CUSTOM_SETTING


def _clear(draft: Draft, org: str, kind: ExposedKind, place: str, requester: str) -> None:
    if not _by_plan(kind):
        draft.refused.append(f"{org}: {kind.value} {place} cannot be cleared by a plan; {_USED_BY[kind]}")
        return
    sobject, _, rest = place.partition(".")
    row, _, field = rest.rpartition(".")
    draft.change(
        *(org, ResourceKind.SETTING_SECRET, f"{sobject}/{row}/{field}"),
        {"held": True},
        None,
        _WHY,
        f"whatever still reads it gets nothing; {requester} attests that nothing does",
    )
