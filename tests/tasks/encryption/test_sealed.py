"""Sealed values: they come back exactly, only where they belong, and fit where they were planned to fit."""

import os
import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from math import isnan, nan

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.encryption.sealed import (
    MARK,
    Place,
    SealKey,
    Value,
    is_sealed,
    key_of,
    longest,
    open_sealed,
    seal,
    seal_key,
    sealed_length,
)
from tasks.errors import ConfigurationError, SealBroken, ValueTooLong
from tests.slices import chosen

PLACE = Place("hq", "Account", "SSN__c")
KEY = seal_key("00112233445566ff", bytes(range(32)))
KEYS = {KEY.key_id: KEY}
RECORD = "0015e00000AbCdEAAV"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
VALUES = st.one_of(
    st.text(),
    st.integers(),
    st.booleans(),
    st.floats(allow_nan=False),
    st.decimals(allow_nan=False),
    st.dates(),
    st.datetimes(timezones=st.sampled_from([None, UTC, timezone(timedelta(hours=5, minutes=30))])).map(
        lambda at: at.replace(fold=0)
    ),
    st.none(),
)


def sealed(value: Value, place: Place = PLACE, record: str = RECORD) -> str:
    (text,) = seal(KEY, place, [value], [record], randoms=os.urandom)
    assert text is not None
    return text


def opened(text: str, place: Place = PLACE, record: str = RECORD) -> Value:
    return open_sealed(KEYS, place, [text], [record])[0]


@pytest.mark.parametrize(
    "value",
    [
        "", "123-45-6789", "Zoë Ångström 🦊 \u0000 end\n", "x" * 255, "ß" * 32_768, 0, -7, 2**80, True, False, 0.1, -0.0,
        1e308, Decimal("10.50"), Decimal("-0.00"), date(2024, 2, 29), datetime(2026, 11, 25, 9, 30, 1, 123456, tzinfo=UTC),
    ],
)  # fmt: skip
def test_every_type_comes_back_exactly(value: Value) -> None:
    back = opened(sealed(value))
    assert (type(back), repr(back)) == (type(value), repr(value))


def test_what_is_no_number_stays_none() -> None:
    back = opened(sealed(nan))
    assert isinstance(back, float) and isnan(back)


@settings(max_examples=300, deadline=None)
@given(values=st.lists(VALUES, max_size=8))
def test_columns_come_back_in_order_with_their_gaps(values: list[Value]) -> None:
    records = [f"001{number:015d}" for number in range(len(values))]
    texts = seal(KEY, PLACE, values, records, randoms=os.urandom)
    assert [text is None for text in texts] == [value is None for value in values]
    back = open_sealed(KEYS, PLACE, texts, records)
    assert [(type(each), repr(each)) for each in back] == [(type(each), repr(each)) for each in values]


def test_the_same_value_never_looks_the_same_and_shows_nothing() -> None:
    texts = seal(KEY, PLACE, ["123-45-6789"] * 500, [RECORD] * 500, randoms=os.urandom)
    assert len(set(texts)) == 500
    assert not any("123-45-6789" in str(text) for text in texts)
    assert {str(text)[:19] for text in texts} == {str(texts[0])[:19]}, "mark, version and key are in the open"


@pytest.mark.parametrize(
    ("place", "record"),
    [
        (Place("emea", "Account", "SSN__c"), RECORD),
        (Place("hq", "Contact", "SSN__c"), RECORD),
        (Place("hq", "Account", "TaxID__c"), RECORD),
        (PLACE, "0015e00000AbCdFAAV"),
        (PLACE, ""),
        (Place("hq\x1fAccount", "", "SSN__c"), RECORD),
    ],
)
def test_a_value_that_was_moved_does_not_open(place: Place, record: str) -> None:
    with pytest.raises((SealBroken, ConfigurationError)):
        opened(sealed("123-45-6789"), place, record)


def test_fields_that_run_into_each_other_are_apart() -> None:
    with pytest.raises(SealBroken):
        opened(sealed("x", Place("hq", "Account", "A"), "B1"), Place("hq", "Account", "AB"), "1")


def broken(text: str, chance: random.Random) -> str:
    """The text with one thing wrong in it."""
    at = chance.randrange(len(text))
    match chance.randrange(6):
        case 0:
            return text[:at] + chr(ord(text[at]) ^ 1 << chance.randrange(7)) + text[at + 1 :]
        case 1:
            other = chance.choice([letter for letter in LETTERS if letter != text[at]])
            return text[:at] + other + text[at + 1 :]
        case 2:
            return text[:at]
        case 3:
            return text[:at] + text[at + 1 :]
        case 4:
            return text[:at] + chance.choice(LETTERS + "=+/\n ") + text[at:]
        case _:
            return text + chance.choice(["=", "A", "AAAA", "\n", text])


CASES = 10_000
"""Of each of ten seeds."""
HEAD_ENDS, NONCE_ENDS = 19, 35
"""Letters: mark, version, type and key id; then the nonce."""
ORGS, OBJECTS, FIELDS = ("hq", "emea", "h"), ("Account", "Contact", "Acc"), ("SSN__c", "TaxID__c", "SSN")
NEXT = seal_key("8899aabbccddeeff", bytes(range(1, 33)))
RING = {KEY.key_id: KEY, NEXT.key_id: NEXT}
"""Two epochs, both readable."""


