"""
Personal data that is left in text: patterns with their check sums, names of a dictionary, and values that production has.

Only counts leave. A text of our own making is passed over whole, and so are numbers that nobody can hold.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from itertools import pairwise

from mimesis import Person
from mimesis.locales import Locale

from tasks.encryption.recognise import EIN_UNUSED, is_card, is_iban, is_ssn
from tasks.masking.fakes import Masker, plain
from tasks.masking.model import Kind, Rule

_SSN = re.compile(r"(?<![\w-])(\d{3})([-. /])(\d{2})\2(\d{4})(?![\w-])")
_NINE = re.compile(r"(?<!\d)(\d{9})(?!\d)")
_CARD = re.compile(r"(?<![\w-])\d(?:[ .-]?\d){12,18}(?![\w-])")
_IBAN = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}(?![A-Z0-9])")
_EIN = re.compile(r"(?<![\w-])(\d{2})-(\d{7})(?![\w-])")
_SOCIAL = re.compile(r"ssn|social|soc\.? ?sec|tax|itin|tin\b", re.I)
_EMPLOYER = re.compile(r"\bein\b|\btin\b|\btax|employer", re.I)
_EMAIL = re.compile(r"[A-Za-z0-9._%+'-]+ ?(?:@|\(at\)|\[at\]) ?((?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,})")
_NOBODYS = re.compile(r"(?:^|\.)(?:example\.(?:com|net|org)|invalid|test)$", re.I)
_PHONE = re.compile(
    r"(?<![\w.-])(?:\+\d{1,3}[ .(/-]*\d(?:[ ().\/-]{0,2}\d){6,12}|\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4})(?![\w-])"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_BETWEEN = re.compile(r"[ ,\n\t]{1,3}(?:[A-Z]\.? )?")
"""What may stand between a first and a last name: a comma where they are turned round, an initial."""
_NEAR = 30
_LOCALES = (
    Locale.EN, Locale.EN_GB, Locale.DE, Locale.FR, Locale.ES, Locale.IT, Locale.NL, Locale.PT, Locale.TR, Locale.SV, Locale.DA,
    Locale.NO, Locale.FI, Locale.CS, Locale.HU, Locale.PT_BR, Locale.ES_MX,
)  # fmt: skip
COMPARED_FROM = 6
"""Letters and digits of a value; a shorter one is found everywhere by chance."""
_DRAWN = 3_000


@cache
def dictionary() -> tuple[frozenset[str], frozenset[str]]:
    """First names and last names in lower case, of the languages that write them in Latin letters."""
    first: set[str] = set()
    last: set[str] = set()
    for locale in _LOCALES:
        person = Person(locale, seed=1)
        # The library gives names one by one; so many draws bring nearly all that a locale has.
        for _ in range(_DRAWN):
            first.add(person.first_name().lower())
            last.add(person.last_name().lower())
    return frozenset(first), frozenset(last)


class Scanner:
    """`names` are more first and last names to look for, `hashes` keyed hashes of values that production has."""

    def __init__(
        self,
        masker: Masker,
        hashes: Collection[bytes] = (),
        names: tuple[Collection[str], Collection[str]] = ((), ()),
    ) -> None:
        self._masker = masker
        self._hashes = frozenset(hashes)
        first, last = dictionary()
        self._first = first | {each.lower() for each in names[0]}
        self._last = last | {each.lower() for each in names[1]}

    def found(self, value: str, rule: Rule | None = None) -> str | None:
        """The pattern that gives a value away, None where nothing does. `rule` is the field's own, where it has one."""
        if not value.strip() or self._masker.is_text(value):
            return None
        if rule is not None:
            # A field that is masked holds a fake or it is not masked: nothing has to be guessed.
            return None if self._masker.is_fake(rule, value) else f"no fake ({rule.kind.value})"
        text = plain(value)
        for pattern, looks in _PATTERNS:
            if looks(text):
                return pattern
        if self._names(text):
            return "name"
        if self._hashes and any(self._masker.tag(each) in self._hashes for each in compared(value)):
            return "as in production"
        return None

    def _names(self, text: str) -> bool:
        """A first name beside a last name, both with a capital or both in capitals, and neither of our own making."""
        words = [(m.group(0), m.start(), m.end()) for m in _WORD.finditer(text) if len(m.group(0)) > 1]
        for (one, _, end), (other, start, _) in pairwise(words):
            between = text[end:start]
            if not (_BETWEEN.fullmatch(between) and one[0].isupper() and other[0].isupper()):
                continue
            pair = one.lower(), other.lower()
            if not (self._is_name(*pair) or (self._is_name(*reversed(pair)) and "," in between)):
                continue
            if not (self._masker.is_marked(one) or self._masker.is_marked(other)):
                return True
        return False

    def _is_name(self, first: str, last: str) -> bool:
        if first in self._first and last in self._last:
            return True
        return bool(self._hashes) and all(
            self._masker.tag(spoken_as(kind, word)) in self._hashes
            for kind, word in ((Kind.FIRST_NAME, first), (Kind.LAST_NAME, last))
        )


