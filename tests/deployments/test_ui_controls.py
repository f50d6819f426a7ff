"""Addresses, rotation and mutual TLS in the Prefect UI: plan, digest, approval, apply, verify, take back; and their phases."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from deployments.sandbox import launch
from flows.plans import approve_plan
from tasks.aws.cloud import AwsConnection, Cloud
from tasks.aws.secrets import read_secret, write_secret
from tasks.certificates.naming import waiting_name
from tasks.credentials.rotation_gateway import CloudVault
from tasks.estate.read import read_estate
from tasks.orgs import open_ledger
from tasks.plans.ledger_gateway import PlanBook
from tasks.plans.overview import PlanStatus, Stage
from tests.deployments.aside import put_aside
from tests.deployments.person import Person
from tests.product import Product
from tests.running import RunningEstate
from tests.tasks.certificates.authority import app_of, sign, sign_in

ADA, BOB, EVE = (f"{name}@meridian.example" for name in ("ada", "bob", "eve"))
FEED = "salesforce/hq/kyc-feed"
ROUTE = "HQ_to_Compliance_Transaction_Sync"
REFUSED = (400, "mutual authentication failed")


@pytest.fixture(scope="module")
def cloud(estate: RunningEstate) -> Cloud:
    return Cloud(AwsConnection(**read_estate((estate.folder / "estate.yaml").read_text()).cloud.model_dump()))


@pytest.fixture(autouse=True, scope="module")
def as_before(product: Product, estate: RunningEstate) -> Iterator[None]:
    launch.save_snapshot(estate.folder, "before-ui-controls")
    yield
    launch.restore_snapshot(estate.folder, "before-ui-controls")
    launch.delete_snapshot(estate.folder, "before-ui-controls")
    put_aside(FEED)


def status(digest: str) -> PlanStatus:
    with open_ledger() as ledger:
        book = PlanBook(ledger, "")
        return book.status(book.find(digest)[0])


def digest_in(shown: str) -> str:
    found = re.search(r"`([0-9a-f]{64})`", shown)
    assert found is not None, shown
    return found[1][:12]


def approved_and_applied(person: Person, digest: str) -> str:
    """One yes comes from the form, the other from elsewhere; the page of the outcome."""
    person.starts("approve-plan", digest=digest, approver=BOB, reason="reviewed with the team")
    approve_plan(digest=digest, approver=EVE, reason="reviewed, too")
    return person.artifact(person.starts("apply-plan", digest=digest), "outcome-")


def taken_back(person: Person, digest: str) -> str:
    return person.artifact(
        person.starts("rollback-plan", digest=digest, reason="the team wants it back"), "outcome-"
    )


def nothing_is_cut_off(page: Page) -> None:
    """Each table of the artifact that is open shows its whole width."""
    wide = page.evaluate(
        "() => [...document.querySelectorAll('table')].map(t => [t.scrollWidth, t.parentElement.clientWidth])"
    )
    assert wide, "the page shows no table"
    assert all(inner <= outer + 1 for inner, outer in wide), wide


def ranges(estate: RunningEstate, profile: str) -> list[tuple[str, str]]:
    soql = f"SELECT Metadata FROM Profile WHERE Name = '{profile}'"
    client = "client.laboratory@hq.meridian.example"
    answer = estate.get("hq", client, "v62.0/tooling/query", params={"q": soql}).json()
    found: list[dict[str, Any]] = answer["records"][0]["Metadata"].get("loginIpRanges") or []
    return sorted((each["startAddress"], each["endAddress"]) for each in found)


@pytest.mark.slow
@pytest.mark.alternating
@pytest.mark.timeout(900)
def test_addresses(person: Person, page: Page, estate: RunningEstate) -> None:
    run = person.starts("allow-listing", requester=ADA, orgs=["hq"])
    person.artifact(run, "allow-listing-")
    nothing_is_cut_off(page)
    shown = person.artifact(run, "plan-")
    nothing_is_cut_off(page)
    digest = digest_in(shown)
    profiles = [
        change.resource.key.partition(":")[2]
        for change in status(digest).plan.changes
        if change.resource.kind == "login-ranges"
    ]
    assert profiles and "What keeps working" in shown
    before = {profile: ranges(estate, profile) for profile in profiles}
    with page.expect_popup() as opened:
        page.get_by_role("link", name="approve-plan", exact=True).click()
    expect(opened.value.locator("textarea").filter(visible=True).first).to_have_value(digest)
    opened.value.close()
    refused = person.starts("apply-plan", "Failed", digest=digest)
    assert "nothing was sent" in person.artifact(refused, "outcome-")
    assert {profile: ranges(estate, profile) for profile in profiles} == before, "nobody approved it"
    outcome = approved_and_applied(person, digest)
    nothing_is_cut_off(page)
    assert status(digest).stage is Stage.APPLIED and BOB in outcome and "read back" in outcome
    after = {profile: ranges(estate, profile) for profile in profiles}
    assert all(after[profile] and after[profile] != before[profile] for profile in profiles)
    assert f"plan-{digest}" in taken_back(person, digest)
    assert status(digest).stage is Stage.TAKEN_BACK
    assert {profile: ranges(estate, profile) for profile in profiles} == before


@pytest.mark.slow
@pytest.mark.alternating
@pytest.mark.timeout(900)
def test_rotation(person: Person, page: Page, cloud: Cloud) -> None:
    def current() -> dict[str, Any]:
        vault = CloudVault(cloud, FEED)
        (kept,) = [each for each in vault.versions() if "AWSCURRENT" in each.stages]
        return vault.read(kept.id) or {}

    first = current()
    run = person.starts("credential-rotation", requester=ADA, secrets=[FEED])
    assert FEED in person.artifact(run, "credential-rotation")
    nothing_is_cut_off(page)
    digest = digest_in(person.artifact(run, "plan-"))
    nothing_is_cut_off(page)
    approved_and_applied(person, digest)
    second = current()
    assert second["consumerKey"] != first["consumerKey"] and status(digest).stage is Stage.APPLIED
    taken_back(person, digest)
    assert current() == first and status(digest).stage is Stage.TAKEN_BACK


@pytest.mark.slow
@pytest.mark.alternating
@pytest.mark.timeout(900)
def test_mutual_tls(person: Person, page: Page, estate: RunningEstate, cloud: Cloud) -> None:
    route = next(
        r for r in read_estate((estate.folder / "estate.yaml").read_text()).routes if r.name == ROUTE
    )
    run = person.starts("mutual-tls", requester=ADA, routes=[ROUTE])
    assert "BEGIN CERTIFICATE REQUEST" in person.artifact(run, "mutual-tls")
    nothing_is_cut_off(page)
    assert "nothing to change now" in person.artifact(run, "plan-")
    request = read_secret(cloud, waiting_name(route.credential))["nextRequest"]
    write_secret(cloud, f"certificates/signed/{ROUTE}", {"chain": sign(estate, request)})
    run = person.starts("mutual-tls", requester=ADA, routes=[ROUTE])
    digest = digest_in(person.artifact(run, "plan-"))
    nothing_is_cut_off(page)
    approved_and_applied(person, digest)
    nothing_is_cut_off(page)
    secret = read_secret(cloud, route.credential)
    pair = secret["clientCertificate"], secret["clientKey"]
    app = app_of(estate, route.target, route.sync_user)
    assert sign_in(estate, app, 8443, pair)[0] == 200 and sign_in(estate, app, 8443, None) == REFUSED
    proof = person.artifact(person.starts("prove-mutual-tls", routes=[ROUTE]), "mutual-tls-proof")
    assert f"{ROUTE}: proven" in proof
    nothing_is_cut_off(page)
    routes = person.artifact(person.starts("check-certificates-daily"), "mutual-tls-routes")
    assert f"| {ROUTE} | well |" in routes
    nothing_is_cut_off(page)
    taken_back(person, digest)
    assert "clientCertificate" not in read_secret(cloud, route.credential)


@pytest.mark.slow
@pytest.mark.alternating
@pytest.mark.timeout(900)
def test_encryption(person: Person, page: Page, estate: RunningEstate) -> None:
    run = person.starts(
        "plan-encryption", requester=ADA, orgs=["hq"], although_used=["Contact.CreditScore__c"]
    )
    shown = person.artifact(run, "encryption-blockers")
    nothing_is_cut_off(page)
    assert "Low_Scores" in shown and "none fits" in shown
    plan = person.artifact(run, "plan-")
    nothing_is_cut_off(page)
    digest = digest_in(plan)
    assert "stays in clear" in plan and "Data Sync" in plan
    assert "read back" in approved_and_applied(person, digest)
    nothing_is_cut_off(page)
    refused = person.artifact(person.starts("verify-encryption", org="hq"), "encryption-hq")
    nothing_is_cut_off(page)
    assert "Low_Scores" in refused and "refused" in refused
    taken_back(person, digest)
    assert status(digest).stage is Stage.TAKEN_BACK
    run = person.starts("rotate-tenant-secrets", requester=ADA, orgs=["hq"])
    assert "tenant secret" in person.artifact(run, "plan-")
    nothing_is_cut_off(page)


@pytest.mark.slow
@pytest.mark.alternating
@pytest.mark.timeout(900)
def test_phases(person: Person, page: Page) -> None:
    """Each phase lists all its plans, each with a link to its page; the next one is refused while they wait."""
    person.starts("assessment-weekly")
    for phase, jobs in (
        ("quick-wins", ("allow-listing", "credential-rotation")),
        ("advanced", ("mutual-tls", "plan-encryption")),
    ):
        if phase == "advanced":
            person.starts(phase, "Failed", requester=ADA, orgs=["compliance"])
            run = person.begins(phase, requester=ADA, orgs=["compliance"], although_open=True)
        else:
            run = person.starts(phase, requester=ADA, orgs=["compliance"])
        shown = person.artifact(run, phase)
        nothing_is_cut_off(page)
        for job in jobs:
            plan = re.search(rf"\| {job} \| \[([0-9a-f]{{12}})\]", shown)
            assert plan is not None, shown
            with page.expect_popup() as opened:
                page.get_by_role("link", name=plan[1], exact=True).click()
            expect(opened.value.get_by_text(plan[1]).first).to_be_visible()
            opened.value.close()
