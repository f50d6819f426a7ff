"""Bytes of a file on disk, unpacked where it is packed, in a thread of their own beside whoever reads them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from isal import igzip_threaded

PIECE = 1 << 20
_AHEAD = 4 << 20
"""Bytes of a step of unpacking; two are ready at most, so that a block is unpacked while the one before it is parsed."""
_MAGIC = b"\x1f\x8b"


@contextmanager
def unpacked(path: Path) -> Iterator[Iterator[bytes]]:
    """Pieces in order; memory is bounded whatever the size. Raises OSError and EOFError for a file that was cut."""
    with path.open("rb") as plain:
        packed = plain.read(2) == _MAGIC
    # Its stubs leave `open` untyped.
    opened: Any = igzip_threaded
    with opened.open(path, "rb", threads=1, block_size=_AHEAD) if packed else path.open("rb") as content:
        yield iter(lambda: content.read(PIECE), b"")
