"""Which backup is next, what a chain says, what may go, in which order records come back, and what counts as equal."""

from datetime import UTC, datetime, timedelta

import pytest

from tasks.backups import chain, retention
from tasks.backups.manifest import chain_problems
from tasks.backups.model import (
    BackupKind,
    Column,
    Drill,
    DrillDone,
    Manifest,
    ObjectBackup,
    ObjectDrill,
    SealedFile,
    Shape,
)
from tasks.backups.order import Lookup, Step, in_order
from tasks.backups.restore import Reader, Target, compared, found_digest, restoring
from tasks.errors import BackupRefused

DAY = datetime(2026, 3, 1, 5, tzinfo=UTC)
SHAPE = Shape(
    name="A",
    columns=(
        Column(name="Id", type="id"),
        Column(name="IsDeleted", type="boolean"),
        Column(name="SystemModstamp", type="datetime"),
    ),
)


def backup(days: int, kind: BackupKind, base: int, *, locked: int | None = None) -> Manifest:
    began = DAY + timedelta(days=days)
    return Manifest(
        id=chain.name_of(began, kind),
        org="hq",
        org_id="00D",
        kind=kind,
        base=chain.name_of(DAY + timedelta(days=base), BackupKind.FULL),
        began=began,
        ended=began,
        key="key",
        locked_until=None if locked is None else DAY + timedelta(days=locked),
        objects=(
            ObjectBackup(
                shape=SHAPE,
                file=SealedFile(path="p", size=1, sha256="0" * 64, wrapped="eA=="),
                rows=0,
                digest="0" * 64,
            ),
        ),
        metadata=None,
    )


FULL, INCREMENT = BackupKind.FULL, BackupKind.INCREMENT
MADE = [
    backup(0, FULL, 0),
    backup(1, INCREMENT, 0),
    backup(7, FULL, 7),
    backup(8, INCREMENT, 7),
    backup(14, FULL, 14),
    backup(15, INCREMENT, 14),
]
WEEK = timedelta(days=7)


class TestChain:
    def test_the_next_one_is_an_increment_until_the_whole_one_is_old_or_fields_change(self) -> None:
        def kind(days: float, shapes: tuple[Shape, ...] = (SHAPE,), *, full: bool = False) -> BackupKind:
            return chain.kind_of_next(MADE, shapes, DAY + timedelta(days=days), WEEK, full=full)

        assert kind(20.9) is INCREMENT
        assert kind(21) is kind(16, full=True) is FULL
        assert kind(16, (SHAPE.model_copy(update={"columns": SHAPE.columns[:2]}),)) is FULL
        assert kind(16, (SHAPE, SHAPE.model_copy(update={"name": "B"}))) is FULL
        assert chain.kind_of_next([], (SHAPE,), DAY, WEEK, full=False) is FULL
        assert chain.kind_of_next(MADE[5:], (SHAPE,), DAY, WEEK, full=False) is FULL

    def test_what_a_whole_one_could_not_read_may_come_with_an_increment(self) -> None:
        other = SHAPE.model_copy(update={"name": "B"})
        base = MADE[4].model_copy(update={"missing": ("B",)})
        came = MADE[5].model_copy(
            update={"objects": (MADE[5].objects[0].model_copy(update={"shape": other, "mark": DAY}),)}
        )

        def kind(made: list[Manifest], *shapes: Shape) -> BackupKind:
            return chain.kind_of_next(made, shapes, DAY + timedelta(days=16), WEEK, full=False)

        assert (
            kind([base], SHAPE, other) is kind([base], SHAPE) is kind([base, came], SHAPE, other) is INCREMENT
        )
        assert kind([base], other) is FULL
        # Once it came, its columns are those of its rows.
        assert kind([base, came], SHAPE, other.model_copy(update={"columns": SHAPE.columns[:2]})) is FULL
        assert chain.shapes_of([base, came]) == [SHAPE, other]
        assert chain.mark_of([base, came, MADE[5]], base.id, "B") == DAY
        assert chain.mark_of([base], base.id, "B") is None

    def test_a_restore_takes_the_whole_one_and_what_follows_it(self) -> None:
        assert chain.chain_to(MADE, "") == (MADE[4], MADE[5])
        assert chain.chain_to(MADE, MADE[4].id) == (MADE[4],)
        assert chain.chain_to(MADE, MADE[3].id) == (MADE[2], MADE[3])
        for made, name in (([], ""), (MADE, "20200101T000000Z-full"), (MADE[3:4], "")):
            with pytest.raises(BackupRefused):
                chain.chain_to(made, name)

    def test_the_newest_row_of_a_record_counts(self) -> None:
        names = SHAPE.names
        newest = [("1", "true", "t3"), ("2", "false", "t3")]
        middle = [("2", "false", "t2"), ("3", "false", "t2"), ("1", "false", "t2")]
        whole = [("1", "false", "t1"), ("2", "false", "t1"), ("3", "false", "t1"), ("4", "false", "t1")]
        assert [*chain.merged([newest, middle, whole], names)] == [newest[1], middle[1], whole[3]]

    def test_an_increment_reaches_back_over_its_mark(self) -> None:
        assert chain.since(None, WEEK) == ""
        assert chain.since(DAY, timedelta(minutes=10)) == " WHERE SystemModstamp >= 2026-03-01T04:50:00Z"
        assert (
            chain.moment_of("2026-03-01T05:00:00.000Z")
            == chain.moment_of("2026-03-01T05:00:00.000+0000")
            == DAY
        )


