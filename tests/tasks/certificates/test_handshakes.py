"""An authority of our own with its key in KMS, and every way into an org tried with real handshakes."""

import json
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import load_der_public_key

from deployments.sandbox import launch
from tasks.aws.authorities import KmsKey
from tasks.aws.cloud import AwsConnection, Cloud
from tasks.aws.secrets import read_secret, write_secret
from tasks.certificates import gateway
from tasks.certificates.chains import chain_of
from tasks.certificates.model import Holder, Shown, Way
from tasks.certificates.plan import listed_state
from tasks.certificates.proof import judged
from tasks.estate.model import Estate, Route
from tasks.estate.model_certificates import CertificatesPolicy, OwnAuthority
from tasks.estate.read import read_estate
from tasks.plans.gateway import OrgHands
from tasks.plans.model import Change, ChangeClass, Resource, ResourceKind
from tests.running import RunningEstate
from tests.tasks.certificates.minted import DAY, elliptic, named, pem
from tests.tasks.certificates.routes import listed, state
from tests.tasks.conftest import Open
from tests.tasks.salesforce.scanner import enforcer_session

ROUTE = "HQ_to_Compliance_Transaction_Sync"
BUCKET, SECRET = "acme-crl", "bulkhead/issuing"
POLICY = CertificatesPolicy(
    authority="own",
    own=OwnAuthority(
        chain_secret=SECRET,
        kms_key="alias/issuing",
        list_bucket=BUCKET,
        list_address=f"http://{BUCKET}.s3.eu-central-1.amazonaws.com/clients.crl",
    ),
)
LIST_IS_KEPT = 2.2
"""Seconds after which the estate fetches a list anew."""
REFUSED = ("refused by TLS", "refused by the org")


@dataclass
class Ground:
    """An estate whose compliance org takes private roots, and an authority of ours."""

    declared: Estate
    cloud: Cloud
    route: Route


def root_and_issuing(public: Any) -> str:
    """What the root does offline, once: it signs the issuing key that KMS keeps."""
    now, root = datetime.now(UTC), elliptic("offline root")

    def made(subject: str, key: Any, length: int) -> x509.Certificate:
        return (
            x509.CertificateBuilder()
            .subject_name(named(subject))
            .issuer_name(named("Acme Offline Root"))
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - DAY)
            .not_valid_after(now + 900 * DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=length), critical=True)
            .sign(root, hashes.SHA256())
        )

    return pem(made("Acme KMS Issuing", public, 0), made("Acme Offline Root", root.public_key(), 1))


@pytest.fixture(scope="module")
def ground(estate: RunningEstate) -> Iterator[Ground]:
    launch.save_snapshot(estate.folder, "before-handshakes")
    declared = read_estate((estate.folder / "estate.yaml").read_text())
    cloud = Cloud(AwsConnection(**declared.cloud.model_dump()))
    kms = cloud.client("kms")
    key = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/issuing", TargetKeyId=key)
    public = load_der_public_key(kms.get_public_key(KeyId=key)["PublicKey"])
    write_secret(cloud, SECRET, {"chain": root_and_issuing(public)})
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
    turned = {"org": "compliance", "name": "private_roots_accepted", "value": True}
    launch.ask(estate.folder, "POST", "/switches", turned)
    yield Ground(declared, cloud, next(r for r in declared.routes if r.name == ROUTE))
    launch.restore_snapshot(estate.folder, "before-handshakes")
    launch.delete_snapshot(estate.folder, "before-handshakes")


def written(estate: RunningEstate, cloud: Cloud, *changes: Change) -> None:
    with enforcer_session(estate, "compliance") as session:
        hands = OrgHands(
            *(lambda _: nullcontext(session), changes, lambda: cloud, lambda: cloud),
            turn=lambda _: nullcontext(True),
        )
        for change in changes:
            before = hands.read([change.resource])[change.resource]
            assert before == change.before, before
            assert hands.write([change]) == {}
            assert hands.read([change.resource])[change.resource] == change.after


def change(number: int, kind: ResourceKind, key: str, before: Any, after: Any) -> Change:
    return Change(
        number=number,
        resource=Resource(org="compliance", kind=kind, key=key),
        before=before,
        after=after,
        kind=ChangeClass.IDENTITY,
        control="ZT-01",
        why="",
        effect="",
    )


