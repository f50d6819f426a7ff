"""What is left is found in the many ways in which people write it down; what only looks like it is not."""

from random import Random

import pytest

from deployments.bench.leftovers import SHAPES, harmless, leftovers
from deployments.sandbox.seed.names import FIRST_NAMES, LAST_NAMES
from tasks.masking.fakes import Masker
from tasks.masking.model import Kind, Rule
from tasks.masking.residual import Scanner, compared, hashes_of


@pytest.fixture(scope="module")
def scanner() -> Scanner:
    return Scanner(Masker(bytes(range(32))))


def text_rule(kind: Kind) -> Rule:
    return Rule(field="F", kind=kind, type="string", length=255)


def test_of_thousands_of_leftovers_nearly_all_are_found_by_what_they_look_like(scanner: Scanner) -> None:
    planted = [each for each in leftovers(1, 46 * 40) if not each.shape.startswith("name")]
    missed = [each for each in planted if scanner.found(each.text) is None]
    assert len(missed) <= len(planted) * 0.01, [(each.shape, each.text[-60:]) for each in missed[:20]]
    assert len({each.shape for each in planted}) >= 19


def test_names_are_found_where_production_has_them(masker: Masker) -> None:
    everybody = hashes_of(masker, Kind.FIRST_NAME, FIRST_NAMES) | hashes_of(
        masker, Kind.LAST_NAME, LAST_NAMES
    )
    planted = [each for each in leftovers(2, 46 * 20) if each.shape.startswith("name")]
    missed = [each for each in planted if Scanner(masker, everybody).found(each.text) is None]
    assert len(missed) <= len(planted) * 0.01, [(each.shape, each.text[-60:]) for each in missed[:20]]
    hashes = hashes_of(masker, Kind.FIRST_NAME, ("Ada", "Amara")) | hashes_of(
        masker, Kind.LAST_NAME, ("Okafor",)
    )
    assert Scanner(masker, hashes).found("Met Amara Okafor, who agreed") == "name"
    assert Scanner(masker, hashes).found("Okafor, Amara") == "name"
    assert Scanner(masker, hashes).found("Okafor or Amara") is None


def test_what_only_looks_like_it_is_left_alone(scanner: Scanner) -> None:
    rng = Random("harmless")
    for _ in range(200):
        for text in harmless(rng):
            assert scanner.found(text) is None, text


@pytest.mark.parametrize(
    "kind", [Kind.TEXT, Kind.EMAIL, Kind.COMPANY, Kind.FULL_NAME, Kind.STREET, Kind.FILE_NAME]
)
def test_fakes_are_no_findings_wherever_they_stand(kind: Kind, masker: Masker, scanner: Scanner) -> None:
    for number in range(300):
        made = masker.fake(text_rule(kind), f"Ada Bauer {number} 123-45-6789")
        assert scanner.found(made, text_rule(kind)) is None and scanner.found(made) is None, made


def test_a_field_that_is_masked_holds_a_fake_or_is_a_finding(scanner: Scanner) -> None:
    assert scanner.found("Plato", text_rule(Kind.LAST_NAME)) == "no fake (last-name)"
    assert scanner.found("XXX-XX-XXXX", text_rule(Kind.NUMBER)) is None, "there is nothing in it"
    assert scanner.found("XXX-XX-6789", text_rule(Kind.NUMBER)) == "no fake (number)"


def test_production_is_compared_by_hashes_of_what_it_says_however_it_is_written(masker: Masker) -> None:
    hashes = hashes_of(masker, Kind.NUMBER, ["D-0000 0042"]) | hashes_of(masker, Kind.PHONE, ["12"])
    assert Scanner(masker, hashes).found("d00000042") == "as in production"
    assert Scanner(masker, hashes).found("D00000043") is None
    assert Scanner(masker, hashes).found("12") is None, "too short to mean anything"
    assert Scanner(Masker(bytes(32)), hashes).found("d00000042") is None, "another key knows no hash"
    assert all(b"0042" not in each for each in hashes)


def test_every_shape_is_in_a_small_plant() -> None:
    assert {each.shape for each in leftovers(0, len(SHAPES))} == set(SHAPES)
    assert list(compared("a")) == []
