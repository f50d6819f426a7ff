"""What a rotation takes off an org's list is revoked by our own authority, once, and refused even where it is listed again."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from deployments.register import register_files
from deployments.sandbox import launch
from flows.certificates import check_certificates
from flows.plans import apply_plan, approve_plan
from flows.rotation import credential_rotation, rotate_credentials
from tasks.aws.secrets import write_secret
from tasks.certificates.chains import chain_of
from tasks.certificates.gateway import read_list
from tasks.credentials.rotation_gateway import CloudVault
from tasks.credentials.rotation_ledger_gateway import RotationBook
from tasks.estate.policy import Policy
from tasks.orgs import open_cloud, open_ledger
from tasks.salesforce.listed import Entry, put_on
from tests.product import Product
from tests.running import RunningEstate
from tests.tasks.certificates.authority import app_of, sign_in
from tests.tasks.certificates.minted import elliptic
from tests.tasks.certificates.test_handshakes import LIST_IS_KEPT, root_and_issuing
from tests.tasks.salesforce.scanner import enforcer_session

SEEDED, CERTIFICATE = "bulkhead/hq/client-certificate", "bulkhead/hq/rotated-certificate"
"""A copy under a name of its own: what else is rotated leaves the ledger full of the seeded one's rotations."""
ISSUING, BUCKET = "bulkhead/rotated-issuing", "acme-crl-3"
USER = "sync.compliance-hq-kyc@hq.meridian.example"


@pytest.fixture
def policy(product: Product, estate: RunningEstate, tmp_path: Path) -> Iterator[Policy]:
    """Registered with an authority of our own, whose list everybody can read, and which hq takes."""
    launch.save_snapshot(estate.folder, "before-rotated")
    cloud = open_cloud()
    issuing = elliptic("issues what is rotated")
    private = issuing.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    write_secret(cloud, ISSUING, {"chain": root_and_issuing(issuing.public_key()), "privateKey": private})
    cloud.client("s3").create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
    )
    reading = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{BUCKET}/*",
    }
    cloud.client("s3").put_bucket_policy(
        Bucket=BUCKET, Policy=json.dumps({"Version": "2012-10-17", "Statement": [reading]})
    )
    launch.ask(
        estate.folder, "POST", "/switches", {"org": "hq", "name": "private_roots_accepted", "value": True}
    )
    address = f"http://{BUCKET}.s3.eu-central-1.amazonaws.com/clients.crl"
    written = yaml.safe_load((estate.folder / "policy.yaml").read_text())
    written["certificates"] |= {
        "authority": "own",
        "own": {"chain_secret": ISSUING, "list_bucket": BUCKET, "list_address": address},
    }
    (tmp_path / "policy.yaml").write_text(yaml.safe_dump(written, sort_keys=False))
    write_secret(cloud, CERTIFICATE, presented(SEEDED))
    declared = (estate.folder / "estate.yaml").read_text().replace(SEEDED, CERTIFICATE)
    (tmp_path / "estate.yaml").write_text(declared)
    register_files(tmp_path / "estate.yaml", tmp_path / "policy.yaml")
    yield Policy.model_validate(written)
    launch.restore_snapshot(estate.folder, "before-rotated")
    launch.delete_snapshot(estate.folder, "before-rotated")
    register_files(estate.folder / "estate.yaml")


def presented(secret: str = CERTIFICATE) -> dict[str, Any]:
    vault = CloudVault(open_cloud(), secret)
    (kept,) = [each for each in vault.versions() if "AWSCURRENT" in each.stages]
    return vault.read(kept.id) or {}


def replaced_at_once() -> dict[str, Any]:
    """What is presented after an emergency, which leaves no overlap."""
    digest = credential_rotation(requester="ada", secrets=[CERTIFICATE], emergency=True)
    for person in ("bob", "eve"):
        approve_plan(digest=digest, approver=person, reason="reviewed")
    apply_plan(digest=digest)
    for _ in range(5):
        # An org tells its time in whole seconds: the plan may leave the last step to the next run of the rotation.
        with open_ledger() as ledger:
            history = RotationBook(ledger, CERTIFICATE, "").history()
        if history.open is None and history.ordered is None:
            break
        time.sleep(1.1)
        rotate_credentials(secrets=[CERTIFICATE])
    return presented()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_what_a_rotation_replaced_is_on_the_list(estate: RunningEstate, policy: Policy) -> None:
    first = presented()
    app = app_of(estate, "hq", USER)

    def lets_in(value: dict[str, Any]) -> bool:
        return sign_in(estate, app, 8443, (value["certificate"], value["privateKey"]))[0] == 200

    second = replaced_at_once()
    third = replaced_at_once()
    assert first != second != third and lets_in(third) and not lets_in(second)
    foreign, old, new = (chain_of(each["certificate"]).leaf for each in (first, second, third))
    assert old.issuer == new.issuer != foreign.issuer
    check_certificates()
    found = read_list(open_cloud(), policy.certificates)
    assert found is not None and found.authentic and found.ends > datetime.now(UTC)
    assert old.serial in found.serials, "its authority knows that it is over"
    assert new.serial not in found.serials and lets_in(third)
    assert foreign.serial not in found.serials, "another authority has issued it"
    # Whoever gets it back on the list, by hand and with every right, gets nowhere with it.
    with enforcer_session(estate, "hq") as session:
        entry = Entry(
            name="Listed_Again",
            label="again",
            issuer=old.issuer,
            serial=old.serial,
            expires=old.ends.date().isoformat(),
            chain=second["certificate"],
        )
        put_on(session, entry)
    time.sleep(LIST_IS_KEPT)
    assert not lets_in(second) and lets_in(third)
    check_certificates()
    again = read_list(open_cloud(), policy.certificates)
    assert again is not None and again.serials == found.serials, "once"
