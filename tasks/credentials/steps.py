"""Prefect tasks of the credentials room."""

from datetime import UTC, datetime

from prefect import task

from tasks.alerts.ledger_gateway import AlertBook
from tasks.alerts.model import Alert
from tasks.aws.cloud import Cloud
from tasks.aws.secrets import list_secrets
from tasks.aws.staging import MANAGED_TYPE, read_stages
from tasks.credentials import gateway
from tasks.credentials.managed import health, pending_since
from tasks.credentials.model import Order, Standing
from tasks.credentials.places import StagedHands, TurningHands
from tasks.credentials.rotate import Hands, go_on
from tasks.credentials.rotation_gateway import AppDoor, CloudVault, KeyPairDoor
from tasks.credentials.rotation_ledger_gateway import RotationBook
from tasks.credentials.telling import alerts, managed_alert, over, standing, waived
from tasks.errors import ConfigurationError
from tasks.estate.model import RotatedCredential, RotationPolicy
from tasks.orgs import (
    load_estate,
    load_policy,
    open_cloud,
    open_for_writing,
    open_ledger,
    open_org,
)
from tasks.plans.digest import policy_digest
from tasks.policies import PUBLISH, READ
from tasks.reading import Reading
from tasks.salesforce.writing import WritingSession


@task(
    name="read-exposed-secrets",
    task_run_name="read-exposed-secrets-{org}",
    description="Secrets in Apex code, custom settings and custom metadata of one org: where, never what.",
    **READ,
)
def read_exposed(org: str) -> Reading:
    with open_org(org) as session:
        return gateway.read_exposed(session)


@task(
    name="read-secrets-manager",
    description="Names, ages and rotation of the secrets in AWS Secrets Manager, without their values.",
    **READ,
)
def read_stored() -> Reading:
    return gateway.read_stored(open_cloud())


# Rotation ----------------------------------------------------------------------------------------------


@task(
    name="order-rotation",
    task_run_name="order-rotation-of-{secret}",
    description="Notes that a credential is to be rotated now, or that a rotation under way becomes an emergency.",
    **PUBLISH,
)
def order_rotation(secret: str, order: Order, actor: str, now: datetime) -> None:
    """Raises ConfigurationError for a secret that estate.yaml does not register."""
    registered(secret)
    with open_ledger() as ledger:
        RotationBook(ledger, secret, actor, policy_digest(load_policy())).order(order, now)


@task(
    name="rotate-credential",
    task_run_name="rotate-{secret}",
    description="Takes every step of a rotation that is due: makes, tries, hands over, and revokes what nobody uses any more.",
    **{**PUBLISH, "retries": 0},
)
def rotate_credential(secret: str, actor: str = "rotate-credentials") -> Standing:
    """
    Raises ConfigurationError, AlreadyRunning, and what looking at AWS and the org raises; nothing was changed then.

    Alerts of the credential are opened and resolved by what was found.
    """
    credential, policy = registered(secret), load_policy()
    days = policy.rotation
    with open_ledger() as ledger:
        book = RotationBook(ledger, secret, actor, policy_digest(policy))
        with book.turn(), open_for_writing(credential.org) as session:
            hands = hands_on(credential, session, open_cloud(), days)
            progress = go_on(
                secret,
                credential.kind,
                hands,
                book,
                days,
                lambda seen: waived(credential, policy.waivers, seen.now) is not None,
            )
        waiver = waived(credential, policy.waivers, progress.seen.now)
        found = alerts(credential, progress, days, waiver)
        outbox = AlertBook(ledger)
        opened = [each.alert.key for each in outbox.all() if each.resolved is None]
        for alert in found:
            outbox.open(alert)
        for key in over(opened, found, secret):
            outbox.resolve(key)
    return standing(credential, progress)


@task(
    name="watch-managed-secrets",
    description="Secrets that AWS rotates itself are left alone; whether it does is looked at.",
    **READ,
)
def watch_managed() -> list[Alert]:
    """What is wrong with them. Raises CloudError."""
    policy, cloud, estate = load_policy(), open_cloud(), load_estate()
    now = datetime.now(UTC)
    found = []
    for summary in list_secrets(cloud):
        if summary.type != MANAGED_TYPE:
            continue
        about = read_stages(cloud, summary.name)
        wrong = health(
            enabled=about.rotation_enabled,
            last_rotated=about.last_rotated,
            created=summary.created,
            next_rotation=about.next_rotation,
            pending_since=pending_since([(each.stages, each.created) for each in about.versions]),
            current=sum("AWSCURRENT" in each.stages for each in about.versions),
            max_age=policy.rotation.max_age,
            now=now,
        )
        if wrong:
            org = summary.tags.get("org") or estate.orgs[0].alias
            found.append(managed_alert(summary.name, org, "; ".join(wrong)))
    return found


def registered(secret: str) -> RotatedCredential:
    """Raises ConfigurationError for a secret that estate.yaml does not register under `credentials`."""
    estate = load_estate()
    found = next((each for each in estate.credentials if each.secret == secret), None)
    if found is None:
        names = ", ".join(each.secret for each in estate.credentials) or "none"
        raise ConfigurationError(
            f"{secret} is not registered under `credentials` in estate.yaml. Registered: {names}."
        )
    return found


def hands_on(
    credential: RotatedCredential, session: WritingSession, cloud: Cloud, days: RotationPolicy
) -> Hands:
    vault = CloudVault(cloud, credential.secret)
    if credential.kind == "client-secret":
        return StagedHands(credential, vault, AppDoor(session, cloud, credential), days)
    return TurningHands(credential, vault, KeyPairDoor(session, cloud, credential), days)
