"""Mutual TLS from nothing to proof: planned, approved, applied, knocked at with real handshakes, and taken back."""

from collections.abc import Iterator

import pytest

from deployments.sandbox import launch
from flows.handshakes import prove_mutual_tls
from flows.mutual_tls import mutual_tls
from flows.plans import apply_plan, approve_plan, rollback_plan
from tasks.aws.cloud import AwsConnection, Cloud
from tasks.aws.secrets import read_secret, write_secret
from tasks.certificates.gateway import read_certificates
from tasks.certificates.model import Way
from tasks.certificates.naming import waiting_name
from tasks.estate.model import Estate, Route
from tasks.estate.read import read_estate
from tasks.orgs import open_ledger
from tasks.plans.ledger_gateway import PlanBook
from tasks.plans.model import Plan, ResourceKind
from tests.product import Product
from tests.running import RunningEstate
from tests.tasks.certificates.authority import app_of, key_pair, sign, sign_in
from tests.tasks.salesforce.scanner import scanner_session

REFUSED = (400, "mutual authentication failed")


@pytest.fixture(autouse=True, scope="module")
def as_before(product: Product, estate: RunningEstate) -> Iterator[None]:
    launch.save_snapshot(estate.folder, "before-mutual-tls")
    yield
    launch.restore_snapshot(estate.folder, "before-mutual-tls")
    launch.delete_snapshot(estate.folder, "before-mutual-tls")


@pytest.fixture(scope="module")
def declared(estate: RunningEstate) -> Estate:
    return read_estate((estate.folder / "estate.yaml").read_text())


@pytest.fixture(scope="module")
def cloud(declared: Estate) -> Cloud:
    return Cloud(AwsConnection(**declared.cloud.model_dump()))


def found(digest: str) -> Plan:
    with open_ledger() as ledger:
        return PlanBook(ledger, "").find(digest)[1]


def applied(digest: str) -> None:
    for person in ("bob", "eve"):
        approve_plan(digest=digest, approver=person, reason="reviewed")
    apply_plan(digest=digest)


def kinds(plan: Plan) -> list[ResourceKind]:
    return [change.resource.kind for change in plan.changes]


def route_named(declared: Estate, name: str) -> Route:
    return next(route for route in declared.routes if route.name == name)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_route_of_middleware(
    product: Product, estate: RunningEstate, declared: Estate, cloud: Cloud
) -> None:
    route = route_named(declared, "HQ_to_Compliance_Transaction_Sync")
    app = app_of(estate, route.target, route.sync_user)
    credential = read_secret(cloud, route.credential)
    first = found(mutual_tls(requester="ada", routes=[route.name]))
    request = read_secret(cloud, waiting_name(route.credential))["nextRequest"]
    assert read_secret(cloud, route.credential) == credential, "planning writes into no caller's secret"
    assert first.changes == () and any("waits for its chain" in line for line in first.afterwards)
    write_secret(cloud, f"certificates/signed/{route.name}", {"chain": sign(estate, request)})
    digest = mutual_tls(requester="ada", routes=[route.name])
    assert kinds(found(digest)) == [ResourceKind.INBOUND_CERTIFICATE, ResourceKind.CALLER_SECRET]
    applied(digest)
    secret = read_secret(cloud, route.credential)
    pair = secret["clientCertificate"], secret["clientKey"]
    assert sign_in(estate, app, 8443, pair)[0] == 200
    assert sign_in(estate, app, 8443, None) == REFUSED
    assert sign_in(estate, app, 443, pair) == REFUSED
    assert found(mutual_tls(requester="ada", routes=[route.name])).changes == (), "it is done"
    proofs = prove_mutual_tls(routes=[route.name])
    assert [proof.verdict for proof in proofs] == ["proven"], proofs
    ways = {knock.way: knock.answer for knock in proofs[0].knocks}
    assert ways[Way.LISTED] == "let in" and ways[Way.FOREIGN] == "refused by TLS"
    rollback_plan(digest=digest, reason="enough")
    assert sign_in(estate, app, 8443, pair) == REFUSED
    assert "clientCertificate" not in read_secret(cloud, route.credential)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_route_of_an_org(product: Product, estate: RunningEstate, declared: Estate, cloud: Cloud) -> None:
    route = route_named(declared, "HQ_to_EMEA_Account_Sync")
    app = app_of(estate, route.target, route.sync_user)
    digests = []
    for expected in (
        ResourceKind.KEY_PAIR,
        ResourceKind.KEY_PAIR,
        ResourceKind.INBOUND_CERTIFICATE,
        ResourceKind.CLIENT_CERTIFICATE,
    ):
        digests.append(mutual_tls(requester="ada", routes=[route.name]))
        plan = found(digests[-1])
        assert kinds(plan) == [expected]
        applied(digests[-1])
        if len(digests) == 1:
            with scanner_session(estate, route.source) as session:
                held = read_certificates(session).values["held"]
            pair = next(each for each in held if each.name.startswith(f"MTLS_{route.name}"))
            assert pair.request is not None
            write_secret(cloud, f"certificates/signed/{route.name}", {"chain": sign(estate, pair.request)})
    chain = key_pair(estate, route.source, pair.name)
    assert sign_in(estate, app, 8443, chain)[0] == 200
    assert sign_in(estate, app, 8443, None) == REFUSED
    assert sign_in(estate, app, 443, chain) == REFUSED
    for digest in reversed(digests):
        rollback_plan(digest=digest, reason="enough")
    assert sign_in(estate, app, 8443, chain) == REFUSED
