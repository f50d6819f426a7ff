"""The data API's shapes: what every Salesforce org answers to reading calls."""

import re
from email.utils import parsedate_to_datetime

import pytest

from tests.contract.org import ContractOrg, lacking

OBJECT = """activateable associateEntityType associateParentEntity createable custom customSetting deepCloneable
deletable deprecatedAndHidden feedEnabled hasSubtypes isInterface isSubtype keyPrefix label labelPlural layoutable
mergeable mruEnabled name queryable replicateable retrieveable searchable triggerable undeletable updateable urls"""
DESCRIBED = f"""{OBJECT} actionOverrides childRelationships compactLayoutable defaultImplementation extendedBy
extendsInterfaces fields implementedBy implementsInterfaces listviewable lookupLayoutable namedLayoutInfos
networkScopeFieldName recordTypeInfos searchLayoutable sobjectDescribeOption supportedScopes"""
FIELD = """aggregatable aiPredictionField autoNumber byteLength calculated calculatedFormula cascadeDelete
caseSensitive compoundFieldName controllerName createable custom defaultValue defaultValueFormula defaultedOnCreate
dependentPicklist deprecatedAndHidden digits displayLocationInDecimal encrypted externalId extraTypeInfo filterable
filteredLookupInfo formulaTreatNullNumberAsZero groupable highScaleNumber htmlFormatted idLookup inlineHelpText label
length mask maskType name nameField namePointing nillable permissionable picklistValues polymorphicForeignKey
precision queryByDistance referenceTargetField referenceTo relationshipName relationshipOrder restrictedDelete
restrictedPicklist scale searchPrefilterable soapType sortable type unique updateable writeRequiresMasterRead"""
RESOURCES = "sobjects query queryAll search limits tooling composite identity recent actions process jobs"
ID = re.compile(r"[a-zA-Z0-9]{18}")
STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000"


def test_versions_need_no_session(org: ContractOrg) -> None:
    listed = org.call("GET", "/services/data", token="").json()

    assert all(set(each) == {"label", "url", "version"} for each in listed)
    assert org.version in {each["version"] for each in listed}
    assert all(each["url"] == f"/services/data/v{each['version']}" for each in listed)


def test_resources_of_a_version(org: ContractOrg) -> None:
    answer = org.get("")

    assert lacking(answer.json(), RESOURCES) == set()
    assert re.fullmatch(r"api-usage=\d+/\d+", answer.headers["Sforce-Limit-Info"])
    assert parsedate_to_datetime(answer.headers["Date"]).tzinfo is not None
    assert answer.headers["Content-Type"] == "application/json;charset=UTF-8"


def test_the_global_describe(org: ContractOrg) -> None:
    document = org.get("/sobjects").json()

    assert set(document) == {"encoding", "maxBatchSize", "sobjects"}
    assert (document["encoding"], document["maxBatchSize"]) == ("UTF-8", 200)
    by_name = {each["name"]: each for each in document["sobjects"]}
    assert lacking(by_name, "Account Contact User Profile PermissionSet PermissionSetAssignment") == set()
    assert all(lacking(each, OBJECT) == set() for each in by_name.values())
    assert by_name["Account"]["keyPrefix"] == "001"
    assert lacking(by_name["Account"]["urls"], "describe rowTemplate sobject") == set()


@pytest.mark.parametrize("name", ["Account", "User", "PermissionSet"])
def test_the_describe_of_an_object(org: ContractOrg, name: str) -> None:
    document = org.get(f"/sobjects/{name}/describe").json()

    assert lacking(document, DESCRIBED) == set()
    assert {name for field in document["fields"] for name in lacking(field, FIELD)} == set()
    fields = {field["name"]: field for field in document["fields"]}
    assert (fields["Id"]["type"], fields["Id"]["soapType"], fields["Id"]["length"]) == ("id", "tns:ID", 18)
    assert fields["CreatedById"]["referenceTo"] == ["User"]
    assert fields["CreatedById"]["relationshipName"] == "CreatedBy"


