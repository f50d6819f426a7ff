"""Prefect tasks of the certificates room."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from prefect import task
from prefect.artifacts import create_markdown_artifact

from tasks.aws.cloud import Cloud
from tasks.certificates import gateway
from tasks.certificates.ledger_gateway import CertificateBook, Put
from tasks.certificates.model import (
    Chain,
    Fault,
    Held,
    Next,
    Proof,
    Proven,
    Revocation,
    Revocations,
    RouteState,
    Wellness,
)
from tasks.certificates.proof import judged
from tasks.certificates.renewal import revocable
from tasks.certificates.standing import Middleware, certificate_secrets
from tasks.certificates.telling import faults_markdown, proofs_markdown, standing_markdown, wellness_markdown
from tasks.errors import ConfigurationError
from tasks.estate.model import Estate, Route
from tasks.estate.model_certificates import CertificatesPolicy
from tasks.orgs import (
    load_estate,
    load_policy,
    open_cloud,
    open_cloud_for_writing,
    open_ledger,
    open_org,
)
from tasks.plans.digest import policy_digest
from tasks.policies import PUBLISH, READ
from tasks.reading import Reading

PATIENCE = 30
"""Seconds to wait for whoever is at work on the same credential, or on the list of revoked certificates."""


@task(
    name="read-certificates",
    task_run_name="read-certificates-{org}",
    description="Certificates that an org lists and holds, and the roots that it trusts.",
    **READ,
)
def read_certificates(org: str) -> Reading:
    with open_org(org) as session:
        return gateway.read_certificates(session)


@task(
    name="read-callers",
    description="Certificates and addresses in secrets of routes that middleware runs. Keys stay where they are.",
    **READ,
)
def read_callers(names: Collection[str]) -> dict[str, Middleware]:
    return gateway.read_callers(open_cloud(), names, certificate_secrets(load_estate()))


# Not repeated: a second key pair would take the place of the first, and its request be signed for nothing.
@task(
    name="make-request",
    task_run_name="make-request-{route}",
    description="Makes the next key pair of a route in a secret of its own, with a request for a certificate.",
    **{**PUBLISH, "retries": 0},
)
def make_request(route: str) -> str:
    """
    One that waits for its chain already is given again. Raises CloudError, ConfigurationError and AlreadyRunning.

    It is made before there is a plan, and by the role that writes: the plan lists and switches to one certificate, by its chain
    and fingerprint, which an authority signs only over a key that is there, and an outside one takes days. Nothing reads the
    pair, and nothing is let in by it, until that plan is applied.
    """
    estate, policy = load_estate(), load_policy()
    found = _route(estate, route)
    with _turn(found.credential):
        return gateway.ask_for(open_cloud_for_writing(), estate, found, policy.certificates.key_bits)


@task(
    name="have-signed",
    task_run_name="have-signed-{route}",
    description="Has a request signed by our own authority, or looks whether an outside one has answered.",
    **READ,
)
def have_signed(route: str, request: str) -> Chain | None:
    """
    Raises ConfigurationError for an answer that is none to this request or that a door may refuse, SecretUnavailable and
    CloudError.
    """
    estate, policy = load_estate(), load_policy().certificates
    now = datetime.now(UTC)
    return gateway.signed(_authority(policy), policy, estate, _route(estate, route), request, now)


@task(
    name="keep-signed",
    task_run_name="keep-signed-{route}",
    description="Puts a signed chain beside its key, in the secret of the pair that comes next. Nothing uses it yet.",
    **PUBLISH,
)
def keep_signed(route: str, chain: Chain) -> None:
    """Raises CloudError, AlreadyRunning, and ConfigurationError where the key was made anew meanwhile."""
    credential = _route(load_estate(), route).credential
    with _turn(credential):
        gateway.keep_signed(open_cloud_for_writing(), credential, chain)


@task(
    name="try-authority",
    task_run_name="try-authority-in-{org}",
    description="Shows an org's door a certificate of the private authority and looks whether it takes it.",
    **READ,
)
def try_authority(org: str, route: str) -> bool | None:
    """None where there is nothing to try: with an outside authority, or where the door does not answer."""
    estate, policy = load_estate(), load_policy().certificates
    pair = gateway.probe(_authority(policy), policy, estate, _route(estate, route), datetime.now(UTC))
    if pair is None:
        return None
    stranger = gateway.foreign(estate, _route(estate, route), datetime.now(UTC))
    with open_org(org) as session:
        return gateway.accepts(session.connection, pair, stranger)


@task(
    name="try-certificate",
    task_run_name="try-certificate-of-{route}",
    description="Shows the target org's door the certificate that middleware is to present next and looks whether it takes it.",
    **READ,
)
def try_certificate(route: str) -> bool | None:
    """None where there is nothing to try, or where the door tells nothing by its answers."""
    estate = load_estate()
    found = _route(estate, route)
    pair = gateway.waiting_pair(open_cloud(), found.credential)
    if pair is None:
        return None
    stranger = gateway.foreign(estate, found, datetime.now(UTC))
    with open_org(found.target) as session:
        return gateway.accepts(session.connection, pair, stranger)


@task(
    name="note-presented",
    description="Notes in the ledger what each route's caller was seen with, the first time only.",
    **PUBLISH,
)
def note_presented(
    states: Sequence[RouteState], clocks: Mapping[str, datetime]
) -> dict[tuple[str, str], datetime]:
    """By route and fingerprint, since when."""
    with open_ledger() as ledger:
        book = CertificateBook(ledger, policy=policy_digest(load_policy()))
        book.seen(states, clocks)
        return book.since()


@task(name="since-when", description="Since when each route's caller is seen with its certificate.", **READ)
def since_when() -> dict[tuple[str, str], datetime]:
    with open_ledger() as ledger:
        return CertificateBook(ledger).since()


@task(
    name="sign-list",
    description="Revokes what applied plans and rotations have taken off the lists, and signs our authority's list anew.",
    **PUBLISH,
)
def sign_list(states: Sequence[RouteState]) -> tuple[str, ...]:
    """
    Routes of which something was revoked. The list is signed anew each time: it is good for a week only.

    Raises AlreadyRunning, CloudError, SecretUnavailable and ConfigurationError.
    """
    policy = load_policy()
    if policy.certificates.authority != "own":
        return ()
    with open_ledger() as ledger:
        book = CertificateBook(ledger, policy=policy_digest(policy))
        former = {state.route: book.former(state.route) for state in states}
        own = gateway.open_own(_authority(policy.certificates), policy.certificates)
        authority = gateway.leaf_of(own.chain).subject
        gone = revocable(states, former, book.taken_off(), authority)
        found = book.list_anew(_publisher(policy.certificates), _now, gone, PATIENCE)
    return tuple(each.route for each in found)


@task(
    name="knock",
    task_run_name="knock-as-{state.route}",
    description="Tries every way into an org as a route's user: with its certificate, without, on 443, and with bad ones.",
    **{**READ, "retries": 0},
)
def knock(state: RouteState) -> Proof:
    """Raises SecretUnavailable where the route's secret holds nothing to sign in with, CloudError and ConfigurationError."""
    estate, policy, cloud = load_estate(), load_policy(), open_cloud()
    route = _route(estate, state.route)
    own = (
        gateway.open_own(_authority(policy.certificates), policy.certificates)
        if policy.certificates.authority == "own"
        else None
    )
    now = datetime.now(UTC)

    def revoke(chain: str) -> None:
        leaf = gateway.leaf_of(chain)
        probe = Revocation(route=route.name, fingerprint=leaf.fingerprint, serial=leaf.serial, ends=leaf.ends)
        with open_ledger() as ledger:
            book = CertificateBook(ledger, policy=policy_digest(policy))
            book.list_anew(_publisher(policy.certificates), _now, [probe], PATIENCE)

    with open_org(state.target) as session:
        kept = certificate_secrets(estate).get(route.credential)
        connection, pair = gateway.identity(cloud, route, session.connection, kept)
    forged = gateway.forge(estate, route, own, now, revoke)
    return judged(state, gateway.knock(connection, pair, forged), now)