def anything(chance: random.Random) -> Value:
    """A value of one of the types that fields have: nothing, empty, of all planes of unicode, short and long."""
    wide = "aZ0 \u0000\nß漢\u202e🦊"
    match chance.randrange(9):
        case 0:
            return "".join(chance.choice(wide) for _ in range(chance.randrange(12)))
        case 1:
            return chance.choice(wide) * chance.choice(
                [0, 1, 11, 255, 255, 1_000, 32_768 if chance.random() < 0.02 else 2]
            )
        case 2:
            return chance.randrange(-(2**70), 2**70)
        case 3:
            return chance.random() * 10 ** chance.randrange(-20, 20)
        case 4:
            return Decimal(chance.randrange(-(10**18), 10**18)).scaleb(-chance.randrange(19))
        case 5:
            return date.fromordinal(chance.randrange(1, date.max.toordinal()))
        case 6:
            return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(microseconds=chance.randrange(10**17))
        case 7:
            return chance.random() < 0.5
        case _:
            return f"{chance.randrange(1000):03d}-{chance.randrange(100):02d}-{chance.randrange(10_000):04d}"


@pytest.mark.parametrize("seed", chosen(range(10), 3))
def test_values_come_back_and_nothing_that_was_changed_moved_or_replayed_opens(seed: int) -> None:
    """100,000 cases in all: each value is sealed, opened where it belongs, and tried once more with one thing wrong."""
    chance = random.Random(f"changed {seed}")
    for case in range(CASES):
        here = Place(chance.choice(ORGS), chance.choice(OBJECTS), chance.choice(FIELDS))
        record = f"0015e00000Ab{chance.randrange(10**6):06d}"
        value, key = anything(chance), chance.choice([KEY, NEXT])
        (text,) = seal(key, here, [value], [record], randoms=chance.randbytes)
        assert text is not None
        (back,) = open_sealed(RING, here, [text], [record])
        assert (type(back), back) == (type(value), value)
        wrong, there, other = spoiled(chance, case % 8, text, here, record, key)
        assert (wrong, there, other) != (text, here, record)
        with pytest.raises(SealBroken):
            open_sealed(RING, there, [wrong], [other])


def spoiled(
    chance: random.Random, what: int, text: str, here: Place, record: str, key: SealKey
) -> tuple[str, Place, str]:
    """One thing wrong: the text, or the place where somebody puts it."""
    match what:
        case 0:  # replayed from another org
            return text, here._replace(org=chance.choice([name for name in ORGS if name != here.org])), record
        case 1:  # swapped with another object's or field's
            names = [name for name in OBJECTS if name != here.sobject]
            fields = [name for name in FIELDS if name != here.field]
            moved = chance.choice(
                [here._replace(sobject=chance.choice(names)), here._replace(field=chance.choice(fields))]
            )
            return text, moved, record
        case 2:  # swapped with another record's
            return text, here, chance.choice([record[:-1], f"{record}0", f"{record[:-1]}x", ""])
        case 3:  # ciphertext and tag of one value behind the head and the nonce of another
            (second,) = seal(key, here, [anything(chance)], [record], randoms=chance.randbytes)
            assert second is not None
            return text[:NONCE_ENDS] + second[NONCE_ENDS:], here, record
        case 4:  # said to be of the other epoch
            (theirs,) = seal(NEXT if key is KEY else KEY, here, ["x"], [record], randoms=chance.randbytes)
            return str(theirs)[:HEAD_ENDS] + text[HEAD_ENDS:], here, record
        case _:
            while (changed := broken(text, chance)) == text:
                pass
            return changed, here, record


def test_what_a_destroyed_key_sealed_is_not_opened_by_what_is_left() -> None:
    """A value of an epoch that is no more, replayed into its own place."""
    with pytest.raises(SealBroken, match="key that is not at hand"):
        open_sealed({NEXT.key_id: NEXT}, PLACE, [sealed("123-45-6789")], [RECORD])


def test_a_value_sealed_with_another_key_names_the_ring_and_not_the_value() -> None:
    other = seal_key("8899aabbccddeeff", os.urandom(32))
    (text,) = seal(other, PLACE, ["123-45-6789"], [RECORD], randoms=os.urandom)
    assert text is not None and key_of(text) == other.key_id
    with pytest.raises(SealBroken, match="key that is not at hand") as caught:
        opened(text)
    assert "123-45" not in str(caught.value) and RECORD in str(caught.value)
    with pytest.raises(SealBroken, match="not what was sealed"):
        open_sealed({other.key_id: seal_key(other.key_id, bytes(32))}, PLACE, [text], [RECORD])


def test_the_length_is_known_before() -> None:
    for size in range(400):
        assert len(sealed("x" * size)) == sealed_length(size)
    for letters in range(40, 700):
        size = longest(letters)
        assert size < 0 or sealed_length(size) <= letters
        assert sealed_length(size + 1) > letters and type(size) is int
    assert longest(255) == 149
    assert longest(20) == -1


