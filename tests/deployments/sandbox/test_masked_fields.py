"""Text (Encrypted) fields of Classic Encryption: who reads them, what others see, and what cannot be done with them."""

from dataclasses import replace
from pathlib import Path

import pytest

from deployments.sandbox import launch, records
from deployments.sandbox.caller import Caller
from deployments.sandbox.schema import Field
from deployments.sandbox.soql.masks import mask_for
from deployments.sandbox.soql.query import SoqlError
from deployments.sandbox.sosl.run import searched
from tests.deployments.sandbox.envelopes import soap, texts
from tests.deployments.sandbox.small_org import SmallOrg
from tests.running import RunningEstate

ADMIN = "admin@hq.example"
CLERK = "clerk@hq.example"
CARD = "4111-1111-1111-1234"


@pytest.fixture
def org(tmp_path: Path) -> SmallOrg:
    """An org whose accounts have an encrypted card number that the clerk may read by field rights."""
    small = SmallOrg(tmp_path)
    body = {"type": "EncryptedText", "length": "20", "maskChar": "X", "maskType": "creditCard"}
    small.store.put_metadata("CustomField", "Account.Card__c", {"label": "Card", **body})
    small.store.extend_schema()
    small.store.add_column(small.store.schema["Account"], "Card__c")
    rows: list[dict[str, object]] = [{"Name": "Anna", "Card__c": CARD}, {"Name": "Bob", "Card__c": None}]
    small.store.insert("Account", rows)
    set_id = small.permission_set((), Name="Cards", Label="Cards")
    small.open(set_id, "Account", "Card__c", ViewAllRecords=True)
    small.grant(small.clerk_id, set_id)
    return small


def test_a_value_stands_behind_its_mask(org: SmallOrg) -> None:
    soql = "SELECT Name, Card__c, FORMAT(Card__c) shown FROM Account ORDER BY Name"
    masked, empty = org.ask(soql, org.clerk).records
    assert masked["Card__c"] == masked["shown"] == "X" * 15 + "1234"
    assert empty["Card__c"] is None
    account = str(org.values("SELECT Id FROM Account WHERE Name = 'Anna'", "Id")[0])
    assert records.retrieve(org.store, org.clerk, "Account", account)["Card__c"] == "X" * 15 + "1234"
    modifying = replace(org.clerk, permissions=org.clerk.permissions | {"ModifyAllData", "ViewAllData"})
    assert org.ask(soql, modifying).records[0]["Card__c"] == "X" * 15 + "1234", (
        "nothing else stands in for it"
    )
    viewing = replace(org.clerk, permissions=org.clerk.permissions | {"ViewEncryptedData"})
    assert org.ask(soql, viewing).records[0]["Card__c"] == CARD


@pytest.mark.parametrize(
    ("mask_type", "shown"),
    [
        ("all", "*********"),
        ("nino", "*********"),
        ("creditCard", "*****6789"),
        ("ssn", "*****6789"),
        ("sin", "*****6789"),
        ("lastFour", "*****6789"),
        ("", "*********"),
    ],
)
def test_each_mask_leaves_none_or_four(mask_type: str, shown: str) -> None:
    field = Field("N__c", "string", "N", encrypted=True, mask="asterisk", mask_type=mask_type)
    mask = mask_for(Caller("005"), field)
    assert mask is not None
    assert (mask("123456789"), mask(None)) == (shown, None)
    assert mask_for(Caller("005", frozenset({"ViewEncryptedData"})), field) is None
    assert mask_for(Caller("005"), replace(field, encrypted=False)) is None


@pytest.mark.parametrize(
    "soql",
    [
        f"SELECT Id FROM Account WHERE Card__c = '{CARD}'",
        "SELECT Id FROM Account WHERE Card__c != null",
        "SELECT Id FROM Account WHERE Card__c LIKE '4%'",
        "SELECT Id FROM Account WHERE DAY_ONLY(Card__c) = 2026-01-01",
        "SELECT Id FROM Account ORDER BY Card__c",
        "SELECT Card__c FROM Account GROUP BY Card__c",
        "SELECT MIN(Card__c) FROM Account",
        "SELECT DAY_ONLY(Card__c) d FROM Account",
    ],
)
def test_a_query_cannot_ask_about_it(org: SmallOrg, soql: str) -> None:
    with pytest.raises(SoqlError):
        org.ask(soql)


def test_a_search_does_not_look_into_it(org: SmallOrg) -> None:
    looked_into = searched(org.store.schema["Account"], Caller.system(), "ALL")
    assert "Name" in looked_into and "Card__c" not in looked_into


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("<length>20</length><maskType>all</maskType>", "Required field is missing: maskChar"),
        ("<length>20</length><maskChar>X</maskChar>", "Required field is missing: maskType"),
        (
            "<length>20</length><maskChar>#</maskChar><maskType>all</maskType>",
            "not a valid value for maskChar",
        ),
        ("<length>176</length><maskChar>X</maskChar><maskType>all</maskType>", "between 1 and 175"),
        (
            "<unique>true</unique><length>20</length><maskChar>X</maskChar><maskType>all</maskType>",
            "'unique'",
        ),
    ],
)
def test_what_a_component_has_to_say(miniature: RunningEstate, body: str, problem: str) -> None:
    assert problem in created(miniature, body)


def test_a_field_made_over_the_wire_is_masked(miniature: RunningEstate) -> None:
    launch.save_snapshot(miniature.folder, "before-masks")
    try:
        good = "<length>20</length><maskChar>asterisk</maskChar><maskType>lastFour</maskType>"
        assert created(miniature, good) == ""
        rights = "<fieldPermissions><editable>true</editable><field>Account.Masked__c</field><readable>true</readable>"
        rights += (
            "</fieldPermissions><objectPermissions><allowCreate>true</allowCreate><allowEdit>true</allowEdit>"
        )
        rights += "<allowRead>true</allowRead><object>Account</object></objectPermissions>"
        profiles = "".join(
            f'<metadata xsi:type="Profile"><fullName>{name}</fullName>{rights}</metadata>'
            for name in ("Admin", "Clerk")
        )
        answer = soap(miniature, f"<updateMetadata>{profiles}</updateMetadata>")[1]
        assert texts(answer, "success") == ["true", "true"]
        path = "v62.0/sobjects/Account"
        made = miniature.call("POST", "hq", CLERK, path, json={"Name": "Masked", "Masked__c": "secret1234"})
        assert made.status_code == 201, made.text
        seen = [miniature.get("hq", user, f"{path}/{made.json()['id']}").json() for user in (CLERK, ADMIN)]
        assert [row["Masked__c"] for row in seen] == ["******1234", "secret1234"]
        described = miniature.get("hq", ADMIN, f"{path}/describe").json()["fields"]
        field = next(each for each in described if each["name"] == "Masked__c")
        assert (field["type"], field["mask"], field["maskType"], field["filterable"]) == (
            "encryptedstring",
            "asterisk",
            "lastFour",
            False,
        )
    finally:
        launch.restore_snapshot(miniature.folder, "before-masks")
        launch.delete_snapshot(miniature.folder, "before-masks")


def created(estate: RunningEstate, body: str) -> str:
    """Makes the encrypted field; the refusal's message, or nothing."""
    inner = f"<fullName>Account.Masked__c</fullName><label>Masked</label><type>EncryptedText</type>{body}"
    content = f'<createMetadata><metadata xsi:type="CustomField">{inner}</metadata></createMetadata>'
    return "".join(text or "" for text in texts(soap(estate, content)[1], "message"))
