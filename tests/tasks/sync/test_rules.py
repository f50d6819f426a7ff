"""What goes, what is sealed, what stays; one form for values; and what may not go to a sandbox."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.encryption.model import Field, SampleVerdict
from tasks.errors import ConfigurationError
from tasks.estate.model import Route
from tasks.permissions.check import outside
from tasks.sync import cursor
from tasks.sync.model import Cursor, Position, Underway
from tasks.sync.rules import personal, record_of, rules_of, seen_personal, text, typed, wire
from tasks.sync.verify import checksum, digest, digests, wrong
from tests.tasks.sync.worlds import NOW, RULES, record

COURIER = {"flow": "jwt-bearer", "username": "sync@emea.example", "secret": "s"}
SYNC: dict[str, Any] = {"source": COURIER, "target": COURIER, "external_id": "Ext__c"}


def route(fields: tuple[str, ...], sobject: str = "Account", **more: Any) -> Route:
    sync = SYNC | more.pop("sync", {})
    return Route(
        name="R",
        source="hq",
        target="emea",
        sobject=sobject,
        fields=(*fields, "Ext__c"),
        sync_user="sync@emea.example",
        app="A",
        credential="C",
        sync=sync,
        **more,
    )


def test_only_what_is_declared_goes_and_what_is_excluded_masked_or_read_only_stays() -> None:
    declared = route(
        ("Name", "Phone", "Rating", "Notes__c", "Sealed__c"),
        masked_fields=("Phone",),
        read_only_fields=("Rating",),
        sync={
            "excluded_fields": ["Notes__c"],
            "sealed_fields": {"Sealed__c": "SSN__c"},
            "data_key": "k",
            "key": "Id",
        },
    )
    rules = rules_of(declared)
    assert [(c.name, c.source, c.sealed) for c in rules.columns] == [
        ("Name", "Name", False),
        ("Sealed__c", "SSN__c", True),
    ]
    assert (rules.key, rules.external_id, rules.asked) == ("Id", "Ext__c", ("Name", "SSN__c"))


def test_a_route_that_somebody_else_carries_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="says nothing about how to carry it"):
        rules_of(route(("Name",)).model_copy(update={"sync": None}))


def test_sealed_fields_need_a_key() -> None:
    with pytest.raises(ValueError, match="need a data_key"):
        route(("Sealed__c",), sync={"sealed_fields": {"Sealed__c": "SSN__c"}})


@pytest.mark.parametrize(
    ("kind", "as_json", "as_csv", "one"),
    [
        ("currency", 1000.0, "1000.0", "1000"),
        ("double", 1e-05, "0.00001", "0.00001"),
        ("int", 7, "7", "7"),
        ("double", -0.0, "-0", "0"),
        ("boolean", True, "true", "true"),
        ("boolean", False, "false", "false"),
        ("string", "", "", None),
        ("string", " Ada ", "Ada", "Ada"),
        ("textarea", "a\r\nb", "a\nb", "a\nb"),
        ("datetime", "2026-11-25T09:00:00.000+0000", "2026-11-25T09:00:00.000Z", "2026-11-25T09:00:00Z"),
        ("date", None, "", None),
    ],
)
def test_json_and_csv_come_to_one_form(kind: str, as_json: Any, as_csv: Any, one: str | None) -> None:
    assert text(kind, as_json) == text(kind, as_csv) == one
    assert text(kind, wire(kind, one)) == one


def test_a_record_is_read_by_the_rules() -> None:
    row = {
        "Id": "003",
        "SystemModstamp": "2026-11-25T09:00:00.000Z",
        "IsDeleted": "false",
        "Ext__c": "K",
        "Name": "A",
        "SSN__c": "",
    }
    found = record_of(RULES, row)
    assert (found.key, found.values, found.deleted, found.stamp) == (
        "K",
        ("A", None),
        False,
        "2026-11-25T09:00:00Z",
    )


def test_no_personal_data_goes_to_a_sandbox_by_name_by_label_or_by_the_owners_word() -> None:
    named = rules_of(route(("Name", "SSN__c", "Phone")))
    assert personal(named, ()) == ("Account.SSN__c",)
    sealed = rules_of(route(("X__c",), sync={"sealed_fields": {"X__c": "TaxID__c"}, "data_key": "k"}))
    assert personal(sealed, ()) == ("Account.TaxID__c",), "sealed ones neither"
    plain = rules_of(route(("Code__c",)))
    word = Field(
        name="Account.Code__c",
        label="Code",
        sobject="Account",
        data_type="Text(40)",
        security_classification=None,
        compliance_groups=("PII",),
    )
    assert personal(plain, ()) == () and personal(plain, (word,)) == ("Account.Code__c",)
    people = rules_of(route(("LastName", "Email", "Department"), sobject="Contact"))
    assert personal(people, ()) == ("Contact.Email", "Contact.LastName")
    masked = rules_of(route(("Name", "SSN__c"), masked_fields=("SSN__c",)))
    assert personal(masked, ()) == ()


def test_only_a_route_that_says_so_removes() -> None:
    assert outside(route(("Name",)), "Account", (), "delete") == ("R removes nothing",)
    assert outside(route(("Name",), sync={"deletes": "remove"}), "Account", (), "delete") == ()


# Windows ------------------------------------------------------------------------------------------------


def test_a_window_begins_before_the_last_one_ended_and_goes_on_behind_what_is_done() -> None:
    first = cursor.opened(Cursor(), NOW)
    assert (
        cursor.window(RULES, first, timedelta(minutes=5))
        == "SystemModstamp < 2026-11-25T09:00:00Z AND IsDeleted = false"
    )
    later = cursor.advanced(first, Position(stamp="2026-11-25T08:00:00Z", id="003A"), whole=False)
    assert cursor.opened(later, NOW + timedelta(hours=1)) == later, "an open window stays as it is"
    assert cursor.window(RULES, later, timedelta(minutes=5)).endswith(
        "(SystemModstamp > 2026-11-25T08:00:00Z OR (SystemModstamp = 2026-11-25T08:00:00Z AND Id > '003A'))"
    )
    done = cursor.advanced(later, None, whole=True)
    assert (done.carried, done.until, done.after) == (NOW, None, None)
    following = cursor.opened(done, NOW + timedelta(hours=1))
    assert "SystemModstamp >= 2026-11-25T08:55:00Z" in cursor.window(RULES, following, timedelta(minutes=5))
    assert "IsDeleted" not in cursor.window(RULES, following, timedelta(minutes=5))
    with pytest.raises(ValueError, match="no window is open"):
        cursor.window(RULES, done, timedelta(0))


def test_what_is_remembered_is_forgotten_once_no_window_can_bring_it_again() -> None:
    done = Cursor(carried=NOW)
    carried = {"old": "2026-11-25T08:54:59Z", "new": "2026-11-25T08:55:00Z"}
    begin = cursor.horizon(done, timedelta(minutes=5))
    assert begin is not None and [*cursor.outlived(carried, begin)] == ["old"]
    still_open = Cursor(carried=NOW, until=NOW + timedelta(hours=1))
    assert cursor.horizon(still_open, timedelta(minutes=5)) is None
    assert cursor.horizon(Cursor(), timedelta(minutes=5)) is None, "nothing was carried yet"
    assert not cursor.worth_remembering(record(1, NOW), still_open, timedelta(minutes=5))
    assert cursor.worth_remembering(record(1, NOW + timedelta(minutes=56)), still_open, timedelta(minutes=5))


def test_stamps_of_json_and_csv_are_those_of_soql() -> None:
    assert cursor.stamp_of("2026-11-25T09:00:00.000+0000") == cursor.stamp_of("2026-11-25T09:00:00.000Z")
    assert datetime.now(UTC).strftime("%Y") in cursor.stamp_of(datetime.now(UTC).isoformat())


# Verification -------------------------------------------------------------------------------------------

KEY = b"k" * 16


def test_a_checksum_knows_no_order_and_every_difference() -> None:
    values = {"K1": digest(KEY, "K1", ("a", None)), "K2": digest(KEY, "K2", ("b", "c"))}
    assert wrong(values, dict(reversed(values.items()))) == ()
    assert checksum(values) == checksum(dict(reversed(values.items())))
    assert wrong(values, values | {"K2": digest(KEY, "K2", ("b", "d"))}) == ("K2",)
    assert wrong(values, {"K1": values["K1"]}) == ("K2",)


def test_a_digest_tells_nothing_from_empty_and_one_field_from_the_next() -> None:
    assert digest(KEY, "K", (None,)) != digest(KEY, "K", ("",))
    assert digest(KEY, "K", ("ab", "c")) != digest(KEY, "K", ("a", "bc"))
    assert digest(KEY, "K", ("a",)) != digest(b"l" * 16, "K", ("a",))


def test_an_interrupted_batch_makes_the_rest_of_its_window_unsure() -> None:
    state = Cursor(until=NOW, underway=Underway(number=3, since=NOW - timedelta(minutes=1)))
    unsure = cursor.gone_on(state)
    assert unsure.unsure == NOW - timedelta(minutes=1)
    later = unsure.model_copy(update={"underway": Underway(number=4, since=NOW)})
    assert cursor.gone_on(later).unsure == unsure.unsure, "the oldest counts"
    assert cursor.gone_on(Cursor(until=NOW)) == Cursor(until=NOW)
    half = cursor.advanced(unsure, Position(stamp="2026-11-25T08:00:00Z", id="003A"), whole=False)
    assert (half.unsure, half.underway, half.batches) == (unsure.unsure, None, 1)
    whole = cursor.advanced(half, None, whole=True)
    assert (whole.unsure, whole.batches, whole.after, whole.carried) == (None, 0, None, NOW)


def test_a_batch_without_records_leaves_the_place_where_it_was() -> None:
    at = Position(stamp="2026-11-25T08:00:00Z", id="003A")
    state = Cursor(until=NOW, after=at, batches=4)
    assert cursor.advanced(state, None, whole=False) == state.model_copy(update={"batches": 5})


def test_windows_are_of_whole_seconds() -> None:
    assert cursor.opened(Cursor(), NOW.replace(microsecond=999_999)).until == NOW


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("2026-11-25T09:00:00.684+0000", "2026-11-25T09:00:00.684Z"),
        ("2026-11-25T09:00:00.684Z", "2026-11-25T09:00:00.684Z"),
        ("2026-11-25T09:00:00.000+0000", "2026-11-25T09:00:00Z"),
        ("2026-11-25T10:00:00.040+01:00", "2026-11-25T09:00:00.040Z"),
    ],
)
def test_a_fraction_of_a_second_stays_where_there_is_one(told: str, kept: str) -> None:
    assert cursor.exact(told) == kept


def test_a_fraction_is_later_than_its_second() -> None:
    done, overlap = Cursor(carried=NOW), timedelta(minutes=5)
    carried = {"a": "2026-11-25T08:55:00.684Z", "b": "2026-11-25T08:54:59.999Z"}
    begin = cursor.horizon(done, overlap)
    assert begin is not None and [*cursor.outlived(carried, begin)] == ["b"]
    still_open = Cursor(until=NOW)
    late = record(1, NOW)._replace(stamp="2026-11-25T08:55:00.684Z")
    early = late._replace(stamp="2026-11-25T08:54:59.999Z")
    assert cursor.worth_remembering(late, still_open, overlap)
    assert not cursor.worth_remembering(early, still_open, overlap)


def test_records_are_known_in_the_very_state_that_was_carried() -> None:
    one, two = record(1, NOW), record(2, NOW)
    assert cursor.known([one, two], {one.id: one.stamp, two.id: "2026-11-25T08:59:59Z"}) == {one.id}


def test_first_windows_of_routes_that_keep_ask_for_everything() -> None:
    keeps = RULES.model_copy(update={"removes": False})
    first = cursor.opened(Cursor(), NOW)
    assert cursor.window(keeps, first, timedelta(minutes=5)) == "SystemModstamp < 2026-11-25T09:00:00Z"


@pytest.mark.parametrize("zone", [0, 330, -480])
def test_instants_of_all_zones_are_one(zone: int) -> None:
    moment = NOW.astimezone(timezone(timedelta(minutes=zone)))
    assert cursor.stamp_of(moment.isoformat()) == "2026-11-25T09:00:00Z"
    assert cursor.window(RULES, Cursor(until=moment), timedelta(0)).startswith(
        "SystemModstamp < 2026-11-25T09:00:00Z"
    )


def test_digests_are_by_external_id_and_no_record_goes_without_one() -> None:
    made = digests(KEY, [record(1, NOW), record(2, NOW, name="Bob")])
    assert made == {
        "K1": digest(KEY, "K1", ("Ada", "123-45-6789")),
        "K2": digest(KEY, "K2", ("Bob", "123-45-6789")),
    }
    assert all(0 <= each < 1 << 128 for each in made.values())
    with pytest.raises(KeyError, match="003000000000000003"):
        digests(KEY, [record(3, NOW)._replace(key=None)])


@settings(deadline=None)
@given(st.dictionaries(st.text(min_size=1), st.integers(0, (1 << 128) - 1), max_size=8), st.data())
def test_whatever_is_not_as_expected_is_named(expected: dict[str, int], data: st.DataObject) -> None:
    bad = data.draw(st.sets(st.sampled_from(sorted(expected)))) if expected else set()
    gone = data.draw(st.sets(st.sampled_from(sorted(bad)))) if bad else set()
    found = {name: made ^ 1 if name in bad else made for name, made in expected.items() if name not in gone}
    pairs = len(bad) - len(gone)
    # Differences that add up to nothing would fool a sum; each digest has a key that nobody knows, so they do not.
    if pairs < 2 or checksum(found) != checksum(expected):
        assert wrong(expected, found) == tuple(sorted(bad))


def test_a_checksum_is_written_alike_however_large() -> None:
    assert checksum({}) == "0" * 32
    assert checksum({"a": (1 << 128) - 1, "b": 2}) == f"{1:032x}"


@pytest.mark.parametrize(
    ("samples", "seen"),
    [
        ([("F.a", "us-ssn", 1), ("F.b", "us-ein", 1)], ("F.a", "F.b")),
        ([("F.b", "payment-card", 2), ("F.a", "iban", 1)], ("F.a", "F.b")),
        ([("F.a", "us-ssn", 0), ("F.b", "email", 9), ("F.c", "masked", 9), ("F.d", None, 0)], ()),
    ],
)
def test_numbers_of_persons_are_seen_in_a_batch(
    samples: list[tuple[str, str | None, int]], seen: tuple[str, ...]
) -> None:
    verdicts = [SampleVerdict(field=f, sampled=9, matching=n, pattern=kind) for f, kind, n in samples]
    assert seen_personal(verdicts) == seen


def test_types_and_lengths_come_from_both_describes() -> None:
    source = {"Name": {"type": "string", "length": 40}, "SSN__c": {"type": "string", "length": 11}}
    target = {"Name": {"type": "string", "length": 80}, "Secret__c": {"type": "textarea"}}
    columns = typed(RULES, source, target).columns
    assert [(c.name, c.type, c.source_type, c.length, c.sealed) for c in columns] == [
        ("Name", "string", "string", 80, False),
        ("Secret__c", "textarea", "string", 0, True),
    ]


@pytest.mark.parametrize(
    ("kind", "value", "there"),
    [("boolean", "false", False), ("int", "7", 7), ("long", "12", 12), ("percent", "1.5", 1.5), ("string", "7", "7"), ("int", None, None)],
)  # fmt: skip
def test_json_takes_values_in_their_own_types(kind: str, value: str | None, there: Any) -> None:
    made = wire(kind, value)
    assert made == there and type(made) is type(there)


def test_what_is_no_number_in_a_number_field_is_left_as_it_is() -> None:
    assert text("double", "n/a") == "n/a"
    assert text("percent", "007.50") == "7.5" and text("double", "1E+3") == "1000"