def test_a_query_and_its_records(org: ContractOrg) -> None:
    document = org.query("SELECT Id, Name, CreatedDate, Profile.Name, IsActive FROM User LIMIT 3").json()

    assert set(document) == {"totalSize", "done", "records"}
    assert (document["totalSize"], document["done"]) == (len(document["records"]), True)
    for record in document["records"]:
        assert set(record) == {"attributes", "Id", "Name", "CreatedDate", "Profile", "IsActive"}
        assert set(record["attributes"]) == {"type", "url"}
        assert record["attributes"]["url"] == org.data(f"/sobjects/User/{record['Id']}")
        assert ID.fullmatch(record["Id"]) and isinstance(record["IsActive"], bool)
        assert re.fullmatch(STAMP, record["CreatedDate"])
        if record["Profile"] is not None:
            assert record["Profile"]["attributes"]["type"] == "Profile"


def test_counts_and_groups(org: ContractOrg) -> None:
    counted = org.query("SELECT COUNT() FROM User").json()
    assert (set(counted), counted["records"]) == ({"totalSize", "done", "records"}, [])
    grouped = org.query("SELECT IsActive, COUNT(Id) n, MAX(CreatedDate) FROM User GROUP BY IsActive").json()
    for record in grouped["records"]:
        assert record["attributes"] == {"type": "AggregateResult"}
        assert set(record) == {"attributes", "IsActive", "n", "expr0"}
    assert sum(record["n"] for record in grouped["records"]) == counted["totalSize"]


def test_large_results_come_in_pages(org: ContractOrg) -> None:
    soql = "SELECT Id FROM FieldPermissions"
    first = org.query(soql, headers={"Sforce-Query-Options": "batchSize=200"}).json()
    if first["done"]:
        pytest.skip("this org has no 200 field permissions")

    second = org.call("GET", first["nextRecordsUrl"]).json()

    assert len(first["records"]) == 200
    assert first["totalSize"] == second["totalSize"] > 200
    assert first["nextRecordsUrl"].startswith(org.data("/query/"))
    assert {row["Id"] for row in first["records"]}.isdisjoint(row["Id"] for row in second["records"])


def test_a_record_by_its_id(org: ContractOrg) -> None:
    user = org.query("SELECT Id FROM User LIMIT 1").json()["records"][0]["Id"]

    record = org.get(f"/sobjects/User/{user}", params={"fields": "Username,Email"}).json()
    assert set(record) == {"attributes", "Username", "Email", "Id"}
    assert org.get(f"/sobjects/User/{user[:15]}").json()["Id"] == user


def test_limits(org: ContractOrg) -> None:
    document = org.get("/limits").json()

    assert lacking(document, "DailyApiRequests DataStorageMB FileStorageMB DailyBulkApiBatches") == set()
    assert lacking(document["DailyApiRequests"], "Max Remaining") == set()


def test_parts_of_one_request(org: ContractOrg) -> None:
    query = org.data("/query?q=SELECT+Id+FROM+User+LIMIT+1")
    parts = [
        {"method": "GET", "url": query, "referenceId": "users"},
        {
            "method": "GET",
            "url": org.data("/sobjects/User/@{users.records[0].Id}?fields=Id"),
            "referenceId": "one",
        },
        {"method": "GET", "url": org.data("/sobjects/Nothing/001"), "referenceId": "none"},
    ]
    answers = org.call("POST", org.data("/composite"), json={"compositeRequest": parts}).json()

    assert set(answers) == {"compositeResponse"}
    for each in answers["compositeResponse"]:
        assert set(each) == {"body", "httpHeaders", "httpStatusCode", "referenceId"}
    assert [each["httpStatusCode"] for each in answers["compositeResponse"]] == [200, 200, 404]

    batch = org.call("POST", org.data("/composite/batch"), json={"batchRequests": [{"method": "GET", "url": query.removeprefix("/services/data/")}]})  # fmt: skip
    assert set(batch.json()) == {"hasErrors", "results"}
    assert set(batch.json()["results"][0]) == {"statusCode", "result"}


def test_tooling(org: ContractOrg) -> None:
    document = org.query(
        "SELECT DeveloperName, QualifiedApiName FROM EntityDefinition WHERE QualifiedApiName = 'Account'",
        tooling=True,
    ).json()

    assert lacking(document, "size totalSize done queryLocator entityTypeName records") == set()
    assert document["entityTypeName"] == "EntityDefinition"
    assert document["records"][0]["attributes"]["type"] == "EntityDefinition"
