"""What callers find in their secrets: certificates and addresses move, and what a rotation owns stays as it is."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from time import sleep
from typing import Any
from uuid import uuid4

import pytest

from tasks.aws.cloud import Cloud
from tasks.aws.secrets import list_secrets, read_current, read_secret, replace_secret, write_secret
from tasks.aws.staging import put_pending, read_stages
from tasks.certificates import gateway
from tasks.certificates.authority import checked
from tasks.certificates.chains import asks_for, chain_of, fits
from tasks.certificates.naming import waiting_name
from tasks.credentials import gateway as gateway_of_secrets
from tasks.credentials.model import Order, Seen, Version
from tasks.credentials.rotation import Begin, End
from tasks.credentials.rotation_gateway import CloudVault
from tasks.credentials.rotation_ledger_gateway import RotationBook
from tasks.errors import ConfigurationError
from tasks.estate.model import Estate, Route
from tasks.estate.read import read_estate
from tasks.ledger.store import Ledger
from tasks.plans.certificates_gateway import fingerprint, presenting, read_callers, turn_in, write_callers
from tasks.plans.credentials_gateway import versions_of
from tasks.plans.gateway import OrgHands
from tasks.plans.model import Change, ChangeClass, Resource, ResourceKind
from tests.running import RunningEstate
from tests.tasks.certificates.minted import ISSUING, ISSUING_KEY, NOW, certificate, pair, pem
from tests.tasks.certificates.test_plan import PLAIN

MUTUAL = f"{PLAIN}:8443"
OWN = {"consumerKey": "key", "consumerSecret": "first", "username": "sync@b"}
ONE, TWO = pair("one"), pair("two")


def caller(current: Any = None, **others: Any) -> dict[str, str]:
    """A secret; `others` are pairs by stage."""
    value = {**OWN, "instanceUrl": PLAIN}
    for stage, each in {"client": current, **others}.items():
        if each is not None:
            value |= {f"{stage}Certificate": each.chain, f"{stage}Key": each.key}
    return value


def test_a_certificate_that_does_not_fit_its_key_is_never_presented() -> None:
    mixed = {**caller(ONE, next=TWO), "nextKey": ONE.key}
    assert presenting(mixed, fingerprint(TWO.chain), MUTUAL) == "PAIR_DOES_NOT_FIT"
    assert presenting({**mixed, "nextKey": "none"}, fingerprint(TWO.chain), MUTUAL) == "PAIR_DOES_NOT_FIT"
    assert presenting(caller(ONE), fingerprint(TWO.chain), MUTUAL) == "NO_SUCH_PAIR"


def test_the_way_there_and_back_changes_nothing_but_certificates_and_the_address() -> None:
    there = presenting(caller(ONE, next=TWO), fingerprint(TWO.chain), MUTUAL)
    assert there == {**caller(TWO, former=ONE), "instanceUrl": MUTUAL}
    assert isinstance(there, dict)
    assert presenting(there, fingerprint(ONE.chain), PLAIN) == caller(ONE, former=TWO)
    assert presenting(caller(ONE), None, PLAIN) == caller(former=ONE)


# Over the wire -----------------------------------------------------------------------------------------


@pytest.fixture
def secret(cloud: Cloud) -> Iterator[str]:
    name = f"lab/caller-{uuid4().hex[:8]}"
    write_secret(cloud, name, caller(ONE))
    write_secret(cloud, waiting_name(name), {"nextCertificate": TWO.chain, "nextKey": TWO.key})
    yield name
    for each in (name, waiting_name(name)):
        cloud.client("secretsmanager").delete_secret(SecretId=each, ForceDeleteWithoutRecovery=True)


def free(_: str) -> AbstractContextManager[bool]:
    return nullcontext(True)


def switch(name: str) -> Change:
    return Change(
        number=1,
        resource=Resource(org="b", kind=ResourceKind.CALLER_SECRET, key=name),
        before={"certificate": fingerprint(ONE.chain), "address": PLAIN},
        after={"certificate": fingerprint(TWO.chain), "address": MUTUAL},
        kind=ChangeClass.IDENTITY,
        control="ZT-01",
        why="",
        effect="",
    )


def switched_back(name: str) -> Change:
    there = switch(name)
    return there.model_copy(update={"before": there.after, "after": there.before})


def test_the_next_pair_comes_from_its_own_secret_and_leaves_it(cloud: Cloud, secret: str) -> None:
    change = switch(secret)
    (done,) = write_callers(lambda: cloud, [change], free)
    assert done.code == ""
    assert read_secret(cloud, secret) == {**caller(TWO, former=ONE), "instanceUrl": MUTUAL}
    assert read_secret(cloud, waiting_name(secret)) == {}
    assert read_callers(lambda: cloud, [change.resource]) == {change.resource: change.after}
    assert {frozenset(each.stages) for each in read_stages(cloud, secret).versions if each.stages} == {
        frozenset({"AWSCURRENT"}),
        frozenset({"AWSPREVIOUS"}),
    }


def ages(cloud: Cloud, secret: str) -> list[datetime]:
    """As rotation, its plans and the controls see it."""
    vault, plans = CloudVault(cloud, secret), versions_of(cloud, secret)
    versions = [*vault.unopened(), *plans, *vault.versions()]
    (stored,) = (
        gateway_of_secrets._stored(cloud, each) for each in list_secrets(cloud) if each.name == secret
    )
    return [*(each.created for each in versions if "AWSCURRENT" in each.stages), stored.since]


def test_a_credential_stays_as_old_as_it_is_when_its_certificate_changes(cloud: Cloud, secret: str) -> None:
    made = ages(cloud, secret)[0]
    for change in (switch(secret), switched_back(secret)):
        sleep(1.1)  # Secrets Manager tells whole seconds.
        assert [each.code for each in write_callers(lambda: cloud, [change], free)] == [""]
        assert ages(cloud, secret) == [made] * 4
    third = switch(secret).model_copy(
        update={"before": {"certificate": fingerprint(ONE.chain), "address": PLAIN}}
    )
    assert [each.code for each in write_callers(lambda: cloud, [third], free)] == [""]
    labels = cloud.client("secretsmanager").describe_secret(SecretId=secret)["VersionIdsToStages"].values()
    assert sum(label.startswith("BULKHEAD") for each in labels for label in each) == 2
    # Whoever stores another credential copies what stands beside it, and never its age.
    write_secret(cloud, secret, {**read_secret(cloud, secret), "consumerSecret": "second"})
    assert min(ages(cloud, secret)) >= made + timedelta(seconds=2)


def test_what_somebody_stored_meanwhile_is_never_lost(cloud: Cloud, secret: str) -> None:
    version, _ = read_current(cloud, secret)
    write_secret(cloud, secret, {**caller(ONE), "consumerSecret": "second"})
    assert replace_secret(cloud, secret, caller(TWO), instead_of=version) is False
    assert read_secret(cloud, secret) == {**caller(ONE), "consumerSecret": "second"}
    write_secret(cloud, secret, caller(TWO))
    assert [each.code for each in write_callers(lambda: cloud, [switch(secret)], free)] == [
        "CHANGED_MEANWHILE"
    ]


def test_a_rotation_that_waits_is_left_alone(cloud: Cloud, secret: str) -> None:
    put_pending(cloud, secret, uuid4().hex, {**caller(ONE), "consumerSecret": "next"})
    before = read_current(cloud, secret)
    assert [each.code for each in write_callers(lambda: cloud, [switch(secret)], free)] == [
        "ROTATION_UNDER_WAY"
    ]
    assert read_current(cloud, secret) == before


def test_a_rotation_is_left_alone_from_its_order_to_its_end(
    cloud: Cloud, secret: str, tmp_path: Path
) -> None:
    """Through all of its overlap, in which Secrets Manager shows no version that waits."""
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", lambda: NOW)
    book = RotationBook(ledger, secret, "ada")
    version, _ = read_current(cloud, secret)
    old = Version(id=version, stages=frozenset({"AWSCURRENT"}), created=NOW - timedelta(days=80), mark="m")
    seen = Seen(now=NOW, versions=(old,), sets=None)

    def codes() -> list[str]:
        return [
            each.code for each in write_callers(lambda: cloud, [switch(secret)], lambda s: turn_in(ledger, s))
        ]

    with book.turn():
        assert codes() == ["ROTATION_UNDER_WAY"]
    book.begin(Begin("token", old), Order.SCHEDULED, seen)
    assert codes() == ["ROTATION_UNDER_WAY"]
    assert read_current(cloud, secret)[0] == version
    book.end(End("the old one is revoked"), seen)
    assert codes() == [""]


def test_what_reads_secrets_is_never_what_writes_them(cloud: Cloud, secret: str) -> None:
    def nobody(_: str) -> Any:
        raise AssertionError("no org is asked")

    hands = OrgHands(nobody, [switch(secret)], open_secrets=lambda: cloud, turn=free)
    with pytest.raises(ConfigurationError):
        hands.write([switch(secret)])
    assert read_secret(cloud, secret) == caller(ONE)


@pytest.fixture(scope="module")
def declared(estate: RunningEstate) -> Estate:
    return read_estate((estate.folder / "estate.yaml").read_text())


def signed(request: str, route: Route) -> str:
    """As an authority would: whatever the request asks for."""
    key = gateway.x509.load_pem_x509_csr(request.encode())
    made = certificate(route.name, key, "Acme Issuing CA", ISSUING_KEY)  # type: ignore[arg-type]  # its public key is asked for
    return pem(made, ISSUING)


def test_two_runs_at_once_prepare_one_pair(cloud: Cloud, secret: str, declared: Estate) -> None:
    route = declared.routes[0].model_copy(update={"credential": secret})
    before = read_current(cloud, secret)
    first = gateway.ask_for(cloud, declared, route, 2048)
    assert gateway.ask_for(cloud, declared, route, 2048) == first
    chain = checked(signed(first, route), first)
    gateway.keep_signed(cloud, secret, chain)
    waiting = read_secret(cloud, waiting_name(secret))
    assert waiting.keys() == {"nextKey", "nextCertificate"} and fits(chain.pem, waiting["nextKey"])
    (found,) = gateway.read_callers(cloud, [secret]).values()
    assert {each.name for each in found.pairs} == {"current", "next"}
    again = gateway.ask_for(cloud, declared, route, 2048)
    assert asks_for(again) != chain.leaf.key_digest, "it was signed, so the next one is another"
    with pytest.raises(ConfigurationError, match="made anew"):
        gateway.keep_signed(cloud, secret, chain)
    assert read_current(cloud, secret) == before, "callers read what they read before"
    assert chain_of(ONE.chain).leaf.key_digest != chain.leaf.key_digest
