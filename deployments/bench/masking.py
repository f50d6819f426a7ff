"""
`bulkhead bench masking`: a sandbox with many contacts masked over the wire, scanned clean, leftovers planted and sought; and a
second sandbox, of an estate of its own with other records of the same people, masked with the same key.
"""

import os
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from deployments.bench.across import Fakes, fakes_of, same_across
from deployments.bench.leftovers import SHAPES, Leftover, leftovers
from deployments.bench.rotation_setup import Administrator
from deployments.bench.sessions import Sessions
from deployments.files import read_files
from deployments.sandbox import launch
from tasks.masking import gateway
from tasks.masking.fakes import Masker
from tasks.masking.model import MaskedObject
from tasks.masking.residual import Scanner
from tasks.plans.masking_gateway import mask
from tasks.salesforce.rows import records

ORG, PRODUCTION = "hq-uat", "hq"
RECALL = 0.99
_PART = 200
_JOINED = {"Contact": "AccountId", "Case": "AccountId", "Opportunity": "AccountId"}
Told = dict[str, dict[str, str | None]]


@dataclass(frozen=True)
class MaskingFigures:
    """
    `masked_per_second` records written, reading included; `scanned_per_second` records looked through. `alarms` are findings in
    the masked sandbox before anything was planted. `joined` is the share of lookups that stand as before, `same` the share of
    values that became what a second generator with the same key makes of them, wherever they stood. `shared` values stood in
    both sandboxes, and `across` is the share of them that became the same in both.
    """

    records: int
    masked: int
    refused: int
    masked_per_second: float
    scanned_per_second: float
    alarms: int
    planted: int
    found: int
    joined: float
    same: float
    again: int
    """Records that a second masking wrote."""
    shared: int
    across: float

    @property
    def recall(self) -> float:
        return self.found / self.planted if self.planted else 0.0

    @property
    def good(self) -> bool:
        return (
            self.recall >= RECALL
            and not (self.alarms or self.refused or self.again)
            and self.joined == 1.0
            and self.same == 1.0
            and self.shared > 0
            and self.across == 1.0
            and self.masked > 0
        )

    def document(self) -> dict[str, Any]:
        return {**asdict(self), "recall": self.recall, "good": self.good}


def measure_masking(
    contacts: int, users: int = 200, seed: int = 0, tell: Callable[[str], None] = lambda text: None
) -> MaskingFigures:
    """Makes the estate in a folder of its own and throws it away again. `contacts` come to those that are seeded."""
    key = os.urandom(32)
    with _sandbox(contacts, users, seed) as (sessions, administrator):
        tell(f"{contacts:,} contacts were added")
        figures, fakes = _measured(sessions, administrator, key, seed, tell)
    tell("the second sandbox is masked")
    # One after the other: two estates at once would take each other's time. Other records, in another order.
    with _sandbox(contacts, users, seed + 1) as (sessions, _):
        shared, across = same_across(fakes, _fakes(sessions, Masker(key)))
    return replace(figures, shared=shared, across=across)


@contextmanager
def _sandbox(contacts: int, users: int, seed: int) -> Iterator[tuple[Sessions, Administrator]]:
    folder = Path(tempfile.mkdtemp(prefix="bulkhead-bench-"))
    try:
        launch.start(folder / "estate", seed=seed, users=users)
        administrator = Administrator(folder / "estate", ORG)
        try:
            _add(administrator, contacts)
            yield Sessions(read_files(folder / "estate" / "estate.yaml")[0]), administrator
        finally:
            administrator.close()
    finally:
        launch.stop(folder / "estate")
        shutil.rmtree(folder, ignore_errors=True)


def _fakes(sessions: Sessions, masker: Masker) -> Fakes:
    """Masks all of a sandbox, the last object first."""
    with sessions.scanner(ORG) as session:
        scanner = Scanner(masker)
        names = reversed([*gateway.survey(session).visible])
        objects = [each for name in names if (each := gateway.inspect(session, masker, scanner, name))]
    before = _told(sessions, objects)
    _masked(sessions, masker, objects)
    return fakes_of(objects, before, _told(sessions, objects))


def _measured(
    sessions: Sessions,
    administrator: Administrator,
    key: bytes,
    seed: int,
    tell: Callable[[str], None],
) -> tuple[MaskingFigures, Fakes]:
    """Of one sandbox; what two have in common is not known yet."""
    masker = Masker(key)
    with sessions.scanner(PRODUCTION) as session:
        hashes = gateway.hashes(session, masker)
    scanner = Scanner(masker, hashes)
    with sessions.scanner(ORG) as session:
        sizes = gateway.survey(session).visible
        objects = [each for name in sizes if (each := gateway.inspect(session, masker, scanner, name))]
    before = _told(sessions, objects)
    tell(f"{sum(sizes.values()):,} records were looked at")
    began = time.perf_counter()
    masked, refused = _masked(sessions, masker, objects)
    seconds = time.perf_counter() - began
    tell(f"{masked:,} were masked")
    began = time.perf_counter()
    with sessions.scanner(ORG) as session:
        clean = gateway.scan(session, scanner, len(hashes))
    scanning = time.perf_counter() - began
    after = _told(sessions, objects)
    again, _ = _masked(sessions, masker, objects)
    planted = _plant(administrator, leftovers(seed, len(SHAPES) * 20))
    with sessions.scanner(ORG) as session:
        report = gateway.scan(session, scanner, len(hashes))
    counted: Counter[str] = Counter()
    for left in report.residuals:
        counted[left.field] += left.records
    there = Counter(f"{each.sobject}.{each.field}" for each in planted)
    figures = MaskingFigures(
        records=sum(sizes.values()),
        masked=masked,
        refused=refused,
        masked_per_second=masked / seconds,
        scanned_per_second=clean.records / scanning,
        alarms=sum(each.records for each in clean.residuals) + len(clean.unread),
        planted=len(planted),
        found=sum(min(counted[name], number) for name, number in there.items()),
        joined=_joined(before, after),
        same=_same(Masker(key), objects, before, after),
        again=again,
        shared=0,
        across=0.0,
    )
    return figures, fakes_of(objects, before, after)


