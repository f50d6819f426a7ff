"""Business records by the ten thousand: made inside SQLite, from each row's number and the seed alone."""

import json
from collections.abc import Mapping

from deployments.sandbox.clock import stamp
from deployments.sandbox.seed.blueprint import Blueprint, Org, Values
from deployments.sandbox.seed.names import DATA_OBJECTS, FIRST_NAMES, LAST_NAMES
from deployments.sandbox.store import OrgStore

_HASH = "r.h"
_IBANS = (
    "DE89370400440532013000", "GB29NWBK60161331926819", "FR1420041010050500013M02606", "NL91ABNA0417164300",
    "CH9300762011623852957", "ES9121000418450200051332", "IT60X0542811101000000123456", "AT611904300234573201",
)  # fmt: skip
_CARDS = ("4111111111111111", "5555555555554444", "4012888888881881", "378282246310005")
# Social security numbers by the SSA's rules: area 001 to 665, no empty group or serial.
SSN = f"printf('%03d-%02d-%04d', 1 + {_HASH} % 665, 1 + ({_HASH} / 7) % 99, 1 + ({_HASH} / 11) % 9999)"
_TAX = f"printf('%02d-%07d', 20 + {_HASH} % 7, 1 + ({_HASH} / 13) % 9999999)"
_SCORE = f"CAST(300 + {_HASH} % 550 AS TEXT)"
_MASKED = f"'XXX-XX-' || printf('%04d', {_HASH} % 9999)"
PATTERNS = {
    "ssn": SSN,
    "card": f"json_extract('{json.dumps(_CARDS)}', '$[' || (r.n % 4) || ']')",
    "masked": _MASKED,
}
_IBAN = f"json_extract('{json.dumps(_IBANS)}', '$[' || (r.n % 8) || ']')"
_PHONE = f"'+1 212 555 ' || printf('%04d', {_HASH} % 9999)"
_PERSON = {"SSN__c": SSN, "TaxID__c": _TAX, "CreditScore__c": _SCORE}
_FIRST, _LAST, _PARENT = "r.first", "r.last", "r.parent"
_DAY = f"date(r.day, '-' || ({_HASH} % 700) || ' days')"

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "Account": {
        "Name": f"{_LAST} || ' Holdings ' || r.n",
        "Type": "'Customer'",
        "Industry": "'Banking'",
        "AccountNumber": "'MW-' || printf('%08d', r.n)",
        "Phone": _PHONE,
        "BillingCountry": "CASE r.n % 4 WHEN 0 THEN 'US' WHEN 1 THEN 'GB' WHEN 2 THEN 'DE' ELSE 'SG' END",
        "AnnualRevenue": f"1000.0 * ({_HASH} % 90000)",
        "Card_Type__c": "CASE r.n % 2 WHEN 0 THEN 'Visa' ELSE 'Mastercard' END",
        **_PERSON,
    },
    "Contact": {
        "FirstName": _FIRST,
        "LastName": _LAST,
        "Name": f"{_FIRST} || ' ' || {_LAST}",
        "AccountId": _PARENT,
        "Email": "'client' || r.n || '@mail.example'",
        "Phone": _PHONE,
        "SSN_Last_Verified__c": _DAY,
        **_PERSON,
    },
    "Opportunity": {
        "Name": "'Mandate ' || r.n",
        "AccountId": _PARENT,
        "StageName": "CASE r.n % 3 WHEN 0 THEN 'Prospecting' WHEN 1 THEN 'Negotiation' ELSE 'Closed Won' END",
        "CloseDate": _DAY,
        "Amount": f"100.0 * ({_HASH} % 70000)",
        "NextStep": "'Call the client'",
        # Nine digits in the form of an SSN that the rules exclude: areas from 900 on were never issued.
        "Order_Number__c": f"printf('9%02d-%02d-%04d', {_HASH} % 100, 1 + {_HASH} / 7 % 99, 1 + {_HASH} / 11 % 9999)",
    },
    "Case": {
        "CaseNumber": "printf('%08d', r.n)",
        "AccountId": _PARENT,
        "Subject": "'Question about statement'",
        "Status": "'New'",
        "Priority": "'Medium'",
        "Origin": "'Phone'",
        "Description": "'Client asked for a copy of the statement.'",
    },
    "Lead": {
        "FirstName": _FIRST,
        "LastName": _LAST,
        "Name": f"{_FIRST} || ' ' || {_LAST}",
        "Company": f"{_LAST} || ' Partners'",
        "Email": "'lead' || r.n || '@mail.example'",
        "Status": "'Open'",
    },
    "Portfolio__c": {
        "Name": "'PF-' || printf('%06d', r.n)",
        "Account__c": _PARENT,
        "Value__c": f"1000.0 * ({_HASH} % 5000)",
        "Currency__c": "'USD'",
        "Risk_Class__c": "'Balanced'",
    },
    "Transaction__c": {
        "Name": "'TX-' || printf('%07d', r.n)",
        "Account__c": _PARENT,
        "Amount__c": f"10.0 * ({_HASH} % 9000)",
        "Booked_On__c": _DAY,
        "Reference__c": "'Standing order'",
        "Iban__c": _IBAN,
    },
    "KYC_Check__c": {
        "Name": "'KYC-' || printf('%06d', r.n)",
        "Account__c": _PARENT,
        "Status__c": "'Passed'",
        "Risk_Rating__c": "'Low'",
        "Document_Number__c": "'D' || printf('%07d', r.n)",
        "Checked_On__c": _DAY,
    },
}
_WITH_EXTERNAL_ID = frozenset(DATA_OBJECTS) - {"Case", "Lead"}


