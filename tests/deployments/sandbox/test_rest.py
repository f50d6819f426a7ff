"""The data API over the wire: versions, records, pages, composites, collections, limits, refusals."""

import gzip
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import requests

from deployments.sandbox import launch
from tests.running import RunningEstate

ADMIN = "admin@hq.example"
CLERK = "clerk@hq.example"


def call(
    estate: RunningEstate, method: str, path: str, username: str = ADMIN, **options: Any
) -> requests.Response:
    return estate.call(method, "hq", username, f"v62.0/{path}", **options)


def test_versions_need_no_session_and_end_at_67(miniature: RunningEstate) -> None:
    with miniature.session() as session:
        listed = session.get(f"{miniature.org('hq')['instance_url']}/services/data/", timeout=10).json()

    assert listed[0]["version"] == "31.0"
    assert listed[-1] == {"label": "Summer '26", "url": "/services/data/v67.0", "version": "67.0"}


@pytest.mark.parametrize("version", ["30.0", "68.0", "62.5"])
def test_other_versions_do_not_exist(miniature: RunningEstate, version: str) -> None:
    answer = miniature.get("hq", ADMIN, f"v{version}/limits")

    assert (answer.status_code, answer.json()[0]["errorCode"]) == (404, "NOT_FOUND")


def test_no_session_is_a_list_shaped_401(miniature: RunningEstate) -> None:
    with miniature.session() as session:
        answer = session.get(f"{miniature.org('hq')['instance_url']}/services/data/v62.0/limits", timeout=10)

    assert answer.status_code == 401
    assert answer.json() == [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]


def test_answers_carry_usage_and_the_orgs_time(miniature: RunningEstate) -> None:
    answer = call(miniature, "GET", "limits")

    assert answer.headers["Sforce-Limit-Info"].startswith("api-usage=")
    assert abs((parsedate_to_datetime(answer.headers["Date"]) - datetime.now(UTC)).total_seconds()) < 5
    assert answer.json()["DailyApiRequests"]["Max"] == 5_000_000


def test_a_record_lives_from_create_to_delete(miniature: RunningEstate) -> None:
    made = call(miniature, "POST", "sobjects/Account", json={"Name": "Fresh"})
    assert made.status_code == 201
    assert made.json() == {"id": made.json()["id"], "success": True, "errors": []}
    path = f"sobjects/Account/{made.json()['id']}"
    assert made.headers["Location"] == f"/services/data/v62.0/{path}"

    changed = call(miniature, "PATCH", path, json={"Name": "Older"})
    assert (changed.status_code, changed.content) == (204, b"")
    record = call(miniature, "GET", path).json()
    assert record["attributes"] == {"type": "Account", "url": f"/services/data/v62.0/{path}"}
    assert record["Name"] == "Older"
    assert list(call(miniature, "GET", f"{path}?fields=Name").json()) == ["attributes", "Name", "Id"]
    assert call(miniature, "DELETE", path).status_code == 204
    assert call(miniature, "GET", path).status_code == 404
    assert call(miniature, "DELETE", path).json()[0]["errorCode"] == "ENTITY_IS_DELETED"


def test_an_old_id_of_15_characters_finds_the_record(miniature: RunningEstate) -> None:
    record_id = call(miniature, "POST", "sobjects/Account", json={"Name": "Short"}).json()["id"]

    assert call(miniature, "GET", f"sobjects/Account/{record_id[:15]}").json()["Id"] == record_id
    call(miniature, "DELETE", f"sobjects/Account/{record_id}")


@pytest.mark.parametrize("path", ["sobjects//Account/describe/", "/sobjects/Account/describe"])
def test_doubled_and_trailing_slashes_are_taken(miniature: RunningEstate, path: str) -> None:
    described = call(miniature, "GET", path).json()

    assert described["name"] == "Account"
    assert described["keyPrefix"] == "001"
    names = {field["name"] for field in described["fields"]}
    assert {"Id", "Name", "OwnerId", "SystemModstamp"} <= names
    assert "calculatedFormula" in described["fields"][0] and "childRelationships" in described


def test_writes_are_judged_by_the_callers_rights(miniature: RunningEstate) -> None:
    refused = call(miniature, "POST", "sobjects/Account", CLERK, json={"Name": "No"})
    hidden = call(miniature, "GET", "query?q=SELECT Id FROM Account", CLERK)

    assert refused.status_code in (403, 404)
    assert hidden.json()[0]["errorCode"] == "INVALID_TYPE"