class TestManifests:
    def chained(self, *previous: int) -> list[tuple[Manifest, str]]:
        """Each with the number of the one that it names before it; 0 for none."""
        digests = ["", *(f"{number:064x}" for number in range(1, 9))]
        return [
            (each.model_copy(update={"previous": digests[before]}), digests[number])
            for number, (each, before) in enumerate(zip(MADE, previous, strict=False), 1)
        ]

    def test_the_one_before_is_the_last_that_counts(self) -> None:
        found = self.chained(0, 1, 1)
        noted = {manifest.id: digest for manifest, digest in found}
        assert [each.backup for each in chain_problems(found, noted)] == [MADE[2].id]
        del noted[MADE[1].id]
        (problem,) = chain_problems(found, noted)
        assert problem.backup == MADE[1].id and "knows no such backup" in problem.what

    def test_one_that_policy_let_go_leaves_no_gap(self) -> None:
        first, gone, last = self.chained(0, 1, 2)
        noted = {manifest.id: digest for manifest, digest in (first, last)}
        assert [each.backup for each in chain_problems([first, last], noted)] == [MADE[2].id]
        assert not chain_problems([first, last], noted, {gone[1]})


class TestRetention:
    def over(self, made: list[Manifest], days: float, clock: float | None = None) -> list[int]:
        now = DAY + timedelta(days=days)
        at = now if clock is None else DAY + timedelta(days=clock)
        return [made.index(each) for each in retention.over(made, now, WEEK, at)]

    def test_chains_go_whole_newest_first_and_the_last_one_never(self) -> None:
        assert self.over(MADE, 8) == []
        assert self.over(MADE, 8.5) == [1, 0]
        assert self.over(MADE, 1000) == [3, 2, 1, 0]
        assert self.over(MADE[:2], 1000) == []

    def test_what_is_locked_stays_with_all_of_its_chain(self) -> None:
        locked = [MADE[0], backup(1, INCREMENT, 0, locked=30), *MADE[2:]]
        assert self.over(locked, 29) == [3, 2]
        assert self.over(locked, 31) == [3, 2, 1, 0]
        # The org's clock runs ahead; the lock does not.
        assert self.over(locked, 31, clock=2) == [3, 2]


class TestOrder:
    def test_parents_come_first_and_circles_are_filled_afterwards(self) -> None:
        def to(column: str, *names: str, required: bool = False) -> Lookup:
            return Lookup(column, frozenset(names), required)

        found = {
            "Account": [to("ParentId", "Account"), to("Main__c", "Contact")],
            "Contact": [to("AccountId", "Account", required=True)],
            "Case": [to("AccountId", "Account"), to("ContactId", "Contact")],
        }
        assert in_order(found) == [
            Step("Account", ("ParentId", "Main__c")),
            Step("Contact", ()),
            Step("Case", ()),
        ]

    def test_a_circle_that_must_be_filled_is_refused(self) -> None:
        both = {
            "A": [Lookup("B__c", frozenset({"B"}), True)],
            "B": [Lookup("A__c", frozenset({"A"}), True)],
        }
        with pytest.raises(BackupRefused, match="A, B"):
            in_order(both)


