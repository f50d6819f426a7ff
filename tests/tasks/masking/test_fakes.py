"""Made-up values: the same for the same, others under another key, never the real one, in its form, and known again."""

import re
import string
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.encryption.recognise import is_card, is_iban, is_ssn
from tasks.masking.fakes import Masker
from tasks.masking.model import KEYED, Kind, Rule
from tests.tasks.masking.conftest import KEY

SAME = Masker(KEY)
OTHER = Masker(bytes(reversed(KEY)))
CASES = 300


def rule(kind: Kind, length: int = 80, **more: object) -> Rule:
    return Rule.model_validate({"field": "F", "kind": kind, "type": "string", "length": length, **more})


def ssn(rng: Random) -> str:
    area = rng.choice([*range(1, 666), *range(667, 900)])
    return f"{area:03d}-{rng.randrange(1, 100):02d}-{rng.randrange(1, 10000):04d}"


def word(rng: Random) -> str:
    return "".join(rng.choices(string.ascii_lowercase, k=rng.randrange(2, 12))).capitalize()


REAL = {
    Kind.FIRST_NAME: word,
    Kind.LAST_NAME: lambda rng: rng.choice(
        [word(rng), f"O'{word(rng)}", f"{word(rng)}-{word(rng)}", "Çelik", "陈"]
    ),
    Kind.FULL_NAME: lambda rng: f"{word(rng)} {word(rng)}",
    Kind.COMPANY: lambda rng: f"{word(rng)} Holdings {rng.randrange(9999)}",
    Kind.EMAIL: lambda rng: f"{word(rng)}.{word(rng)}@mail.example",
    Kind.PHONE: lambda rng: rng.choice(
        [
            f"+1 {rng.randrange(200, 999)} {rng.randrange(556, 999)} {rng.randrange(10000):04d}",
            f"{word(rng)}.{word(rng)}@hq.com",
            f"{word(rng)} Bauer 212-555-01{rng.randrange(100):02d}",
            "Иван Петров",
        ]
    ),
    Kind.NUMBER: lambda rng: rng.choice(
        [ssn(rng), f"{rng.randrange(10**15, 10**16)}", f"AB{rng.randrange(10**12)}", f"{word(rng)} Bauer"]
    ),
    Kind.BAND: lambda rng: rng.choice(
        ["Excellent", "Отлично", "very good (AAA)", "1234f5", f"{word(rng)} grade"]
    ),
    Kind.STREET: lambda rng: f"{rng.randrange(1, 999)} {word(rng)} Street",
    Kind.URL: lambda rng: f"https://www.{word(rng).lower()}.com/about",
    Kind.TEXT: lambda rng: f"{word(rng)} {word(rng)} asked for {ssn(rng)}." * rng.randrange(1, 30),
    Kind.FILE_NAME: lambda rng: f"Passport {word(rng)}.{rng.choice(['pdf', 'Smith'])}",
}


@pytest.mark.parametrize("kind", REAL)
def test_one_value_becomes_one_fake_that_is_known_and_never_the_value(kind: Kind, masker: Masker) -> None:
    rng = Random(f"fakes {kind.value}")
    again = Masker(KEY)
    for _ in range(CASES):
        value, how = REAL[kind](rng), rule(kind, rng.choice([40, 80, 255, 32_000]))
        made = masker.fake(how, value)
        assert made == again.fake(how, value) and made.casefold() != value.casefold()
        assert 0 < len(made) <= how.length
        assert masker.is_fake(how, made) and not masker.is_fake(how, value), (value, made)
        assert masker.masked([how], {"F": made}) == {}, "what is masked is left alone"


@pytest.mark.parametrize("kind", sorted(set(REAL) & KEYED))
def test_another_key_makes_other_fakes_and_does_not_know_these(kind: Kind, masker: Masker) -> None:
    rng = Random(f"keys {kind.value}")
    values = [REAL[kind](rng) for _ in range(CASES)]
    made = [masker.fake(rule(kind), value) for value in values]
    assert sum(one == OTHER.fake(rule(kind), value) for one, value in zip(made, values, strict=True)) == 0
    assert sum(OTHER.is_fake(rule(kind), one) for one in made) == 0


@pytest.mark.parametrize(("length", "kind"), [(n, kind) for n in (1, 3, 8, 20, 31) for kind in REAL])
def test_no_fake_is_longer_than_its_field(length: int, kind: Kind, masker: Masker) -> None:
    rng = Random(f"short {length} {kind.value}")
    how = rule(kind, length)
    for _ in range(20):
        value = REAL[kind](rng)[:length]
        made = masker.fake(how, value)
        assert len(made) <= length and masker.is_fake(how, made)


