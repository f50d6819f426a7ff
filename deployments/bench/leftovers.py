"""Data of people as it hides in texts: numbers, addresses and names in the many ways in which people write them down."""

import string
from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from deployments.sandbox.seed.names import FIRST_NAMES, LAST_NAMES

PLACES = (
    ("Opportunity", "NextStep", 255),
    ("Opportunity", "Description", 32_000),
    ("Case", "Subject", 255),
    ("Case", "Description", 32_000),
    ("Contact", "Title", 128),
    ("Contact", "Description", 32_000),
    ("Contact", "Department", 80),
    ("Lead", "Title", 128),
    ("Lead", "Description", 32_000),
    ("Account", "Description", 32_000),
    ("Account", "Source_Org__c", 40),
)
"""Fields where such things turn up although nobody thinks of them as personal, with their lengths."""
_AROUND = (
    "{}",
    "Client gave {} on the phone.",
    "see below\n\n{}\n\nregards",
    "Checked ({}) and filed.",
    "{}; call back next week",
    "ref: {}",
)
_FILLING = "The statement was sent again as agreed and the mandate stays open until the next review of the portfolio. "


class Leftover(NamedTuple):
    sobject: str
    field: str
    shape: str
    text: str


def leftovers(seed: int, count: int) -> list[Leftover]:
    """The same for the same seed; every shape in turn."""
    rng = Random(f"leftovers {seed}")
    made = []
    for number in range(count):
        shape = SHAPES[number % len(SHAPES)]
        sobject, field, length = PLACES[rng.randrange(len(PLACES))]
        text = _within(rng, _shaped(rng, shape), length)
        made.append(Leftover(sobject, field, shape, text))
    return made


def _within(rng: Random, data: str, length: int) -> str:
    text = rng.choice(_AROUND).format(data)
    if length > 1_000 and rng.random() < 0.5:
        # Far inside of a long text.
        text = _FILLING * rng.randrange(1, 40) + text + " " + _FILLING * rng.randrange(0, 20)
    return text if len(text) <= length else data[:length]


SHAPES = (
    "ssn", "ssn with spaces", "ssn with dots", "ssn bare", "ssn in full width", "ssn with odd dashes", "card", "card with spaces",
    "card with dashes", "iban", "iban with spaces", "iban in lower case", "mail", "mail in brackets", "mail spelled", "phone",
    "phone with brackets", "phone abroad", "name", "name turned round", "name in capitals", "name with initial", "ein",
)  # fmt: skip


def _shaped(rng: Random, shape: str) -> str:
    area = rng.choice([*range(1, 666), *range(667, 900)])
    ssn = [f"{area:03d}", f"{rng.randrange(1, 100):02d}", f"{rng.randrange(1, 10_000):04d}"]
    card = luhn(rng.choice("45") + "".join(rng.choices(string.digits, k=14)))
    first, last = rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES)
    account = iban(rng)
    digits = "".join(rng.choices("23456789", k=10))
    fours = [card[at : at + 4] for at in range(0, 16, 4)]
    match shape:
        case "ssn":
            return "-".join(ssn)
        case "ssn with spaces":
            return " ".join(ssn)
        case "ssn with dots":
            return ".".join(ssn)
        case "ssn bare":
            return rng.choice(("SSN ", "ssn: ", "Social Security No. ", "tax id ")) + "".join(ssn)
        case "ssn in full width":
            return "-".join(ssn).translate({ord(d): 0xFF10 + int(d) for d in string.digits})
        case "ssn with odd dashes":
            return "\u2013".join(ssn) if rng.random() < 0.5 else "-\u200b".join(ssn)
        case "card":
            return card
        case "card with spaces":
            return " ".join(fours)
        case "card with dashes":
            return "-".join(fours)
        case "iban":
            return account
        case "iban with spaces":
            return " ".join(account[at : at + 4] for at in range(0, len(account), 4))
        case "iban in lower case":
            return account.lower()
        case "mail":
            return f"{first}.{last}{rng.randrange(99)}@mail.example".lower()
        case "mail in brackets":
            return f"<{first[0]}{last}@bank.example.net.au>"
        case "mail spelled":
            return f"{first}(at){last}.org".lower()
        case "phone":
            return f"+1 {digits[:3]} {digits[3:6]} {digits[6:]}"
        case "phone with brackets":
            return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"
        case "phone abroad":
            return f"+44 20 {digits[:4]} {digits[4:8]}"
        case "name":
            return f"{first} {last}"
        case "name turned round":
            return f"{last}, {first}"
        case "name in capitals":
            return f"{first} {last}".upper()
        case "name with initial":
            return f"{first} {rng.choice('ABCDEF')}. {last}"
        case _:
            return f"EIN {rng.choice((10, 20, 33, 45, 81)):02d}-{rng.randrange(10**7):07d}"


def luhn(digits: str) -> str:
    """With its check digit."""
    doubled = [int(d) * (1 if i % 2 else 2) for i, d in enumerate(reversed(digits))]
    return digits + str(-sum(d - 9 if d > 9 else d for d in doubled) % 10)


def iban(rng: Random) -> str:
    country, length = rng.choice((("DE", 18), ("FR", 23), ("ES", 20), ("IT", 23), ("CH", 17)))
    account = "".join(rng.choices(string.digits, k=length))
    spelled = "".join(str(int(each, 36)) for each in f"{account}{country}00")
    return f"{country}{98 - int(spelled) % 97:02d}{account}"


def harmless(rng: Random) -> Sequence[str]:
    """What looks a little like it and is nobody's."""
    return (
        f"9{rng.randrange(100):02d}-12-{rng.randrange(1, 9999):04d}",
        f"Order {rng.randrange(10**8, 10**9)}",
        f"TX-{rng.randrange(10**6):07d} booked on 2026-03-0{rng.randrange(1, 9)}",
        "Call the client about the Balanced Portfolio",
        "Standing order, New York desk, Private Banking",
        "Version 10.20.30.40, ticket 2026-11-29-0001",
        "Ring +1 212 555 0199 or write to desk@example.com",
        "Grant of access, March Review, Summer Deal, Frank answer, Rich portfolio",
    )
