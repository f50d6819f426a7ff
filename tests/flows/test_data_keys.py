"""
Sealed values on the embedded estate: who reads them, what a stolen administrator's token finds, and keys that turn.

The article's three roles are people of emea: its System Administrator and EMEA Finance Manager read, its EMEA Sales Rep does not.
"""

import base64
import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from deployments.bench.sync_setup import Wish, prepare
from deployments.register import register_files
from deployments.sandbox import launch
from flows.data_keys import retire_data_keys, rotate_data_keys
from flows.plans import apply_plan, approve_plan
from flows.sync import sync_route
from tasks.aws.cloud import Cloud
from tasks.decryption.desk_gateway import read_sealed
from tasks.decryption.model import MASK, Asked, Clear
from tasks.encryption.keys import KeyState
from tasks.encryption.keys_gateway import read_ring, ring_name
from tasks.encryption.sealed import key_of
from tasks.errors import DecryptionRefused, LoginRefused, PlanRefused, SealBroken, SecretUnavailable
from tasks.ledger.model import EntryKind
from tasks.orgs import forget_connections, load_estate, open_cloud, open_ledger
from tasks.plans.overview import Stage
from tasks.sync.model import Batch, Counts, Cursor, KeyRotation
from tasks.sync.state_ledger_gateway import RouteState
from tests.flows import test_sync
from tests.flows.sealed_contacts import (
    LABORATORY,
    PEOPLE,
    SEALED,
    carried,
    contacts,
    dump,
    people_of_emea,
    there,
    values,
)
from tests.flows.test_sync import on_disk
from tests.product import Product
from tests.running import RunningEstate

ROUTE = "HQ_to_EMEA_Contact_Sync"
WISH = Wish(
    route=ROUTE,
    source="hq",
    target="emea",
    sobject="Contact",
    fields=("LastName", "FirstName", "Email", "External_Id__c", *SEALED),
    sync_user=test_sync.USER,
    sealed=SEALED,
    readers=(
        {"org": "emea", "profile": "System Administrator"},
        {"org": "emea", "role": "EMEA Finance Manager"},
        {"org": "emea", "permission_set": "View_Encrypted_PII", "granted": True},
    ),
)
COUNT = 45
BINNED = 500
"""A contact of hq that somebody deletes in emea."""


