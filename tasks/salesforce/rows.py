"""All records of an object as texts, however many there are; and what an org says it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tasks.errors import IncompleteRead, OrgError, OrgRefused
from tasks.salesforce import bulk
from tasks.salesforce.pages import Row
from tasks.salesforce.session import Session
from tasks.salesforce.soql import literal

FEW = 2_000
"""More records than this are read by Bulk API 2.0, as Salesforce advises (Bulk API 2.0 guide)."""


@dataclass(frozen=True)
class OrgOrigin:
    """What an org says about itself (Object Reference, Organization). `created` is when this very org was made."""

    id: str
    sandbox: bool
    created: datetime | None


def ask_origin(session: Session) -> OrgOrigin:
    """Raises OrgError."""
    rows = session.query("SELECT Id, IsSandbox, CreatedDate FROM Organization")
    if len(rows) != 1:
        raise OrgError(session.alias, "it does not say what it is", "Grant the right to read Organization.")
    created = rows[0].get("CreatedDate")
    return OrgOrigin(
        id=str(rows[0]["Id"]),
        # An org that says nothing is taken for production.
        sandbox=rows[0].get("IsSandbox") is True,
        created=datetime.fromisoformat(str(created)) if created else None,
    )


def only_in_a_sandbox(session: Session) -> OrgOrigin:
    """Raises OrgRefused where the org itself says that it is production, whatever it is called; and OrgError."""
    origin = ask_origin(session)
    if not origin.sandbox:
        raise OrgRefused(
            session.alias,
            "it says of itself that it is production, so nothing in it is masked",
            "Correct its address in estate.yaml, or leave it out.",
            "NOT_A_SANDBOX",
        )
    return origin


def records(
    session: Session, sobject: str, fields: Sequence[str], count: int
) -> Iterator[dict[str, str | None]]:
    """
    Values as texts by field, `Id` among them; None where there is none. `count` is about how many there are. Raises OrgError.
    """
    if count <= FEW:
        yield from pages(session, sobject, fields)
        return
    soql = f"SELECT {', '.join(dict.fromkeys(('Id', *fields)))} FROM {sobject}"
    found = bulk.query(session, soql)
    header = next(found, ())
    for cells in found:
        yield {name: cell or None for name, cell in zip(header, cells, strict=True)}


def pages(session: Session, sobject: str, fields: Sequence[str]) -> Iterator[dict[str, str | None]]:
    """
    The same, in the order of ids and a page at a time: never more than FEW records in memory, and none twice though they are
    written meanwhile. Raises OrgError.
    """
    names, last = tuple(dict.fromkeys(("Id", *fields))), ""
    while True:
        where = f" WHERE Id > {literal(last)}" if last else ""
        found = session.query(f"SELECT {', '.join(names)} FROM {sobject}{where} ORDER BY Id LIMIT {FEW}")
        for row in found:
            yield {name: _text(row[name]) for name in names}
        if len(found) < FEW:
            return
        last = str(found[-1]["Id"])


def query_pages(session: Session, resource: str, soql: str) -> Iterator[Row]:
    """
    Rows of `query` or `queryAll` as they come, a page in memory. Raises IncompleteRead where fewer or more came than were
    announced, and other OrgErrors.
    """
    page = session.get(resource, {"q": soql})
    expected, came = int(page["totalSize"]), 0
    while True:
        came += len(page["records"])
        yield from page["records"]
        if page.get("done", True):
            break
        url = str(page.get("nextRecordsUrl") or "")
        page = session.follow(url.partition(f"/v{session.version}/")[2])
    if came != expected:
        raise IncompleteRead(session.alias, f"{came} of {expected} rows came", "Run again.")


def _text(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, float):
        return repr(value)
    return str(value)
