"""
Whether the target holds what it should: by count and by a checksum that no order changes. Pure.

Both are made from the values in the clear: of sealed ones those that open, bound to their place. A value that does not open,
or that stands in the clear where it should be sealed, counts as different.
"""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b

from tasks.sync.model import Record

DIGEST_BYTES = 16
_NONE = b"\x00"
_ALL = 1 << (8 * DIGEST_BYTES)


def digest(key: bytes, name: str, values: Sequence[str | None]) -> int:
    """Of one record, under a key that lives no longer than its run: nobody can try values against it later."""
    made = blake2b(key=key, digest_size=DIGEST_BYTES)
    for value in (name, *values):
        held = _NONE if value is None else b"\x01" + value.encode()
        made.update(len(held).to_bytes(4, "big") + held)
    return int.from_bytes(made.digest(), "big")


def digests(key: bytes, records: Iterable[Record]) -> dict[str, int]:
    """By external id. Raises KeyError for a record without one."""
    found = {}
    for record in records:
        if record.key is None:
            raise KeyError(record.id)
        found[record.key] = digest(key, record.key, record.values)
    return found


def checksum(of: Mapping[str, int]) -> str:
    """The sum of the digests, whatever their order; in hexadecimal."""
    return f"{sum(of.values()) % _ALL:0{2 * DIGEST_BYTES}x}"


def wrong(expected: Mapping[str, int], found: Mapping[str, int]) -> tuple[str, ...]:
    """External ids that are not there, or not as they should be. Count and checksum first: where both agree nobody looks on."""
    if len(expected) == len(found) and checksum(expected) == checksum(found):
        return ()
    return tuple(sorted(name for name, made in expected.items() if found.get(name) != made))
