"""Profiles of batches are numbers, and Great Expectations holds them against the contract in a process of its own."""

from collections.abc import Iterator

import pytest

from tasks.contracts.batches import BatchChecker
from tasks.estate.model import Expected
from tasks.sync.model import Column, Rules
from tasks.sync.profile import as_question, limits_of, profile_of
from tests.tasks.sync.worlds import NOW, record

RULES = Rules(
    route="R",
    source="hq",
    target="emea",
    sobject="Account",
    key="Ext__c",
    external_id="Ext__c",
    columns=(
        Column(name="Name", source="Name", length=80),
        Column(name="Amount__c", source="Amount__c", type="currency", source_type="currency"),
    ),
    contract={"Name": Expected(empty=0.5, longest=10), "Amount__c": Expected(least=0, most=100)},
)


def batch(*values: tuple[str | None, str | None]) -> dict[str, float]:
    return profile_of(RULES, [record(n, NOW)._replace(values=each) for n, each in enumerate(values)])


def test_a_profile_holds_numbers_and_no_values() -> None:
    assert batch(("Ada", "10"), (None, "-5")) == {
        "rows": 2.0,
        "Name.empty": 0.5,
        "Name.longest": 3.0,
        "Amount__c.empty": 0.0,
        "Amount__c.longest": 2.0,
        "Amount__c.least": -5.0,
        "Amount__c.most": 10.0,
    }


@pytest.fixture(scope="module")
def checker() -> Iterator[BatchChecker]:
    with BatchChecker() as found:
        yield found


@pytest.mark.slow
def test_the_contract_is_kept_or_what_breaks_it_is_named(checker: BatchChecker) -> None:
    def broken(*values: tuple[str | None, str | None], most: int = 10) -> tuple[str, ...]:
        return checker.broken(as_question(batch(*values), limits_of(RULES, most)))

    assert broken(("Ada", "10"), (None, "0")) == ()
    assert broken((None, None), ("Ada", None)) == (), "no values, no range"
    assert broken((None, "1"), (None, "2"), ("Ada", "3")) == ("Name.empty",)
    assert broken(("A longer name", "100.01")) == ("Amount__c.most", "Name.longest")
    assert broken(("Ada", "-1")) == ("Amount__c.least",)
    assert broken(("Ada", "1"), ("Bob", "1"), most=1) == ("rows",)


@pytest.mark.slow
def test_other_columns_than_the_contract_names_break_it(checker: BatchChecker) -> None:
    question = as_question(batch(("Ada", "10")), limits_of(RULES, 10))
    assert checker.broken({**question, "profile": question["profile"] | {"Extra.empty": 0.0}}) == ("columns",)
    less = {name: number for name, number in question["profile"].items() if name != "Name.empty"}
    assert checker.broken({**question, "profile": less}) == ("columns",)
