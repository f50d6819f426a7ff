"""Bodies of files as one zip, written and read in pieces: neither many files nor long ones are ever in memory."""

import hashlib
import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from tasks.errors import IncompleteRead

LINKS = "links.json"
"""The entry that says to which records the files of a zip belong."""
_PIECE = 1 << 20
_DAY = (1980, 1, 1, 0, 0, 0)
"""Zip dates its entries; ours say nothing."""


class Body(NamedTuple):
    """One file as it comes. `size` in bytes and `checksum` (MD5, hex) are what the org says of it, None where it says nothing."""

    id: str
    size: int | None
    checksum: str | None
    pieces: Iterator[bytes]


class Written(NamedTuple):
    files: int
    bytes: int
    digest: str


class _Sum:
    """Over ids and hashes of bodies in their order, and how many and how long they are."""

    def __init__(self) -> None:
        self._sum, self._files, self._bytes = hashlib.sha256(), 0, 0

    def add(self, name: str, digest: bytes, size: int) -> None:
        self._sum.update(len(name).to_bytes(2, "big") + name.encode() + digest)
        if name != LINKS:
            self._files, self._bytes = self._files + 1, self._bytes + size

    def written(self) -> Written:
        return Written(self._files, self._bytes, self._sum.hexdigest())


def write_bodies(out: Any, org: str, bodies: Iterable[Body], links: Callable[[], bytes]) -> Written:
    """
    `out` takes bytes and never goes back. `links` is asked once the bodies are through. Raises IncompleteRead for a body that is not what the org says of it, and as the
    bodies do.
    """
    total = _Sum()
    # Not packed: what people attach mostly is already.
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for body in bodies:
            ours, theirs, size = hashlib.sha256(), hashlib.md5(usedforsecurity=False), 0
            with archive.open(zipfile.ZipInfo(body.id, _DAY), "w", force_zip64=True) as entry:
                for piece in body.pieces:
                    entry.write(piece)
                    ours.update(piece)
                    theirs.update(piece)
                    size += len(piece)
            if (body.size is not None and size != body.size) or (
                body.checksum and theirs.hexdigest() != body.checksum.lower()
            ):
                raise IncompleteRead(
                    org, f"the file {body.id} came otherwise than the org says", "Run again."
                )
            total.add(body.id, ours.digest(), size)
        content = links()
        archive.writestr(zipfile.ZipInfo(LINKS, _DAY), content)
        total.add(LINKS, hashlib.sha256(content).digest(), len(content))
    return total.written()


def read_bodies(file: Any) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Ids and pieces, the links last, in the order in which they were written; each body is read before the next. Raises zipfile.BadZipFile."""
    with zipfile.ZipFile(file) as archive:
        for each in archive.infolist():
            with archive.open(each) as entry:
                yield each.filename, iter(lambda held=entry: held.read(_PIECE), b"")  # type: ignore[misc]  # a default binds it now


def names_of(file: Any) -> list[str]:
    """Ids of versions. Raises zipfile.BadZipFile."""
    with zipfile.ZipFile(file) as archive:
        return [name for name in archive.namelist() if name != LINKS]


def sum_of(file: Any) -> Written:
    """What all of it comes to. Raises zipfile.BadZipFile."""
    total = _Sum()
    for name, pieces in read_bodies(file):
        digest, size = hashlib.sha256(), 0
        for piece in pieces:
            digest.update(piece)
            size += len(piece)
        total.add(name, digest.digest(), size)
    return total.written()
