"""Platform encryption of sensitive fields as a plan, the tenant secrets behind it, and the proof of what is refused since."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from prefect import flow
from prefect.logging import get_run_logger
from pydantic import Field, StringConstraints

from flows.changeable import changeable
from flows.names import by_minute_of
from flows.plans import Person, kept
from flows.reading import chosen_orgs, reason, sections
from tasks.encryption.classify import classify
from tasks.encryption.model import Field as OrgField
from tasks.encryption.steps import read_fields
from tasks.errors import ConfigurationError
from tasks.estate.model import Estate, OrgEntry
from tasks.estate.policy import Policy
from tasks.estate.steps import read_estate
from tasks.plans.branch import protected
from tasks.shield.choose import plain_type
from tasks.shield.model import OrgShield, SecretsOf, Verified
from tasks.shield.plan import choices, encryption_plan
from tasks.shield.report import told
from tasks.shield.rotation import destruction_plan, rotation_plan
from tasks.shield.steps import (
    ask_refusals,
    export_secret,
    known_exports,
    prepare_material,
    publish_blockers,
    publish_refusals,
    read_callers,
    read_tenant_secrets,
)

SecretType = Literal["Data", "DeterministicData", "SearchIndex", "Analytics", "EventBus"]
SecretVersion = Annotated[int, Field(ge=1)]
SecretName = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9/_+=.@-]{1,512}$")]
ApiName = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z]\w{0,79}$")]
NEEDED = ("fields", "samples", "row_counts")

PLAN = """
Makes a plan that **encrypts sensitive fields** under Shield Platform Encryption. It changes no org.

* First it looks for what that would break: Apex, flows, list views, reports, sharing rules, formulas, unique fields, external ids,
  field history, types. The artifact *encryption-blockers* has each one with its name and line.
* Each field gets the strongest scheme that stops nobody. Where every scheme stops somebody it stays in clear, and the plan says why;
  fields under `although_used` are encrypted all the same, and the plan names who is stopped.
* Next: **approve-plan**, **apply-plan**, the background encryption by hand, then **verify-encryption**.
"""
VERIFY = """
Asks an org **what it refuses on its encrypted fields**, and names the callers that this hits. It only reads.

* Filters, sorts, groupings and aggregates are asked for by queries that give ids and counts, never a value.
* Results: a table by field, and who asks so all the same, as an artifact of this run.
"""
ROTATE = """
Makes a plan that gives **old tenant secrets** way to new ones. It changes no org.

* An org makes a new one once in 24 hours (a sandbox in 4, for the search index once in 7 days); the plan says when it is too soon.
* What is encrypted stays readable: the old ones are archived. It is encrypted anew only by background encryption, by hand.
* There is no way back to an archived secret, so two people approve.
"""
DESTROY = """
Makes a plan that **destroys one archived tenant secret**. What is still encrypted under it is lost. It changes no org.

* Refused without an export that the ledger knows, and without an attestation, dated after the newest rotation and with evidence,
  that nothing is under it any more.
* Two people approve it; the export is compared with what the org gives once more before it is destroyed.
"""
EXPORT = """
Writes **one tenant secret, encrypted as the org gives it**, to a file on this machine that only its owner may read.

* The ledger notes its SHA-256: without that no plan destroys the secret. Keep the file with the backups that need it.
"""
PREPARE = """
Makes **key material of your own** and wraps it for one org, ready for upload. It changes no org.

* 256 random bits, kept in Secrets Manager under the name you give, and a file on this machine that holds them wrapped with the org's
  BYOK-compatible certificate. Upload it in Setup, Key Management, or as a new TenantSecret.
