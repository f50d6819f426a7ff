"""What the SOAP data API does: queries, records, describes, and who one is."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from xml.sax.saxutils import escape

import orjson
from lxml import etree

from deployments.sandbox import records
from deployments.sandbox.bulk.writing import value_of
from deployments.sandbox.clock import stamp
from deployments.sandbox.errors import SalesforceError
from deployments.sandbox.ids import is_id, to18
from deployments.sandbox.partner import passwords, xml
from deployments.sandbox.rest import describe, queries, search
from deployments.sandbox.rest.call import Call
from deployments.sandbox.rest.errors import ApiError
from deployments.sandbox.schema import SObject
from deployments.sandbox.soap import local, text_of

MOST_RECORDS = 200
Operation = Callable[[Call, etree._Element], str]


def _children(operation: etree._Element, name: str) -> list[etree._Element]:
    return [child for child in operation if isinstance(child.tag, str) and local(child) == name]


def _texts(operation: etree._Element, name: str) -> list[str]:
    return [(child.text or "").strip() for child in _children(operation, name)]


# Queries -----------------------------------------------------------------------------------------------


def _query(all_rows: bool) -> Operation:
    def run(one: Call, operation: etree._Element) -> str:
        asked = replace(
            one, parts=("queryAll" if all_rows else "query",), query={"q": text_of(operation, "queryString")}
        )
        return f"<result>{_page(queries.answer(asked).body)}</result>"

    return run


def _query_more(one: Call, operation: etree._Element) -> str:
    asked = replace(one, parts=("query", text_of(operation, "queryLocator")), query={})
    return f"<result>{_page(queries.answer(asked).body)}</result>"


def _page(body: bytes) -> str:
    page = orjson.loads(body)
    following = page.get("nextRecordsUrl")
    return xml.result({**page, "locator": following.rpartition("/")[2] if following else None})


def _search(one: Call, operation: etree._Element) -> str:
    asked = replace(one, parts=("search",), query={"q": text_of(operation, "searchString")}, version="62.0")
    found = orjson.loads(search.answer(asked).body)["searchRecords"]
    rows = "".join(f"<searchRecords>{xml.record('record', each)}</searchRecords>" for each in found)
    return f"<result>{rows}</result>"


def _retrieve(one: Call, operation: etree._Element) -> str:
    kind = text_of(operation, "sObjectType")
    fields = [each.strip() for each in text_of(operation, "fieldList").split(",") if each.strip()]
    made = []
    for record_id in _texts(operation, "ids"):
        try:
            found = records.retrieve(one.store, one.caller, kind, record_id, fields, version=one.version)
            made.append(xml.record("result", found))
        except SalesforceError:
            made.append(f"<result {xml.NIL}/>")
    return "".join(made)


# Records -----------------------------------------------------------------------------------------------


def _each(
    one: Call, items: list[Any], work: Callable[[Any], tuple[str, bool]], *, created: bool = False
) -> str:
    if len(items) > MOST_RECORDS:
        raise ApiError(
            "EXCEEDED_ID_LIMIT", f"record limit reached. cannot submit more than {MOST_RECORDS} records"
        )
    made = []
    for item in items:
        try:
            record_id, new = work(item)
            first = xml.element("created", new) if created else ""
            made.append(f"<result>{first}<id>{record_id}</id><success>true</success></result>")
        except SalesforceError as error:
            fields = "".join(f"<fields>{escape(each)}</fields>" for each in error.fields)
            first = "<created>false</created>" if created else ""
            shown = f"<errors>{fields}<message>{escape(error.message)}</message><statusCode>{error.code}</statusCode></errors>"
            made.append(f"<result>{first}{shown}<id {xml.NIL}/><success>false</success></result>")
    return "".join(made)


def _typed(one: Call, kind: str, values: dict[str, Any]) -> dict[str, Any]:
    """Texts as the values they stand for; names the object does not know are left for the record's own checks."""
    target = one.schema.get(kind)
    if target is None:
        raise ApiError("INVALID_TYPE", f"sObject type '{kind}' is not available.")
    return {
        name: value
        if value is None or (field := target.folded.get(name.lower())) is None
        else value_of(field, value)
        for name, value in values.items()
    }


def _write(verb: str) -> Operation:
    def one_record(one: Call, element: etree._Element, key: str) -> tuple[str, bool]:
        kind, texts = xml.values_of(element)
        record_id = str(texts.pop("Id", "") or "").strip()
        values = _typed(one, kind, texts)
        if verb == "create":
            return records.create(one.store, one.caller, kind, values), True
        if verb == "upsert" and key.lower() != "id":
            name = next((each for each in values if each.lower() == key.lower()), "")
            found = values.pop(name, None)
            if found in (None, ""):
                raise ApiError("MISSING_ARGUMENT", f"{key} not specified", [])
            return records.upsert(one.store, one.caller, kind, key, str(found), values)
        if verb == "upsert" and not record_id:
            return records.create(one.store, one.caller, kind, values), True
        if not record_id:
            raise ApiError("MISSING_ARGUMENT", "Id not specified in an update call", [])
        records.update(one.store, one.caller, kind, record_id, values)
        return to18(record_id), False

    def run(one: Call, operation: etree._Element) -> str:
        key = text_of(operation, "externalIDFieldName")
        items = _children(operation, "sObjects")
        return _each(one, items, lambda element: one_record(one, element, key), created=verb == "upsert")

    return run


