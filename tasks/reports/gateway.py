"""Writes reports to files that only the current user may read, whole or not at all."""

import os
from pathlib import Path
from tempfile import mkstemp


def write(path: Path, text: str) -> Path:
    """Mode 0600, for a report names what is weak; a reader never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return path