def test_social_security_numbers_become_such_as_nobody_can_hold(masker: Masker) -> None:
    rng = Random("ssn")
    for _ in range(2_000):
        value = ssn(rng)
        made = masker.fake(rule(Kind.NUMBER), value)
        assert re.fullmatch(r"9\d\d-\d\d-\d{4}", made) and not is_ssn(made.replace("-", ""))
        assert int(made[4:6]) < 50, "taxpayer numbers have groups from 50 on"
        assert masker.fake(rule(Kind.NUMBER), value.replace("-", "")) == made.replace("-", "")


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ("20-0000001", r"(00|07|08|09|1[789]|2[89]|49|69|70|78|79|89|96|97)-\d{7}"),
        ("4111 1111 1111 1111", r"0\d{3} \d{4} \d{4} \d{4}"),
        ("DE89 3704 0044 0532 0130 00", r"XX\d\d( \d{4}){4} \d\d"),
        ("GB29NWBK60161331926819", r"XX\d\d[A-Z]{4}\d{14}"),
        ("MW-00001234", r"MW-\d{8}"),
        ("D0000012", r"D\d{7}"),
        ("912-70-1234", r"9\d\d-\d\d-\d{4}"),
        ("XXX-XX-1234", r"9\d\d-\d\d-\d{4}"),
        ("XXXXXX0012", r"\d{10}"),
    ],
)
def test_numbers_keep_their_form(value: str, shape: str, masker: Masker) -> None:
    made = masker.fake(rule(Kind.NUMBER), value)
    assert re.fullmatch(shape, made) and made != value and masker.is_fake(rule(Kind.NUMBER), made)
    bare = made.replace(" ", "")
    if bare.startswith("0") and len(bare) == 16:
        assert not is_card(bare)
        doubled = [int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(bare))]
        assert sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0, "the check digit still fits"
    if bare.startswith("XX"):
        assert is_iban(bare)


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ("+1 212 555 8143", r"\+1 [2-9]\d\d 555 01\d\d"),
        ("(212) 555-8143", r"\([2-9]\d\d\) 555-01\d\d"),
        ("212.867.5309 x", r"[2-9]\d\d\.555\.01\d\d x"),
        ("+44 20 7946 0958", r"\+99 9\d \d{4} \d{4}"),
        ("867-5309", r"555-01\d\d"),
        ("110", "000"),
    ],
)
def test_telephone_numbers_are_nobodys_and_look_as_before(value: str, shape: str, masker: Masker) -> None:
    assert re.fullmatch(shape, masker.fake(rule(Kind.PHONE), value))


def test_one_person_in_two_fields_and_two_sandboxes_is_one_person(masker: Masker) -> None:
    other_sandbox = Masker(KEY)
    first = masker.fake(rule(Kind.FIRST_NAME), "Ada")
    last = masker.fake(rule(Kind.LAST_NAME), "BAUER")
    assert other_sandbox.fake(rule(Kind.FULL_NAME, 121), "ada  Bauer") == f"{first} {last}"
    wide, short = rule(Kind.EMAIL, 255), rule(Kind.EMAIL, 80, unique=True)
    assert masker.fake(wide, "Ada@Mail.example") == other_sandbox.fake(short, "ada@mail.example")


def test_a_day_tells_its_year_and_an_amount_its_band(masker: Masker) -> None:
    days = {
        masker.fake(rule(Kind.DATE), f"1980-{month:02d}-{day:02d}")
        for month in range(1, 13)
        for day in range(1, 29)
    }
    assert len(days) == 1 and days.pop().startswith("1980-")
    for value in range(300, 851):
        made = int(masker.fake(rule(Kind.BAND, 3), str(value)))
        assert made // 50 == value // 50
    assert len({masker.fake(rule(Kind.BAND, 3), str(value)) for value in range(700, 750)}) == 1
    assert masker.fake(rule(Kind.BAND, scale=2), "-74321.55").startswith("-7")


def test_empty_stays_empty_and_a_list_gives_its_first(masker: Masker) -> None:
    choice = rule(Kind.CHOICE, choices=("Other", "Female"))
    assert masker.fake(choice, "Female") == "Other"
    assert masker.fake(rule(Kind.EMAIL), "") == ""
    assert masker.masked([rule(Kind.EMAIL)], {"F": None}) == {}


def test_what_must_be_unique_stays_unique(masker: Masker) -> None:
    how = rule(Kind.NUMBER, 10, unique=True)
    taken: dict[str, set[str]] = {"F": set()}
    # Of eight digits three are a check, so many of so many would meet.
    made = [masker.masked([how], {"F": f"{number:08d}"}, taken).get("F", "") for number in range(3_000)]
    written = [each for each in made if each]
    assert len(set(written)) == len(written) and len(written) > 2_950
    plain = {masker.fake(how, f"{number:08d}") for number in range(3_000)}
    assert len(plain) < 3_000, "without that, fakes would have met"


