"""Prefect tasks of the credentials room."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime

from prefect import task
from prefect.artifacts import create_markdown_artifact, create_table_artifact

from tasks.alerts.model import Alert
from tasks.aws.cloud import Cloud
from tasks.aws.secrets import list_secrets
from tasks.aws.staging import MANAGED_TYPE, read_stages
from tasks.credentials import gateway
from tasks.credentials.certificates import shortened
from tasks.credentials.certificates_gateway import CertificateDoor, ask, current_chain
from tasks.credentials.deliveries import days_for
from tasks.credentials.deliveries_gateway import HeldPairDoor, OrgRounds
from tasks.credentials.delivering import DeliveringHands, SignedByOrgHands
from tasks.credentials.history import coming, wanted
from tasks.credentials.managed import health, pending_since
from tasks.credentials.model import CredentialAge, Order, Proof, Seen, Standing
from tasks.credentials.openings_gateway import OrgOpenings
from tasks.credentials.passwords import barred
from tasks.credentials.passwords_gateway import PasswordDoor
from tasks.credentials.places import StagedHands, TurningHands
from tasks.credentials.roads import RouteWay
from tasks.credentials.rotate import Hands, Progress, go_on
from tasks.credentials.rotation import CURRENT, Wait, idle
from tasks.credentials.rotation_gateway import AppDoor, CloudVault, KeyPairDoor, OrgDoor, taken_by
from tasks.credentials.rotation_ledger_gateway import RotationBook
from tasks.credentials.schedule import told
from tasks.credentials.severing import NOBODY, Actors, SeveringHands, actors
from tasks.credentials.telling import alerts, managed_alert, markdown, standing, waived
from tasks.credentials.words import SHOWN, calendar_markdown, calendar_rows
from tasks.errors import ConfigurationError
from tasks.estate.model import Estate, RotatedCredential, Route
from tasks.estate.model_rotation import RotationPolicy
from tasks.estate.policy import Policy
from tasks.orgs import (
    load_estate,
    load_policy,
    open_cloud,
    open_for_writing,
    open_ledger,
    open_org,
)
from tasks.plans.branch import protected
from tasks.plans.digest import policy_digest
from tasks.policies import PUBLISH, READ
from tasks.reading import Reading
from tasks.salesforce.session import Session
from tasks.salesforce.writing import WritingSession

PATIENCE = 60
"""Seconds to wait for a plan that is being applied to the same org."""


@task(
    name="read-exposed-secrets",
    task_run_name="read-exposed-secrets-{org}",
    description="Secrets in Apex code, settings, labels, addresses and messages of one org: where, never what.",
    **READ,
)
def read_exposed(org: str, api_share: float | None = None) -> Reading:
    with open_org(org, api_share=api_share) as session:
        return gateway.read_exposed(session)


@task(
    name="publish-credential-calendar",
    description="Shows what expires when, who uses it and what is due.",
    **PUBLISH,
)
def publish_calendar(
    lines: Sequence[CredentialAge], unread: Mapping[str, str], now: datetime, ways: Sequence[RouteWay]
) -> None:
    """`unread` says by org why its credentials are missing."""
    create_table_artifact(
        key="credential-calendar",
        table=calendar_rows(lines, now, SHOWN),
        description="Each row is one credential: " + told(lines, now) + ".",
    )
    create_markdown_artifact(
        calendar_markdown(lines, unread, now, ways),
        key="credentials-due",
        description="Credentials that are overdue or due soon, and what they open.",
    )


@task(
    name="read-secrets-manager",
    description="Names, ages and rotation of the secrets in AWS Secrets Manager, without their values.",
    **READ,
)
def read_stored() -> Reading:
    return gateway.read_stored(open_cloud())


# Rotation ----------------------------------------------------------------------------------------------


@task(
    name="look-at-credential",
    task_run_name="look-at-{secret}",
    description="Which version of a secret consumers read, and whether a rotation is under way. The org is not asked.",
    **READ,
)
def look_at_credential(secret: str) -> Standing:
    """Raises ConfigurationError and CloudError."""
    credential = registered(secret)
    versions = CloudVault(open_cloud(), secret).unopened()
    with open_ledger() as ledger:
        history = RotationBook(ledger, secret, "").history()
    version, how = wanted(secret, versions, history)
    current = next((each for each in versions if CURRENT in each.stages), None)
    if version is None or current is None:
        raise ConfigurationError(f"No version of {secret} is current. Store one first.")
    return Standing(
        secret=secret,
        org=credential.org,
        age=datetime.now(UTC) - current.created,
        stands="a rotation is under way" if history.open else "steady",
        next="",
        version=version,
        how=how,
        next_version=coming(secret, versions, history) or version,
        rotation=history.open,
    )


@task(
    name="rotate-credential",
    task_run_name="rotate-{secret}",
    description="Takes every step of a rotation that is due: makes, tries, hands over, and revokes what nobody uses any more.",
    **{**PUBLISH, "retries": 0},
)
def rotate_credential(secret: str, actor: str = "rotate-credentials", signed: str | None = None) -> Standing:
    """
    `signed` is the chain (PEM) that came for the request of `ask_for_certificate`, where the credential is a certificate.

    Raises ConfigurationError, AlreadyRunning, and what looking at AWS and the org raises; nothing was changed then.

    What people have to know of it comes back as alerts. Where there is nothing to do, no right of ours is woken.
    """
    credential, policy, cloud, estate = registered(secret), load_policy(), open_cloud(), load_estate()
    if name := barred(credential, estate, policy):
        raise ConfigurationError(
            f"{name} is a break-glass account or one of ours: no rotation touches it. Correct `users` of {secret} in estate.yaml."
        )
    vault = CloudVault(cloud, secret)
    days = days_of(credential, policy, vault)
    with open_ledger() as ledger:
        book = RotationBook(ledger, secret, actor, policy_digest(policy))
        with book.turn():
            progress = _nothing_to_do(credential, vault, book, days)
            if progress is None:
                with ExitStack() as stack:
                    opened = {}
                    # In one order everywhere, so that no two wait for each other.
                    for org in sorted({credential.org, *(each.org for each in credential.deliveries)}):
                        # Whoever finds rights awake in an org that nobody works on puts them to sleep.
                        stack.enter_context(ledger.held(f"the org {org}", PATIENCE))
                        opened[org] = stack.enter_context(open_for_writing(org))
                    reader = stack.enter_context(open_org(credential.org))
                    progress = go_on(
                        secret,
                        credential.kind,
                        hands_on(
                            credential,
                            opened[credential.org],
                            reader,
                            cloud,
                            days,
                            opened.__getitem__,
                            route_of(estate, credential),
                            signed,
                            actors(estate, credential, frozenset(protected(estate, policy, credential.org))),
                        ),
                        book,
                        days,
                        lambda seen: waived(credential, policy.waivers, seen.now) is not None,
                    )
    waiver = waived(credential, policy.waivers, progress.seen.now)
    return standing(credential, progress, alerts(credential, progress, days, waiver))


@task(
    name="ask-for-certificate",
    task_run_name="ask-for-certificate-{secret}",
    description="Makes the key of the next certificate, and the request that has to be signed, once it is due. Nothing uses it yet.",
    **{**PUBLISH, "retries": 0},
)
def ask_for_certificate(secret: str) -> str | None:
    """The request (PEM); None where no certificate is to be made now. Raises ConfigurationError, CloudError and OrgError."""
    credential, policy, cloud, estate = registered(secret), load_policy(), open_cloud(), load_estate()
    route = route_of(estate, credential)
    if route is None:
        return None
    vault = CloudVault(cloud, secret)
    with open_ledger() as ledger:
        book = RotationBook(ledger, secret, "")
        if _nothing_to_do(credential, vault, book, days_of(credential, policy, vault)) is not None:
            return None
        rotation = book.open_rotation()
    if rotation is not None and (rotation.back or rotation.token in [each.id for each in vault.versions()]):
        return None
    return ask(cloud, vault, secret, estate.name, route, policy.certificates.key_bits)


def _nothing_to_do(
    credential: RotatedCredential, vault: CloudVault, book: RotationBook, days: RotationPolicy
) -> Progress | None:
    """The org's time comes with any answer, also to who is not signed in."""
    about, history = vault.about(), book.history()
    with open_org(credential.org) as session:
        session.hello()
        now = session.server_time
    if now is None:
        return None
    versions = vault.unopened(about)
    wait = idle(versions, taken_by(about), history.open, history.ordered, days, now)
    order = history.open.order if history.open is not None else history.ordered
    emergency = Order.EMERGENCY in (order, history.ordered)
    under_way = history.open is not None and history.open.live is not None
    # What ends somebody's access is never halted.
    if wait is None and book.halted() and not under_way and not emergency:
        wait = Wait(now, "all applies are halted")
    if wait is None:
        return None
    return Progress(wait, None, Proof(), Seen(now=now, versions=versions, sets=None))