"""


@flow(name="plan-encryption", flow_run_name="plan-encryption-for-{requester}", description=PLAN.strip())
def plan_encryption(
    requester: Person,
    orgs: list[str] = [],  # noqa: B006  # the form shows a list
    fields: list[str] = [],  # noqa: B006  # the form shows a list
    although_used: list[str] = [],  # noqa: B006  # the form shows a list
) -> str:
    """
    Gives the digest of the plan. Raises ConfigurationError for an unknown org or field, and where no org could be read.

    Args:
        requester: Who asks for the plan. **That person cannot approve it.**
        orgs: Aliases of the orgs, as in estate.yaml. **Leave empty for all.**
        fields: `Object.Field`, to encrypt these alone. **Leave empty for all personal identifiers and financial data.**
        although_used: `Object.Field`, to encrypt these even where that stops somebody. The plan names whom.
    """
    estate, policy = read_estate()
    shields: dict[str, OrgShield] = {}
    entries = {entry.alias: entry for entry in chosen_orgs(estate, orgs)}
    wanted, unread = changeable(entries)
    for entry in (entries[org] for org in wanted):
        try:
            shields[entry.alias] = _shield(entry, [*fields, *although_used])
        except Exception as error:  # one org must not hide the others
            unread[entry.alias] = reason(error)
    if not shields:
        why = "; ".join(f"{org}: {each}" for org, each in unread.items())
        raise ConfigurationError(f"No org can be planned for: {why}")
    _known([*fields, *although_used], *shields.values())
    chosen = {org: choices(shield, fields, although_used) for org, shield in shields.items()}
    publish_blockers(shields, chosen)
    untouched = {org: _untouched(estate, policy, org) for org in shields}
    now = max(shield.now for shield in shields.values())
    plan = encryption_plan(policy, shields, fields, although_used, untouched, requester, now)
    return kept(plan, unread)


@flow(name="verify-encryption", flow_run_name=by_minute_of("org"), description=VERIFY.strip())
def verify_encryption(
    org: str,
    fields: list[str] = [],  # noqa: B006  # the form shows a list
) -> Verified:
    """
    Raises ConfigurationError for an unknown org or field, and OrgError.

    Args:
        org: Its alias, as in estate.yaml.
        fields: `Object.Field`, to be asked about too. **Fields that are taken for sensitive need not be named.**
    """
    estate, _ = read_estate()
    (entry,) = chosen_orgs(estate, [org])
    shield = _shield(entry, fields)
    _known(fields, shield)
    verified = ask_refusals(shield)
    publish_refusals(verified)
    get_run_logger().info("%s: %s", org, told(verified))
    return verified


@flow(
    name="rotate-tenant-secrets",
    flow_run_name="rotate-tenant-secrets-for-{requester}",
    description=ROTATE.strip(),
)
def rotate_tenant_secrets(
    requester: Person,
    orgs: list[str] = [],  # noqa: B006  # the form shows a list
    types: list[SecretType] = [],  # noqa: B006  # the form shows a list
) -> str:
    """
    Gives the digest of the plan. Raises ConfigurationError for an unknown org, and where no org could be read.

    Args:
        requester: Who asks for the plan. **That person cannot approve it.**
        orgs: Aliases of the orgs, as in estate.yaml. **Leave empty for all.**
        types: Types that get a new secret now. **Leave empty for those that are older than policy allows.**
    """
    estate, policy = read_estate()
    held: dict[str, SecretsOf] = {}
    unread: dict[str, str] = {}
    for entry in chosen_orgs(estate, orgs):
        try:
            held[entry.alias] = read_tenant_secrets(entry.alias)
        except Exception as error:  # one org must not hide the others
            unread[entry.alias] = reason(error)
    if not held:
        raise ConfigurationError(f"No org could be read: {'; '.join(unread.values())}")
    now = max(each.now for each in held.values())
    return kept(rotation_plan(policy, held, types, requester, now), unread)


@flow(
    name="export-tenant-secret",
    flow_run_name="export-{kind}-{version}-of-{org}",
    description=EXPORT.strip(),
)
def export_tenant_secret(
    requester: Person, org: str, version: SecretVersion, kind: SecretType = "Data"
) -> str:
    """
    Gives the file. Raises ConfigurationError for an unknown org or secret, and OrgError.

    Args:
        requester: Who exports it; the ledger names that person.
        org: Its alias, as in estate.yaml.
        version: The secret's version, as Setup shows it.
        kind: Type of the tenant secret, as Setup shows it under Key Management.
    """
    estate, _ = read_estate()
    (entry,) = chosen_orgs(estate, [org])
    path = export_secret(entry.alias, kind, version, requester)
    get_run_logger().info("%s: exported to %s; keep it with the backups that need it", org, path)
    return path


@flow(
    name="destroy-tenant-secret",
    flow_run_name="destroy-{kind}-{version}-of-{org}",
    description=DESTROY.strip(),
)
def destroy_tenant_secret(
    requester: Person, org: str, version: SecretVersion, kind: SecretType = "Data"
) -> str:
    """
    Gives the digest of the plan. Raises ConfigurationError without export or attestation, for an active secret and for an unknown
    org, and OrgError.

    Args:
        requester: Who asks for the plan. **That person cannot approve it.**
        org: Its alias, as in estate.yaml.
        version: The secret's version, as Setup shows it.
        kind: Type of the tenant secret, as Setup shows it under Key Management.
    """
    estate, policy = read_estate()
    (entry,) = chosen_orgs(estate, [org])
    held = read_tenant_secrets(entry.alias)
    exported = known_exports(entry.alias, kind).get(version)
    plan = destruction_plan(
        policy, held, kind, version, exported, estate.attestations, requester, datetime.now(UTC)
    )
    return kept(plan, {})


@flow(name="prepare-own-key", flow_run_name="prepare-own-key-for-{org}", description=PREPARE.strip())
def prepare_own_key(
    org: str,
    certificate: ApiName,
    secret: SecretName,
    kind: SecretType = "Data",
    padding: Literal["SHA-512", "SHA-1"] = "SHA-512",
) -> str:
    """
    Gives the file. Raises ConfigurationError for an unknown org or a certificate that does not fit, CloudError and OrgError.

    Args:
        org: Its alias, as in estate.yaml.
        certificate: API name of the org's BYOK-compatible certificate.
        secret: Under which name Secrets Manager keeps the material. What is there gets a new version.
        kind: The type of the tenant secret to be.
        padding: The hash of the OAEP padding. Salesforce recommends SHA-512.
    """
    estate, _ = read_estate()
    (entry,) = chosen_orgs(estate, [org])
    path = prepare_material(entry.alias, kind, certificate, secret, padding)
    get_run_logger().info("%s: %s is ready for upload", org, path)
    return path


def _shield(entry: OrgEntry, named: list[str]) -> OrgShield:
    """What one org shows, about its sensitive fields and those that are named. Raises ConfigurationError and OrgError."""
    found = sections([read_fields(entry.alias, kind=entry.kind.value)], NEEDED)
    fields: tuple[OrgField, ...] = found["fields"]
    kinds = {each.field.name: each.kind for each in classify(fields, found["samples"], found["row_counts"])}
    lower = {name.lower() for name in named}
    wanted = [
        (each, kinds.get(each.name, "other"))
        for each in fields
        if each.name in kinds or each.name.lower() in lower
    ]
    formulas = [each.name for each in fields if plain_type(each.data_type) == "formula"]
    return read_callers(entry.alias, wanted, formulas)


def _known(names: list[str], *shields: OrgShield) -> None:
    """Raises ConfigurationError for a field that no org has."""
    known = {field.name.lower() for shield in shields for field in shield.fields}
    if strange := [name for name in names if name.lower() not in known]:
        raise ConfigurationError(
            f"No org that was read has {', '.join(strange)}. Write it as `Account.SSN__c`."
        )


def _untouched(estate: Estate, policy: Policy, org: str) -> set[str]:
    """User names, in lower case, whose reading no plan takes."""
    routes = {route.sync_user.lower() for route in estate.routes if route.target == org}
    return routes | protected(estate, policy, org).keys()