@task(
    name="note-proofs",
    description="Notes in the ledger what the handshakes showed, by each org's own time.",
    **PUBLISH,
)
def note_proofs(proofs: Sequence[Proof], clocks: Mapping[str, datetime]) -> None:
    with open_ledger() as ledger:
        CertificateBook(ledger, policy=policy_digest(load_policy())).prove(proofs, clocks)


@task(name="read-proofs", description="The last handshakes of each route, from the ledger.", **READ)
def read_proofs() -> dict[str, Proven]:
    with open_ledger() as ledger:
        return CertificateBook(ledger).proofs()


@task(
    name="read-revocations",
    description="Our own authority's list of revoked certificates, where the orgs fetch it.",
    **READ,
)
def read_revocations() -> Revocations | None:
    """None where the authority is not our own, or nothing can be read there."""
    policy = load_policy().certificates
    return gateway.read_list(open_cloud(), policy) if policy.authority == "own" else None


@task(name="publish-wellness", description="Shows which routes are held to mutual TLS whole.", **PUBLISH)
def publish_wellness(found: Sequence[Wellness], unknown: Mapping[str, str]) -> None:
    well = sum(each.verdict == "well" for each in found)
    create_markdown_artifact(
        wellness_markdown(found, unknown),
        key="mutual-tls-routes",
        description=f"Held to mutual TLS whole: {well} of {len(found) + len(unknown)} routes.",
    )


