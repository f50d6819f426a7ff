"""
Sealed values on the embedded estate: who reads them, what a stolen administrator's token finds, and keys that turn.

The article's three roles are people of emea: its System Administrator and EMEA Finance Manager read, its EMEA Sales Rep does not.
"""

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
from flows.data_keys import rotate_data_keys
from flows.sync import sync_route
from tasks.aws.cloud import Cloud
from tasks.decryption.desk_gateway import read_sealed
from tasks.decryption.model import MASK, Asked, Clear
from tasks.encryption.sealed import key_of
from tasks.errors import DecryptionRefused, LoginRefused, SealBroken, SecretUnavailable
from tasks.ledger.model import EntryKind
from tasks.orgs import load_estate, open_cloud, open_ledger
from tasks.sync.model import Batch, Counts, Cursor, KeyRotation
from tasks.sync.state_ledger_gateway import RouteState
from tests.flows import test_sync
from tests.flows.test_sync import on_disk, wrote
from tests.product import Product
from tests.running import RunningEstate

ROUTE = "HQ_to_EMEA_Contact_Sync"
SEALED = {"SSN_Sealed__c": "SSN__c", "Tax_Sealed__c": "TaxID__c", "Score_Sealed__c": "CreditScore__c"}
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
ADMINISTRATOR, SYNC_USER = "break.glass.1@emea.meridian.example", test_sync.USER
LABORATORY = "client.laboratory@emea.meridian.example"


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
            (),
            (),
            state.quarantine(),
        )
    _people_of_emea(estate)
    contacts(estate, 0, COUNT)
    assert sync_route(route=ROUTE).counts.verified == COUNT
    yield
    launch.restore_snapshot(estate.folder, "before-keys")
    launch.delete_snapshot(estate.folder, "before-keys")
    register_files(estate.folder / "estate.yaml")


def _people_of_emea(estate: RunningEstate) -> None:
    """Three who see the columns in the org; only what stands in them differs by who asks."""
    made = _columns(estate, "Sealed_Columns", edit=False)
    [laboratory] = rows(estate, f"SELECT Id FROM User WHERE Username = '{LABORATORY}'")
    editors = {
        "AssigneeId": laboratory["Id"],
        "PermissionSetId": _columns(estate, "Sealed_Editors", edit=True),
    }
    there(estate, "POST", "sobjects/PermissionSetAssignment", editors)
    staff = rows(
        estate,
        "SELECT Id, Username FROM User WHERE Profile.Name = 'Wealth Advisor' AND IsActive = true LIMIT 2",
    )
    for user, role in zip(staff, ("EMEA Finance Manager", "EMEA Sales Rep"), strict=True):
        known = there(
            estate, "POST", "sobjects/UserRole", {"Name": role, "DeveloperName": role.replace(" ", "_")}
        )
        there(estate, "PATCH", f"sobjects/User/{user['Id']}", {"UserRoleId": known["id"]})
        PEOPLE[role] = user["Username"]
    [root] = rows(estate, f"SELECT Id, Username FROM User WHERE Username = '{ADMINISTRATOR}'")
    PEOPLE["System Administrator"] = root["Username"]
    for user in (*staff, root):
        there(
            estate,
            "POST",
            "sobjects/PermissionSetAssignment",
            {"AssigneeId": user["Id"], "PermissionSetId": made},
        )


def _columns(estate: RunningEstate, name: str, *, edit: bool) -> str:
    made = str(there(estate, "POST", "sobjects/PermissionSet", {"Name": name, "Label": name})["id"])
    for field in (*SEALED, "External_Id__c"):
        row = {"ParentId": made, "SobjectType": "Contact", "Field": f"Contact.{field}"}
        flags = {"PermissionsRead": True, "PermissionsEdit": edit}
        there(estate, "POST", "sobjects/FieldPermissions", row | flags)
    rights = {"ParentId": made, "SobjectType": "Contact"}
    flags = {"PermissionsRead": True, "PermissionsViewAllRecords": True, "PermissionsEdit": edit}
    there(estate, "POST", "sobjects/ObjectPermissions", rights | flags)
    return made