def test_pages_follow_each_other_and_any_page_can_be_asked_for_alone(miniature: RunningEstate) -> None:
    token = miniature.token("hq", ADMIN)
    base = miniature.org("hq")["instance_url"]
    headers = {"Authorization": f"Bearer {token}", "Sforce-Query-Options": "batchSize=1000"}
    with miniature.session() as session:
        first = session.get(
            f"{base}/services/data/v62.0/query?q=SELECT Id FROM Account ORDER BY Id",
            headers=headers,
            timeout=10,
        ).json()
        assert (first["totalSize"], first["done"], len(first["records"])) == (2500, False, 1000)
        assert first["nextRecordsUrl"].endswith("-1000")
        last = session.get(
            base + first["nextRecordsUrl"].replace("-1000", "-2000"), headers=headers, timeout=10
        ).json()
        assert (last["done"], len(last["records"]), "nextRecordsUrl" in last) == (True, 500, False)
        middle = session.get(base + first["nextRecordsUrl"], headers=headers, timeout=10).json()
        ids = [row["Id"] for page in (first, middle, last) for row in page["records"]]
        assert len(set(ids)) == 2500 and ids == sorted(ids)
        gone = session.get(
            f"{base}/services/data/v62.0/query/01g000000000000AAA-2000", headers=headers, timeout=10
        )
    assert gone.json()[0]["errorCode"] == "INVALID_QUERY_LOCATOR"


def test_a_page_belongs_to_who_asked_for_it(miniature: RunningEstate) -> None:
    following = call(miniature, "GET", "query?q=SELECT Id FROM Account").json()["nextRecordsUrl"]

    path = following.removeprefix("/services/data/v62.0/")
    assert call(miniature, "GET", path, CLERK).json()[0]["errorCode"] == "INVALID_QUERY_LOCATOR"


def test_query_all_shows_deleted_rows(miniature: RunningEstate) -> None:
    record_id = call(miniature, "POST", "sobjects/Account", json={"Name": "Bin"}).json()["id"]
    call(miniature, "DELETE", f"sobjects/Account/{record_id}")
    soql = f"SELECT Id, IsDeleted FROM Account WHERE Id = '{record_id}'"

    assert call(miniature, "GET", f"query?q={soql}").json()["records"] == []
    assert call(miniature, "GET", f"queryAll?q={soql}").json()["records"][0]["IsDeleted"] is True


def test_tooling_answers_under_its_own_addresses(miniature: RunningEstate) -> None:
    answer = call(miniature, "GET", "tooling/query?q=SELECT Id, Name FROM Profile").json()

    assert answer["entityTypeName"] == "Profile"
    assert answer["size"] == answer["totalSize"] == 4
    assert "/tooling/sobjects/Profile/" in answer["records"][0]["attributes"]["url"]
    wrong = call(miniature, "GET", "tooling/query?q=SELECT Id FROM Account")
    assert wrong.json()[0]["errorCode"] == "INVALID_TYPE"


def test_a_composite_passes_ids_on_and_answers_200(miniature: RunningEstate) -> None:
    parts = [
        {
            "method": "POST",
            "url": "/services/data/v62.0/sobjects/Account",
            "referenceId": "a",
            "body": {"Name": "Ref"},
        },
        {
            "method": "GET",
            "url": "/services/data/v62.0/sobjects/Account/@{a.id}?fields=Name",
            "referenceId": "b",
        },
        {"method": "GET", "url": "/services/data/v62.0/query?q=SELECT+Id+FROM+Nowhere", "referenceId": "c"},
        {"method": "DELETE", "url": "/services/data/v62.0/sobjects/Account/@{a.id}", "referenceId": "d"},
    ]
    mark = max(row["id"] for row in miniature.wire())
    answer = call(miniature, "POST", "composite", json={"allOrNone": False, "compositeRequest": parts})

    assert answer.status_code == 200
    responses = answer.json()["compositeResponse"]
    assert [each["httpStatusCode"] for each in responses] == [201, 200, 400, 204]
    assert responses[1]["body"]["Name"] == "Ref"
    row = next(row for row in miniature.wire(mark) if row["path"].endswith("/composite"))
    assert row["parts"][2] == "GET /services/data/v62.0/query?q=SELECT+Id+FROM+Nowhere"


