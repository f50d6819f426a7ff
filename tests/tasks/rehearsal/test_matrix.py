"""What is asked of a rehearsal, and that its page says what came of it."""

from datetime import UTC, datetime, timedelta

import pytest

from tasks.rehearsal.attacks import attacks
from tasks.rehearsal.matrix import Matrix, missed
from tasks.rehearsal.model import ENOUGH, Layer, Outcome, Played
from tasks.rehearsal.report import document, lasting, markdown, text

NAMES = [attack.name for attack in attacks()]
AT = datetime(2026, 11, 27, 19, 0, tzinfo=UTC)


def played(name: str, rows: int, *, lost: Layer | None = None, seen: timedelta | None = None) -> Played:
    steps = (
        Outcome(step="Take it", reached=bool(rows), status=400, code="NO", rows=rows, of="Account", at=AT),
    )
    return Played(
        attack=name, title=name.title(), org="hq", hardened=True, lost=lost, outcomes=steps, seen=seen
    )


def matrix(before: int, through: dict[Layer, int]) -> Matrix:
    """`before` and `through` count attacks that succeed."""
    many = ENOUGH + 1
    week = timedelta(days=2, hours=14)
    return Matrix(
        estate="Meridian | Wealth",
        at=AT,
        before=tuple(played(name, many if n < before else 0, seen=week) for n, name in enumerate(NAMES)),
        after=tuple(played(name, 0, seen=timedelta(minutes=5)) for name in NAMES),
        without={
            layer: tuple(
                played(name, many if n < count else ENOUGH, lost=layer) for n, name in enumerate(NAMES)
            )
            for layer, count in through.items()
        },
    )


def test_one_page_of_rows_is_stopped_and_one_row_more_is_not() -> None:
    assert played("a", ENOUGH).stopped and not played("a", ENOUGH + 1).stopped


@pytest.mark.parametrize("layer", Layer)
def test_one_miss_in_a_dozen_is_what_a_lost_layer_may_cost(layer: Layer) -> None:
    twelfth = len(NAMES) // 12
    assert matrix(len(NAMES), {layer: twelfth}).failings == ()
    (why,) = matrix(len(NAMES), {layer: twelfth + 1}).failings
    assert f"without {layer.value}" in why and NAMES[0] in why


def test_attacks_that_fail_before_hardening_prove_nothing() -> None:
    few = -(-len(NAMES) * 10 // 12) - 1
    assert matrix(few + 1, {}).failings == ()
    (why,) = matrix(few, {}).failings
    assert f"only {few} of {len(NAMES)}" in why


def test_the_page_names_every_miss_and_fits_prefects_pages() -> None:
    made = matrix(len(NAMES), {Layer.NETWORK: 1, Layer.DETECTION: 0})
    page = markdown(made)
    assert f"{ENOUGH + 1:,} rows and 3 days before hardening, 0 rows and 5 minutes after it" in page
    assert f"missed: {NAMES[0]} ({ENOUGH + 1:,} rows)" in page
    assert f"**{ENOUGH + 1:,}**" in page, "what was not stopped stands out"
    assert "Meridian \\| Wealth" in page
    table = page[page.index("## Attack by layer lost") : page.index("## Before and after")]
    rows = [line for line in table.splitlines() if line.startswith("| ") and "before" not in line]
    assert len(rows) == len(NAMES) and max(map(len, rows)) <= 100
    for attack in attacks():
        assert attack.title in page and attack.technique in page


def test_the_document_and_the_terminal_say_the_same() -> None:
    made = matrix(len(NAMES), {Layer.NETWORK: 2})
    found = document(made)
    assert found["columns"]["without network"] == {
        "stopped": len(NAMES) - 2,
        "of": len(NAMES),
        "missed": {each.attack: each.rows for each in missed(made.without[Layer.NETWORK])},
    }
    assert len(found["plays"]) == 3 * len(NAMES) and found["failings"]
    assert f"{len(NAMES) - 2} of {len(NAMES)} stopped" in text(made) and "NOT GOOD" in text(made)


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (None, "never seen"),
        (timedelta(seconds=20), "within a minute"),
        (timedelta(minutes=5), "5 minutes"),
        (timedelta(hours=3), "3 hours"),
        (timedelta(days=3), "3 days"),
    ],
)
def test_lengths_of_time_in_words(length: timedelta | None, words: str) -> None:
    assert lasting(length) == words
