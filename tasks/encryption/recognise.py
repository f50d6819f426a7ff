"""What the values of a field look like: social security numbers, payment cards, IBANs, tax numbers, or masked ones."""

import re
from collections import Counter
from collections.abc import Iterable

from tasks.encryption.model import SampleVerdict

_SSN = re.compile(r"(?<![\d-])(\d{3})([- ]?)(\d{2})\2(\d{4})(?![\d-])")
_CARD = re.compile(r"(?<![\d-])\d(?:[ -]?\d){12,18}(?![\d-])")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_EIN = re.compile(r"(?<![\d-])(\d{2})-(\d{7})(?![\d-])")
_MASKED = re.compile(r"^(?=.*(?:[Xx*•#]{3}|[Xx*•#]{2}[- ]))[Xx*•#\d .-]+$")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
_PHONE = re.compile(r"^\+?[\d (][\d ()./-]{6,18}\d$")

# Campus and district prefixes the tax service has never given out.
EIN_UNUSED = frozenset({0, 7, 8, 9, 17, 18, 19, 28, 29, 49, 69, 70, 78, 79, 89, 96, 97})
# Numbers printed in advertisements and leaflets: seen in real data only as filler.
_SSN_FAMOUS = frozenset({"078051120", "219099999", "123456789", "987654321"})
_IBAN_LENGTHS = {
    "AT": 20, "BE": 16, "CH": 21, "CZ": 24, "DE": 22, "DK": 18, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "IE": 22,
    "IT": 27, "LI": 21, "LU": 20, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "SE": 24,
}  # fmt: skip

SENSITIVE = ("us-ssn", "payment-card", "iban", "us-ein")
"""Patterns that outweigh masking: a few real values among masked ones are a leak, not a mask."""


def recognise(field: str, values: Iterable[str]) -> SampleVerdict:
    """
    Counts only. Empty values are not sampled.

    A number that merely passes a check sum proves nothing, as one in ten does by chance: a field's candidates must
    pass more often than not before the pattern counts.
    """
    texts = [text for value in values if (text := value.strip())]
    candidates: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    for text in texts:
        for pattern, passed in _looks(text):
            candidates[pattern] += 1
            hits[pattern] += passed
    solid = {p: n for p, n in hits.items() if n and n * 2 > candidates[p]}
    commonest = _chosen(solid)
    matching = solid[commonest] if commonest is not None else 0
    return SampleVerdict(field=field, sampled=len(texts), matching=matching, pattern=commonest)


def _chosen(solid: dict[str, int]) -> str | None:
    for family in (SENSITIVE, ("masked",), ("email", "phone")):
        found = [pattern for pattern in family if pattern in solid]
        if found:
            return max(found, key=lambda pattern: solid[pattern])
    return None


def _looks(text: str) -> list[tuple[str, bool]]:
    """Each pattern whose shape the value has, and whether it also passes that pattern's rules."""
    if _MASKED.match(text):
        return [("masked", True)]
    looks: list[tuple[str, bool]] = []
    # Without separators nine digits are an order number as often as not: only a bare value is a candidate.
    if (ssn := _SSN.search(text)) and (ssn.group(2) or ssn.group(0) == text):
        looks.append(("us-ssn", is_ssn("".join(ssn.group(1, 3, 4)))))
    if card := _CARD.search(text):
        looks.append(("payment-card", is_card(re.sub(r"\D", "", card.group(0)))))
    if iban := _IBAN.search(text):
        looks.append(("iban", is_iban(iban.group(0).replace(" ", ""))))
    if ein := _EIN.search(text):
        looks.append(("us-ein", int(ein.group(1)) not in EIN_UNUSED))
    if _EMAIL.search(text):
        looks.append(("email", True))
    elif not looks and _PHONE.match(text) and 8 <= len(re.sub(r"\D", "", text)) <= 15:
        looks.append(("phone", text.startswith("+") or bool(re.search(r"[ ()./-]", text))))
    return looks


def is_ssn(digits: str) -> bool:
    """Nine digits under the rules of the issuer: area not 000, 666 or 9xx, group not 00, serial not 0000."""
    area, group, serial = digits[:3], digits[3:5], digits[5:]
    if len(set(digits)) == 1 or digits in _SSN_FAMOUS:
        return False
    return area not in ("000", "666") and area[0] != "9" and group != "00" and serial != "0000"


def is_card(digits: str) -> bool:
    """13 to 19 digits that begin like a card network's and pass the Luhn check."""
    if not 13 <= len(digits) <= 19 or len(set(digits)) == 1 or digits[0] not in "23456":
        return False
    doubled = [int(d) * 2 if i % 2 else int(d) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def is_iban(text: str) -> bool:
    """ISO 13616: the country's length where we know it, and a remainder of 1 modulo 97."""
    if not 15 <= len(text) <= 34 or _IBAN_LENGTHS.get(text[:2], len(text)) != len(text):
        return False
    turned = text[4:] + text[:4]
    return int("".join(str(int(c, 36)) for c in turned)) % 97 == 1
