"""Prefect tasks of the certificates room."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime

from prefect import task
from prefect.artifacts import create_markdown_artifact

from tasks.certificates import gateway
from tasks.certificates.ledger_gateway import CertificateBook
from tasks.certificates.model import (
    Chain,
    Fault,
    Held,
    Next,
    Proof,
    Proven,
    Revocations,
    RouteState,
    Wellness,
)
from tasks.certificates.proof import judged
from tasks.certificates.standing import Middleware
from tasks.certificates.telling import faults_markdown, proofs_markdown, standing_markdown, wellness_markdown
from tasks.errors import ConfigurationError
from tasks.estate.model import Estate, Route
from tasks.orgs import load_estate, load_policy, open_cloud, open_ledger, open_org
from tasks.plans.digest import policy_digest
from tasks.policies import PUBLISH, READ
from tasks.reading import Reading


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
    return gateway.read_callers(open_cloud(), names)


# Not repeated: a second key pair would take the place of the first, and its request be signed for nothing.
@task(
    name="make-request",
    task_run_name="make-request-{route}",
    description="Makes the next key pair of a route in its secret, with a request for a certificate. Nothing uses it yet.",
    **{**PUBLISH, "retries": 0},
)
def make_request(route: str) -> str:
    estate, policy = load_estate(), load_policy()
    return gateway.ask_for(open_cloud(), estate, _route(estate, route), policy.certificates.key_bits)


@task(
    name="have-signed",
    task_run_name="have-signed-{route}",
    description="Has a request signed by our own authority, or looks whether an outside one has answered.",
    **READ,
)
def have_signed(route: str, request: str) -> Chain | None:
    """Raises ConfigurationError for an answer that is none to this request, SecretUnavailable and CloudError."""
    estate = load_estate()
    return gateway.signed(
        open_cloud(), load_policy().certificates, estate, _route(estate, route), request, datetime.now(UTC)
    )


@task(
    name="keep-signed",
    task_run_name="keep-signed-{route}",
    description="Puts a signed chain beside its key in the route's secret. Nothing uses it yet.",
    **PUBLISH,
)
def keep_signed(route: str, chain: Chain) -> None:
    estate = load_estate()
    gateway.keep_signed(open_cloud(), _route(estate, route).credential, chain)


@task(
    name="try-authority",
    task_run_name="try-authority-in-{org}",
    description="Shows an org's door a certificate of the private authority and looks whether it takes it.",
    **READ,
)
def try_authority(org: str, route: str) -> bool | None:
    """None where there is nothing to try: with an outside authority, or where the door does not answer."""
    estate, policy, cloud = load_estate(), load_policy().certificates, open_cloud()
    pair = gateway.probe(cloud, policy, estate, _route(estate, route), datetime.now(UTC))
    if pair is None:
        return None
    with open_org(org) as session:
        return gateway.accepts(session.connection, pair)


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
    description="Revokes what no caller of a route presents and no org lists any more, and signs our authority's list anew.",
    **PUBLISH,
)
def sign_list(states: Sequence[RouteState]) -> tuple[str, ...]:
    """Routes of which something was revoked. The list is signed anew each time: it is good for a week only."""
    policy = load_policy()
    if policy.certificates.authority != "own":
        return ()
    now, found = datetime.now(UTC), []
    with open_ledger() as ledger:
        book = CertificateBook(ledger, policy=policy_digest(policy))
        known = book.revoked()
        for state in states:
            chains = [pair.chain for pair in state.pairs] + [each.chain for each in state.listed]
            kept = {chain.leaf.fingerprint for chain in chains if chain is not None}
            for fingerprint, serial in book.former(state.route).items():
                if fingerprint not in kept and int(serial) not in known:
                    book.revoke(state.route, fingerprint, serial, now)
                    found.append(state.route)
        gateway.publish_list(open_cloud(), policy.certificates, book.revoked(), now)
    return tuple(found)


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
    own = gateway.open_own(cloud, policy.certificates) if policy.certificates.authority == "own" else None
    now = datetime.now(UTC)

    def revoke(chain: str) -> None:
        leaf = gateway.leaf_of(chain)
        with open_ledger() as ledger:
            book = CertificateBook(ledger, policy=policy_digest(policy))
            book.revoke(route.name, leaf.fingerprint, leaf.serial, now)
            gateway.publish_list(cloud, policy.certificates, book.revoked(), now)

    with open_org(state.target) as session:
        connection, pair = gateway.identity(cloud, route, session.connection)
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


def _route(estate: Estate, name: str) -> Route:
    for route in estate.routes:
        if route.name == name:
            return route
    raise ConfigurationError(f"There is no route {name} in estate.yaml.")
