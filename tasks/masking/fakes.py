"""
Made-up values in the place of real ones: the same for the same value, whatever its field, object or sandbox.

Everything follows from HMAC-SHA256 over a key and the value: without the key nobody can tell whose fake a fake is, and
with another key all fakes are others. What was masked is known again without a list. Names, addresses, texts and the like
carry a mark that only the key makes. Numbers become such as nobody can hold: social security numbers of areas 900 to 999
(never given out, and none of the groups of taxpayer numbers), employer numbers with prefixes that the tax service never used,
telephone numbers 555-01xx or of the country code 999, IBANs of the country XX, cards of the industry 0. Days and
amounts have room for neither: all of a year become one day of that year, all of a band one amount of it, so that what
stays tells the year or the band and nothing more, and one in 365 days happens to stay what it is.
"""

import hashlib
import hmac
import re
import string
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, localcontext
from functools import cached_property

from mimesis import Address, Person, Text
from mimesis.locales import Locale

from tasks.encryption.recognise import EIN_UNUSED, is_card, is_iban
from tasks.masking.model import KEYED, Kind, Rule

_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"
_SYLLABLES = tuple(c + v for c in _CONSONANTS for v in _VOWELS)
_FREE, _CHECK = 2, 3
"""Syllables that tell namesakes apart, and those that the key makes of what stands before: one real name in 343,000 has them."""
_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
_TAG_FREE, _TAG_CHECK = 8, 6
_MARK = re.compile(
    r"(?P<body>.*?(?P<free>(?:[bdfgklmnprstvz][aeiou]){2}))(?P<check>(?:[bdfgklmnprstvz][aeiou]){3})", re.I
)
_NAME = re.compile(rf"[^\W\d_][^\d_]*-{_MARK.pattern}", re.I)
_COMPANY = re.compile(r"(?P<name>.+) (?P<what>Partners|Holdings|Group|Trading|Services)")
_EMAIL = re.compile(r"(?P<body>(?:[a-z]+\.){0,2}[a-z2-7]{8})(?P<check>[a-z2-7]{6})@example\.com")
_URL = re.compile(r"https://(?P<body>[a-z2-7]{8})(?P<check>[a-z2-7]{6})\.example\.com")
_TEXT = re.compile(r"(?P<body>.* \[[a-z2-7]{8})-(?P<check>[a-z2-7]{6})\]", re.S)
_ENDINGS = (
    "7z|bmp|csv|doc|docm|docx|dot|dotx|eml|gif|gz|heic|htm|html|jpeg|jpg|json|key|log|m4a|md|mov|mp3|mp4|msg|numbers|odp|ods|odt|"
    "pages|pdf|png|ppt|pptm|pptx|ps|rar|rtf|svg|tar|tif|tiff|tsv|txt|vcf|vsd|vsdx|wav|webp|xls|xlsb|xlsm|xlsx|xml|zip"
)
"""Of files that people attach. Anything else behind the last dot may be a name."""
_FILE = re.compile(rf"(?P<body>file-[a-z2-7]{{8}})(?P<check>[a-z2-7]{{6}})(?:\.(?:{_ENDINGS}))?", re.I)
_ENDING = re.compile(rf"\.(?:{_ENDINGS})$", re.I)
_STREET = re.compile(rf"\d+ {_MARK.pattern}(?: \w+)?", re.I)
_WHAT = ("Partners", "Holdings", "Group", "Trading", "Services")
_SSN_SHAPE = re.compile(r"\d{3}([-. ]?)\d{2}\1\d{4}")
_SSN_FAKE = re.compile(r"9\d\d([-. ]?)(0[1-9]|[1-4]\d)\1(?!0000)\d{4}")
_EIN_SHAPE = re.compile(r"\d{2}-\d{7}")
_COVER = re.compile(r"[Xx*•# .-]+")
_HALF_COVERED = re.compile(r"(?=.*[Xx*•#]{2})[Xx*•#\d .-]+")
_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_PHONE = re.compile(r"[0-9 ()+./-]*(?:[0-9 ](?:x|ext\.?) ?[0-9]{0,6})?", re.I)
"""All that a telephone number is written with; with anything else beside it, the value is more than a number."""
_AMOUNT = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?")
_DIGITS = 600
"""Decimals that amounts are worked out with: more than a text field of numbers has."""
_DEGREES = 5
"""Some five hundred kilometres: of a home it tells the region at most."""
_LONGEST_TEXT = 400
_ATTEMPTS = 50
"""How often a fake is made anew for a field that must be unique; what is taken even then, the org refuses."""
_SMALLEST_NUMBER = 6
"""Letters and digits that a number needs to have room for a check."""


