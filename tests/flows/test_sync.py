"""A route carried by flow runs on a real server and the embedded estate: over port 8443, under rights for the run."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from deployments.bench.sync_setup import Wish, prepare
from deployments.register import register_files
from deployments.sandbox import launch
from flows.sync import sync_route
from tasks.access.ledger_gateway import GrantBook
from tasks.encryption.matching import blind_index
from tasks.errors import SyncRefused
from tasks.ledger.model import EntryKind
from tasks.orgs import open_cloud, open_ledger
from tasks.sync.cursor import exact
from tasks.sync.keys_gateway import index_key
from tasks.sync.model import Batch, Counts, Cursor, Lineage
from tasks.sync.quarantine import TRIES
from tasks.sync.state_ledger_gateway import RouteState
from tests.product import Product
from tests.running import RunningEstate

ROUTE, INTO_SANDBOX = "HQ_to_EMEA_Contact_Sync", "HQ_to_UAT_Account_Sync"
USER = "sync.hq-emea-contact@emea.meridian.example"
FIELDS = ("LastName", "FirstName", "Email", "Title", "External_Id__c", "SSN_Sealed__c", "SSN_Index__c")
WISH = Wish(
    route=ROUTE,
    source="hq",
    target="emea",
    sobject="Contact",
    fields=FIELDS,
    sync_user=USER,
    sealed={"SSN_Sealed__c": "SSN__c"},
    indexed={"SSN_Index__c": "SSN__c"},
    more={"deletes": "remove", "contract": {"LastName": {"empty": 0}}},
)
COUNT = 200


@pytest.fixture(scope="module", autouse=True)
def ground(
    product: Product, estate: RunningEstate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """What is there already counts as carried: the runs are about what changes from here on."""
    launch.save_snapshot(estate.folder, "before-sync")
    files = prepare(estate.folder, WISH, tmp_path_factory.mktemp("sync"))
    _declare_a_route_into_a_sandbox(files[0])
    register_files(*files)
    with open_ledger() as ledger:
        nothing = Batch(number=0, path="collections", counts=Counts(), checksum="", last=True)
        RouteState(ledger, ROUTE, "test").verified(
            nothing, Cursor(carried=_time(estate)), _stamps(estate), None, (), ()
        )
    yield
    launch.restore_snapshot(estate.folder, "before-sync")
    launch.delete_snapshot(estate.folder, "before-sync")
    register_files(estate.folder / "estate.yaml")


def _declare_a_route_into_a_sandbox(file: Path) -> None:
    """As it is seeded, but that its sensitive fields are no longer masked."""
    document = yaml.safe_load(file.read_text())
    carried = next(each for each in document["routes"] if each["name"] == ROUTE)
    route = next(each for each in document["routes"] if each["name"] == INTO_SANDBOX)
    target = {**carried["sync"]["target"], "username": route["sync_user"]}
    route |= {
        "masked_fields": [],
        "sync": {"source": carried["sync"]["source"], "target": target, "external_id": "External_Id__c"},
    }
    file.write_text(yaml.safe_dump(document, sort_keys=False))


def _stamps(estate: RunningEstate) -> dict[str, str]:
    """Every contact of hq as it is: each run looks back, and other tests may have changed some just now."""
    who = "client.laboratory@hq.meridian.example"
    path, params = "v62.0/queryAll", {"q": "SELECT Id, SystemModstamp FROM Contact"}
    found: dict[str, str] = {}
    while path:
        page = estate.get("hq", who, path, params=params).json()
        found |= {row["Id"]: exact(row["SystemModstamp"]) for row in page["records"]}
        path, params = page.get("nextRecordsUrl", "").partition("/services/data/")[2], {}
    return found


def _time(estate: RunningEstate) -> datetime:
    stamp = estate.get("hq", "client.laboratory@hq.meridian.example", "v62.0/limits").headers["Date"]
    return datetime.strptime(stamp, "%a, %d %b %Y %H:%M:%S %Z").replace(tzinfo=UTC)


def wrote(estate: RunningEstate, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
    """In hq, as an administrator who may write the sensitive fields too."""
    answer = estate.call(method, "hq", "break.glass.1@hq.meridian.example", f"v62.0/{path}", json=body)
    assert answer.status_code < 300, answer.text
    return answer.json() if answer.content else None


def people(estate: RunningEstate, first: int, count: int) -> list[str]:
    """New contacts of hq, with numbers of their own; their ids."""
    records = [
        {
            "attributes": {"type": "Contact"},
            "LastName": f"Sync{number}",
            "FirstName": "Ada",
            "Email": f"sync{number}@mail.example",
            "External_Id__c": f"SYN-{number:06d}",
            "SSN__c": ssn(number),
        }
        for number in range(first, first + count)
    ]
    made = wrote(estate, "POST", "composite/sobjects", {"records": records})
    assert all(each["success"] for each in made), made
    return [str(each["id"]) for each in made]


def ssn(number: int) -> str:
    return f"523-45-{number:04d}"


def there(estate: RunningEstate, where: str = "External_Id__c LIKE 'SYN-%'") -> dict[str, dict[str, Any]]:
    soql = f"SELECT Id, LastName, Email, External_Id__c FROM Contact WHERE {where}"
    rows = estate.get("emea", "client.laboratory@emea.meridian.example", "v62.0/query", params={"q": soql})
    return {row["External_Id__c"]: row for row in rows.json()["records"]}


def indexes(estate: RunningEstate) -> dict[str, str]:
    """From the org's own file: nobody but the sync sees this field."""
    file = estate.folder / "orgs" / "emea.sqlite"
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        soql = "SELECT External_Id__c, SSN_Index__c FROM Contact WHERE External_Id__c LIKE 'SYN-%'"
        return dict(database.execute(soql).fetchall())