def test_what_would_not_fit_is_refused_before_anything_is_sealed() -> None:
    def nothing(size: int) -> bytes:
        raise AssertionError("nothing is sealed")

    with pytest.raises(
        ValueTooLong, match=r"Account\.SSN__c: a value of 150 bytes becomes \d+ letters"
    ) as caught:
        seal(KEY, PLACE, ["short", "y" * 150], [RECORD, "2"], letters=255, randoms=nothing)
    assert "yyy" not in str(caught.value)
    assert seal(KEY, PLACE, ["y" * 149, None], [RECORD, "2"], letters=255, randoms=os.urandom)[1] is None
    assert seal(KEY, PLACE, [None], [RECORD], letters=1, randoms=os.urandom) == [None]
    assert seal(KEY, PLACE, [], [], randoms=os.urandom) == []


def test_what_no_field_holds_is_refused() -> None:
    held: Sequence[Value] = [b"bytes"]  # type: ignore[list-item]
    with pytest.raises(ConfigurationError, match="holds bytes"):
        seal(KEY, PLACE, held, [RECORD], randoms=os.urandom)
    for record in ("a\nb", "a\x1fb"):
        with pytest.raises(ConfigurationError, match="control character"):
            seal(KEY, PLACE, ["x"], [record], randoms=os.urandom)
    with pytest.raises(ValueError, match="2 values and 1 records"):
        seal(KEY, PLACE, ["x", "y"], [RECORD], randoms=os.urandom)


def test_a_column_has_as_many_records_as_values_and_names_may_hold_blanks() -> None:
    texts = seal(KEY, PLACE, ["x", "y"], ["A 1", "B 2"], randoms=os.urandom)
    assert open_sealed(KEYS, PLACE, texts, ["A 1", "B 2"]) == ["x", "y"]
    for records in (["A 1"], ["A 1", "B 2", "C 3"]):
        with pytest.raises(ValueError, match="zip"):
            open_sealed(KEYS, PLACE, texts, records)
    with pytest.raises(ConfigurationError, match="holds bytes, set,"):
        seal(KEY, PLACE, [b"x", set()], ["1", "2"], randoms=os.urandom)  # type: ignore[list-item]  # as no field holds them


@pytest.mark.parametrize(("key_id", "key"), [("00", bytes(32)), ("00112233445566ff", bytes(16))])
def test_keys_of_another_length_are_refused(key_id: str, key: bytes) -> None:
    with pytest.raises(ConfigurationError, match="32 bytes"):
        seal_key(key_id, key)


@pytest.mark.parametrize("text", ["", "AES256:", "123-45-6789", MARK + "A" * 20, None, 7])
def test_what_was_never_sealed_is_told_apart(text: object) -> None:
    assert not is_sealed(text)


def test_a_version_that_is_not_known_is_refused() -> None:
    text = sealed("x")
    with pytest.raises(SealBroken):
        opened(MARK + "IA" + text[len(MARK) + 2 :])
    assert is_sealed(text)


def test_nonces_come_from_the_source_and_are_used_once() -> None:
    asked: list[int] = []

    def counted(size: int) -> bytes:
        asked.append(size)
        return bytes(range(size % 256)) * 0 + b"".join(number.to_bytes(12) for number in range(size // 12))

    texts = seal(KEY, PLACE, ["a", None, "b"], ["1", "2", "3"], randoms=counted)
    assert asked == [24]
    assert texts[0] != texts[2]
    # Laid out as said: version and type, key id, nonce, then what plain AES-GCM makes of the value.
    from base64 import urlsafe_b64decode

    letters = str(texts[0])[len(MARK) :]
    raw = urlsafe_b64decode(letters + "=" * (-len(letters) % 4))
    assert raw[:9] == b"\x10" + bytes.fromhex(KEY.key_id)
    assert raw[9:21] == bytes(12)
    bound = "\x1f".join((str(texts[0])[:19], *PLACE, "1")).encode()
    assert AESGCM(bytes(range(32))).decrypt(bytes(12), raw[21:], bound) == b"a"


# NIST's own vectors, as in "The Galois/Counter Mode of Operation" (McGrew and Viega), test cases 13, 14 and 16.
@pytest.mark.parametrize(
    ("key", "nonce", "plain", "bound", "cipher"),
    [
        ("00" * 32, "00" * 12, "", "", "530f8afbc74536b9a963b4f1c4cb738b"),
        ("00" * 32, "00" * 12, "00" * 16, "", "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"),
        (
            "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
            "cafebabefacedbaddecaf888",
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
            "feedfacedeadbeeffeedfacedeadbeefabaddad2",
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b",
        ),
    ],
)  # fmt: skip
def test_the_cipher_is_the_published_one(key: str, nonce: str, plain: str, bound: str, cipher: str) -> None:
    ours: SealKey = seal_key("00112233445566ff", bytes.fromhex(key))
    made = ours.cipher.encrypt(bytes.fromhex(nonce), bytes.fromhex(plain), bytes.fromhex(bound))
    assert made.hex() == cipher