def compared(value: str) -> Iterator[str]:
    """
    What of a value is looked for elsewhere: the whole of it, and numbers and mail addresses in it; each written in one way.

    Both sides, production's reading process and the sandbox's, do exactly this before they hash.
    """
    text = plain(value)
    seen: set[str] = set()
    for piece in (text, *_pieces(text)):
        bare = "".join(each for each in piece.casefold() if each.isalnum())
        if len(bare) >= COMPARED_FROM and bare not in seen:
            seen.add(bare)
            yield bare


def _pieces(text: str) -> Iterator[str]:
    for pattern in (_EMAIL, _SSN, _CARD, _IBAN, _EIN, _PHONE):
        yield from (found.group(0) for found in pattern.finditer(text))


def _near(text: str, at: int, cue: re.Pattern[str]) -> bool:
    return cue.search(text[max(0, at - _NEAR) : at]) is not None


def _ssn(text: str) -> bool:
    if any(is_ssn("".join(found.group(1, 3, 4))) for found in _SSN.finditer(text)):
        return True
    # Nine digits alone are an order number as often as not.
    return any(
        is_ssn(found.group(1)) and _near(text, found.start(), _SOCIAL) for found in _NINE.finditer(text)
    )


def _card(text: str) -> bool:
    return any(is_card(re.sub(r"\D", "", found.group(0))) for found in _CARD.finditer(text))


def _iban(text: str) -> bool:
    for found in _IBAN.finditer(text.upper()):
        bare = re.sub(r"[ -]", "", found.group(0))
        # The words behind it may have been taken for a part of it.
        if any(is_iban(bare[:end]) and not bare.startswith("XX") for end in range(15, len(bare) + 1)):
            return True
    return False


def _ein(text: str) -> bool:
    return any(
        int(found.group(1)) not in EIN_UNUSED and _near(text, found.start(), _EMPLOYER)
        for found in _EIN.finditer(text)
    )


def _email(text: str) -> bool:
    return any(not _NOBODYS.search(found.group(1)) for found in _EMAIL.finditer(text))


def _phone(text: str) -> bool:
    for found in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", found.group(0))
        if not (digits.startswith("999") or digits[-7:-2] == "55501" or len(set(digits)) == 1):
            return True
    return False


_PATTERNS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("us-ssn", _ssn),
    ("payment-card", _card),
    ("iban", _iban),
    ("us-ein", _ein),
    ("email", _email),
    ("phone", _phone),
)


def spoken_as(kind: Kind, name: str) -> str:
    """A first or last name as both sides hash it, which is no value that `compared` gives."""
    return f"{kind.value}: {name.casefold()}"


def by_value(kind: Kind) -> bool:
    """Whether values of this kind are worth comparing with production's."""
    return kind not in (
        Kind.CITY,
        Kind.POSTAL_CODE,
        Kind.BAND,
        Kind.DATE,
        Kind.CHOICE,
        Kind.COORDINATE,
    )


def hashes_of(masker: Masker, kind: Kind, values: Iterable[str]) -> frozenset[bytes]:
    """Of what production holds in fields of one kind. Names are looked for in pairs, a first one beside a last one."""
    if kind in (Kind.FIRST_NAME, Kind.LAST_NAME):
        return frozenset(masker.tag(spoken_as(kind, value.strip())) for value in values)
    return frozenset(masker.tag(piece) for value in values for piece in compared(value))
