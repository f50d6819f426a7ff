"""
Files sealed in chunks with AES-256-GCM: the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizar, CRYPTO 2015). Pure.

A file is a header and chunks. Each chunk's nonce is the file's random prefix, the chunk's number and whether it is the last,
so a chunk that is cut off, repeated, left out or moved does not open. The header and what the file is for are authenticated
with every chunk. A data key seals one file only, so no nonce comes twice under a key.
"""

import hashlib
import struct
from collections.abc import Callable, Iterator, Mapping

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tasks.errors import BackupBroken

CHUNK = 1 << 20
"""Bytes in the clear of each chunk but the last."""
TAG = 16
PREFIX = 7
_MAGIC = b"BLKHDBK1"
_HEADER = struct.Struct(f">8sI{PREFIX}s")
HEADER = _HEADER.size
_MOST = 1 << 32


class Sealer:
    """Takes bytes as they come and gives ciphertext in whole chunks."""

    def __init__(
        self, key: bytes, context: Mapping[str, str], prefix: bytes, out: Callable[[bytes], object]
    ) -> None:
        """`prefix` is PREFIX random bytes, `out` takes the ciphertext in order."""
        header = _HEADER.pack(_MAGIC, CHUNK, prefix)
        self._cipher, self._prefix, self._out = AESGCM(key), prefix, out
        self._bound = _bound(header, context)
        self._waiting = bytearray()
        self._number = 0
        out(header)

    def write(self, data: bytes | memoryview) -> None:
        self._waiting += data
        # One more byte than a chunk shows that the chunk is not the last.
        while len(self._waiting) > CHUNK:
            self._seal(bytes(memoryview(self._waiting)[:CHUNK]), last=False)
            del self._waiting[:CHUNK]

    def finish(self) -> None:
        self._seal(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _seal(self, plain: bytes, *, last: bool) -> None:
        nonce = _nonce(self._prefix, self._number, last)
        self._out(self._cipher.encrypt(nonce, plain, self._bound))
        self._number += 1


class Opener:
    """Opens the chunks of one file in any order; each is checked before a byte of it is given."""

    def __init__(
        self,
        key: bytes,
        context: Mapping[str, str],
        size: int,
        read: Callable[[int, int], bytes],
        name: str,
    ) -> None:
        """
        `read` gives so many bytes of ciphertext from an offset, `size` is that of the ciphertext, `name` is for messages.

        Raises BackupBroken for what is no such file.
        """
        header = read(0, HEADER)
        if len(header) != HEADER:
            raise BackupBroken(f"{name} is too short to be a sealed file; it was cut.")
        magic, chunk, prefix = _HEADER.unpack(header)
        if magic != _MAGIC or chunk != CHUNK:
            raise BackupBroken(f"{name} does not begin as a sealed file does; it was changed.")
        body = size - HEADER
        whole = CHUNK + TAG
        self.chunks = max(1, -(-body // whole))
        self.size = body - self.chunks * TAG
        """Bytes in the clear."""
        if body < TAG or self.size < 0 or self.chunks >= _MOST:
            raise BackupBroken(f"{name} has no length that a sealed file can have; it was cut.")
        self._cipher, self._prefix, self._read, self._name = AESGCM(key), prefix, read, name
        self._bound = _bound(header, context)
        self._end = size

    def chunk(self, number: int) -> bytes:
        """Raises BackupBroken for one that was changed, moved, or is the last where more were written."""
        start = HEADER + number * (CHUNK + TAG)
        stop = min(start + CHUNK + TAG, self._end)
        nonce = _nonce(self._prefix, number, number == self.chunks - 1)
        try:
            return self._cipher.decrypt(nonce, self._read(start, stop - start), self._bound)
        except (InvalidTag, ValueError):
            raise BackupBroken(
                f"Chunk {number + 1} of {self.chunks} of {self._name} does not open: it was changed, moved or cut, or its key "
                "is another file's. Restore from an older backup, and look at who could write there."
            ) from None

    def all(self) -> Iterator[bytes]:
        for number in range(self.chunks):
            yield self.chunk(number)


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    if number >= _MOST:
        raise BackupBroken("A sealed file has more chunks than one key may seal.")
    return prefix + number.to_bytes(4, "big") + bytes([last])


def _bound(header: bytes, context: Mapping[str, str]) -> bytes:
    said = orjson.dumps(dict(context), option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(header + said).digest()
