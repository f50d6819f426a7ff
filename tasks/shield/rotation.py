"""When tenant secrets are replaced, and when archived ones may be destroyed."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from tasks.encryption.model import TenantSecret
from tasks.errors import ConfigurationError
from tasks.estate.model import Attestation, AttestedControl
from tasks.estate.policy import Policy
from tasks.plans.draft import Draft
from tasks.plans.model import Plan, ResourceKind
from tasks.shield.model import Exported, SecretsOf, least_wait

JOB = "tenant-secrets"
CONTROL = "ZT-06"


def rotation_plan(
    policy: Policy,
    orgs: Mapping[str, SecretsOf],
    kinds: Collection[str],
    requester: str,
    now: datetime,
) -> Plan:
    """`kinds` are types (`Data`, …) that are replaced now; without any, those that are older than policy allows."""
    draft = Draft(CONTROL)
    for org, held in orgs.items():
        for secret in held.secrets:
            if secret.status != "Active" or (kinds and secret.kind not in kinds):
                continue
            _replace(draft, policy.shield.tenant_secret_max_age, org, held, secret, asked=bool(kinds))
    return draft.plan(JOB, f"Rotate tenant secrets of {', '.join(orgs)}", requester, now, policy)


def _replace(
    draft: Draft, max_age: timedelta, org: str, held: SecretsOf, secret: TenantSecret, *, asked: bool
) -> None:
    age = held.now - secret.created
    name = f"tenant secret {secret.version} of type {secret.kind}"
    if not asked and age <= max_age:
        draft.keeps.append(f"{org}: {name} is {age.days} days old, and policy allows {max_age.days}")
        return
    earliest = secret.created + least_wait(secret.kind, sandbox=held.sandbox)
    if held.now < earliest:
        draft.refused.append(
            f"{org}: {name} was made on {secret.created:%Y-%m-%d %H:%M} UTC, and the platform makes no other of its type before "
            f"{earliest:%Y-%m-%d %H:%M} UTC"
        )
        return
    draft.change(
        *(org, ResourceKind.OLD_TENANT_SECRET, f"{secret.kind}/{secret.version}"),
        {"status": "active"},
        None,
        f"it is {age.days} days old",
        "a newer one takes its place; it is archived and goes on decrypting what it encrypted",
    )
    draft.keeps.append(f"{org}: records stay readable: archived secrets decrypt until they are destroyed")
    draft.risks.append(
        f"{org}: rotating encrypts nothing anew: until the data is synchronized, a leaked old secret still opens it"
    )
    draft.afterwards += [
        f"{org}: in Setup, Encryption Statistics and Data Sync, synchronize what is encrypted, then add an attestation "
        "`background-encryption` to estate.yaml that is newer than the rotation, with its evidence",
        f"{org}: export the new secret: start export-tenant-secret",
    ]


def destruction_plan(
    policy: Policy,
    held: SecretsOf,
    kind: str,
    version: int,
    exported: Exported | None,
    attestations: Collection[Attestation],
    requester: str,
    now: datetime,
) -> Plan:
    """
    The end of one archived secret. Raises ConfigurationError where it is not archived, not exported, or where nobody vouches, with
    evidence and after the newest rotation of its type, that nothing is under it any more.
    """
    org, name = held.org, f"tenant secret {version} of type {kind}"
    secret = next((s for s in held.secrets if (s.kind, s.version) == (kind, version)), None)
    if secret is None or secret.status != "Archived":
        status = "is not there" if secret is None else f"is {secret.status.lower()}"
        raise ConfigurationError(f"{org}: {name} {status}; only an archived one can be destroyed.")
    if exported is None:
        raise ConfigurationError(
            f"{org}: {name} was never exported. Start export-tenant-secret first and keep its file."
        )
    newest = max(s.created for s in held.secrets if s.kind == kind)
    proof = finished(attestations, org, newest, held.now)
    if proof is None:
        raise ConfigurationError(
            f"{org}: nobody vouches that nothing is encrypted under {name} any more. Add an attestation `background-encryption` to "
            f"estate.yaml, dated after {newest:%Y-%m-%d} and not expired, with evidence_url or evidence_sha256."
        )
    draft = Draft(CONTROL)
    draft.change(
        *(org, ResourceKind.SPENT_TENANT_SECRET, f"{kind}/{version}"),
        {"status": "archived", "exported": exported.sha256},
        None,
        f"it was exported on {exported.at:%Y-%m-%d}, and {proof.owner} vouched on {proof.date} that nothing is under it any more",
        "what is still encrypted under it, files among that, can be read by nobody, until the export is brought back",
    )
    draft.risks.append(
        f"{org}: no API shows which records are under which secret: the attestation is all that says so"
    )
    draft.afterwards.append(f"{org}: keep the export for as long as backups of the org may be restored")
    return draft.plan(JOB, f"Destroy {name} in {org}", requester, now, policy)


def finished(
    attestations: Collection[Attestation], org: str, since: datetime, now: datetime
) -> Attestation | None:
    """The newest word with evidence that background encryption ended after a rotation. A day alone is no proof for that day."""
    good = [
        each
        for each in attestations
        if each.subject is AttestedControl.BACKGROUND_ENCRYPTION
        and org in each.orgs
        and since.date() < each.date <= now.date()
        and each.expires >= now.date()
        and (each.evidence_url or each.evidence_sha256)
    ]
    return max(good, key=lambda each: each.date, default=None)
