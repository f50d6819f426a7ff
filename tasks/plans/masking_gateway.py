"""
Hands on data of people in a sandbox: whether any is there, and writing fakes in its place.

Both ask the org first whether it is a sandbox. A fake follows from the value and the key, and is known as one: so what a
killed run has done is left alone by the next, and a write that came twice is one.

Records go in collections however many they are: jobs of the Bulk API run by themselves, where rights that were woken in a
session are asleep.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from random import Random

from tasks.errors import BadRequest, OrgError, RowLocked, Throttled, WriteHeld
from tasks.ledger.model import EntryKind, Note
from tasks.masking.fakes import Masker
from tasks.masking.model import Rule
from tasks.masking.rules import digest, named
from tasks.orgs import load_masking_key, open_ledger
from tasks.plans.model import Change, Resource, State
from tasks.salesforce.classify import backoff
from tasks.salesforce.pages import Row
from tasks.salesforce.rows import only_in_a_sandbox, pages
from tasks.salesforce.session import Session
from tasks.salesforce.writing import COLLECTION, PASSING, RecordResult, WritingSession

TRIES = 5
"""How often a record is sent that was refused for now."""
_LISTED = 2_000
"""Ids of refused records in one note."""
_ACTOR = "apply-plan"
Ask = Callable[[], Sequence[str]]
Tell = Callable[[int], None]
Record = dict[str, str | int | float]


def read_real_data(session: Session, resources: Sequence[Resource]) -> dict[Resource, State]:
    """Objects in which something is no fake; the others are left out. Raises OrgError, and SecretUnavailable without a key."""
    only_in_a_sandbox(session)
    masker = Masker(load_masking_key())
    found: dict[Resource, State] = {}
    for resource in resources:
        sobject, rules = _rules(session, resource, _described(session, resource))
        count = session.count(f"SELECT COUNT() FROM {sobject}")
        rows = pages(session, sobject, [each.field for each in rules])
        if any(masker.masked(rules, row) for row in rows):
            found[resource] = {"rows": count, "rules": digest(sobject, rules, masker.fingerprint)}
    return found


def mask_real_data(
    session: WritingSession, changes: Sequence[Change], ask: Ask, tell: Tell = lambda count: None
) -> list[RecordResult]:
    """
    One result per change. Records that were refused are in the ledger, by id and code. `ask` gives what speaks against the
    next batch, `tell` hears how many records each batch had. Raises OrgError, and WriteHeld where something does.
    """
    masker = Masker(load_masking_key())
    results = []
    for change in changes:
        # Asked while the rights are awake: what planned has none, so it could not know.
        session.rouse()
        described = _described(session, change.resource)
        sobject, rules = _rules(session, change.resource, described)
        open_to_us = {str(each["name"]) for each in described if each.get("updateable")}
        closed = [f"{sobject}.{rule.field}" for rule in rules if rule.field not in open_to_us]
        written, refused = mask(
            session, masker, sobject, [r for r in rules if r.field in open_to_us], ask, tell
        )
        with open_ledger() as ledger:
            body = {
                "sobject": sobject,
                "written": written,
                "refused": dict(sorted(refused.items())[:_LISTED]),
                "refused_in_all": len(refused),
            }
            ledger.append(Note(kind=EntryKind.MASKING, subject=session.alias, actor=_ACTOR, body=body))
        results.append(_result(sobject, written, refused, closed))
    return results


def mask(
    session: WritingSession,
    masker: Masker,
    sobject: str,
    rules: Sequence[Rule],
    ask: Ask = lambda: (),
    tell: Tell = lambda count: None,
) -> tuple[int, dict[str, str]]:
    """
    How many records were written, and the codes of those that were refused, by id. Raises OrgRefused for production, OrgError,
    and WriteHeld before a batch that `ask` speaks against.
    """
    only_in_a_sandbox(session)
    if not rules:
        return 0, {}
    session.rouse()
    fields = [rule.field for rule in rules]
    types = {rule.field: rule.type for rule in rules}
    taken = _taken(session, masker, sobject, [rule for rule in rules if rule.unique])
    open_rows = (
        {"Id": str(row["Id"]), **{name: _wire(types[name], value) for name, value in made.items()}}
        for row in pages(session, sobject, fields)
        if (made := masker.masked(tuple(rules), row, taken))
    )
    return _by_collections(session, sobject, open_rows, ask, tell)


def _wire(type_: str, value: str) -> str | int | float:
    """Numbers go as numbers (REST API guide, JSON); a field that holds whole ones takes no others."""
    if type_ == "int":
        return int(value)
    return float(value) if type_ in ("currency", "double", "percent") else value


def _taken(session: Session, masker: Masker, sobject: str, unique: Sequence[Rule]) -> dict[str, set[str]]:
    """Fakes that are there already, of fields that must be unique."""
    found: dict[str, set[str]] = {rule.field: set() for rule in unique}
    if unique:
        for row in pages(session, sobject, list(found)):
            for rule in unique:
                value = row[rule.field]
                if value and masker.is_fake(rule, value):
                    found[rule.field].add(value.casefold())
    return found


def _by_collections(
    session: WritingSession, sobject: str, rows: Iterable[Record], ask: Ask, tell: Tell
) -> tuple[int, dict[str, str]]:
    written, refused = 0, dict[str, str]()
    for part in _parts(rows):
        if reasons := ask():
            raise WriteHeld(f"{'; '.join(reasons)}; {sobject} is masked in part")
        done, against = _some(session, sobject, list(part))
        written, refused = written + done, refused | against
        tell(len(part))
    return written, refused


def _some(session: WritingSession, sobject: str, rows: list[Record]) -> tuple[int, dict[str, str]]:
    left, refused, written = rows, dict[str, str](), 0
    for attempt in range(1, TRIES + 1):
        try:
            results = session.update(sobject, [dict[str, object](row) for row in left])
        except (RowLocked, Throttled) as error:
            results = [RecordResult(id=None, code=error.code or "UNABLE_TO_LOCK_ROW")] * len(left)
        if len(results) != len(left):
            raise OrgError(session.alias, "the answer to a collection is not whole", "Apply the plan again.")
        again = []
        for row, result in zip(left, results, strict=True):
            key = str(row["Id"])
            refused.pop(key, None)
            if not result.code:
                written += 1
                continue
            refused[key] = result.code
            if result.passing:
                again.append(row)
        if not again or attempt == TRIES:
            break
        session.pause(backoff(attempt, Random()).total_seconds())
        left = again
    return written, refused


def _parts(rows: Iterable[Record]) -> Iterator[list[Record]]:
    left = iter(rows)
    while part := list(islice(left, COLLECTION)):
        yield part


def _result(sobject: str, written: int, refused: dict[str, str], closed: Sequence[str] = ()) -> RecordResult:
    if closed:
        what = (
            f"the enforcer may not write {', '.join(closed)}: give it Edit on them, or leave the object out"
        )
        return RecordResult(id=None, code="FIELDS_NOT_WRITABLE", fields=(what,))
    if not refused:
        return RecordResult(id=None)
    codes = Counter(refused.values())
    told = ", ".join(f"{code} {number}" for code, number in sorted(codes.items()))
    passing = set(codes) <= PASSING
    return RecordResult(
        id=None,
        code=next(iter(codes)) if passing else "RECORDS_REFUSED",
        fields=(
            f"{len(refused)} records of {sobject} ({told}); {written} were masked, and the ledger has the ids of the others",
        ),
    )


def _described(session: Session, resource: Resource) -> list[Row]:
    sobject = resource.key.partition("/")[0]
    described = session.describe([sobject])[sobject]
    if isinstance(described, OrgError):
        raise described
    fields: list[Row] = described["fields"]
    return fields


def _rules(session: Session, resource: Resource, fields: Sequence[Row]) -> tuple[str, tuple[Rule, ...]]:
    try:
        return named(resource.key, fields)
    except (KeyError, ValueError):
        sobject = resource.key.partition("/")[0]
        raise BadRequest(
            session.alias, f"{sobject} no longer has a field that the plan masks", "Make the plan anew."
        ) from None