def test_all_or_none_undoes_the_good_parts(miniature: RunningEstate) -> None:
    parts = [
        {
            "method": "POST",
            "url": "/services/data/v62.0/sobjects/Account",
            "referenceId": "a",
            "body": {"Name": "Undo"},
        },
        {
            "method": "PATCH",
            "url": "/services/data/v62.0/sobjects/Account/@{a.id}",
            "referenceId": "b",
            "body": {"No": 1},
        },
    ]
    answer = call(miniature, "POST", "composite", json={"allOrNone": True, "compositeRequest": parts}).json()

    assert [each["httpStatusCode"] for each in answer["compositeResponse"]] == [400, 400]
    assert answer["compositeResponse"][0]["body"][0]["errorCode"] == "PROCESSING_HALTED"
    assert answer["compositeResponse"][1]["body"][0]["errorCode"] != "PROCESSING_HALTED"
    assert (
        call(miniature, "GET", "query?q=SELECT Id FROM Account WHERE Name = 'Undo'").json()["totalSize"] == 0
    )


def test_a_composite_takes_25_parts_and_5_queries(miniature: RunningEstate) -> None:
    query = {"method": "GET", "url": "/services/data/v62.0/query?q=SELECT+Id+FROM+User"}
    many = [{**query, "referenceId": f"r{n}"} for n in range(26)]

    assert call(miniature, "POST", "composite", json={"compositeRequest": many}).status_code == 400
    assert call(miniature, "POST", "composite", json={"compositeRequest": many[:6]}).status_code == 400
    assert call(miniature, "POST", "composite", json={"compositeRequest": many[:5]}).status_code == 200


def test_a_batch_runs_its_parts_alone_and_can_stop_at_the_first_failure(miniature: RunningEstate) -> None:
    parts = [
        {"method": "GET", "url": "v62.0/query?q=SELECT COUNT() FROM Profile"},
        {"method": "GET", "url": "v62.0/sobjects/Nothing/describe"},
        {"method": "GET", "url": "v62.0/limits"},
    ]
    answer = call(
        miniature, "POST", "composite/batch", json={"haltOnError": True, "batchRequests": parts}
    ).json()

    assert answer["hasErrors"] is True
    assert [each["statusCode"] for each in answer["results"]] == [200, 404, 412]
    assert answer["results"][0]["result"]["totalSize"] == 4


def test_collections_answer_in_order_with_their_own_errors(miniature: RunningEstate) -> None:
    kind = {"attributes": {"type": "Account"}}
    records = [{**kind, "Name": "One"}, {**kind, "Nope": "x"}, {**kind, "Name": "Three"}]

    answer = call(
        miniature, "POST", "composite/sobjects", json={"allOrNone": False, "records": records}
    ).json()
    assert [each["success"] for each in answer] == [True, False, True]
    assert answer[1]["errors"][0]["statusCode"] and "errorCode" not in answer[1]["errors"][0]
    ids = [answer[0]["id"], answer[2]["id"]]
    got = call(miniature, "GET", f"composite/sobjects/Account?ids={','.join(ids[::-1])}&fields=Name").json()
    assert [each["Name"] for each in got] == ["Three", "One"]
    whole = call(miniature, "POST", "composite/sobjects", json={"allOrNone": True, "records": records}).json()
    assert whole[0]["errors"][0]["statusCode"] == "ALL_OR_NONE_OPERATION_ROLLED_BACK"
    gone = call(miniature, "DELETE", f"composite/sobjects?ids={','.join(ids)}").json()
    assert [each["success"] for each in gone] == [True, True]
    left = call(miniature, "GET", "query?q=SELECT Id FROM Account WHERE Name IN ('One', 'Three')").json()
    assert left["totalSize"] == 0


def test_record_counts_are_counted(miniature: RunningEstate) -> None:
    answer = call(miniature, "GET", "limits/recordCount?sObjects=Account,Contact").json()

    assert {each["name"]: each["count"] for each in answer["sObjects"]}["Account"] == 2500
    every = [each["name"] for each in call(miniature, "GET", "sobjects").json()["sobjects"]]
    counted = {
        each["name"]
        for start in range(0, len(every), 100)
        for each in call(
            miniature, "GET", f"limits/recordCount?sObjects=Nothing__c,{','.join(every[start : start + 100])}"
        ).json()["sObjects"]
    }
    assert {"Attachment", "Document"} <= counted
    assert "Nothing__c" not in counted, "what is not found is left out"


def test_a_new_password_replaces_the_old_one(miniature: RunningEstate) -> None:
    soql = "query?q=SELECT Id FROM User WHERE Username = 'unapproved@hq.example'"
    user_id = call(miniature, "GET", soql).json()["records"][0]["Id"]
    path = f"sobjects/User/{user_id}/password"

    assert call(miniature, "GET", path).json() == {"isExpired": False}
    assert (
        call(miniature, "POST", path, json={"NewPassword": "short"}).json()[0]["errorCode"]
        == "INVALID_NEW_PASSWORD"
    )
    assert call(miniature, "POST", path, CLERK, json={"NewPassword": "Longer4you"}).status_code == 403
    assert call(miniature, "POST", path, json={"NewPassword": "Longer4you"}).status_code == 204