PEOPLE: dict[str, str] = {}


def there(estate: RunningEstate, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    answer = estate.call(method, "emea", LABORATORY, f"v62.0/{path}", json=body)
    assert answer.status_code < 300, answer.text
    return answer.json() if answer.content else None


def rows(
    estate: RunningEstate, soql: str, who: str = LABORATORY, resource: str = "query"
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    path, params = f"v62.0/{resource}", {"q": soql}
    while path:
        page = estate.get("emea", who, path, params=params).json()
        assert "records" in page, page
        found += page["records"]
        path, params = page.get("nextRecordsUrl", "").partition("/services/data/")[2], {}
    return found


def contacts(estate: RunningEstate, first: int, count: int) -> None:
    records = [
        {
            "attributes": {"type": "Contact"},
            "LastName": f"Sealed{number}",
            "External_Id__c": f"SEA-{number:06d}",
            **values(number),
        }
        for number in range(first, first + count)
    ]
    made = wrote(estate, "POST", "composite/sobjects", {"records": records})
    assert all(each["success"] for each in made), made


def values(number: int) -> dict[str, str]:
    return {
        "SSN__c": f"523-46-{number:04d}",
        "TaxID__c": f"21-77{number:05d}",
        "CreditScore__c": f"{300 + number}",
    }


def carried(estate: RunningEstate, who: str = LABORATORY) -> dict[str, dict[str, Any]]:
    names = ", ".join(("Id", "External_Id__c", *SEALED))
    found = rows(estate, f"SELECT {names} FROM Contact WHERE External_Id__c LIKE 'SEA-%'", who)
    return {row["External_Id__c"]: row for row in found}


def asks(estate: RunningEstate, who: str, number: int = 7, fields: tuple[str, ...] = (*SEALED,)) -> Clear:
    record = carried(estate, PEOPLE["System Administrator"])[f"SEA-{number:06d}"]["Id"]
    asked = Asked(org="emea", sobject="Contact", record=record, fields=fields, reason="case 4711")
    return read_sealed(asked, estate.token("emea", PEOPLE.get(who, who)))


def plain(number: int = 7) -> dict[str, str]:
    return {field: values(number)[source] for field, source in SEALED.items()}


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


def test_a_stolen_administrators_token_dumps_nothing_in_the_clear_that_came_from_hq(
    estate: RunningEstate,
) -> None:
    """Every field of every record of both objects, the recycle bin included; and every byte that the org keeps."""
    for sobject in ("Account", "Contact"):
        described = estate.get("emea", ADMINISTRATOR, f"v62.0/sobjects/{sobject}/describe").json()["fields"]
        names = [each["name"] for each in described]
        dumped = rows(estate, f"SELECT {', '.join(names)} FROM {sobject}", ADMINISTRATOR, "queryAll")
        assert dumped
        texts = {str(cell) for row in dumped for name, cell in row.items() if name != "attributes"}
        for number in range(COUNT):
            assert not texts & {values(number)["SSN__c"], values(number)["TaxID__c"]}
        for row in dumped:
            if str(row.get("External_Id__c")).startswith("SEA-"):
                own = values(int(row["External_Id__c"][4:]))
                assert not {str(cell) for cell in row.values()} & {*own.values()}
                assert all(str(row[field]).startswith("AES256:") for field in SEALED)
    clear = [
        text for number in range(COUNT) for name, text in values(number).items() if name != "CreditScore__c"
    ]
    assert on_disk(estate, clear) == []


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
from flows.data_keys import rotate_data_keys
import tasks.sync.renewal as renewal
def die(*_): os.kill(os.getpid(), signal.SIGKILL)
renewal._seen = die
rotate_data_keys(route={ROUTE!r})
"""
    ended = subprocess.run([sys.executable, "-c", code], env={**os.environ}, capture_output=True, timeout=600)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    between = carried(estate)
    assert asks(estate, "System Administrator").values == plain(), "it reads on"
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
