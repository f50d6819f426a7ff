"""Packs where they lie: those that come along, and those in a folder of one's own."""

from importlib.resources import files
from pathlib import Path

from tasks.errors import ConfigurationError
from tasks.threats.model import RawPack

_SUFFIX, _SIGNATURE = ".yaml", ".sig"
_LARGEST = 5_000_000
"""Bytes; a pack is a list that people can read."""


def read_packs(folder: str) -> list[RawPack]:
    """Those that come along, and those of the folder where one is named. Raises ConfigurationError when it is not there."""
    places = [Path(str(files("tasks.threats") / "packs"))]
    if folder:
        own = Path(folder)
        if not own.is_dir():
            raise ConfigurationError(
                f"There is no folder {folder}. Correct threats.folder in policy.yaml and register again."
            )
        places.append(own)
    return [_read(path) for place in places for path in sorted(place.glob(f"*{_SUFFIX}"))]


def _read(path: Path) -> RawPack:
    if path.stat().st_size > _LARGEST:
        raise ConfigurationError(f"{path} is larger than a threat pack may be. Take it out of the folder.")
    signature = path.with_name(path.name + _SIGNATURE)
    written = signature.read_text(encoding="utf-8", errors="replace") if signature.is_file() else ""
    return RawPack(name=path.name, content=path.read_bytes(), signature=written)


def write_signature(path: Path, signature: str) -> Path:
    """Beside the pack."""
    beside = path.with_name(path.name + _SIGNATURE)
    beside.write_text(signature + "\n", encoding="utf-8")
    return beside