def test_large_answers_are_compressed_for_who_asks(miniature: RunningEstate) -> None:
    token = miniature.token("hq", ADMIN)
    url = f"{miniature.org('hq')['instance_url']}/services/data/v62.0/sobjects"
    with miniature.session() as session:
        headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "gzip"}
        packed = session.get(url, headers=headers, timeout=10, stream=True)
        raw = packed.raw.read(decode_content=False)
        plain = session.get(url, headers={**headers, "Accept-Encoding": "identity"}, timeout=10)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(raw) == plain.content


def test_broken_json_and_wrong_methods_are_named(miniature: RunningEstate) -> None:
    broken = call(
        miniature, "POST", "sobjects/Account", data=b"{", headers={"Content-Type": "application/json"}
    )
    assert (broken.status_code, broken.json()[0]["errorCode"]) == (400, "JSON_PARSER_ERROR")
    put = call(miniature, "PUT", "sobjects/Account", json={})
    assert (put.status_code, put.json()[0]["errorCode"]) == (405, "METHOD_NOT_ALLOWED")


def test_a_sleeping_set_counts_only_in_the_session_that_woke_it(miniature: RunningEstate) -> None:
    made = call(miniature, "POST", "sobjects/PermissionSet", json={
        "Name": "Awake", "Label": "Awake", "HasActivationRequired": True, "PermissionsViewSetup": True,
    }).json()  # fmt: skip
    soql = f"query?q=SELECT Id FROM User WHERE Username = '{CLERK}'"
    user_id = call(miniature, "GET", soql).json()["records"][0]["Id"]
    grant = {"PermissionSetId": made["id"], "AssigneeId": user_id}
    assert call(miniature, "POST", "sobjects/PermissionSetAssignment", json=grant).status_code == 201
    base = f"{miniature.org('hq')['instance_url']}/services/data/v62.0"
    tokens = [miniature.token("hq", CLERK) for _ in range(2)]
    with miniature.session() as session:

        def limits(token: str) -> int:
            headers = {"Authorization": f"Bearer {token}"}
            return session.get(f"{base}/limits", headers=headers, timeout=10).status_code

        def act(name: str) -> int:
            body, headers = {"inputs": [{"PermSetName": "Awake"}]}, {"Authorization": f"Bearer {tokens[0]}"}
            return session.post(
                f"{base}/actions/standard/{name}", json=body, headers=headers, timeout=10
            ).status_code

        assert [limits(token) for token in tokens] == [403, 403]
        assert act("activateSessionPermSet") == 200
        assert [limits(token) for token in tokens] == [200, 403]
        assert act("deactivateSessionPermSet") == 200
        assert limits(tokens[0]) == 403
        assert act("deactivateSessionPermSet") == 400


def test_an_address_beyond_16_kilobytes_is_refused(miniature: RunningEstate) -> None:
    ids = ",".join(["'001000000000000AAA'"] * 900)

    answer = call(miniature, "GET", f"query?q=SELECT Id FROM Account WHERE Id IN ({ids})")
    assert answer.status_code == 414


def test_a_tooling_composite_reads_metadata_one_by_one(miniature: RunningEstate) -> None:
    found = call(miniature, "GET", "tooling/query?q=SELECT Id, Name FROM Profile ORDER BY Name").json()[
        "records"
    ]
    url = "/services/data/v62.0/tooling/sobjects/Profile/{}"
    parts = [{"method": "GET", "url": url.format(row["Id"]), "referenceId": row["Name"][:4]} for row in found]

    answer = call(miniature, "POST", "tooling/composite", json={"compositeRequest": parts}).json()
    bodies = [each["body"] for each in answer["compositeResponse"]]
    assert [body["Name"] for body in bodies] == [row["Name"] for row in found]
    assert all("Metadata" in body for body in bodies)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("actions/standard/activateSessionPermSet", b'{"inputs": [1]}'),
        ("composite", b'{"compositeRequest": [{"method": "POST", "referenceId": "a", "url": "/services/data/vfoo/sobjects/Account", "body": {}}]}'),
        ("composite", b'{"compositeRequest": [{"method": "POST", "referenceId": "a", "url": "/services/data/v67.0/sobjects/Account", "body": ' + b"[" * 300 + b"]" * 300 + b"}]}"),
        ("composite", b'{"compositeRequest": [{"method": "POST", "referenceId": "a", "url": "/services/data/v67.0/sobjects/Account", "body": ' + b"[" * 900 + b"]" * 900 + b"}]}"),
    ],
)  # fmt: skip
def test_odd_bodies_are_refused_and_no_more(miniature: RunningEstate, path: str, body: bytes) -> None:
    answer = call(miniature, "POST", path, data=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (200, 400), answer.text
    if answer.status_code == 200:
        assert answer.json()["compositeResponse"][0]["httpStatusCode"] == 404


def test_moments_before_all_time_are_no_moments(miniature: RunningEstate) -> None:
    answer = call(
        miniature,
        "GET",
        "sobjects/Account/updated?start=0001-01-01T00:00:00%2B14:00&end=2026-01-01T00:00:00Z",
    )
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "INVALID_REPLICATION_DATE")


