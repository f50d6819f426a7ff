"""The Metadata API in raw envelopes: reads, results, faults, and what a write changes elsewhere."""

from lxml import etree

from tests.deployments.sandbox.envelopes import NAMES, ip_range, read, soap, texts, update
from tests.deployments.sandbox.logins import bearer_login, refusal
from tests.running import RunningEstate


def test_a_component_is_read_with_its_type_and_a_missing_one_is_nil(miniature: RunningEstate) -> None:
    records = list(read(miniature, "ConnectedApp", "Miniature", "Missing").iter(f"{{{NAMES['m']}}}records"))

    kind = "{http://www.w3.org/2001/XMLSchema-instance}"
    assert records[0].get(f"{kind}type") == "ConnectedApp"
    assert [etree.QName(child).localname for child in records[0]] == [
        *("fullName", "contactEmail", "label", "oauthConfig")
    ]
    assert records[1].get(f"{kind}nil") == "true"


def test_settings_answer_to_their_type_and_to_settings(miniature: RunningEstate) -> None:
    for kind in ("SecuritySettings", "Settings"):
        assert texts(read(miniature, kind, "Security"), "minimumPasswordLength") == ["8"]
    _, listed = soap(miniature, "<listMetadata><queries><type>Settings</type></queries></listMetadata>")
    assert sorted(map(str, texts(listed, "fullName"))) == ["OauthOidc", "Security"]


def test_an_update_replaces_the_lists_it_brings_and_leaves_the_rest(miniature: RunningEstate) -> None:
    one = ip_range("10.0.0.1", "10.0.0.9")
    update(miniature, "Profile", "Clerk", one)
    update(miniature, "Profile", "Clerk", one.replace("10.0.0.1<", "10.0.0.2<"))

    answer = read(miniature, "Profile", "Clerk")
    assert texts(answer, "startAddress") == ["10.0.0.2"]
    assert texts(answer, "custom") == ["true"]
    update(miniature, "Profile", "Clerk", "<loginIpRanges/>")
    assert texts(read(miniature, "Profile", "Clerk"), "startAddress") == []


def test_what_cannot_be_written_is_a_result_not_a_fault(miniature: RunningEstate) -> None:
    bad = (
        '<updateMetadata><metadata xsi:type="met:Profile"><fullName>Clerk</fullName><loginIpRanges>'
        "<endAddress>10.0.0.1</endAddress><startAddress>10.0.0.9</startAddress></loginIpRanges></metadata>"
        '<metadata xsi:type="met:Profile"><fullName>Missing</fullName></metadata></updateMetadata>'
    )
    status, answer = soap(miniature, bad)

    assert status == 200
    assert texts(answer, "success") == ["false", "false"]
    assert texts(answer, "statusCode") == ["FIELD_INTEGRITY_EXCEPTION", "INVALID_CROSS_REFERENCE_KEY"]


def test_a_component_lives_from_create_to_delete(miniature: RunningEstate) -> None:
    body = '<metadata xsi:type="RemoteSiteSetting"><fullName>Bank</fullName><url>https://bank.example</url></metadata>'
    gone = "<deleteMetadata><type>RemoteSiteSetting</type><fullNames>Bank</fullNames></deleteMetadata>"

    assert texts(soap(miniature, f"<createMetadata>{body}</createMetadata>")[1], "success") == ["true"]
    assert texts(soap(miniature, f"<createMetadata>{body}</createMetadata>")[1], "success") == ["false"]
    assert texts(soap(miniature, f"<upsertMetadata>{body}</upsertMetadata>")[1], "created") == ["false"]
    assert texts(soap(miniature, gone)[1], "success") == ["true"]
    assert texts(soap(miniature, gone)[1], "statusCode") == ["INVALID_CROSS_REFERENCE_KEY"]


def test_a_write_is_on_the_setup_audit_trail(miniature: RunningEstate) -> None:
    update(
        miniature,
        "SecuritySettings",
        "Security",
        "<enableAuditFieldsInactiveOwner>false</enableAuditFieldsInactiveOwner>",
    )
    query = "v62.0/query?q=SELECT Action, CreatedBy.Username FROM SetupAuditTrail ORDER BY Id DESC LIMIT 1"

    newest = miniature.get("hq", "admin@hq.example", query).json()["records"][0]
    assert newest["Action"] == "changedSecuritySettings"
    assert newest["CreatedBy"]["Username"] == "admin@hq.example"


