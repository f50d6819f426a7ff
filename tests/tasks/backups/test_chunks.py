"""Sealed files: what was changed, cut, moved, repeated or is another file's does not open."""

import random

import pytest

from tasks.backups.chunks import CHUNK, HEADER, TAG, Opener, Sealer
from tasks.errors import BackupBroken

KEY, PREFIX = bytes(range(32)), b"7 bytes"
CONTEXT = {"bulkhead:org": "hq", "bulkhead:backup": "b", "bulkhead:part": "Account.parquet"}
WHOLE = CHUNK + TAG


def sealed(plain: bytes, step: int = 300_000) -> bytes:
    out = bytearray()
    sealer = Sealer(KEY, CONTEXT, PREFIX, out.extend)
    for start in range(0, len(plain), step):
        sealer.write(plain[start : start + step])
    sealer.finish()
    return bytes(out)


def opened(content: bytes, key: bytes = KEY, context: dict[str, str] = CONTEXT) -> bytes:
    opener = Opener(
        key, context, len(content), lambda start, length: content[start : start + length], "a file"
    )
    plain = b"".join(opener.all())
    assert len(plain) == opener.size
    return plain


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 5])
def test_any_length_comes_back(size: int) -> None:
    plain = random.Random(size).randbytes(size)
    content = sealed(plain)
    assert opened(content) == plain
    assert (content[HEADER:] and plain[:64] not in content) or size == 0


def chunks_of(content: bytes) -> list[bytes]:
    body = content[HEADER:]
    return [body[start : start + WHOLE] for start in range(0, len(body), WHOLE)]


CONTENT = sealed(random.Random(1).randbytes(3 * CHUNK + 77))
FIRST, SECOND, THIRD, LAST = chunks_of(CONTENT)
HEAD = CONTENT[:HEADER]


@pytest.mark.parametrize(
    "parts",
    [
        (FIRST, SECOND, THIRD),
        (FIRST,),
        (),
        (FIRST, SECOND, LAST),
        (SECOND, FIRST, THIRD, LAST),
        (FIRST, SECOND, SECOND, LAST),
        (FIRST, SECOND, THIRD, THIRD, LAST),
        (FIRST, SECOND, THIRD, LAST, LAST),
        (FIRST, SECOND, THIRD, LAST[:-1]),
        (FIRST, SECOND, THIRD, LAST + b"\0"),
    ],
    ids=[
        "cut",
        "cut-to-one",
        "empty",
        "left-out",
        "swapped",
        "replaced",
        "repeated",
        "last-twice",
        "short",
        "long",
    ],
)
def test_chunks_in_another_order_do_not_open(parts: tuple[bytes, ...]) -> None:
    assert opened(HEAD + FIRST + SECOND + THIRD + LAST)
    with pytest.raises(BackupBroken):
        opened(HEAD + b"".join(parts))


def test_any_flipped_byte_is_noticed() -> None:
    content = sealed(b"a small file")
    for at in range(len(content)):
        touched = bytearray(content)
        touched[at] ^= 0x40
        with pytest.raises(BackupBroken):
            opened(bytes(touched))


def test_another_key_and_another_purpose_do_not_open() -> None:
    content = sealed(b"a small file")
    with pytest.raises(BackupBroken):
        opened(content, key=bytes(32))
    for name in CONTEXT:
        with pytest.raises(BackupBroken):
            opened(content, context={**CONTEXT, name: "another"})
