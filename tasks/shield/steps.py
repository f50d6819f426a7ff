"""Prefect tasks of platform encryption."""

import hashlib
import os
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from prefect import task
from prefect.artifacts import create_markdown_artifact

from tasks.aws.secrets import write_secret
from tasks.encryption.model import Field
from tasks.errors import ConfigurationError, OrgError
from tasks.ledger.model import EntryKind, Note
from tasks.orgs import home, load_policy, open_cloud_for_writing, open_ledger, open_org
from tasks.policies import PUBLISH, READ
from tasks.salesforce.exports import read_export
from tasks.salesforce.rows import ask_origin
from tasks.salesforce.session import Session
from tasks.shield import gateway
from tasks.shield.asking_gateway import ask
from tasks.shield.byok import MATERIAL_BYTES, Padding, wrapped
from tasks.shield.byok_gateway import read_certificate, write_private
from tasks.shield.choose import hit
from tasks.shield.export import export_note, exports
from tasks.shield.holders_gateway import read_holders
from tasks.shield.model import Choice, Exported, OrgShield, Scheme, SecretsOf, Verified
from tasks.shield.readers import readers_of
from tasks.shield.report import blockers_markdown, told, verified_markdown

_FOLDER = "tenant-secrets"


@task(
    name="read-callers",
    task_run_name="read-callers-of-{org}",
    description="What uses sensitive fields: Apex, flows, list views, reports, sharing rules, formulas. Changes nothing.",
    **READ,
)
def read_callers(org: str, fields: Sequence[tuple[Field, str]], formulas: Sequence[str]) -> OrgShield:
    """`fields` come with their kinds, `formulas` are all formula fields. Raises OrgError."""
    policy = load_policy().shield
    with open_org(org) as session:
        found = gateway.read_shield(session, fields, formulas)
        narrowed = [each.name for each, _ in fields if readers_of(policy, org, each.name) is not None]
        return found.model_copy(update={"holders": read_holders(session, narrowed)})


@task(
    name="read-tenant-secrets",
    task_run_name="read-tenant-secrets-of-{org}",
    description="Type, version, age and status of tenant secrets; never what they are.",
    **READ,
)
def read_tenant_secrets(org: str) -> SecretsOf:
    """Raises OrgError."""
    with open_org(org) as session:
        rows = session.query("SELECT Type, Status, Version, CreatedDate FROM TenantSecret")
        sandbox = ask_origin(session).sandbox
        return SecretsOf(
            org=org, sandbox=sandbox, now=_org_time(session), secrets=tuple(gateway.secrets_of(rows))
        )


@task(
    name="known-exports",
    description="Which tenant secrets of an org were exported, by what the ledger says.",
    **READ,
)
def known_exports(org: str, kind: str) -> dict[int, Exported]:
    with open_ledger() as ledger:
        entries = ledger.entries(EntryKind.TENANT_SECRET, subject=org)
        return exports((entry.body for entry in entries), kind)


@task(
    name="ask-what-is-refused",
    task_run_name="ask-what-{shield.org}-refuses",
    description="Asks, by queries that show nothing, which filters, sorts and groupings the org refuses on encrypted fields.",
    **READ,
)
def ask_refusals(shield: OrgShield) -> Verified:
    """Raises OrgError."""
    fields = tuple(each for each in shield.fields if each.scheme not in (None, Scheme.NONE))
    with open_org(shield.org) as session:
        answers, unread = ask(session, fields)
        at = _org_time(session) if fields else shield.now
    return Verified(
        org=shield.org,
        at=at,
        fields=fields,
        answers=answers,
        hit=hit(shield.callers, fields, answers),
        unread=(*shield.unread, *shield.hidden, *unread),
    )


@task(
    name="publish-blockers",
    description="Shows by field what encryption would break, and which scheme is planned.",
    **PUBLISH,
)
def publish_blockers(shields: Mapping[str, OrgShield], chosen: Mapping[str, Sequence[Choice]]) -> None:
    fields = sum(len(each) for each in chosen.values())
    open_to_us = sum(choice.possible for each in chosen.values() for choice in each)
    create_markdown_artifact(
        blockers_markdown(shields, chosen),
        key="encryption-blockers",
        description=f"{open_to_us} of {fields} fields in clear can be encrypted without stopping anybody unaccepted.",
    )


@task(
    name="publish-refusals",
    description="Shows what an org refuses on its encrypted fields, and whom that hits.",
    **PUBLISH,
)
def publish_refusals(verified: Verified) -> None:
    create_markdown_artifact(
        verified_markdown(verified),
        key=f"encryption-{verified.org}",
        description=told(verified),
    )


@task(
    name="export-tenant-secret",
    task_run_name="export-{kind}-{version}-of-{org}",
    description="Writes a tenant secret, encrypted as the org gives it, to a file of this machine, and notes its hash.",
    **{**PUBLISH, "retries": 0},
)
def export_secret(org: str, kind: str, version: int, actor: str) -> str:
    """The file's path. Raises ConfigurationError where there is no such secret or the file is there already, and OrgError."""
    path = home() / _FOLDER / f"{org}-{kind}-{version}.export"
    with open_org(org) as session:
        rows = session.query("SELECT Id, Type, Status, Version FROM TenantSecret")
        found = [
            row
            for row in rows
            if (row["Type"], int(row["Version"] or 0)) == (kind, version) and row["Status"] != "Destroyed"
        ]
        if not found:
            raise ConfigurationError(f"{org} has no tenant secret {version} of type {kind} to export.")
        content = read_export(session, found[0]["Id"])
        at = _org_time(session)
    write_private(path, content)
    body = export_note(kind, version, hashlib.sha256(content).hexdigest(), at)
    with open_ledger() as ledger:
        ledger.append(Note(kind=EntryKind.TENANT_SECRET, subject=org, actor=actor, body=body))
    return str(path)


@task(
    name="prepare-key-material",
    task_run_name="prepare-key-material-for-{org}",
    description="Makes key material, keeps it in Secrets Manager, and writes it, wrapped for one org, to a file.",
    **{**PUBLISH, "retries": 0},
)
def prepare_material(org: str, kind: str, certificate: str, secret: str, hashing: Padding) -> str:
    """
    The file's path: JSON that a new TenantSecret takes. Raises ConfigurationError for a certificate that does not fit or a file that
    is there already, CloudError and OrgError.
    """
    with open_org(org) as session:
        pem = read_certificate(session, certificate)
        at = _org_time(session)
    material = secrets.token_bytes(MATERIAL_BYTES)
    upload = wrapped(material, pem, certificate, kind, hashing)
    path = home() / _FOLDER / f"{org}-{kind}-{at:%Y%m%dT%H%M%S}.upload.json"
    # The material first: a file whose material nobody has could never be uploaded again.
    write_secret(
        open_cloud_for_writing(), secret, {"material": material.hex(), "hash": upload.SecretValueHash}
    )
    write_private(path, (upload.model_dump_json(indent=2) + os.linesep).encode())
    return str(path)


def _org_time(session: Session) -> datetime:
    if session.server_time is None:
        raise OrgError(session.alias, "the answer has no Date", "Look at what stands between us and the org.")
    return session.server_time.astimezone(UTC)