def write_records(store: OrgStore, plan: Blueprint, org: Org, salt: int) -> None:
    """All records of an org's data objects, the newest first: row 1 was changed last."""
    for name, words in (("_first", FIRST_NAMES), ("_last", LAST_NAMES)):
        store.sql(f"CREATE TEMP TABLE {name} (k INTEGER PRIMARY KEY, name TEXT)")
        store.sql(f"INSERT INTO {name} SELECT key, value FROM json_each(?)", json.dumps(words))
    store.sql("CREATE TEMP TABLE _account (n INTEGER PRIMARY KEY, id TEXT)")
    for sobject in DATA_OBJECTS:
        if count := org.rows[sobject]:
            _number_records(store, plan, sobject, count, salt, org.rows["Account"])
            _write_object(store, plan, org, sobject)
            if sobject == "Account":
                store.sql("INSERT INTO _account SELECT n, id FROM _run")
            store.sql("DROP TABLE _run")
    for name in ("_first", "_last", "_account"):
        store.sql(f"DROP TABLE {name}")


def _number_records(
    store: OrgStore, plan: Blueprint, sobject: str, count: int, salt: int, accounts: int
) -> None:
    """`_run`: one line per record to come, with what several of its columns are made from."""
    step = max(1, 86400 * 600 // count)
    store.sql(
        "CREATE TEMP TABLE _run AS SELECT i.n AS n, i.id AS id, i.h AS h, ? AS day, f.name AS first, l.name AS last,"
        " a.id AS parent, strftime('%Y-%m-%dT%H:%M:%S.000+0000', ?, '-' || (i.n * ?) || ' seconds') AS changed"
        " FROM (SELECT key + 1 AS n, value AS id, ((key + 1) * 2654435761 + ? * 40503) % 4294967296 AS h"
        " FROM json_each(?)) i JOIN _first f ON f.k = i.h / 17 % ? JOIN _last l ON l.k = i.h / 23 % ?"
        " LEFT JOIN _account a ON a.n = 1 + i.n % ? ORDER BY i.n",
        *(plan.day.date().isoformat(), plan.day.date().isoformat(), step, salt),
        *(json.dumps(store.new_ids(store.schema[sobject].prefix, count)), len(FIRST_NAMES), len(LAST_NAMES)),
        accounts,
    )


def _write_object(store: OrgStore, plan: Blueprint, org: Org, sobject: str) -> None:
    target = store.schema[sobject]
    author = store.setting("automated_user") or ""
    columns = {
        "Id": "r.id",
        **COLUMNS[sobject],
        "LastModifiedDate": "r.changed",
        "SystemModstamp": "r.changed",
        "CreatedDate": f"'{stamp(plan.ago(700))}'",
        "CreatedById": f"'{author}'",
        "LastModifiedById": f"'{author}'",
    }
    if "OwnerId" in target.fields:
        columns["OwnerId"] = f"'{author}'"
    if sobject in _WITH_EXTERNAL_ID:
        columns["External_Id__c"] = f"'{sobject[:3].upper()}-' || printf('%08d', r.n)"
    if org.kind == "sandbox":
        columns |= dict.fromkeys(_PERSON.keys() & columns.keys(), _MASKED)
        columns |= (
            {"AccountNumber": "'XXXXXX' || printf('%04d', r.n % 10000)"} if sobject == "Account" else {}
        )
        columns |= {"CreditScore__c": "'XXX'"} if "CreditScore__c" in columns else {}
    for values in org.values:
        owner, _, name = values.field.partition(".")
        if owner == sobject:
            columns[name] = _overridden(values, columns.get(name, "NULL"))
    names = ", ".join(f'"{name}"' for name in columns)
    made = ", ".join(columns.values())
    store.sql(f'INSERT INTO "{sobject}" ({names}) SELECT {made} FROM _run r')
    _note_canaries(store, plan, sobject, columns)


def _overridden(values: Values, ordinary: str) -> str:
    if values.newest is None:
        return PATTERNS[values.pattern]
    return f"CASE WHEN r.n <= {values.newest} THEN {PATTERNS[values.pattern]} ELSE {ordinary} END"


def _note_canaries(store: OrgStore, plan: Blueprint, sobject: str, columns: Mapping[str, str]) -> None:
    """Some of the values a sample would hold: they must never leave the task that read them."""
    for name, expression in columns.items():
        if expression == SSN or PATTERNS["ssn"] in expression:
            newest = f'SELECT "{name}" AS v FROM "{sobject}" ORDER BY "LastModifiedDate" DESC LIMIT 5'
            plan.canaries += [row["v"] for row in store.sql(newest)]