def test_pages_of_a_query_are_gone_after_a_while_and_after_ten_others(miniature: RunningEstate) -> None:
    def first() -> str:
        answer = call(
            miniature,
            "GET",
            "query?q=SELECT Id FROM FieldDefinition WHERE EntityDefinitionId != null",
            headers={"Sforce-Query-Options": "batchSize=200"},
        )
        return str(answer.json()["nextRecordsUrl"]).partition("v62.0/")[2]

    oldest = first()
    assert call(miniature, "GET", oldest).status_code == 200
    for _ in range(10):
        newest = first()
    assert call(miniature, "GET", oldest).json()[0]["errorCode"] == "INVALID_QUERY_LOCATOR"
    assert call(miniature, "GET", newest).status_code == 200
    launch.ask(miniature.folder, "POST", "/clock", {"advance_seconds": 16 * 60})
    assert call(miniature, "GET", newest).json()[0]["errorCode"] == "INVALID_QUERY_LOCATOR"


def test_an_activation_is_a_record_that_ends_what_it_woke(miniature: RunningEstate) -> None:
    made = call(miniature, "POST", "sobjects/PermissionSet", json={
        "Name": "Roused", "Label": "Roused", "HasActivationRequired": True, "PermissionsViewSetup": True,
    }).json()["id"]  # fmt: skip
    soql = f"query?q=SELECT Id FROM User WHERE Username = '{CLERK}'"
    user_id = call(miniature, "GET", soql).json()["records"][0]["Id"]
    grant = {"PermissionSetId": made, "AssigneeId": user_id}
    base = f"{miniature.org('hq')['instance_url']}/services/data/v62.0"
    headers = {"Authorization": f"Bearer {miniature.token('hq', CLERK)}"}
    with miniature.session() as session:

        def limits() -> int:
            return session.get(f"{base}/limits", headers=headers, timeout=10).status_code

        def rows() -> list[dict[str, Any]]:
            asked = f"query?q=SELECT Id, UserId, AuthSession.UsersId FROM SessionPermSetActivation WHERE PermissionSetId = '{made}'"
            found: list[dict[str, Any]] = call(miniature, "GET", asked).json()["records"]
            return found

        body = {"inputs": [{"PermSetName": "Roused"}]}
        of_session = f"query?q=SELECT Id FROM AuthSession WHERE UsersId = '{user_id}' ORDER BY CreatedDate DESC LIMIT 1"
        auth_session = call(miniature, "GET", of_session).json()["records"][0]["Id"]
        record = {"AuthSessionId": auth_session, "PermissionSetId": made}
        refused = call(miniature, "POST", "sobjects/SessionPermSetActivation", json=record)
        assert refused.status_code == 400, "nobody wakes what is not assigned"
        call(miniature, "POST", "sobjects/PermissionSetAssignment", json=grant)
        session.post(
            f"{base}/actions/standard/activateSessionPermSet", json=body, headers=headers, timeout=10
        )
        [row] = rows()
        assert (row["UserId"], row["AuthSession"]["UsersId"], limits()) == (user_id, user_id, 200)
        assert call(miniature, "DELETE", f"sobjects/SessionPermSetActivation/{row['Id']}").status_code == 204
        assert (rows(), limits()) == ([], 403)
        assert call(miniature, "POST", "sobjects/SessionPermSetActivation", json=record).status_code == 201
        assert limits() == 200
        assert call(miniature, "DELETE", f"sobjects/AuthSession/{auth_session}").status_code == 204
        assert (rows(), limits()) == ([], 401)
