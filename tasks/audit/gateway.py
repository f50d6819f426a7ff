"""Keeps assessments as files, so that the next one can be compared and any can be reported again."""

import os
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from tasks.audit.model import Assessment

_PATTERN = "assessment-*.json"


def keep_assessment(assessment: Assessment, folder: Path) -> Path:
    """Writes the whole file or nothing; only the current user may read it, for it names what is weak."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"assessment-{assessment.made_at:%Y%m%dT%H%M%SZ}.json"
    temporary = path.with_suffix(".part")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(assessment.model_dump_json())
    temporary.replace(path)
    return path


def kept_assessments(folder: Path, estate: str | None = None) -> Iterator[Assessment]:
    """Newest first; files of an older version that no longer fit are passed over."""
    for path in sorted(folder.glob(_PATTERN), reverse=True):
        try:
            found = Assessment.model_validate_json(path.read_bytes())
        except (ValidationError, OSError):
            continue
        if estate is None or found.estate == estate:
            yield found
