"""
Field values as text that only the holder of a data key can read, and only where they belong.

A sealed value is `AES256:` and base64url (RFC 4648 section 5) of version, key id, nonce, ciphertext and tag: AES-256-GCM with
random 96-bit nonces (NIST SP 800-38D section 8.2.2). What is authenticated besides holds source org, object, field and record,
so that a value moved to another place does not open. Null stays null: that a field is empty is no secret here. An older value
of the same field of the same record is not told from the newest one.
"""

from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from struct import iter_unpack
from typing import NamedTuple, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tasks.errors import ConfigurationError, SealBroken, ValueTooLong

MARK = "AES256:"
KEY_BYTES, KEY_ID_BYTES, NONCE_BYTES, TAG_BYTES = 32, 8, 12, 16
USES = 2**32
"""Values under one key at most: SP 800-38D section 8.3, for random nonces."""
_VERSION = b"\x01"
_URL = bytes.maketrans(b"+/", b"-_")
_PLAIN = bytes.maketrans(b"-_", b"+/")
_APART = "\x1f"
_NEXT = "\n"
_HEAD_TEXT = len(MARK) + (1 + KEY_ID_BYTES) * 4 // 3
# Everything before the value itself is a multiple of three bytes, and so is what comes after it: no `=` is ever needed, and
# each letter counts to its last bit.
_FEWEST = _HEAD_TEXT + (NONCE_BYTES + 1 + 1 + TAG_BYTES) * 4 // 3

Value = str | bool | int | float | Decimal | date | datetime | None
"""What a field of a record holds."""


class Kind(NamedTuple):
    """How one type is written and read again. `tails` end the bytes: they pad to three, and say type and padding."""

    write: Callable[[Value], bytes]
    read: Callable[[bytes], Value]
    tails: tuple[bytes, ...]


def _kind(place: int, write: Callable[[Value], bytes], read: Callable[[str], Value]) -> Kind:
    tails: list[bytes] = []
    for length in range(3):
        padding = -(length + 1 + TAG_BYTES) % 3
        tails.append(b"\0" * padding + bytes([place * 3 + padding]))
    return Kind(write, lambda held: read(held.decode()), tuple(tails))


# In this order for ever: the place of a type is in every value that was sealed. bool is an int and datetime a date, so
# types are looked up by themselves.
_KINDS: dict[type, Kind] = {
    str: _kind(0, lambda value: str(value).encode(), str),
    bool: _kind(1, lambda value: b"1" if value else b"0", lambda held: held == "1"),
    int: _kind(2, lambda value: str(value).encode(), int),
    float: _kind(3, lambda value: repr(value).encode(), float),
    Decimal: _kind(4, lambda value: str(value).encode(), Decimal),
    date: _kind(5, lambda value: str(value).encode(), date.fromisoformat),
    datetime: _kind(
        6,
        lambda value: value.isoformat().encode() if isinstance(value, datetime) else b"",
        datetime.fromisoformat,
    ),
}
_READERS = [kind.read for kind in _KINDS.values()]
_TEXT = _KINDS[str]


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
    padding = -(size + 1 + TAG_BYTES) % 3
    return _HEAD_TEXT + (NONCE_BYTES + size + padding + 1 + TAG_BYTES) * 4 // 3


def longest(letters: int) -> int:
    """Bytes of the longest value that a text field of so many letters can hold once it is sealed; -1 when none fits."""
    size = (letters - _HEAD_TEXT) // 4 * 3 - NONCE_BYTES - 1 - TAG_BYTES
    return max(size, -1)


def is_sealed(text: object) -> bool:
    """Whether it looks like a sealed value; only opening it says whether it is one."""
    return isinstance(text, str) and text.startswith(MARK) and len(text) >= _FEWEST


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
    here, theirs = values, records
    if len(values) != len(records) or None in values:
        theirs = [record for value, record in zip(values, records, strict=True) if value is not None]
        here = [value for value in values if value is not None]
    padded = _padded(place, here)
    if letters is not None and padded:
        _fits(place, max(map(len, padded)), letters)
    head = MARK + _text(_VERSION + bytes.fromhex(key.key_id))
    encrypt = key.cipher.encrypt
    nonces = iter_unpack(f"{NONCE_BYTES}s", randoms(NONCE_BYTES * len(padded)))
    raws = [
        b2a_base64(nonce + encrypt(nonce, held, bound), newline=False)
        for (nonce,), held, bound in zip(nonces, padded, _bound(head, place, theirs), strict=True)
    ]
    # All texts are made of one: a call less for each is a tenth of the time.
    apart = (_NEXT + head).encode()
    text = (head.encode() + apart.join(raws)).translate(_URL).decode("ascii")
    done: list[str | None] = [*text.split(_NEXT)] if raws else []
    if len(done) == len(values):
        return done
    rest = iter(done)
    return [None if value is None else next(rest) for value in values]


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
    if not is_sealed(text):
        raise ValueError("no sealed value")
    head = _bytes(text[len(MARK) : _HEAD_TEXT])
    if head[:1] != _VERSION:
        raise ValueError("a version that is not known")
    return head[1:].hex()


def _open(keys: Mapping[str, SealKey], place: Place, text: str, record: str) -> Value:
    where = f"{place.org} {place.sobject}.{place.field} of {record}"
    try:
        key = keys[key_of(text)]
        raw = _bytes(text[_HEAD_TEXT:])
        (bound,) = _bound(text[:_HEAD_TEXT], place, [record])
        held = key.cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], bound)
        place_of_kind, padding = divmod(held[-1], 3)
        return _READERS[place_of_kind](held[: len(held) - 1 - padding])
    except KeyError:
        raise SealBroken(
            f"{where} is sealed with a key that is not at hand. Look at the route's key ring."
        ) from None
    except (InvalidTag, ValueError, IndexError, InvalidOperation):
        raise SealBroken(
            f"{where} is not what was sealed for this place: it was changed, cut, or moved here. Sync it again."
        ) from None


def _padded(place: Place, values: Sequence[Value]) -> list[bytes]:
    """Each value as bytes with its tail. Raises ConfigurationError for a type that no field has."""
    types = set(map(type, values))
    if strange := types - _KINDS.keys():
        names = ", ".join(sorted(each.__name__ for each in strange))
        raise ConfigurationError(f"{place.sobject}.{place.field} holds {names}, which cannot be sealed.")
    if types == {str}:
        tails = _TEXT.tails
        texts = cast(Sequence[str], values)
        return [(held := text.encode()) + tails[len(held) % 3] for text in texts]
    found = []
    for value in values:
        kind = _KINDS[type(value)]
        held = kind.write(value)
        found.append(held + kind.tails[len(held) % 3])
    return found


def _fits(place: Place, size: int, letters: int) -> None:
    """`size` is of a value with its tail."""
    needed = _HEAD_TEXT + (NONCE_BYTES + size + TAG_BYTES) * 4 // 3
    if needed > letters:
        raise ValueTooLong(
            f"{place.sobject}.{place.field}: a value becomes {needed} letters once it is sealed, and the field holds "
            f"{letters}. Make the field longer, or leave it out of the route."
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
    return b2a_base64(raw, newline=False).translate(_URL).decode("ascii")


def _bytes(text: str) -> bytes:
    """Raises ValueError for any other spelling of the same bytes."""
    if "+" in text or "/" in text or "=" in text:
        raise ValueError("no base64url")
    return a2b_base64(text.encode("ascii").translate(_PLAIN), strict_mode=True)
