"""
Field values as text that only the holder of a data key can read, and only where they belong.

A sealed value is `AES256:` and base64url (RFC 4648 section 5, without padding) of version and type, key id, nonce, ciphertext
and tag: AES-256-GCM with random 96-bit nonces (NIST SP 800-38D section 8.2.2). What is authenticated besides holds all that
stands before the nonce, and source org, object, field and record, so that a value moved to another place does not open. Null
stays null: that a field is empty is no secret here, nor is how long a value is. An older value of the same field of the same
record is not told from the newest one.
"""

from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from struct import iter_unpack
from typing import NamedTuple, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tasks.errors import ConfigurationError, SealBroken, ValueTooLong

MARK = "AES256:"
KEY_BYTES, KEY_ID_BYTES, NONCE_BYTES, TAG_BYTES = 32, 8, 12, 16
USES = 2**32
"""Values under one key at most: SP 800-38D section 8.3, for random nonces."""
_VERSION = 1 << 4
"""In the upper half of the first byte; the lower one is the type."""
_URL = bytes.maketrans(b"+/", b"-_")
_PLAIN = bytes.maketrans(b"-_", b"+/")
_APART = "\x1f"
_NEXT = "\n"
_HEAD_LETTERS = len(MARK) + (1 + KEY_ID_BYTES) * 4 // 3
"""Of all that is the same for a column: a multiple of three bytes, so that its letters are its own."""

Value = str | bool | int | float | Decimal | date | datetime | None
"""What a field of a record holds."""


class Kind(NamedTuple):
    """How one type is written as text and read again."""

    number: int
    write: Callable[[Value], str]
    read: Callable[[str], Value]


# Numbers stand in every value that was sealed. bool is an int and datetime a date, so types are looked up by themselves.
_KINDS: dict[type, Kind] = {
    str: Kind(0, str, str),
    bool: Kind(1, lambda value: "1" if value else "0", lambda held: held == "1"),
    int: Kind(2, str, int),
    float: Kind(3, repr, float),
    Decimal: Kind(4, str, Decimal),
    date: Kind(5, str, date.fromisoformat),
    datetime: Kind(6, lambda value: cast(datetime, value).isoformat(), datetime.fromisoformat),
}
_READERS = {kind.number: kind.read for kind in _KINDS.values()}


class Place(NamedTuple):
    """Where values belong; with a record's id it is the place of one value. `org` is the alias of the source."""

    org: str
    sobject: str
    field: str


class SealKey(NamedTuple):
    """A data key in the clear; it lives in memory only. `key_id` finds it again, 8 bytes in hexadecimal."""

    key_id: str
    cipher: AESGCM


def seal_key(key_id: str, key: bytes) -> SealKey:
    """Raises ConfigurationError for a key or an id of another length."""
    if len(key) != KEY_BYTES or len(key_id) != 2 * KEY_ID_BYTES:
        raise ConfigurationError(
            f"A data key has {KEY_BYTES} bytes and an id of {KEY_ID_BYTES}; make a new one."
        )
    return SealKey(key_id, AESGCM(key))


def sealed_length(size: int) -> int:
    """Letters that a value of `size` bytes becomes."""
    return _HEAD_LETTERS + ((NONCE_BYTES + size + TAG_BYTES) * 4 + 2) // 3