@pytest.mark.slow
def test_every_way_in_but_the_routes_own_is_refused(ground: Ground, estate: RunningEstate, org: Open) -> None:
    cloud, route = ground.cloud, ground.route
    now = datetime.now(UTC)
    request = gateway.ask_for(cloud, ground.declared, route, 2048)
    chain = gateway.signed(cloud, POLICY, ground.declared, route, request, now)
    assert chain is not None and len(chain.certificates) == 3
    assert chain.leaf.common_name == ROUTE and "OU=hq to compliance" in chain.leaf.subject
    gateway.keep_signed(cloud, route.credential, chain)
    secret = read_secret(cloud, route.credential)
    mark = chain.leaf.fingerprint
    on_list = listed_state(listed(chain, "Mine").model_copy(update={"label": ROUTE}))
    address = secret["instanceUrl"]
    up = change(1, ResourceKind.INBOUND_CERTIFICATE, "Mine", None, on_list)
    over = change(
        *(2, ResourceKind.CALLER_SECRET, route.credential),
        {"certificate": None, "address": address},
        {"certificate": mark, "address": address},
    )
    gateway.publish_list(cloud, POLICY, {}, 1, now)
    probe = gateway.probe(cloud, POLICY, ground.declared, route, now)
    session = org("compliance")
    stranger = gateway.foreign(ground.declared, route, now)
    assert probe is not None
    assert gateway.accepts(session.connection, probe, stranger) is False, "no root of ours there yet"
    written(estate, cloud, up, over)
    assert gateway.accepts(session.connection, probe, stranger) is True
    assert gateway.accepts(session.connection, probe, probe) is None, (
        "a door that greets anybody says nothing"
    )
    connection, pair = gateway.identity(cloud, route, session.connection)
    own = gateway.open_own(cloud, POLICY)
    assert isinstance(own.key, KmsKey)
    revoked: dict[int, datetime] = {}

    def revoke(pem_chain: str) -> None:
        revoked[int(gateway.leaf_of(pem_chain).serial)] = now
        gateway.publish_list(cloud, POLICY, revoked, 2, now)

    forged = gateway.forge(ground.declared, route, own, now, revoke)
    assert (
        set(forged.pairs) == set(Way) - {Way.LISTED, Way.NONE, Way.PLAIN, Way.PLAIN_WITH} and not forged.why
    )
    knocks = gateway.knock(connection, pair, forged)
    answers = {each.way: each.answer for each in knocks}
    assert answers.pop(Way.LISTED) == "let in"
    assert answers.keys() == set(Way) - {Way.LISTED}
    assert all(answer in REFUSED for answer in answers.values()), answers
    shown = state(
        route=ROUTE, target="compliance", holder=Holder.MIDDLEWARE, pairs=(Shown(name="current", chain=chain),), presents="current"
    )  # fmt: skip
    assert judged(shown, knocks, now).verdict == "proven"
    # A thief with the key of the app and all that the org's administrator sees, but not the pair.
    thief = gateway.knock(connection, None, gateway.Forged({}, {}))
    assert {each.answer for each in thief} == {"refused by the org"}
    # The very certificate that is listed, taken back by its authority: the org reads the list that it names.
    revoke(chain.pem)
    time.sleep(LIST_IS_KEPT)
    assert gateway.knock(connection, pair, gateway.Forged({}, {}))[0].answer == "refused by the org"
    gateway.publish_list(cloud, POLICY, {}, 1, now)
    time.sleep(LIST_IS_KEPT)
    assert gateway.knock(connection, pair, gateway.Forged({}, {}))[0].answer == "let in"
    # Taken back, nobody of ours is known there any more.
    back = [
        change(1, ResourceKind.CALLER_SECRET, route.credential, over.after, over.before),
        change(2, ResourceKind.INBOUND_CERTIFICATE, "Mine", on_list, None),
    ]
    written(estate, cloud, *back)
    after = gateway.knock(connection, pair, gateway.Forged({}, {}))
    assert {each.answer for each in after} <= set(REFUSED)
    kept = read_secret(cloud, route.credential)
    assert "clientCertificate" not in kept and kept["formerCertificate"] == chain.pem
    assert {name: kept[name] for name in secret} == secret, "the credential itself is as it was"


def test_a_user_who_is_not_held_to_it_is_a_finding(ground: Ground, org: Open) -> None:
    plain = state(enforced=False, presents=None, pairs=(), holder=Holder.MIDDLEWARE)
    proof = judged(plain, [gateway._tried(Way.NONE, gateway.Answer.LET_IN)], datetime.now(UTC))
    assert proof.verdict == "broken"
    assert any("does not hold" in why for why in proof.why) and any(
        "no certificate" in why for why in proof.why
    )


def test_a_key_in_the_secrets_manager_signs_as_one_in_kms_does(ground: Ground) -> None:
    key = elliptic("in a secret")
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    write_secret(
        ground.cloud, "bulkhead/other", {"chain": root_and_issuing(key.public_key()), "privateKey": private}
    )
    assert POLICY.own is not None
    own = POLICY.own.model_copy(update={"chain_secret": "bulkhead/other", "kms_key": None})
    policy = POLICY.model_copy(update={"own": own})
    opened = gateway.open_own(ground.cloud, policy)
    gateway.publish_list(ground.cloud, policy, {7: datetime.now(UTC)}, 1, datetime.now(UTC))
    stored = ground.cloud.client("s3").get_object(Bucket=BUCKET, Key="clients.crl")["Body"].read()
    found = x509.load_der_x509_crl(stored)
    assert found.is_signature_valid(key.public_key()) and [each.serial_number for each in found] == [7]
    assert found.next_update_utc is not None and found.next_update_utc > datetime.now(UTC) + timedelta(days=6)
    assert chain_of(opened.chain).leaf.authority
    read = gateway.read_list(ground.cloud, policy)
    assert (
        read is not None and read.authentic and read.serials == {"7"} and read.ends == found.next_update_utc
    )
    others = gateway.read_list(ground.cloud, POLICY)
    assert others is not None and not others.authentic, "it is signed by another key than that authority's"
    own = own.model_copy(update={"list_key": "nothing.crl"})
    assert gateway.read_list(ground.cloud, policy.model_copy(update={"own": own})) is None