@task(name="publish-credentials", description="Shows where every registered credential stands.", **PUBLISH)
def publish_standings(standings: Sequence[Standing], failed: Mapping[str, str]) -> None:
    create_markdown_artifact(
        markdown(standings, failed),
        key="credential-rotation",
        description=f"Registered credentials: {len(standings)}, not looked at: {len(failed)}.",
    )


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


def days_of(credential: RotatedCredential, policy: Policy, vault: CloudVault) -> RotationPolicy:
    """
    A certificate may end before a secret would be old, and who signs in rarely needs a longer overlap. Raises CloudError.
    """
    chain = current_chain(vault) if credential.kind == "client-certificate" else None
    made = next((each.created for each in vault.versions() if CURRENT in each.stages), None)
    if chain is None or made is None:
        return days_for(credential, policy.rotation)
    return shortened(policy.rotation, made, chain.leaf.ends, policy.certificates.renew_before)


def route_of(estate: Estate, credential: RotatedCredential) -> Route | None:
    """Whose certificate it is. Raises ConfigurationError for a route that estate.yaml does not have."""
    if credential.route is None:
        return None
    found = next((route for route in estate.routes if route.name == credential.route), None)
    if found is None:
        raise ConfigurationError(
            f"There is no route {credential.route}, whose certificate {credential.secret} is."
        )
    return found