def test_fakes_without_a_mark_count_only_beside_marked_ones(masker: Masker) -> None:
    name, day = rule(Kind.LAST_NAME), rule(Kind.PHONE).model_copy(update={"field": "P"})
    looks_masked = {"F": "Bauer", "P": "+1 212 555 0123"}
    assert set(masker.masked([name, day], looks_masked)) == {"F", "P"}
    assert masker.masked([name, day], {**looks_masked, **masker.masked([name, day], looks_masked)}) == {}


PIECES = (
    "Jane", "Smith", "jane.smith@hq.com", "212-867-5309", "123-45-6789", "4111111111111111", "DE89370400440532013000",
    "Иван Петров", "山田太郎", "٠١٢٣٤٥٦٧٨٩", "１２３-４５-６７８９", "12\u20113456789", "x", "ext 4455", "(", ")", "+", "/", ".", "é", "\n",
    "750", "1e9", "-0", "0", "Excellent", "XXX", "20-0000001", "D0000012",
)  # fmt: skip
WRITTEN = st.text(max_size=60) | st.builds(
    lambda parts, between: between.join(parts),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=4),
    st.sampled_from(["", " ", "-"]),
)
OURS = "555010099900000000000000aaaaaaaaaaaaaaaxxxxxxxxxxxx https example.com file masked pdf docx"
"""What all fakes are made with, whatever they stand for."""


def told(value: str) -> list[str]:
    return [each.casefold() for each in re.findall(r"[^\W\d_]{4,}|\d{4,}", value)]


@pytest.mark.parametrize("kind", sorted({*REAL, Kind.BAND, Kind.CITY, Kind.POSTAL_CODE}))
@settings(max_examples=80, deadline=None, derandomize=True)
@given(value=WRITTEN, length=st.sampled_from([5, 13, 20, 40, 80, 255]))
def test_whatever_people_write_becomes_a_fake_that_tells_nothing(kind: Kind, value: str, length: int) -> None:
    how, value = rule(kind, length), value[:length]
    made = SAME.masked([how], {"F": value}).get("F", value)
    assert SAME.is_fake(how, made) and len(made) <= length, (value, made)
    assert SAME.masked([how], {"F": made}) == {}
    if kind is Kind.BAND and re.fullmatch(r"[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?", value):
        return
    other = OTHER.masked([how], {"F": value}).get("F", value)
    # What two keys keep was not kept by chance. A fake of ours may have been written to begin with.
    kept = [] if made == value and re.search(r"555-?01|999|^[0x]*$", value, re.I) else told(value)
    leaks = [
        each for each in kept if each in made.casefold() and each in other.casefold() and each not in OURS
    ]
    assert not leaks, (value, made)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.PHONE, "jane.smith@hq.com"),
        (Kind.PHONE, "Jane Smith 212-867-5309"),
        (Kind.PHONE, "Иван Петров"),
        (Kind.PHONE, "٠١٢٣٤٥٦٧٨٩"),
        (Kind.PHONE, "Jane 212-555-0123"),
        (Kind.NUMBER, "Иван Петров"),
        (Kind.NUMBER, "山田太郎"),
        (Kind.NUMBER, "１２３-４５-６７８９"),
        (Kind.BAND, "Excellent"),
        (Kind.BAND, "Отлично"),
    ],
)
def test_what_is_no_number_alone_is_no_fake_and_is_replaced_whole(
    kind: Kind, value: str, masker: Masker
) -> None:
    how = rule(kind, 40)
    made = masker.fake(how, value)
    assert not masker.is_fake(how, value) and masker.is_fake(how, made) and made.isascii()
    assert not set(told(value)) & set(told(made)) and masker.masked([how], {"F": made}) == {}


@pytest.mark.parametrize(
    ("value", "made"),
    [("40.7128", "40"), ("-73.9857", "-70"), ("0.05", "0"), ("-0.0001", "0"), ("1.2e-05", "0")],
)
def test_a_place_becomes_the_corner_of_its_region(value: str, made: str, masker: Masker) -> None:
    how = rule(Kind.COORDINATE, 0, type="double")
    assert masker.fake(how, value) == made and not masker.is_fake(how, value)
    assert masker.is_fake(how, made) and masker.is_fake(how, f"{made}.0")


@pytest.mark.parametrize(
    ("value", "ending"),
    [("Contract J.Smith", ""), ("Passport.PDF", ".PDF"), ("a.Bauer.docx", ".docx"), ("x.pdf.Smith", "")],
)
def test_only_known_endings_of_files_stay(value: str, ending: str, masker: Masker) -> None:
    how = rule(Kind.FILE_NAME, 255)
    assert re.fullmatch(rf"file-[a-z2-7]{{14}}{re.escape(ending)}", masker.fake(how, value))
    assert not masker.is_fake(how, f"{masker.fake(how, 'x')}.Smith")


def test_full_width_digits_are_digits(masker: Masker) -> None:
    how = rule(Kind.NUMBER, 40)
    assert masker.fake(how, "１２３-４５-６７８９") == masker.fake(how, "123-45-6789")


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Masker(b"short")
