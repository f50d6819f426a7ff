"""Reports as files that only the current user may read, whole or not at all; and what a report is made from besides."""

import os
from pathlib import Path
from tempfile import mkstemp

import yaml
from pydantic import ValidationError

from tasks.errors import ConfigurationError
from tasks.reports.model import History, RoiInputs

_HISTORY = "history.json"


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


def keep_history(history: History, folder: Path) -> None:
    write(folder / _HISTORY, history.model_dump_json())


def kept_history(folder: Path, estate: str) -> History:
    """An empty one where none of this estate was kept, or by another version."""
    try:
        found = History.model_validate_json((folder / _HISTORY).read_bytes())
    except (OSError, ValidationError):
        return History(estate=estate)
    return found if found.estate == estate else History(estate=estate)


def read_roi(path: Path) -> RoiInputs:
    """Raises ConfigurationError: no such file, no YAML, or not what the calculator wants."""
    try:
        return RoiInputs.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}. Name a file of inputs.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{path} is no YAML. `bulkhead roi --example` prints a file that is."
        ) from error
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'the file'}: {e['msg']}" for e in error.errors())
        raise ConfigurationError(
            f"{path}: {told}. `bulkhead roi --example` prints a file that fits."
        ) from error


def roi_of(home: Path) -> RoiInputs | None:
    """The inputs in `roi.yaml` of that folder; None where there is no such file. Raises ConfigurationError."""
    path = home / "roi.yaml"
    return read_roi(path) if path.exists() else None


def roi_text(inputs: RoiInputs) -> str:
    """As `read_roi` reads it."""
    return yaml.safe_dump(inputs.model_dump(exclude_none=True), sort_keys=False, allow_unicode=True).rstrip()
