"""Record ids: 15 case-sensitive characters, and the three-character checksum that makes 18."""

from collections.abc import Iterator

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CHECK = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_TAIL = 5
_TAIL_SPAN = len(ALPHABET) ** _TAIL


def _check_character(chunk: str) -> str:
    """Each upper-case letter of a five-character chunk sets one bit, the first letter the lowest."""
    return _CHECK[sum(1 << place for place, letter in enumerate(chunk) if "A" <= letter <= "Z")]


def checksum(id15: str) -> str:
    return _check_character(id15[:5]) + _check_character(id15[5:10]) + _check_character(id15[10:15])


def to18(record_id: str) -> str:
    """The 18-character form; anything that is not 15 letters or digits comes back as it was."""
    if len(record_id) == 15 and record_id.isascii() and record_id.isalnum():
        return record_id + checksum(record_id)
    return record_id


def is_id(text: str) -> bool:
    """Whether the text has the shape of a record id with, at 18 characters, the right checksum."""
    if not (text.isascii() and text.isalnum()):
        return False
    return len(text) == 15 or (len(text) == 18 and checksum(text[:15]) == text[15:].upper())


def base62(number: int, width: int) -> str:
    digits = []
    for _ in range(width):
        number, digit = divmod(number, 62)
        digits.append(ALPHABET[digit])
    return "".join(reversed(digits))


def make_id(prefix: str, instance: str, number: int) -> str:
    """The id of the number-th record: prefix (3), instance (3), number in base 62 (9), checksum (3)."""
    id15 = prefix + instance + base62(number, 9)
    return id15 + checksum(id15)


_PAIRS = [(a + b, _CHECK.index(_check_character("000" + a + b))) for a in ALPHABET for b in ALPHABET]


def id_run(prefix: str, instance: str, first: int, count: int) -> Iterator[str]:
    """The ids of `count` records numbered from `first`, the same as make_id but in bulk.

    Only the last two characters change from one id to the next, so the rest is made once per 3,844 ids.
    """
    number, end = first, first + count
    while number < end:
        block, start = divmod(number, 3844)
        stop = min(3844, start + end - number)
        head = prefix + instance + base62(block, 7)
        front = _check_character(head[:5]) + _check_character(head[5:10])
        bits = _CHECK.index(_check_character(head[10:13]))
        for pair, pair_bits in _PAIRS[start:stop]:
            yield head + pair + front + _CHECK[bits | pair_bits]
        number += stop - start