def _masked(sessions: Sessions, masker: Masker, objects: Iterable[MaskedObject]) -> tuple[int, int]:
    written, refused = 0, 0
    with sessions.enforcer(ORG) as session:
        for each in objects:
            done, against = mask(session, masker, each.sobject, each.rules)
            written, refused = written + done, refused + len(against)
    return written, refused


def _told(sessions: Sessions, objects: Sequence[MaskedObject]) -> dict[str, Told]:
    """By object and id, what the fields with a rule hold, and whom a record belongs to."""
    found: dict[str, Told] = {}
    with sessions.scanner(ORG) as session:
        for each in objects:
            fields = [rule.field for rule in each.rules]
            fields += [_JOINED[each.sobject]] if each.sobject in _JOINED else []
            rows = records(session, each.sobject, fields, each.rows)
            found[each.sobject] = {str(row["Id"]): row for row in rows}
    return found


def _joined(before: dict[str, Told], after: dict[str, Told]) -> float:
    """Lookups that point to the same record as before, and to one that is there."""
    stands, lookups = 0, 0
    for sobject, field in _JOINED.items():
        for key, row in before.get(sobject, {}).items():
            lookups += 1
            target = after[sobject].get(key, {}).get(field)
            stands += target == row[field] and (target is None or target in after["Account"])
    return stands / max(1, lookups)


def _same(
    masker: Masker, objects: Iterable[MaskedObject], before: dict[str, Told], after: dict[str, Told]
) -> float:
    right, values = 0, 0
    for each in objects:
        for key, row in before[each.sobject].items():
            expected = {**row, **masker.masked(each.rules, row)}
            held = [rule.field for rule in each.rules if row[rule.field]]
            values += len(held)
            right += sum(expected[name] == after[each.sobject][key][name] for name in held)
    return right / max(1, values)


def _add(administrator: Administrator, contacts: int) -> None:
    for start in range(0, contacts, _PART):
        sent = [
            {
                "attributes": {"type": "Contact"},
                "FirstName": f"Jo{number % 997}",
                "LastName": f"Person{number}",
                "Email": f"person{number}@bank.example.net.au",
                "Phone": f"+1 312 {556 + number % 400} {number % 10_000:04d}",
                "Birthdate": f"{1940 + number % 60}-0{1 + number % 9}-{1 + number % 28:02d}",
                "Description": f"Person{number} asked about account {number}.",
            }
            for number in range(start, min(start + _PART, contacts))
        ]
        administrator.rest("POST", "composite/sobjects", json={"records": sent})


def _plant(administrator: Administrator, wanted: Iterable[Leftover]) -> list[Leftover]:
    """Each in a record of its own as far as its field is concerned."""
    ids: dict[str, Iterator[str]] = {}
    sent: dict[str, list[dict[str, Any]]] = {}
    planted = []
    for each in wanted:
        if each.sobject not in ids:
            rows = administrator.rows(f"SELECT Id FROM {each.sobject} LIMIT 2000")
            ids[each.sobject] = iter([str(row["Id"]) for row in rows])
        key = next(ids[each.sobject], None)
        if key is None:
            continue
        record = {"attributes": {"type": each.sobject}, "Id": key, each.field: each.text}
        sent.setdefault(each.sobject, []).append(record)
        planted.append(each)
    for records_ in sent.values():
        for start in range(0, len(records_), _PART):
            answer = administrator.rest(
                "PATCH", "composite/sobjects", json={"records": records_[start : start + _PART]}
            )
            if not all(one["success"] for one in answer):
                raise RuntimeError("the org refused a leftover")
    return planted


def as_text(figures: MaskingFigures) -> str:
    verdict = "good" if figures.good else "NOT GOOD"
    return (
        f"{figures.masked:,} of {figures.records:,} records masked with {figures.masked_per_second:,.0f} a second, {figures.refused} "
        f"refused, {figures.again} written again by a second masking; {figures.scanned_per_second:,.0f} a second scanned, "
        f"{figures.alarms} false alarms; {figures.found} of {figures.planted} leftovers found ({figures.recall:.1%}, at least "
        f"{RECALL:.0%}); {figures.joined:.1%} of lookups joined, {figures.same:.1%} of values the same fakes, in a second sandbox "
        f"{figures.across:.1%} of {figures.shared:,} values that both held: {verdict}"
    )
