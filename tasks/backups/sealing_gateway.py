"""Files that are enciphered on their way out, and opened in ranges on their way back. Nothing in the clear touches a disk."""

import hashlib
import io
import os
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime

from tasks.aws.data_keys import DataKeys
from tasks.backups.chunks import CHUNK, PREFIX, Opener, Sealer
from tasks.backups.model import SealedFile
from tasks.backups.places_gateway import Place, Taking
from tasks.errors import BackupBroken, BulkheadError, CloudError, SecretUnavailable

_AHEAD = 8 << 20
"""Bytes that are fetched at once."""


class Sealing:
    """A file in the making, as pyarrow and zipfile take one: it is written to and never goes back."""

    closed = False

    def __init__(
        self,
        taking: Taking,
        path: str,
        key: bytes,
        wrapped: bytes,
        context: Mapping[str, str],
        second: bytes = b"",
    ) -> None:
        self._taking, self._path = taking, path
        self._wrapped, self._second = wrapped, second
        self._sum, self._size, self._taken = hashlib.sha256(), 0, 0
        self._sealer = Sealer(key, context, os.urandom(PREFIX), self._out)
        self.file: SealedFile | None = None
        """What came of it, once the block is over."""

    def _out(self, data: bytes) -> None:
        self._sum.update(data)
        self._size += len(data)
        self._taking.write(data)

    def write(self, data: bytes | memoryview) -> int:
        self._sealer.write(data)
        self._taken += len(data)
        return len(data)

    def tell(self) -> int:
        return self._taken

    def flush(self) -> None:
        return None

    def close(self) -> None:
        """Writers close what they write to; this ends with its block."""

    def finish(self) -> None:
        self._sealer.finish()
        version = self._taking.finish()
        self.file = SealedFile(
            path=self._path,
            version=version,
            size=self._size,
            sha256=self._sum.hexdigest(),
            wrapped=b64encode(self._wrapped).decode(),
            second=b64encode(self._second).decode(),
        )


@contextmanager
def sealing(
    place: Place,
    keys: DataKeys,
    path: str,
    context: Mapping[str, str],
    until: datetime | None,
    second: DataKeys | None = None,
) -> Iterator[Sealing]:
    """
    A file under a data key of its own, which `second` wraps, too; its `file` is there after the block. What fails leaves
    nothing.

    Raises SecretUnavailable, CloudError and BackupRefused.
    """
    key, wrapped = keys.make_open(context)
    also = b"" if second is None else second.wrap(key, context)
    taking = place.write(path, until)
    try:
        out = Sealing(taking, path, key, wrapped, context, also)
        yield out
        out.finish()
    except BaseException:
        with suppress(BulkheadError):
            taking.abort()
        raise


def write_plain(place: Place, path: str, content: bytes, until: datetime | None) -> None:
    """A file that holds nothing to hide."""
    taking = place.write(path, until)
    try:
        taking.write(content)
        taking.finish()
    except BaseException:
        with suppress(BulkheadError):
            taking.abort()
        raise


class Opened(io.RawIOBase):
    """A sealed file in the clear, chunk by chunk in memory, as pyarrow and zipfile read one."""

    def __init__(self, opener: Opener) -> None:
        self._opener, self._at = opener, 0
        self._held: tuple[int, bytes] = (-1, b"")
        # The last chunk vouches for the length: it is opened before anything is believed.
        self._chunk(opener.chunks - 1)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def size(self) -> int:
        return self._opener.size

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = offset + (0, self._at, self._opener.size)[whence]
        return self._at

    def read(self, size: int | None = -1) -> bytes:
        end = self._opener.size if size is None or size < 0 else min(self._at + size, self._opener.size)
        found = []
        while self._at < end:
            number, within = divmod(self._at, CHUNK)
            piece = self._chunk(number)[within : within + end - self._at]
            found.append(piece)
            self._at += len(piece)
        return b"".join(found)

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed's Buffer has no length; readers hand in views of bytes
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def _chunk(self, number: int) -> bytes:
        if self._held[0] != number:
            self._held = (number, self._opener.chunk(number))
        return self._held[1]


def opening(
    place: Place, ways: Sequence[tuple[DataKeys, str]], file: SealedFile, context: Mapping[str, str]
) -> Opened:
    """
    `ways` are keys of KMS, each with the file's data key as it wraps it; the first that opens is taken.

    Raises SecretUnavailable where none opens, BackupBroken for a file that was changed, and CloudError.
    """
    return Opened(Opener(data_key(ways, context), context, file.size, _Ahead(place, file), file.path))


def data_key(ways: Sequence[tuple[DataKeys, str]], context: Mapping[str, str]) -> bytes:
    """Raises SecretUnavailable where no key opens it, and CloudError where the first of them did not say."""
    first: BulkheadError | None = None
    for keys, wrapped in ways:
        try:
            return keys.unwrap(b64decode(wrapped), context)
        except (SecretUnavailable, CloudError) as error:
            first = first or error
    raise first or SecretUnavailable("No key is left that the file was sealed under.")


def check_ciphertext(place: Place, file: SealedFile) -> str:
    """What is wrong with a file as it lies there, without its key; empty when nothing is."""
    total, count = hashlib.sha256(), 0
    try:
        while data := place.read(file.path, file.version, count, _AHEAD) if count < file.size else b"":
            total.update(data)
            count += len(data)
        more = count > file.size
    except BackupBroken as error:
        return str(error)
    if count < file.size:
        return f"it has {count:,} bytes of {file.size:,}; it was cut"
    if more or total.hexdigest() != file.sha256:
        return "its bytes are not those that were written"
    return ""


class _Ahead:
    """Fetches more than is asked for, since most of what follows is asked for next."""

    def __init__(self, place: Place, file: SealedFile) -> None:
        self._place, self._file = place, file
        self._start, self._data = 0, b""

    def __call__(self, start: int, length: int) -> bytes:
        if not (self._start <= start and start + length <= self._start + len(self._data)):
            wanted = max(length, min(_AHEAD, self._file.size - start))
            self._data = self._place.read(self._file.path, self._file.version, start, wanted)
            self._start = start
        at = start - self._start
        return self._data[at : at + length]