class Masker:
    """
    Fakes of one key. `key` is that of HMAC-SHA256, 32 bytes.

    Every fake is within the length of its rule and is told from a real value by `is_fake`. None and empty stay what they are.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) < 32:
            raise ValueError("a masking key has 32 bytes")
        self._key = key
        # A seed is set before every use, so nothing depends on what was made before.
        self._person = Person(Locale.EN, seed=0)
        self._address = Address(Locale.EN, seed=0)
        self._text = Text(Locale.EN, seed=0)

    @cached_property
    def fingerprint(self) -> str:
        """Tells keys apart and opens nothing."""
        return self._digest("fingerprint", "").hex()[:16]

    def tag(self, text: str) -> bytes:
        """A keyed hash by which values of two orgs are compared, neither showing its own."""
        return self._digest("compare", text)[:12]

    # -- one record

    def masked(
        self,
        rules: Sequence[Rule],
        row: Mapping[str, str | None],
        taken: Mapping[str, set[str]] | None = None,
    ) -> dict[str, str]:
        """
        What has to be written so that the record holds fakes alone; nothing where it does.

        Fakes without a mark count only where the marked ones of the record are in place, for it is written as one: so a real
        amount that looks like a fake one is not taken for it. `taken` are values of unique fields that are given; what is
        made is added to them.
        """
        held = [(rule, value) for rule in rules if (value := row.get(rule.field))]
        fake = {rule.field: self.is_fake(rule, value) for rule, value in held}
        marked = all(fake[rule.field] for rule, _ in held if rule.kind in KEYED)
        written = {}
        for rule, value in held:
            if fake[rule.field] and (marked or rule.kind in KEYED):
                continue
            made = self._free(rule, value, None if taken is None else taken.get(rule.field))
            if made != value:
                written[rule.field] = made
        return written

    def _free(self, rule: Rule, value: str, taken: set[str] | None) -> str:
        made = self.fake(rule, value)
        if taken is None:
            return made
        for attempt in range(1, _ATTEMPTS):
            if made.casefold() not in taken:
                break
            made = self.fake(rule, value, attempt)
        taken.add(made.casefold())
        return made

    # -- one value

    def fake(self, rule: Rule, value: str, attempt: int = 0) -> str:
        """`attempt` gives another one where a unique field has the first already."""
        if not value:
            return value
        return self._make(rule, value, attempt)

    def is_fake(self, rule: Rule, value: str) -> bool:
        """Whether this key makes it, or nobody can hold it, or there is nothing in it (a cover of X and dashes)."""
        if not value or _COVER.fullmatch(value) or value == _stub(rule.length):
            return True
        match rule.kind:
            case Kind.FIRST_NAME | Kind.LAST_NAME:
                return self._is_name(rule.kind, value)
            case Kind.FULL_NAME:
                first, _, last = value.rpartition(" ")
                return self._is_name(Kind.LAST_NAME, last) and (
                    not first or self._is_name(Kind.FIRST_NAME, first)
                )
            case Kind.COMPANY:
                found = _COMPANY.fullmatch(value)
                return found is not None and self._is_name(Kind.COMPANY, found["name"])
            case Kind.EMAIL:
                return self._is_tagged(_EMAIL.fullmatch(value.lower()), "email")
            case Kind.URL:
                return self._is_tagged(_URL.fullmatch(value), "url")
            case Kind.TEXT:
                return self._is_tagged(_TEXT.fullmatch(value), "text")
            case Kind.FILE_NAME:
                return self._is_tagged(_FILE.fullmatch(value), "file")
            case Kind.STREET:
                found = _STREET.fullmatch(value)
                return found is not None and found["check"].lower() == self._syllables(
                    "street", found["body"]
                )
            case Kind.PHONE:
                return _is_nobodys_phone(value)
            case Kind.NUMBER:
                return self._is_nobodys_number(value)
            case Kind.BAND if not _AMOUNT.fullmatch(value):
                return self._is_nobodys_number(value)
            case Kind.CITY:
                return value in self._cities
            case Kind.COORDINATE:
                return Decimal(value) % _DEGREES == 0
            case _:
                return self._make(rule, value, 0) == value

    def is_text(self, value: str) -> bool:
        """Whether a text is one of ours, whatever field it stands in."""
        return self._is_tagged(_TEXT.fullmatch(value), "text")

    def is_marked(self, word: str) -> bool:
        """Whether a word is a name of ours."""
        return any(self._is_name(kind, word) for kind in (Kind.FIRST_NAME, Kind.LAST_NAME, Kind.COMPANY))

    # -- inside

    def _make(self, rule: Rule, value: str, attempt: int) -> str:
        room = rule.length or 32_768
        match rule.kind:
            case Kind.FIRST_NAME | Kind.LAST_NAME:
                return self._name(rule.kind, value, attempt, room)
            case Kind.FULL_NAME:
                return self._full_name(value, attempt, room)
            case Kind.COMPANY:
                seed = self._seed("company", _folded(value), attempt)
                what = _WHAT[seed[20] % len(_WHAT)]
                return _fitting(f"{self._marked(Kind.COMPANY, seed, room - len(what) - 1)} {what}", room)
            case Kind.EMAIL:
                return self._email(self._seed("email", _folded(value), attempt), room)
            case Kind.URL:
                return _fitting(
                    f"https://{self._tagged('url', '', self._seed('url', _folded(value), attempt))}.example.com",
                    room,
                )
            case Kind.TEXT:
                return self._free_text(value, attempt, room)
            case Kind.FILE_NAME:
                ending = _ENDING.search(value)
                made = self._tagged("file", "file-", self._seed("file", _folded(value), attempt))
                return _fitting(made + (ending.group(0) if ending else ""), room)
            case Kind.STREET:
                return self._street(self._seed("street", _folded(value), attempt), room)
            case Kind.CITY:
                seed = self._seed("city", _folded(value), attempt)
                return _fitting(self._cities_listed[_number(seed) % len(self._cities_listed)], room)
            case Kind.POSTAL_CODE:
                return re.sub(r"[^\W\d_]", "A", re.sub(r"\d", "0", value))
            case Kind.PHONE:
                return self._phone(value, attempt, room)
            case Kind.NUMBER:
                return self._personal_number(value, attempt, room)
            case Kind.DATE:
                return self._day(value)
            case Kind.BAND:
                return self._amount(value, rule, attempt, room)
            case Kind.CHOICE:
                return rule.choices[0] if rule.choices else value
            case Kind.COORDINATE:
                return str(int(Decimal(value) // _DEGREES) * _DEGREES)

    def _name(self, kind: Kind, value: str, attempt: int, room: int) -> str:
        return _fitting(self._marked(kind, self._seed(kind.value, _folded(value), attempt), room), room)

    def _full_name(self, value: str, attempt: int, room: int) -> str:
        first, _, last = " ".join(value.split()).rpartition(" ")
        if not first:
            return self._name(Kind.LAST_NAME, last, attempt, room)
        half = (room - 1) // 2
        made = f"{self._name(Kind.FIRST_NAME, first, attempt, half)} {self._name(Kind.LAST_NAME, last, attempt, half)}"
        return made if half > 2 * (_FREE + _CHECK) + 1 else _stub(room)

    def _marked(self, kind: Kind, seed: bytes, room: int) -> str:
        """A name of the library, and after a dash syllables of the seed and of the key."""
        self._person.reseed(_number(seed))
        base = self._person.first_name() if kind is Kind.FIRST_NAME else self._person.last_name()
        base = "".join(filter(str.isalpha, base))[: max(1, room - 1 - 2 * (_FREE + _CHECK))]
        body = f"{base}-{_spoken(seed[8:10])}"
        return body + self._syllables(kind.value, body)

    def _is_name(self, kind: Kind, value: str) -> bool:
        found = _NAME.fullmatch(value)
        if found is None:
            return False
        body = value[: -2 * _CHECK]
        return value[-2 * _CHECK :].lower() == self._syllables(kind.value, body)

    def _syllables(self, what: str, body: str) -> str:
        return _spoken(self._digest(f"mark {what}", body.lower())[:_CHECK]).lower()

    def _tagged(self, what: str, before: str, seed: bytes) -> str:
        body = before + _letters(seed[10:], _TAG_FREE)
        return body + self._check(what, body)

    def _check(self, what: str, body: str) -> str:
        return _letters(self._digest(f"mark {what}", body), _TAG_CHECK)

    def _is_tagged(self, found: re.Match[str] | None, what: str) -> bool:
        return found is not None and found["check"] == self._check(what, found["body"])

    def _email(self, seed: bytes, room: int) -> str:
        self._person.reseed(_number(seed))
        people = [
            re.sub(r"[^a-z]", "", each.lower())
            for each in (self._person.first_name(), self._person.last_name())
        ]
        before = "".join(f"{each}." for each in people if each)
        made = f"{self._tagged('email', before, seed)}@example.com"
        return made if len(made) <= room else _fitting(f"{self._tagged('email', '', seed)}@example.com", room)

    def _street(self, seed: bytes, room: int) -> str:
        self._address.reseed(_number(seed))
        number = 1 + _number(seed[8:]) % 999
        road = _spoken(seed[12:14])
        body = f"{road}"
        made = f"{number} {body}{self._syllables('street', body)}"
        longer = f"{made} {''.join(filter(str.isalpha, self._address.street_suffix()))}"
        return longer if len(longer) <= room else _fitting(made, room)

    def _free_text(self, value: str, attempt: int, room: int) -> str:
        seed = self._seed("text", _folded(value), attempt)
        end = f" [{_letters(seed[10:], _TAG_FREE)}"
        most = min(room, max(len(value), 40), _LONGEST_TEXT) - len(end) - _TAG_CHECK - 2
        if most < 1:
            return _stub(room)
        self._text.reseed(_number(seed))
        words = self._text.sentence()
        while len(words) < most and len(words) < len(value):
            words += f" {self._text.sentence()}"
        # Nothing of these may look like data of somebody: only words stay.
        plain = " ".join(re.sub(r"[^A-Za-z ]", "", words).lower().split())
        body = plain[:most].rstrip().capitalize() + end
        return f"{body}-{self._check('text', body)}]"

    @cached_property
    def _cities_listed(self) -> tuple[str, ...]:
        found = set()
        for seed in range(400):
            self._address.reseed(seed)
            found.add(self._address.city())
        return tuple(sorted(found))

    @cached_property
    def _cities(self) -> frozenset[str]:
        return frozenset(self._cities_listed)

    def _phone(self, value: str, attempt: int, room: int) -> str:
        text = plain(value)
        if not _PHONE.fullmatch(text) or len(text) > room:
            return self._whole_phone(value, attempt, room)
        digits = "".join(re.findall(r"[0-9]", text))
        # The same number is written with and without its country.
        seed = self._seed("phone", digits[-10:], attempt)
        count = len(digits)
        if count == 10 or (count == 11 and digits[0] == "1"):
            made = f"{digits[:-10]}{200 + _number(seed) % 800}55501{seed[9] % 100:02d}"
        elif count >= 8:
            made = "999" + f"{_number(seed) % 10 ** (count - 3):0{count - 3}d}"
        elif count == 7:
            made = f"55501{seed[9] % 100:02d}"
        else:
            made = "0" * count
        return _in_places(text, made)

    def _whole_phone(self, value: str, attempt: int, room: int) -> str:
        """In the place of what is no number alone: names, mail addresses and whatever else people write there."""
        seed = self._seed("phone", _folded(value), attempt)
        # Neither seven nor ten digits: those would be read as numbers without a country.
        count = 12 if room >= 13 else min(room, 9)
        if count < 8:
            return "0" * min(room, _SMALLEST_NUMBER)
        made = "999" + f"{_number(seed) % 10 ** (count - 3):0{count - 3}d}"
        return f"+{made}" if room > count else made

    def _personal_number(self, value: str, attempt: int, room: int) -> str:
        text = plain(value)
        if text.isascii() and len(text) <= room:
            for again in range(_ATTEMPTS):
                made = self._in_its_form(text, attempt + again * _ATTEMPTS)
                # One in ten would by chance be a card's number, or an account's.
                if self._is_nobodys_number(made) and (made != value or self._is_nobodys_number(value)):
                    return made
        bare = "0" * (12 if room >= 12 else 8 if room >= 8 else min(room, _SMALLEST_NUMBER))
        return self._identifier(bare, self._seed("identifier", _folded(value), attempt))

    def _in_its_form(self, value: str, attempt: int) -> str:
        if _HALF_COVERED.fullmatch(value):
            # Somebody else's mask: what it covers had digits.
            value = re.sub(r"[Xx*•#]", "0", value)
        text = value.strip()
        bare = re.sub(r"[^0-9A-Za-z]", "", text).upper()
        if _SSN_SHAPE.fullmatch(text):
            seed = self._seed("us-ssn", bare, attempt)
            return _in_places(
                value, f"{900 + _number(seed) % 100}{1 + seed[9] % 49:02d}{1 + _number(seed[10:]) % 9999:04d}"
            )
        if _EIN_SHAPE.fullmatch(text):
            seed = self._seed("us-ein", bare, attempt)
            prefixes = sorted(EIN_UNUSED)
            return _in_places(value, f"{prefixes[seed[9] % len(prefixes)]:02d}{_number(seed) % 10**7:07d}")
        if is_iban(bare):
            return _in_places(value, _iban(self._like(bare[4:], self._seed("iban", bare, attempt))))
        if bare.isdigit() and is_card(bare):
            seed = self._seed("payment-card", bare, attempt)
            return _in_places(value, _luhn("0" + self._like(bare[1:-1], seed)))
        seed = self._seed("identifier", bare, attempt)
        return _in_places(value, self._identifier(bare, seed))

    def _identifier(self, bare: str, seed: bytes) -> str:
        """Letters for letters, digits for digits; letters that lead a long number say of what sort it is and stay."""
        if len(bare) < _SMALLEST_NUMBER:
            return "".join("0" if each.isdigit() else "X" for each in bare)
        head, body, check = _identifier_parts(bare)
        made = head + self._like(body, seed)
        return made + self._like(check, self._digest("mark identifier", made))

    def _like(self, text: str, seed: bytes) -> str:
        """Of the same sorts of letters. Uniform: the bytes of a hash are drawn upon as one number."""
        number = int.from_bytes(hashlib.sha512(seed).digest(), "big")
        made = []
        for each in text:
            letters = string.digits if each.isdigit() else string.ascii_uppercase
            number, place = divmod(number, len(letters))
            made.append(letters[place])
        return "".join(made)

    def _is_nobodys_number(self, value: str) -> bool:
        if not value.isascii():
            # Ours are made of plain letters and digits.
            return False
        text = value.strip()
        bare = re.sub(r"[^0-9A-Za-z]", "", text).upper()
        if _SSN_SHAPE.fullmatch(text):
            return _SSN_FAKE.fullmatch(text) is not None
        if _EIN_SHAPE.fullmatch(text):
            return int(bare[:2]) in EIN_UNUSED
        if bare.startswith("XX") and is_iban(bare):
            return True
        if is_iban(bare) or (bare.isdigit() and is_card(bare)):
            return False
        if bare.isdigit() and 13 <= len(bare) <= 19 and bare[0] == "0" and _luhn(bare[:-1]) == bare:
            return True
        if len(bare) < _SMALLEST_NUMBER:
            return set(bare) <= {"0", "X"}
        _, _, check = _identifier_parts(bare)
        return bare[-len(check) :] == self._like(check, self._digest("mark identifier", bare[: -len(check)]))

    def _day(self, value: str) -> str:
        day = date.fromisoformat(value[:10])
        seed = self._seed("day", str(day.year))
        return day.replace(month=1 + seed[0] % 12, day=1 + seed[1] % 28).isoformat() + value[10:]

    def _amount(self, value: str, rule: Rule, attempt: int, room: int) -> str:
        if not _AMOUNT.fullmatch(value):
            made = self._personal_number(value, attempt, room)
            # What would be read as an amount has to be what all of its band become.
            return "0" if _AMOUNT.fullmatch(made) else made
        with localcontext(prec=_DIGITS):
            amount = self._in_its_band(Decimal(value), rule.scale)
        if amount is None:
            return value
        return amount if len(amount) <= room else "0"

    def _in_its_band(self, amount: Decimal, scale: int) -> str | None:
        """None where it is what all of its band become."""
        if amount == 0:
            return None
        # Bands are half of the largest decimal: 50 for a score of three digits, 5,000 for an income of five.
        unit = Decimal(1).scaleb(-scale)
        band = max(Decimal(5).scaleb(amount.adjusted() - 1), unit)
        lowest = (abs(amount) // band) * band
        places = max(1, int(band / unit))
        made = lowest + unit * (_number(self._seed("band", f"{lowest} {band}")) % places)
        if made == amount.copy_abs():
            return None
        return _plain(made.copy_sign(amount))

    def _seed(self, kind: str, value: str, attempt: int = 0) -> bytes:
        return self._digest(f"seed {kind}{f' {attempt}' if attempt else ''}", value)

    def _digest(self, purpose: str, text: str) -> bytes:
        return hmac.digest(self._key, f"bulkhead masking\0{purpose}\0{text}".encode(), "sha256")


def _folded(value: str) -> str:
    """One value, however it is spaced and whatever its case."""
    return " ".join(value.split()).casefold()


def plain(value: str) -> str:
    """What people see: full-width digits are digits, what has no width is not there, and all dashes are one."""
    return _DASHES.sub("-", _UNSEEN.sub("", unicodedata.normalize("NFKC", value)))


def _number(seed: bytes) -> int:
    return int.from_bytes(seed[:8], "big")


def _spoken(seed: bytes) -> str:
    return "".join(_SYLLABLES[each % len(_SYLLABLES)] for each in seed).capitalize()


def _letters(seed: bytes, count: int) -> str:
    number = int.from_bytes(seed[:16], "big")
    return "".join(_BASE32[number >> 5 * place & 31] for place in range(count))


def _stub(room: int) -> str:
    """Where no fake has room."""
    return "masked"[: room or 6]


def _fitting(made: str, room: int) -> str:
    return made if len(made) <= room else _stub(room)


def _in_places(value: str, made: str) -> str:
    """The letters and digits of `made` in the places of those of the value; what stands between stays."""
    letters = iter(made)
    places = "[0-9]" if made.isdigit() else "[0-9A-Za-z]"
    filled = re.sub(places, lambda found: _cased(found.group(0), next(letters, "")), value)
    return filled + "".join(letters)


def _cased(old: str, new: str) -> str:
    return new.lower() if old.islower() else new


def _identifier_parts(bare: str) -> tuple[str, str, str]:
    lead = len(bare) - len(bare.lstrip(string.ascii_uppercase))
    head = bare[:lead] if lead <= 3 and len(bare) - lead >= _SMALLEST_NUMBER else ""
    check = 4 if len(bare) - len(head) > 8 else 3
    return head, bare[len(head) : -check], bare[-check:]


def _iban(account: str) -> str:
    spelled = "".join(str(int(each, 36)) for each in f"{account}XX00")
    return f"XX{98 - int(spelled) % 97:02d}{account}"


def _luhn(digits: str) -> str:
    doubled = [int(d) * (1 if i % 2 else 2) for i, d in enumerate(reversed(digits))]
    return digits + str(-sum(d - 9 if d > 9 else d for d in doubled) % 10)


def _is_nobodys_phone(value: str) -> bool:
    if not _PHONE.fullmatch(value):
        return False
    digits = "".join(re.findall(r"[0-9]", value))
    if len(digits) < 7:
        return not digits.strip("0")
    return (digits.startswith("999") and len(digits) not in (7, 10)) or (
        digits[-7:-2] == "55501" and len(digits) in (7, 10, 11)
    )


def _plain(amount: Decimal) -> str:
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
