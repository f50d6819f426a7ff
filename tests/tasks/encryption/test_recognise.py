"""What values look like: rules and check sums, and what only resembles them."""

from random import Random

import pytest
from hypothesis import given, settings
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


# Where rules begin and end -----------------------------------------------------------------------------


def luhn(digits: str) -> str:
    """With the check digit that makes the whole pass."""
    return next(digits + last for last in "0123456789" if is_luhn(digits + last))


def is_luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B, written down anew: an oracle that shares nothing with what is tried."""
    total = 0
    for place, digit in enumerate(reversed(digits), start=1):
        worth = int(digit) * (2 if place % 2 == 0 else 1)
        total += worth // 10 + worth % 10
    return total % 10 == 0


@settings(deadline=None)
@given(st.text("0123456789", min_size=11, max_size=21))
def test_a_card_has_13_to_19_digits_begins_like_one_and_passes(digits: str) -> None:
    networks = digits[0] in "23456" and len(set(digits)) > 1
    assert is_card(digits) is (13 <= len(digits) <= 19 and networks and is_luhn(digits))


@pytest.mark.parametrize("size", [12, 13, 19, 20])
def test_the_shortest_and_the_longest_card(size: int) -> None:
    assert is_card(luhn("4123456789012345678"[: size - 1].ljust(size - 1, "7"))) is (13 <= size <= 19)


@pytest.mark.parametrize("first", "0123456789")
def test_cards_begin_with_2_to_6(first: str) -> None:
    assert is_card(luhn(first + "11111111111123")) is (first in "23456")


@settings(deadline=None)
@given(st.text("0123456789", min_size=9, max_size=9))
def test_a_social_security_number_is_what_the_issuer_gives_out(digits: str) -> None:
    area, group, serial = int(digits[:3]), int(digits[3:5]), int(digits[5:])
    famous = digits in ("078051120", "219099999", "123456789", "987654321") or len(set(digits)) == 1
    assert is_ssn(digits) is (0 < area < 900 and area != 666 and group > 0 and serial > 0 and not famous)


@pytest.mark.parametrize("digits", ["078051120", "219099999", "123456789", "111111111", "555555555"])
def test_numbers_of_leaflets_are_nobodys(digits: str) -> None:
    assert not is_ssn(digits) and is_ssn("219099998")


@settings(deadline=None)
@given(
    st.sampled_from(["DE", "GB", "NO", "XK", "ZZ"]),
    st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=9, max_size=32),
)
def test_an_iban_has_the_length_of_its_country_and_its_remainder(country: str, account: str) -> None:
    turned = "".join(str(int(letter, 36)) for letter in f"{account}{country}00")
    text = f"{country}{98 - int(turned) % 97:02d}{account}"
    right = {"DE": 22, "GB": 22, "NO": 15}.get(country, len(text))
    assert is_iban(text) is (15 <= len(text) <= 34 and len(text) == right)
    wrong = text[:3] + str((int(text[3]) + 1) % 10) + text[4:]
    assert not is_iban(wrong)


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (["123-45-6780", "4111 1111 1111 1111", "4111 1111 1111 1111"], ("payment-card", 2)),
        (["XXX-XX-1234", "ann@hq.example", "ann@hq.example"], ("masked", 1)),
        (["ann@hq.example", "+1 415 555 0100", "+1 415 555 0101"], ("phone", 2)),
        (["12-3456789", "XXX-XX-1234", "XXX-XX-1234"], ("us-ein", 1)),
        (["123-45-6780", "000-45-6780"], (None, 0)),
        (["123-45-6780", "123-45-6781", "000-45-6780"], ("us-ssn", 2)),
    ],
)
def test_the_worst_kind_that_is_solid_wins_and_counts(
    values: list[str], found: tuple[str | None, int]
) -> None:
    verdict = recognise("F.x", values)
    assert (verdict.pattern, verdict.matching, verdict.field) == (*found, "F.x")


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("5550100", None),
        ("55501000", None),
        ("555-01000", "phone"),
        ("+4155501", None),
        ("+41555010", "phone"),
        ("+123456789012", "phone"),
        ("+1234567890123", None),
        ("(415) 555.0100", "phone"),
        ("call 415 555 0100", None),
        ("a.b+c@mail.hq.example", "email"),
        ("a@b", None),
        ("12-345678", "phone"),
        ("112-3456789", "phone"),
        ("tax 12-3456789.", "us-ein"),
    ],
)
def test_telephones_mail_and_tax_numbers_are_told_by_their_form(value: str, kind: str | None) -> None:
    assert pattern(value) == kind
