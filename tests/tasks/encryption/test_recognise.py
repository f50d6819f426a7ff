"""What values look like: rules and check sums, and what only resembles them."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.encryption.recognise import is_card, is_iban, is_ssn, recognise


def pattern(*values: str, times: int = 1) -> str | None:
    return recognise("Contact.Note__c", values * times).pattern


@pytest.mark.parametrize("value", ["123-45-6780", "SSN is 219-09-9998, thanks", "123 45 6780", "123456780"])
def test_social_security_numbers_are_recognised(value: str) -> None:
    assert pattern(value) == "us-ssn"


@pytest.mark.parametrize(
    "value",
    [
        "000-12-3456",
        "666-12-3456",
        "912-34-5678",
        "123-00-4567",
        "123-45-0000",
        "987654321",
        "order 123456780",
    ],
)
def test_numbers_that_break_the_issuer_s_rules_are_not(value: str) -> None:
    assert pattern(value) is None


@pytest.mark.parametrize(
    "value", ["4111 1111 1111 1111", "5555555555554444", "paid with 3782-822463-10005 today"]
)
def test_payment_cards_pass_luhn(value: str) -> None:
    assert pattern(value) == "payment-card"


@pytest.mark.parametrize("value", ["4111 1111 1111 1112", "0000000000000000", "1234567890123"])
def test_other_long_numbers_are_no_cards(value: str) -> None:
    assert pattern(value) is None


@pytest.mark.parametrize("value", ["GB82 WEST 1234 5698 7654 32", "DE89370400440532013000"])
def test_an_iban_leaves_one_modulo_97(value: str) -> None:
    assert pattern(value) == "iban"


@pytest.mark.parametrize("value", ["GB83 WEST 1234 5698 7654 32", "DE8937040044053201300"])
def test_a_wrong_iban_is_none(value: str) -> None:
    assert pattern(value) is None


def test_employer_numbers_need_a_campus_that_exists() -> None:
    assert pattern("12-3456789") == "us-ein" and pattern("07-3456789") is None


@pytest.mark.parametrize(
    "value", ["XXX-XX-1234", "***-**-1234", "XXXX XXXX XXXX 1234", "********", "xxx-xx-6789"]
)
def test_masked_values_are_masked(value: str) -> None:
    assert pattern(value) == "masked"


@pytest.mark.parametrize("value", ["XX", "Xavier", "12", "Max Axx", "extra"])
def test_letters_alone_mask_nothing(value: str) -> None:
    assert pattern(value) is None


def test_a_few_real_numbers_among_masked_ones_are_a_leak() -> None:
    verdict = recognise("F.x", ["XXX-XX-1234"] * 95 + ["123-45-6780"] * 5)
    assert (verdict.pattern, verdict.matching, verdict.sampled) == ("us-ssn", 5, 100)


def test_mail_and_phone_are_contact_data() -> None:
    assert pattern("ann@hq.example") == "email" and pattern("+1 (415) 555-0100") == "phone"


def test_empty_values_are_not_sampled() -> None:
    assert recognise("F.x", ["", "  ", "a"]).sampled == 1


def test_order_numbers_are_not_cards_because_one_in_ten_passes_luhn() -> None:
    rng = Random(7)
    orders = [str(rng.randrange(4 * 10**15, 5 * 10**15)) for _ in range(400)]
    assert any(is_card(order) for order in orders)
    assert recognise("Order.Number__c", orders).pattern is None


def test_a_verdict_holds_no_value() -> None:
    assert "6780" not in recognise("F.x", ["123-45-6780"] * 9).model_dump_json()


@given(st.text("0123456789", min_size=9, max_size=9))
def test_a_social_security_number_with_a_forbidden_part_never_passes(digits: str) -> None:
    forbidden = (
        digits[:3] in ("000", "666") or digits[0] == "9" or digits[3:5] == "00" or digits[5:] == "0000"
    )
    assert not (forbidden and is_ssn(digits))


@given(st.text("0123456789", min_size=13, max_size=19), st.integers(0, 18))
def test_luhn_catches_every_single_wrong_digit(digits: str, at: int) -> None:
    at %= len(digits)
    wrong = digits[:at] + str((int(digits[at]) + 1) % 10) + digits[at + 1 :]
    assert not (is_card(digits) and is_card(wrong))


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=40))
def test_any_text_can_be_asked_about(text: str) -> None:
    assert is_iban(text) in (True, False)


def test_a_longer_number_with_dashes_is_not_read_as_its_tail() -> None:
    assert pattern("1-123-45-6780") != "us-ssn"