@pytest.fixture(scope="module", autouse=True)
def ground(
    product: Product, estate: RunningEstate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Contacts of hq, carried to emea, and the people of emea who ask for them."""
    launch.save_snapshot(estate.folder, "before-keys")
    register_files(*prepare(estate.folder, WISH, tmp_path_factory.mktemp("keys")))
    with open_ledger() as ledger:
        # Another module may have carried this route in this ledger: what it knew of the estate is no more.
        state = RouteState(ledger, ROUTE, "test")
        nothing = Batch(number=0, path="collections", counts=Counts(), checksum="", last=True)
        state.verified(
            nothing,
            Cursor(carried=test_sync._time(estate)),
            test_sync._stamps(estate),
            None,
            (),
            state.quarantine(),
        )
    people_of_emea(estate, WISH)
    contacts(estate, 0, COUNT)
    assert sync_route(route=ROUTE).counts.verified == COUNT
    yield
    launch.restore_snapshot(estate.folder, "before-keys")
    launch.delete_snapshot(estate.folder, "before-keys")
    register_files(estate.folder / "estate.yaml")


def asks(estate: RunningEstate, who: str, number: int = 7, fields: tuple[str, ...] = (*SEALED,)) -> Clear:
    record = carried(estate, PEOPLE["System Administrator"])[f"SEA-{number:06d}"]["Id"]
    asked = Asked(org="emea", sobject="Contact", record=record, fields=fields, reason="case 4711")
    return read_sealed(asked, estate.token("emea", PEOPLE.get(who, who)))


def plain(number: int = 7) -> dict[str, str]:
    return {field: values(number)[source] for field, source in SEALED.items()}


@pytest.mark.slow
def test_the_articles_roles_read_or_see_a_mask_and_each_question_is_noted(
    product: Product, estate: RunningEstate
) -> None:
    assert asks(estate, "System Administrator").values == plain()
    finance = asks(estate, "EMEA Finance Manager")
    assert finance.values == plain() and set(finance.by.values()) == {"role EMEA Finance Manager"}
    sales = asks(estate, "EMEA Sales Rep")
    assert sales.values == dict.fromkeys(SEALED, MASK) and sales.masked == (*SEALED,)
    with open_ledger() as ledger:
        noted = ledger.entries(EntryKind.DECRYPTION)[-3:]
    assert [(each.actor, each.body["shown"], each.body["masked"]) for each in noted] == [
        (PEOPLE["System Administrator"], [*SEALED], []),
        (PEOPLE["EMEA Finance Manager"], [*SEALED], []),
        (PEOPLE["EMEA Sales Rep"], [], [*SEALED]),
    ]
    secret = values(7)
    assert product.holding(secret["SSN__c"], secret["TaxID__c"]) == [], "nothing here keeps a value"


@pytest.mark.slow
def test_a_stolen_administrators_token_dumps_nothing_in_the_clear_that_came_from_hq(
    estate: RunningEstate,
) -> None:
    """Everything that the token opens, and every byte that the org keeps; what is in the clear there would be seen."""
    telling = [values(number)[name] for number in (*range(COUNT), BINNED) for name in ("SSN__c", "TaxID__c")]
    with put_back(estate):
        contacts(estate, BINNED, 1)
        assert sync_route(route=ROUTE).counts.verified == 1
        there(estate, "DELETE", f"sobjects/Contact/{carried(estate)[f'SEA-{BINNED:06d}']['Id']}")
        found = dump(estate)
        assert found.keys() >= {
            "Account",
            "Contact",
            "ContactHistory",
            "User",
            "ContentVersion",
            "bulk Contact",
        }
        assert {name: text for name in found for text in telling if text in found[name]} == {}
        assert on_disk(estate, telling) == []
        ours = {
            int(row["External_Id__c"][4:]): row
            for row in csv.DictReader(found["bulk Contact"].splitlines())
            if row["External_Id__c"].startswith("SEA-")
        }
        assert {*ours} == {*range(COUNT), BINNED} and ours[BINNED]["IsDeleted"] == "true"
        for number, row in ours.items():
            assert all(row[field].startswith("AES256:") for field in SEALED), "the token sees the columns"
            # Three digits say nothing by themselves; in their own record they would.
            assert values(number)["CreditScore__c"] not in row.values()
        # The same dump finds what somebody writes there in the clear, in a record that went and in a file.
        made = there(estate, "POST", "sobjects/Contact", {"LastName": telling[0]})
        there(estate, "DELETE", f"sobjects/Contact/{made['id']}")
        body = base64.b64encode(telling[1].encode()).decode()
        file = {"Title": "notes", "PathOnClient": "notes.txt", "VersionData": body}
        there(estate, "POST", "sobjects/ContentVersion", file)
        found = dump(estate, "Contact", "ContentVersion")
        assert telling[0] in found["Contact"] and telling[0] in found["bulk Contact"]
        assert telling[1] in found["bodies of ContentVersion"]
        assert set(on_disk(estate, telling[:1])) == {telling[0]}


@contextmanager
def put_back(estate: RunningEstate) -> Iterator[None]:
    launch.save_snapshot(estate.folder, "before-a-test")
    try:
        yield
    finally:
        launch.restore_snapshot(estate.folder, "before-a-test")
        launch.delete_snapshot(estate.folder, "before-a-test")
        forget_connections()


@pytest.mark.slow
def test_programs_strangers_and_ended_sessions_read_nothing(estate: RunningEstate) -> None:
    record = carried(estate)["SEA-000007"]["Id"]
    asked = Asked(org="emea", sobject="Contact", record=record, fields=("SSN_Sealed__c",), reason="case 4711")
    with pytest.raises(LoginRefused, match="has ended"):
        read_sealed(asked, "00D000000000000!no.such.token")
    with pytest.raises(LoginRefused):
        read_sealed(asked, estate.token("hq", "client.laboratory@hq.meridian.example"))
    with pytest.raises(DecryptionRefused, match="Field-level security"):
        read_sealed(asked, estate.token("emea", "bulkhead.enforcer@emea.meridian.example"))
    with pytest.raises(DecryptionRefused, match="no such record"):
        gone = asked.model_copy(update={"record": "003000000000001AAA"})
        read_sealed(gone, estate.token("emea", PEOPLE["System Administrator"]))


@pytest.mark.slow
def test_a_value_that_was_moved_to_another_record_opens_for_nobody(estate: RunningEstate) -> None:
    before = carried(estate, PEOPLE["System Administrator"])
    one, other = before["SEA-000008"], before["SEA-000009"]
    row = {"SSN_Sealed__c": one["SSN_Sealed__c"]}
    assert estate.call("PATCH", "emea", LABORATORY, f"v62.0/sobjects/Contact/{other['Id']}", json=row).ok
    try:
        with pytest.raises(SealBroken, match="changed, cut, or moved"):
            asks(estate, "System Administrator", 9, ("SSN_Sealed__c",))
    finally:
        back = {"SSN_Sealed__c": other["SSN_Sealed__c"]}
        assert estate.call("PATCH", "emea", LABORATORY, f"v62.0/sobjects/Contact/{other['Id']}", json=back).ok
    assert asks(estate, "System Administrator", 9, ("SSN_Sealed__c",)).values == {
        "SSN_Sealed__c": values(9)["SSN__c"]
    }


@contextmanager
def disabled(cloud: Cloud) -> Iterator[None]:
    [key] = [r.sync.data_key for r in load_estate().routes if r.name == ROUTE and r.sync is not None]
    cloud.client("kms").disable_key(KeyId=key)
    try:
        yield
    finally:
        cloud.client("kms").enable_key(KeyId=key)


def rotated(**options: Any) -> KeyRotation:
    return rotate_data_keys(route=ROUTE, **options)  # type: ignore[no-any-return]  # as the flow decorator loses the type


def keys_there(estate: RunningEstate) -> set[str]:
    return {key_of(row[field]) for row in carried(estate).values() for field in SEALED}


@pytest.mark.slow
def test_keys_turn_while_values_are_read_and_a_killed_rotation_is_gone_on_with(estate: RunningEstate) -> None:
    """It dies once a batch stands in the target, before anybody noted that it does."""
    before = keys_there(estate)
    code = f"""
import os, signal
from flows.data_keys import retire_data_keys, rotate_data_keys
from flows.plans import apply_plan, approve_plan
import tasks.sync.renewal as renewal
seen = renewal._seen
def die(*what):
    if what[-1]: os.kill(os.getpid(), signal.SIGKILL)
    seen(*what)
renewal._seen = die
rotate_data_keys(route={ROUTE!r})
"""
    ended = subprocess.run([sys.executable, "-c", code], env={**os.environ}, capture_output=True, timeout=600)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    between = carried(estate)
    assert asks(estate, "System Administrator").values == plain(), "it reads on"
    assert not keys_there(estate) & before, "it died behind its write"
    done = rotated()
    after = keys_there(estate)
    assert len(after) == 1 and not after & before
    assert {row["Id"]: row["SSN_Sealed__c"] for row in carried(estate).values()} == {
        row["Id"]: row["SSN_Sealed__c"] for row in between.values()
    }, "what stood there was not sealed again"
    assert (done.left, done.foreign) == (0, 0)
    assert [each.epoch for each in done.needless] == [1] and asks(
        estate, "System Administrator"
    ).values == plain()
    assert sync_route(route=ROUTE).counts.sent == 0
    again = rotated()
    assert again.renewed == COUNT and [each.epoch for each in again.needless] == [1, 2]
    assert asks(estate, "System Administrator").values == plain()


@pytest.mark.slow
def test_a_disabled_key_is_said_and_nothing_is_written(estate: RunningEstate) -> None:
    before = carried(estate)
    with disabled(open_cloud()):
        with pytest.raises(SecretUnavailable, match="is disabled, about to be deleted, or not there"):
            asks(estate, "System Administrator")
        with pytest.raises(SecretUnavailable, match="Enable it"):
            rotated()
    assert carried(estate) == before and asks(estate, "System Administrator").values == plain()


def wrapped_under(label: str, keys: set[str]) -> list[str]:
    """What the version with this label still holds of these keys."""
    client = open_cloud().client("secretsmanager")
    found = json.loads(client.get_secret_value(SecretId=ring_name(ROUTE), VersionStage=label)["SecretString"])
    return [each["wrapped"] for each in found["keys"] if each["key_id"] in keys and each["wrapped"]]


def old_keys_there() -> set[str]:
    return {key.key_id for key in read_ring(open_cloud(), ROUTE).keys if key.state is KeyState.OPENS}


def retiring(requester: str = "ada@meridian.example") -> str:
    """A plan that two people have approved."""
    digest = str(retire_data_keys(requester=requester, route=ROUTE))
    for person in ("bob@meridian.example", "eve@meridian.example"):
        approve_plan(digest=digest, approver=person, reason="no value needs them")
    return digest


@pytest.mark.slow
@pytest.mark.parametrize("again", ["apply-plan", "retire-data-keys"])
def test_a_key_is_gone_from_both_versions_though_destroying_it_was_killed_between_them(
    estate: RunningEstate, again: str
) -> None:
    """The same plan goes on with it; where nobody applies that any more, the next one finds what was left."""
    rotated()
    old = old_keys_there()
    digest = retiring()
    code = f"""
import os, signal
from flows.plans import apply_plan
import tasks.plans.data_keys_gateway as hands
write = hands.write_ring
def die(*what):
    write(*what)
    os.kill(os.getpid(), signal.SIGKILL)
hands.write_ring = die
apply_plan(digest={digest!r})
"""
    ended = subprocess.run([sys.executable, "-c", code], env={**os.environ}, capture_output=True, timeout=600)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert wrapped_under("AWSPREVIOUS", old), "it died between the two writes"
    if again == "retire-data-keys":
        digest = retiring("cleo@meridian.example")
    assert apply_plan(digest=digest).stage is Stage.APPLIED
    assert not wrapped_under("AWSCURRENT", old) and not wrapped_under("AWSPREVIOUS", old)
    assert asks(estate, "System Administrator").values == plain()


@pytest.mark.slow
def test_keys_that_no_value_needs_are_destroyed_by_two_people_and_open_nothing_any_more(
    estate: RunningEstate,
) -> None:
    """A value that was copied before, as into a backup, stays shut for everybody; all others open as before."""
    copied = carried(estate)["SEA-000011"]
    rotated()
    old = {key.key_id for key in read_ring(open_cloud(), ROUTE).keys if key.state is KeyState.OPENS}
    digest = retire_data_keys(requester="ada@meridian.example", route=ROUTE)
    for person in ("ada@meridian.example", "bob@meridian.example"):
        approve_plan(digest=digest, approver=person, reason="no value needs them")
        with pytest.raises(PlanRefused, match="approv"):
            apply_plan(digest=digest)
    approve_plan(digest=digest, approver="eve@meridian.example", reason="no value needs them")
    apply_plan(digest=digest)
    ring = read_ring(open_cloud(), ROUTE)
    assert {
        key.key_id for key in ring.keys if key.state is KeyState.DESTROYED
    } >= old and ring.sealing is not None
    client = open_cloud().client("secretsmanager")
    for label in ("AWSCURRENT", "AWSPREVIOUS"):
        kept = json.loads(
            client.get_secret_value(SecretId=ring_name(ROUTE), VersionStage=label)["SecretString"]
        )
        assert [each["wrapped"] for each in kept["keys"] if each["key_id"] in old] == [""] * len(old)
    assert asks(estate, "System Administrator").values == plain() and sync_route(route=ROUTE).counts.sent == 0
    path, row = f"sobjects/Contact/{copied['Id']}", {"SSN_Sealed__c": copied["SSN_Sealed__c"]}
    now = carried(estate)["SEA-000011"]["SSN_Sealed__c"]
    there(estate, "PATCH", path, row)
    try:
        with pytest.raises(SecretUnavailable, match="What it sealed is lost"):
            asks(estate, "System Administrator", 11, ("SSN_Sealed__c",))
    finally:
        there(estate, "PATCH", path, {"SSN_Sealed__c": now})
