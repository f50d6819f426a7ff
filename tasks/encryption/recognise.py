"""
Recognises what values look like by form and checksum, and keeps counts only.

Rules: US social security numbers after the SSA's randomisation notice (no 000, 666 or 9xx area, no 00 group, no 0000
serial), payment cards by ISO/IEC 7812 prefix and Luhn, IBAN by ISO 13616 mod 97, US employer numbers by IRS campus
prefix.
"""

import re
from collections import Counter
from collections.abc import Iterable

from tasks.encryption.model import SampleVerdict

_SSN = re.compile(r"(?<![\w-])(\d{3})-(\d{2})-(\d{4})(?![\w-])")
_CARD = re.compile(r"(?<![\w-])(?:\d[ -]?){13,19}(?![\w-])")
_IBAN = re.compile(r"(?<!\w)([A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?)(?!\w)")
_EIN = re.compile(r"(?<![\w-])(\d{2})-(\d{7})(?![\w-])")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_MASKED = re.compile(r"[Xx*•]{2,}[-Xx*• ]*\d{0,4}$|^\[(?:MASKED|ENCRYPTED|REDACTED)\]$", re.IGNORECASE)
_EIN_PREFIXES = frozenset(range(1, 100)) - {0, 7, 8, 9, 17, 18, 19, 28, 29, 49, 69, 70, 78, 79, 89, 96, 97}

SENSITIVE_PATTERNS = frozenset({"us-ssn", "payment-card", "iban"})
"""Patterns with a rule or checksum strong enough to call a field sensitive by its values alone."""


def recognise(field: str, values: Iterable[str]) -> SampleVerdict:
    """The commonest pattern among non-empty values and how many match it. `field` is qualified."""
    sampled = 0
    found: Counter[str] = Counter()
    for value in values:
        if value:
            sampled += 1
            if pattern := pattern_of(value):
                found[pattern] += 1
    pattern, matching = max(found.items(), key=lambda item: (item[1], item[0]), default=(None, 0))
    return SampleVerdict(field=field, sampled=sampled, matching=matching, pattern=pattern)


def pattern_of(value: str) -> str | None:
    """The kind of one value, the strongest evidence first."""
    text = value.strip()
    if _MASKED.search(text):
        return "masked"
    if any(_is_ssn(*match.groups()) for match in _SSN.finditer(text)):
        return "us-ssn"
    if any(_is_card(match.group()) for match in _CARD.finditer(text)):
        return "payment-card"
    if any(_is_iban(match.group(1)) for match in _IBAN.finditer(text)):
        return "iban"
    if any(int(match.group(1)) in _EIN_PREFIXES for match in _EIN.finditer(text)):
        return "us-ein"
    return "email" if _EMAIL.fullmatch(text) else None


def _is_ssn(area: str, group: str, serial: str) -> bool:
    return area not in ("000", "666") and area < "900" and group != "00" and serial != "0000"


def _is_card(text: str) -> bool:
    digits = [int(c) for c in text if c.isdigit()]
    if not 13 <= len(digits) <= 19 or digits[0] not in (2, 3, 4, 5, 6) or len(set(digits)) < 3:
        return False
    # Every second digit from the right is doubled, so the check digit itself is not.
    doubled = [d if i % 2 == 0 else (d * 2 - 9 if d > 4 else d * 2) for i, d in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def _is_iban(text: str) -> bool:
    compact = text.replace(" ", "")
    if not 15 <= len(compact) <= 34:
        return False
    number = "".join(str(int(c, 36)) for c in compact[4:] + compact[:4])
    return int(number) % 97 == 1
