"""Rotating a route's credential through Prefect: ordered by a plan, taken back, gone on with by the hour, and left to AWS."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.config import Config

from deployments.sandbox import launch
from deployments.sandbox.seed.cloud import READER
from flows.plans import apply_plan, approve_plan, rollback_plan
from flows.rotation import credential_rotation, rotate_credentials
from tasks.alerts.ledger_gateway import AlertBook
from tasks.aws.secrets import write_secret
from tasks.credentials.history import end_note
from tasks.credentials.rotation import End
from tasks.credentials.rotation_gateway import CloudVault
from tasks.credentials.rotation_ledger_gateway import RotationBook
from tasks.errors import ConfigurationError, PlanRefused
from tasks.ledger.model import EntryKind, Note
from tasks.orgs import open_cloud, open_ledger
from tasks.plans.ledger_gateway import PlanBook
from tasks.plans.model import Plan
from tests.product import Product
from tests.running import RunningEstate
from tests.tasks.certificates.authority import app_of, sign, sign_in

SECRET = "salesforce/hq/kyc-feed"
CERTIFICATE = "bulkhead/hq/client-certificate"


@pytest.fixture(autouse=True, scope="module")
def as_before(product: Product, estate: RunningEstate) -> Iterator[None]:
    launch.save_snapshot(estate.folder, "before-rotation-flow")
    yield
    launch.restore_snapshot(estate.folder, "before-rotation-flow")
    launch.delete_snapshot(estate.folder, "before-rotation-flow")


def found(digest: str) -> Plan:
    with open_ledger() as ledger:
        return PlanBook(ledger, "").find(digest)[1]


def approved(digest: str) -> str:
    for person in ("bob", "eve"):
        approve_plan(digest=digest, approver=person, reason="reviewed")
    return digest


def current() -> dict[str, Any]:
    vault = CloudVault(open_cloud(), SECRET)
    (kept,) = [each for each in vault.versions() if "AWSCURRENT" in each.stages]
    return vault.read(kept.id) or {}


def read_as_consumer(estate: RunningEstate) -> dict[str, Any]:
    session = boto3.Session(aws_access_key_id=READER, aws_secret_access_key="x", region_name="eu-central-1")
    client = session.client(
        "secretsmanager", endpoint_url=estate.env["aws_endpoint"], config=Config(proxies={})
    )
    value: dict[str, Any] = json.loads(client.get_secret_value(SecretId=SECRET)["SecretString"])
    return value


def admitted(estate: RunningEstate, value: dict[str, Any]) -> bool:
    return opened(estate, value) is not None


def opened(estate: RunningEstate, value: dict[str, Any]) -> str | None:
    """A token, as the middleware gets it: at the mutual-TLS port, with its certificate."""
    form = {
        "grant_type": "client_credentials",
        "client_id": value["consumerKey"],
        "client_secret": value["consumerSecret"],
    }
    keys = estate.folder / "keys"
    with estate.session() as session:
        session.cert = (str(keys / "client-hq.pem"), str(keys / "client-hq.key"))
        answer = session.post(
            "https://meridian-hq.my.salesforce.com:8443/services/oauth2/token", data=form, timeout=30
        )
    return str(answer.json()["access_token"]) if answer.status_code == 200 else None


def let_in(estate: RunningEstate, token: str | None) -> bool:
    keys = estate.folder / "keys"
    with estate.session() as session:
        session.cert = (str(keys / "client-hq.pem"), str(keys / "client-hq.key"))
        return session.get(
            "https://meridian-hq.my.salesforce.com:8443/services/data/v64.0/sobjects",
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
        ).ok


def put_aside() -> None:
    """What the ledger says of a rotation that a restored estate has never seen is over."""
    with open_ledger() as ledger:
        rotation = RotationBook(ledger, SECRET, "").open_rotation()
        if rotation is not None:
            over = end_note(rotation, End("the estate was restored"), datetime.now(UTC))
            ledger.append(Note(kind=EntryKind.ROTATION, subject=SECRET, actor="test", body=over))


def open_alerts() -> list[str]:
    with open_ledger() as ledger:
        return [each.alert.title for each in AlertBook(ledger).all() if each.resolved is None]


def test_a_plan_rotates_what_was_approved(product: Product, estate: RunningEstate) -> None:
    first = current()
    digest = credential_rotation(requester="ada", secrets=[SECRET])
    plan = found(digest)
    assert [(c.resource.key, c.kind.value) for c in plan.changes] == [(SECRET, "identity")]
    assert first["consumerKey"] not in plan.model_dump_json()
    with pytest.raises(PlanRefused):
        apply_plan(digest=digest)
    apply_plan(digest=approved(digest))
    second = current()
    assert second["consumerKey"] != first["consumerKey"]
    assert set(second) == {*first, "baseUri", "appId", "consumerId"}
    assert admitted(estate, first) and admitted(estate, second)
    assert not product.holding(first["consumerSecret"], second["consumerSecret"])
    assert product.holding(SECRET), "its name is there, so its value would be found"


@pytest.mark.slow
def test_a_plan_is_taken_back_and_an_emergency_ends_the_old_one(estate: RunningEstate) -> None:
    launch.restore_snapshot(estate.folder, "before-rotation-flow")
    put_aside()
    first = current()
    digest = approved(credential_rotation(requester="ada", secrets=[SECRET]))
    apply_plan(digest=digest)
    second = current()
    rollback_plan(digest=digest, reason="the feed does not like it", actor="ada")
    assert current() == first and admitted(estate, first)
    assert f"The old {SECRET} is current again" not in open_alerts(), "the hourly run tells it"
    rotate_credentials(secrets=[SECRET])
    assert f"The old {SECRET} is current again" in open_alerts()
    again = credential_rotation(requester="ada", secrets=[SECRET], emergency=True)
    assert (
        "fail with" in " ".join(found(again).risks)
        and "tokens and sessions" in found(again).changes[0].effect
    )
    stolen = opened(estate, second)
    assert let_in(estate, stolen)
    apply_plan(digest=approved(again))
    third = current()
    assert admitted(estate, third), "what was given out once is feared too"
    assert not admitted(estate, first) and not admitted(estate, second)
    assert not let_in(estate, stolen) and let_in(estate, opened(estate, third))
    rotate_credentials(secrets=[SECRET])
    assert not [title for title in open_alerts() if SECRET in title]


def test_an_unknown_secret_is_named(estate: RunningEstate) -> None:
    with pytest.raises(ConfigurationError, match="not registered"):
        rotate_credentials(secrets=["no/such"])


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_certificate_waits_for_its_signature_and_is_renewed_beside_the_old_one(
    product: Product, estate: RunningEstate
) -> None:
    launch.restore_snapshot(estate.folder, "before-rotation-flow")
    vault = CloudVault(open_cloud(), CERTIFICATE)

    def presented() -> dict[str, Any]:
        (kept,) = [each for each in vault.versions() if "AWSCURRENT" in each.stages]
        return vault.read(kept.id) or {}

    def lets_in(value: dict[str, Any]) -> bool:
        app = app_of(estate, "hq", "sync.compliance-hq-kyc@hq.meridian.example")
        own = current()
        given = {**app, "consumer_key": own["consumerKey"], "consumer_secret": own["consumerSecret"]}
        return sign_in(estate, given, 8443, (value["certificate"], value["privateKey"]))[0] == 200

    old = presented()
    plan = found(digest := credential_rotation(requester="ada", secrets=[CERTIFICATE]))
    assert any("has to be signed" in line for line in plan.afterwards)
    apply_plan(digest=approved(digest))
    assert presented() == old, "nobody has signed"
    (waits,) = rotate_credentials(secrets=[CERTIFICATE])
    assert "waits for its chain" in waits.trouble and "REQUEST" in waits.request
    chain = sign(estate, waits.request)
    write_secret(open_cloud(), "certificates/signed/Compliance_to_HQ_KYC_Sync", {"chain": chain})
    (both,) = rotate_credentials(secrets=[CERTIFICATE])
    new = presented()
    assert both.next == "both are valid" and not both.request
    assert new != old and lets_in(old) and lets_in(new)
    rollback_plan(digest=digest, reason="enough")
    (back,) = rotate_credentials(secrets=[CERTIFICATE])
    assert presented() == old and lets_in(old) and lets_in(new)
    assert back.next == "it was taken back, and both are valid"


@pytest.mark.slow
def test_days_83_84_and_90(estate: RunningEstate) -> None:
    """A consumer that never reads again is named from day 85 on, and day 90 wins, as this policy says."""
    launch.restore_snapshot(estate.folder, "before-rotation-flow")
    put_aside()
    first = current()
    (stands,) = rotate_credentials(secrets=[SECRET])
    assert stands.until is not None and stands.age is not None
    launch.advance_clock(estate.folder, timedelta(days=83, minutes=1) - stands.age)
    with open_ledger() as ledger:
        PlanBook(ledger, "ada").halt("we look into something")
    (stands,) = rotate_credentials(secrets=[SECRET])
    assert stands.next == "all applies are halted" and stands.rotation is None
    with open_ledger() as ledger:
        PlanBook(ledger, "ada").resume("it was nothing")
    (stands,) = rotate_credentials(secrets=[SECRET])
    assert stands.stands == "the new one is being made" and current() == first
    launch.advance_clock(estate.folder, timedelta(days=1))
    (stands,) = rotate_credentials(secrets=[SECRET])
    second = current()
    assert stands.stands == "both are valid" and second != first
    launch.advance_clock(estate.folder, timedelta(days=1, hours=1))
    rotate_credentials(secrets=[SECRET])
    assert f"Middleware still uses the old {SECRET}" in open_alerts()
    assert read_as_consumer(estate) == second
    (stands,) = rotate_credentials(secrets=[SECRET])
    assert not stands.laggards and f"Middleware still uses the old {SECRET}" not in open_alerts()
    launch.advance_clock(estate.folder, timedelta(days=5))
    (stands,) = rotate_credentials(secrets=[SECRET])
    assert stands.next == "the old one is revoked" and current() == second