@task(name="publish-certificates", description="Shows what is wrong with certificates.", **PUBLISH)
def publish_faults(held: Sequence[Held], faults: Sequence[Fault], unseen: Mapping[str, str]) -> None:
    create_markdown_artifact(
        faults_markdown(held, faults, unseen),
        key="certificates",
        description=f"Client certificates: {len(held)} looked at, {len(faults)} faults.",
    )


@task(name="publish-standing", description="Shows how each route stands and what comes next.", **PUBLISH)
def publish_standing(
    states: Sequence[RouteState],
    stages: Mapping[str, Next],
    unknown: Mapping[str, str],
    manual: Sequence[str],
    requests: Mapping[str, str],
) -> None:
    create_markdown_artifact(
        standing_markdown(states, stages, unknown, manual, requests),
        key="mutual-tls",
        description=f"Mutual TLS of {len(states)} routes.",
    )


@task(name="publish-proofs", description="Shows what the handshakes proved.", **PUBLISH)
def publish_proofs(proofs: Sequence[Proof]) -> None:
    broken = sum(proof.verdict == "broken" for proof in proofs)
    create_markdown_artifact(
        proofs_markdown(proofs),
        key="mutual-tls-proof",
        description=f"Handshakes of {len(proofs)} routes: {broken} broken.",
    )


@contextmanager
def _turn(credential: str) -> Iterator[None]:
    """Two runs that prepare one route, and a plan that switches it, come one after the other. Raises AlreadyRunning."""
    with open_ledger() as ledger, ledger.held(f"the credential {credential}", PATIENCE):
        yield


def _publisher(policy: CertificatesPolicy) -> Put:
    return lambda revoked, number, now: gateway.publish_list(
        open_cloud_for_writing(), policy, revoked, number, now
    )


def _now() -> datetime:
    return datetime.now(UTC)


def _authority(policy: CertificatesPolicy) -> Cloud:
    """Who issues is not who reads; an outside authority's answer is only read."""
    return open_cloud() if policy.authority == "external" else open_cloud_for_writing()


def _route(estate: Estate, name: str) -> Route:
    for route in estate.routes:
        if route.name == name:
            return route
    raise ConfigurationError(f"There is no route {name} in estate.yaml.")