def carried(**options: Any) -> Lineage:
    return sync_route(route=ROUTE, **options)  # type: ignore[no-any-return]  # as the flow decorator loses the type


def refuse(estate: RunningEstate, kind: str, **options: Any) -> None:
    launch.ask(estate.folder, "POST", "/faults", {"kind": kind, "org": "emea", **options})


def on_disk(estate: RunningEstate, texts: Sequence[str]) -> list[str]:
    """Which of these stand in clear anywhere in what emea keeps."""
    found = []
    for file in (estate.folder / "orgs").rglob("*emea*"):
        content = file.read_bytes() if file.is_file() else b""
        found += [text for text in texts if text.encode() in content]
    return found


def test_two_hundred_contacts_arrive_sealed_and_once(product: Product, estate: RunningEstate) -> None:
    people(estate, 0, COUNT)
    estate.reset_wire()
    done = carried()
    assert (done.path, done.counts.sent, done.counts.verified, done.waiting) == (
        "collections",
        COUNT,
        COUNT,
        0,
    )
    found = there(estate)
    assert len(found) == COUNT and found["SYN-000007"]["Email"] == "sync7@mail.example"
    numbers = [ssn(number) for number in range(COUNT)]
    assert on_disk(estate, numbers) == [], "no value in clear, not even for a moment"
    assert product.holding(*numbers[:3]) == [], "nor here"
    key = index_key(open_cloud, f"sync/{ROUTE}/index-key")
    assert indexes(estate) == {
        f"SYN-{number:06d}": blind_index(key, "Contact", "SSN__c", ssn(number)) for number in range(COUNT)
    }
    ours = [row for row in estate.wire() if row["org"] == "emea" and row.get("user") == USER]
    assert ours and {row.get("port") for row in ours} == {8443}
    with open_ledger() as ledger:
        grant = GrantBook(ledger).find(done.grant)
        steps = [entry.body["step"] for entry in ledger.entries(EntryKind.SYNC, subject=ROUTE)]
    assert grant.revoked is not None and grant.request.route == ROUTE, "the rights went with the run"
    assert steps[-2:] == ["batch", "run"]


def test_a_sandbox_gets_no_personal_data(estate: RunningEstate) -> None:
    with open_ledger() as ledger:
        before = len(GrantBook(ledger).all())
    estate.reset_wire()
    with pytest.raises(SyncRefused, match=r"Account\.SSN__c.*ZT-09"):
        sync_route(route=INTO_SANDBOX)
    assert [row for row in estate.wire() if row["org"] == "hq-uat"] == []
    with open_ledger() as ledger:
        assert len(GrantBook(ledger).all()) == before, "no rights are taken for it"