def _delete(one: Call, operation: etree._Element) -> str:
    def gone(record_id: str) -> tuple[str, bool]:
        target = one.schema.by_prefix(record_id) if is_id(record_id) else None
        if target is None:
            raise ApiError("MALFORMED_ID", f"malformed id {record_id[:40]}", [])
        records.delete(one.store, one.caller, target.name, record_id)
        return to18(record_id), False

    return _each(one, _texts(operation, "ids"), gone)


# Describing --------------------------------------------------------------------------------------------


def _describe_global(one: Call, operation: etree._Element) -> str:
    found = orjson.loads(describe.answer(replace(one, method="GET", parts=("sobjects",))).body)
    rows = "".join(
        f"<sobjects>{_flat({k: v for k, v in each.items() if k not in ('urls',)})}</sobjects>"
        for each in found["sobjects"]
    )
    return f"<result><encoding>UTF-8</encoding><maxBatchSize>200</maxBatchSize>{rows}</result>"


def _describe(one: Call, operation: etree._Element) -> str:
    names = _texts(operation, "sObjectType")
    return "".join(f"<result>{_flat(describe.full(one, _target(one, name)))}</result>" for name in names)


def _target(one: Call, name: str) -> SObject:
    target = one.schema.get(name)
    if target is None or not one.caller.sees(target):
        raise ApiError("INVALID_TYPE", f"sObject type '{name}' is not supported.")
    return target


def _flat(document: dict[str, Any]) -> str:
    made = []
    for name, value in sorted(document.items()):
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                made.append(f"<{name}>{_flat(each)}</{name}>")
            elif each is not None:
                made.append(xml.element(name, each))
    return "".join(made)


# Who and when ------------------------------------------------------------------------------------------


def _user_info(one: Call, operation: etree._Element) -> str:
    return f"<result>{user_info(one)}</result>"


def user_info(one: Call) -> str:
    """GetUserInfoResult, in the order of the WSDL."""
    user = one.store.get("User", one.caller.user_id) or {}
    rows = one.store.sql('SELECT "Name" FROM "Organization"')
    facts: dict[str, object] = {
        "accessibilityMode": False,
        "chatterExternal": False,
        "currencySymbol": "$",
        "orgAttachmentFileSizeLimit": 26214400,
        "orgDefaultCurrencyIsoCode": "USD",
        "orgDefaultCurrencyLocale": "en_US",
        "orgDisallowHtmlAttachments": False,
        "orgHasPersonAccounts": False,
        "organizationId": one.store.org_id,
        "organizationMultiCurrency": False,
        "organizationName": rows[0]["Name"] if rows else one.org.alias,
        "profileId": user.get("ProfileId"),
        "roleId": user.get("UserRoleId"),
        "sessionSecondsValid": 7200,
        "userDefaultCurrencyIsoCode": None,
        "userEmail": user.get("Email"),
        "userFullName": user.get("Name"),
        "userId": one.caller.user_id,
        "userLanguage": user.get("LanguageLocaleKey") or "en_US",
        "userLocale": user.get("LocaleSidKey") or "en_US",
        "userName": user.get("Username"),
        "userTimeZone": user.get("TimeZoneSidKey") or "UTC",
        "userType": user.get("UserType") or "Standard",
        "userUiSkin": "Theme3",
    }
    return "".join(xml.element(name, value) for name, value in facts.items())


def _timestamp(one: Call, operation: etree._Element) -> str:
    now = stamp(one.store.clock.now()).replace("+0000", "Z")
    return f"<result><timestamp>{now}</timestamp></result>"


def _logout(one: Call, operation: etree._Element) -> str:
    one.store.sql('DELETE FROM "AuthSession" WHERE Id = ?', one.session_id)
    return ""


OPERATIONS: dict[str, Operation] = {
    "changeOwnPassword": passwords.change_own,
    "create": _write("create"),
    "delete": _delete,
    "describeGlobal": _describe_global,
    "describeSObject": _describe,
    "describeSObjects": _describe,
    "getServerTimestamp": _timestamp,
    "getUserInfo": _user_info,
    "logout": _logout,
    "query": _query(False),
    "queryAll": _query(True),
    "queryMore": _query_more,
    "resetPassword": passwords.reset,
    "retrieve": _retrieve,
    "search": _search,
    "setPassword": passwords.set_password,
    "update": _write("update"),
    "upsert": _write("upsert"),
}