def hands_on(
    credential: RotatedCredential,
    session: WritingSession,
    reader: Session,
    cloud: Cloud,
    days: RotationPolicy,
    opened: Callable[[str], WritingSession],
    route: Route | None = None,
    signed: str | None = None,
    acting: Actors = NOBODY,
) -> Hands:
    """
    `session` changes; `reader` is the scanner's, which may see everybody's sign-ins. `opened` gives the writing sessions with
    the orgs that have copies. `route` is whose certificate it is, `signed` the chain that came for the next one; `acting` is
    whose sessions an emergency ends.
    """
    vault = CloudVault(cloud, credential.secret)
    hands: Hands
    door: OrgDoor
    if credential.kind == "client-secret":
        door = app = AppDoor(session, reader, cloud, credential)
        hands = StagedHands(credential, vault, app, days)
    elif credential.deliveries:
        door = held = HeldPairDoor(session, reader, cloud, credential, opened)
        hands = SignedByOrgHands(credential, vault, held, days)
    else:
        door = turning = _door(credential, session, reader, cloud, days, route, signed)
        hands = TurningHands(credential, vault, turning, days)
    openings = OrgOpenings(session, reader, credential, acting, door.stay)
    hands = SeveringHands(credential.org, vault, hands, openings)
    if not credential.deliveries:
        return hands
    return DeliveringHands(credential, vault, hands, OrgRounds(credential, reader, opened))


def _door(
    credential: RotatedCredential,
    session: WritingSession,
    reader: Session,
    cloud: Cloud,
    days: RotationPolicy,
    route: Route | None,
    signed: str | None,
) -> PasswordDoor | CertificateDoor | KeyPairDoor:
    if credential.kind == "password":
        return PasswordDoor(session, reader, cloud, credential, days.revoke_after)
    if route is not None:
        return CertificateDoor(session, reader, cloud, credential, route, signed)
    return KeyPairDoor(session, reader, cloud, credential)