def longest(letters: int) -> int:
    """Bytes of the longest value that a text field of so many letters can hold once it is sealed; -1 when none fits."""
    return max((letters - _HEAD_LETTERS) * 3 // 4 - NONCE_BYTES - TAG_BYTES, -1)


def is_sealed(text: object) -> bool:
    """Whether it looks like a sealed value; only opening it says whether it is one."""
    return isinstance(text, str) and text.startswith(MARK) and len(text) >= sealed_length(0)


def seal(
    key: SealKey,
    place: Place,
    values: Sequence[Value],
    records: Sequence[str],
    *,
    randoms: Callable[[int], bytes],
    letters: int | None = None,
) -> list[str | None]:
    """
    Values of one field, each with the id of its record, in order. `letters` is the length of the field they are for; `randoms`
    gives bytes that nobody can guess, such as os.urandom.

    Raises ValueTooLong before anything is sealed when one would not fit, ConfigurationError for a type that no field has.
    """
    if len(values) != len(records):
        raise ValueError(f"{len(values)} values and {len(records)} records")
    done: list[str | None] = [None] * len(values)
    columns = []
    for kind, at in _by_kind(place, values).items():
        whole = len(at) == len(values)
        held = _written(kind, values if whole else [values[each] for each in at])
        if letters is not None:
            _fits(place, max(map(len, held)), letters)
        columns.append((kind, at, held, records if whole else [records[each] for each in at]))
    for kind, at, held, theirs in columns:
        texts = _sealed(key, kind, place, held, theirs, randoms(NONCE_BYTES * len(held)))
        if len(texts) == len(done):
            return [*texts]
        for each, text in zip(at, texts, strict=True):
            done[each] = text
    return done


def _sealed(
    key: SealKey, kind: Kind, place: Place, values: Sequence[bytes], records: Sequence[str], nonces: bytes
) -> list[str]:
    head = MARK + _text(bytes([_VERSION | kind.number]) + bytes.fromhex(key.key_id))
    encrypt = key.cipher.encrypt
    raws = [
        b2a_base64(nonce + encrypt(nonce, value, bound), newline=False)
        for (nonce,), value, bound in zip(
            iter_unpack(f"{NONCE_BYTES}s", nonces), values, _bound(head, place, records), strict=True
        )
    ]
    # All texts are made of one: each call less for a value is a tenth of the time.
    text = head.encode() + (_NEXT + head).encode().join(raws)
    return text.translate(_URL, b"=").decode("ascii").split(_NEXT)


def open_sealed(
    keys: Mapping[str, SealKey], place: Place, texts: Sequence[str | None], records: Sequence[str]
) -> list[Value]:
    """
    What was sealed. Raises SealBroken for a value that was changed, cut, moved, or sealed with a key that is not among `keys`;
    it names the record, never the value.
    """
    return [
        None if text is None else _open(keys, place, text, record)
        for text, record in zip(texts, records, strict=True)
    ]


def key_of(text: str) -> str:
    """The id of the key that a value was sealed with. Raises ValueError for what is no sealed value."""
    return _head(text)[1]


def _head(text: str) -> tuple[int, str]:
    """Number of the type, and id of the key. Raises ValueError."""
    if not is_sealed(text):
        raise ValueError("no sealed value")
    first, *rest = _bytes(text[len(MARK) : _HEAD_LETTERS])
    if first & 0xF0 != _VERSION:
        raise ValueError("a version that is not known")
    return first & 0x0F, bytes(rest).hex()


def _open(keys: Mapping[str, SealKey], place: Place, text: str, record: str) -> Value:
    where = f"{place.org} {place.sobject}.{place.field} of {record}"
    try:
        number, key_id = _head(text)
        (bound,) = _bound(text[:_HEAD_LETTERS], place, [record])
        if key_id not in keys:
            raise SealBroken(
                f"{where} is sealed with a key that is not at hand. Look at the route's key ring."
            )
        raw = _bytes(text[_HEAD_LETTERS:])
        held = keys[key_id].cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], bound)
        return _READERS[number](held.decode())
    except (InvalidTag, ValueError, KeyError):
        raise SealBroken(
            f"{where} is not what was sealed for this place: it was changed, cut, or moved here. Sync it again."
        ) from None


def _by_kind(place: Place, values: Sequence[Value]) -> dict[Kind, Sequence[int]]:
    """Where in a column which type stands. Raises ConfigurationError for one that no field has."""
    types = set(map(type, values)) - {type(None)}
    if strange := types - _KINDS.keys():
        names = ", ".join(sorted(each.__name__ for each in strange))
        raise ConfigurationError(f"{place.sobject}.{place.field} holds {names}, which cannot be sealed.")
    if len(types) == 1 and None not in values:
        return {_KINDS[types.pop()]: range(len(values))}
    found: dict[Kind, list[int]] = {}
    for at, value in enumerate(values):
        if value is not None:
            found.setdefault(_KINDS[type(value)], []).append(at)
    return dict(found)


def _written(kind: Kind, values: Sequence[Value]) -> list[bytes]:
    if kind is _KINDS[str]:
        return [text.encode() for text in cast(Sequence[str], values)]
    return [kind.write(value).encode() for value in values]


def _fits(place: Place, size: int, letters: int) -> None:
    if sealed_length(size) > letters:
        raise ValueTooLong(
            f"{place.sobject}.{place.field}: a value of {size} bytes becomes {sealed_length(size)} letters once it is sealed, and "
            f"the field holds {letters}. Make the field longer, or leave it out of the route."
        )


def _bound(head: str, place: Place, records: Iterable[str]) -> list[bytes]:
    """What each value is bound to. All at once: joining and splitting is done by the interpreter itself."""
    before = _APART.join((head, *place, ""))
    records = list(records)
    if not records:
        return []
    text = before + (_NEXT + before).join(records)
    bound = text.encode().split(_NEXT.encode())
    if len(bound) != len(records) or any(_APART in part for part in place) or _APART in "".join(records):
        raise ConfigurationError(
            f"An id of {place.sobject} holds a control character; such records cannot be sealed."
        )
    return bound


def _text(raw: bytes) -> str:
    return b2a_base64(raw, newline=False).translate(_URL, b"=").decode("ascii")


def _bytes(text: str) -> bytes:
    """Raises ValueError for any other spelling of the same bytes: the last letter has bits that do not count."""
    padded = text.encode("ascii").translate(_PLAIN) + b"=" * (-len(text) % 4)
    raw = a2b_base64(padded, strict_mode=True)
    if _text(raw) != text:
        raise ValueError("another spelling")
    return raw