def test_a_bad_session_and_missing_rights_are_faults(miniature: RunningEstate) -> None:
    content = "<readMetadata><type>Profile</type><fullNames>Clerk</fullNames></readMetadata>"
    status, answer = soap(miniature, content, token="00D!nothing")
    assert (status, answer.findtext(".//faultcode")) == (500, "sf:INVALID_SESSION_ID")

    status, answer = soap(miniature, content, "clerk@hq.example")
    assert (status, answer.findtext(".//faultcode")) == (500, "sf:INSUFFICIENT_ACCESS")


def test_the_wire_log_names_what_was_written(miniature: RunningEstate) -> None:
    mark = max(row["id"] for row in miniature.wire())
    update(miniature, "Profile", "Clerk", "<description>clerks</description>")

    row = next(row for row in miniature.wire(mark) if row["operation"] == "updateMetadata")
    assert (row["parts"], row["user"], row["org"]) == (["Profile Clerk"], "admin@hq.example", "hq")


def test_an_approval_taken_from_an_app_closes_the_door(miniature: RunningEstate) -> None:
    approved = "<isAdminApproved>{}</isAdminApproved>"
    config = f"<oauthConfig><consumerKey>3MVG9.jwt.hq</consumerKey>{approved}</oauthConfig>"
    update(miniature, "ConnectedApp", "Miniature", config.format("false"))
    try:
        assert refusal(bearer_login(miniature, "admin@hq.example"))[2] == "user hasn't approved this consumer"
    finally:
        update(miniature, "ConnectedApp", "Miniature", config.format("true"))
    assert bearer_login(miniature, "admin@hq.example").status_code == 200


def test_a_permission_set_written_as_metadata_is_rows_and_reads_back(miniature: RunningEstate) -> None:
    rights = (
        "<label>Sync</label>"
        "<objectPermissions><allowCreate>false</allowCreate><allowDelete>false</allowDelete>"
        "<allowEdit>false</allowEdit><allowRead>true</allowRead><modifyAllRecords>false</modifyAllRecords>"
        "<object>Account</object><viewAllRecords>false</viewAllRecords></objectPermissions>"
        "<userPermissions><enabled>true</enabled><name>ApiEnabled</name></userPermissions>"
    )
    component = f'<metadata xsi:type="PermissionSet"><fullName>Sync</fullName>{rights}</metadata>'
    _, made = soap(miniature, f"<createMetadata>{component}</createMetadata>")
    assert texts(made, "success") == ["true"], etree.tostring(made)

    query = (
        "v62.0/query?q=SELECT SobjectType, Parent.Name FROM ObjectPermissions WHERE PermissionsRead = true"
    )
    rows = miniature.get("hq", "admin@hq.example", query).json()["records"]
    assert [row["SobjectType"] for row in rows if row["Parent"]["Name"] == "Sync"] == ["Account"]
    answer = read(miniature, "PermissionSet", "Sync")
    assert (texts(answer, "object"), texts(answer, "name")) == (["Account"], ["ApiEnabled"])

    off = "<userPermissions><enabled>false</enabled><name>ApiEnabled</name></userPermissions>"
    update(miniature, "PermissionSet", "Sync", off)
    assert texts(read(miniature, "PermissionSet", "Sync"), "name") == []
    gone = "<deleteMetadata><type>PermissionSet</type><fullNames>Sync</fullNames></deleteMetadata>"
    assert texts(soap(miniature, gone)[1], "success") == ["true"]


def test_a_permission_taken_from_a_profile_is_gone_at_the_next_request(miniature: RunningEstate) -> None:
    switch = "<userPermissions><enabled>{}</enabled><name>ViewSetup</name></userPermissions>"
    update(miniature, "Profile", "Clerk", switch.format("true"))
    assert miniature.get("hq", "clerk@hq.example", "v62.0/limits").status_code == 200
    update(miniature, "Profile", "Clerk", switch.format("false"))
    assert miniature.get("hq", "clerk@hq.example", "v62.0/limits").status_code == 403
