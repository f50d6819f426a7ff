"""Reads detections.yaml: a mistake in it is told and nothing is judged by half of it. Pure."""

import yaml
from pydantic import ValidationError

from tasks.anomalies.detections import DETECTIONS
from tasks.anomalies.model_live import TuningDocument
from tasks.errors import ConfigurationError

NOTHING = TuningDocument()


def document_of(text: str) -> TuningDocument:
    """Raises ConfigurationError that names the place, and for a detection that there is not: it would allow nothing."""
    try:
        found = TuningDocument.model_validate(yaml.safe_load(text) or {})
    except yaml.YAMLError as error:
        place = getattr(error, "problem_mark", None)
        raise ConfigurationError(
            f"detections.yaml is no YAML{f' in line {place.line + 1}' if place else ''}. Correct it; nothing was judged."
        ) from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ConfigurationError(
            f"detections.yaml, {where}: {first['msg']}. Correct it; nothing was judged."
        ) from None
    known = {each.name for each in DETECTIONS}
    named = {*found.without, *found.also, *(each.detection for each in found.allowances)} - {"*"}
    if strange := sorted(named - known):
        raise ConfigurationError(
            f"detections.yaml names {', '.join(strange)}, and there is no such detection. Nothing was judged."
        )
    return found