class TestRestore:
    SHAPE = Shape(
        name="A",
        columns=(
            Column(name="Id", type="id"),
            Column(name="Name", type="string"),
            Column(name="Amount", type="currency"),
            Column(name="ParentId", type="reference", to=("A",)),
            Column(name="OwnerId", type="reference", to=("User",)),
            Column(name="Key__c", type="string"),
        ),
    )
    FIELDS = frozenset({"Name", "Amount", "ParentId", "OwnerId", "Key__c"})
    TARGET = Target(FIELDS, FIELDS, frozenset(), frozenset({"Key__c"}), held=True)
    ROWS = (("a1", "one", "10.50", None, "u", "k1"), ("a2", "two", None, "a1", "u", "k2"))

    def test_what_cannot_be_compared_is_left_out_and_named(self) -> None:
        (what,) = restoring([self.SHAPE], {"A": self.TARGET})
        assert [column.name for column in what.columns] == ["Name", "Amount", "ParentId"]
        assert (what.later, what.left_out) == (("ParentId",), ("OwnerId", "Key__c"))
        (what,) = restoring([self.SHAPE], {"A": self.TARGET._replace(held=False)})
        assert what.left_out == ("OwnerId",)

    def test_when_and_by_whom_a_record_was_made_is_never_restored(self) -> None:
        """Also where the sandbox lets it be set: by both the drill finds its records again."""
        audit = ("CreatedDate", "CreatedById", "LastModifiedDate", "LastModifiedById", "SystemModstamp")
        stamped = tuple(Column(name=name, type="datetime") for name in audit)
        shape = self.SHAPE.model_copy(update={"columns": (*self.SHAPE.columns, *stamped)})
        open_to_all = self.TARGET._replace(
            createable=self.FIELDS | {*audit}, updateable=self.FIELDS | {*audit}
        )
        (what,) = restoring([shape], {"A": open_to_all})
        assert [column.name for column in what.columns] == ["Name", "Amount", "ParentId"]
        assert {*audit} <= {*what.left_out}

    def test_every_difference_counts(self) -> None:
        (what,) = restoring([self.SHAPE], {"A": self.TARGET})
        ids = {"a1": "n1", "a2": "n2"}
        reader = Reader(what, self.SHAPE.names, ids)
        assert reader.record(self.ROWS[1]) == ("a2", {"Name": "two"})
        assert reader.lookups_later(self.ROWS[1]) == ("a2", {"ParentId": "n1"})

        def outcome(*found: tuple[str, str, float | None, str | None]) -> tuple[int, int, int]:
            there = ((new, found_digest(what.columns, cells)) for new, *cells in found)
            return compared(self.ROWS, reader, there, {})

        one, two = ("n1", "one", 10.5, None), ("n2", "two", None, "n1")
        assert outcome(two, one, ("n9", "not ours", None, None)) == (2, 0, 0)
        assert outcome(one) == (1, 0, 1)
        for wrong in (("n2", "TWO", None, "n1"), ("n2", "two", 0.0, "n1"), ("n2", "two", None, None)):
            assert outcome(one, wrong) == (1, 1, 0)

    def test_a_record_whose_parent_did_not_come_is_not_equal(self) -> None:
        (what,) = restoring([self.SHAPE], {"A": self.TARGET})
        reader = Reader(what, self.SHAPE.names, {"a2": "n2"})
        found = iter([("n2", found_digest(what.columns, ["two", None, None]))])
        assert compared(self.ROWS, reader, found, {}) == (0, 1, 0)


def test_a_drill_of_a_backup_that_lacks_an_object_is_not_good() -> None:
    def good(*objects: ObjectDrill) -> bool:
        return DrillDone(
            org="hq",
            target="hq-uat",
            backup=MADE[0].id,
            chain=(MADE[0].id,),
            objects=objects,
            rpo=WEEK,
            rto=WEEK,
            removed=1,
            left=0,
        ).good

    whole = ObjectDrill(name="A", rows=1, restored=1, equal=1)
    assert good(whole)
    assert not good(whole, ObjectDrill(name="B", rows=0, restored=0, kept=False))


def test_a_drill_reaches_back_to_what_another_has_left() -> None:
    def drill(days: int, *objects: str) -> Drill:
        began = DAY + timedelta(days=days)
        return Drill(org="hq", target="hq-uat", backup=MADE[0].id, began=began, objects=objects)

    now = drill(1, "A", "B")
    assert now.with_left(None) == now
    assert now.with_left(drill(0, "B", "C")) == drill(0, "C", "A", "B")
