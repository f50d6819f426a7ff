"""The masking bench at its smallest; and what it compares two sandboxes by."""

import pytest

from deployments.bench.across import fakes_of, same_across
from deployments.bench.masking import measure_masking
from tasks.masking.fakes import Masker
from tasks.masking.model import Kind, MaskedObject, Rule

NAME = Rule(field="LastName", kind=Kind.LAST_NAME, type="string", length=80)
CODE = Rule(field="Code", kind=Kind.NUMBER, type="string", length=20, unique=True)
CONTACTS = MaskedObject(sobject="Contact", rules=(NAME, CODE))


def told(**names: str) -> dict[str, dict[str, dict[str, str | None]]]:
    return {"Contact": {key: {"LastName": name, "Code": f"{key}-4711"} for key, name in names.items()}}


def test_the_same_person_is_the_same_fake_whatever_the_record_and_a_difference_shows() -> None:
    masker, again = Masker(bytes(range(32))), Masker(bytes(range(32)))
    here, there = told(a="Bauer", b="Chen"), told(x="Bauer", y="Okafor")

    def masked(
        with_: Masker, rows: dict[str, dict[str, dict[str, str | None]]]
    ) -> dict[str, dict[str, dict[str, str | None]]]:
        return {
            "Contact": {
                key: {**row, **with_.masked([NAME], {"LastName": row["LastName"]})}
                for key, row in rows["Contact"].items()
            }
        }

    one = fakes_of([CONTACTS], here, masked(masker, here))
    other = fakes_of([CONTACTS], there, masked(again, there))
    assert {field for _, field, _ in one} == {"LastName"}
    assert same_across(one, other) == (1, 1.0)
    strange = fakes_of([CONTACTS], there, masked(Masker(bytes(32)), there))
    assert same_across(one, strange) == (1, 0.0)
    assert same_across(one, {}) == (0, 0.0)


@pytest.mark.slow
def test_two_sandboxes_of_two_estates_get_the_same_fakes() -> None:
    figures = measure_masking(contacts=400, users=60)
    assert figures.good, figures
    assert figures.shared > 1_000