@pytest.mark.slow
def test_changes_and_deletions_follow(estate: RunningEstate) -> None:
    first, second, _ = people(estate, 1_000, 3)
    carried()
    before = there(estate)
    again = carried()
    assert again.counts.sent == 0 and again.counts.known >= 3 and there(estate) == before
    wrote(estate, "PATCH", f"sobjects/Contact/{first}", {"LastName": "Changed"})
    wrote(estate, "DELETE", f"sobjects/Contact/{second}")
    done = carried()
    assert (done.counts.sent, done.counts.removed) == (1, 1)
    found = there(estate, "External_Id__c LIKE 'SYN-001%'")
    assert sorted(found) == ["SYN-001000", "SYN-001002"] and found["SYN-001000"]["LastName"] == "Changed"


@pytest.mark.slow
def test_what_is_locked_for_long_waits_and_is_carried_again(estate: RunningEstate) -> None:
    people(estate, 2_000, 1)
    refuse(estate, "partial", path="composite/sobjects/Contact", method="PATCH", times=TRIES)
    try:
        done = carried()
    finally:
        launch.ask(estate.folder, "DELETE", "/faults")
    assert (done.waiting, done.counts.held, done.counts.verified) == (1, 1, 0)
    with open_ledger() as ledger:
        [held] = RouteState(ledger, ROUTE, "test").quarantine().values()
    assert held.code == "UNABLE_TO_LOCK_ROW"
    assert there(estate, "External_Id__c LIKE 'SYN-002%'") == {}
    again = carried(replay=True)
    assert (again.waiting, again.counts.healed) == (0, 1)
    assert len(there(estate, "External_Id__c LIKE 'SYN-002%'")) == 1


@pytest.mark.slow
def test_a_field_that_went_is_found_before_the_first_record_moves(estate: RunningEstate) -> None:
    who = "client.laboratory@emea.meridian.example"
    where = f"Parent.Name = '{ROUTE}' AND Field = 'Contact.Title'"
    soql = f"SELECT Id, ParentId FROM FieldPermissions WHERE {where}"
    [row] = estate.get("emea", who, "v62.0/query", params={"q": soql}).json()["records"]
    assert (
        estate.call("DELETE", "emea", who, f"v62.0/sobjects/FieldPermissions/{row['Id']}").status_code == 204
    )
    people(estate, 3_000, 1)
    estate.reset_wire()
    try:
        with pytest.raises(SyncRefused, match=r"emea shows no Contact\.Title"):
            carried()
        assert not [r for r in estate.wire() if r["org"] == "hq" and "/query" in r.get("path", "")]
    finally:
        back = {
            "ParentId": row["ParentId"],
            "SobjectType": "Contact",
            "Field": "Contact.Title",
            "PermissionsRead": True,
            "PermissionsEdit": True,
        }
        assert (
            estate.call("POST", "emea", who, "v62.0/sobjects/FieldPermissions", json=back).status_code == 201
        )
    assert carried().counts.sent == 1


@pytest.mark.slow
def test_a_killed_run_is_gone_on_with_and_writes_nothing_twice(estate: RunningEstate) -> None:
    """It dies once its records stand in the target, before anybody noted that they do."""
    people(estate, 4_000, 40)
    code = f"""
import os, signal
from tasks.sync import verify
from flows.sync import sync_route
import tasks.sync.carry as carry
def die(*_): os.kill(os.getpid(), signal.SIGKILL)
carry.wrong = die
sync_route(route={ROUTE!r})
"""
    ended = subprocess.run([sys.executable, "-c", code], env={**os.environ}, capture_output=True, timeout=300)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    before = there(estate, "External_Id__c LIKE 'SYN-004%'")
    assert len(before) == 40
    done = carried()
    assert (done.counts.right, done.counts.sent) == (40, 0)
    assert there(estate, "External_Id__c LIKE 'SYN-004%'") == before


@pytest.mark.slow
def test_lost_replies_and_ended_sessions_leave_each_record_once(estate: RunningEstate) -> None:
    people(estate, 5_000, 60)
    refuse(estate, "cut", path="composite/sobjects/Contact", method="PATCH", times=1, after_commit=True)
    refuse(estate, "expire", path="composite/sobjects/Contact", times=1, skip=1)
    try:
        done = carried()
    finally:
        launch.ask(estate.folder, "DELETE", "/faults")
    assert (done.counts.verified, done.waiting) == (60, 0)
    assert len(there(estate, "External_Id__c LIKE 'SYN-005%'")) == 60
