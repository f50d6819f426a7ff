"""detections.yaml where policy says that it lies."""

from pathlib import Path

from tasks.anomalies.model_live import TuningDocument
from tasks.anomalies.tuning import NOTHING, document_of
from tasks.errors import ConfigurationError
from tasks.estate.policy import Policy
from tasks.orgs import home

TUNING = "detections.yaml"


def load_tuning(policy: Policy, path: str = "") -> TuningDocument:
    """`path` goes before policy's. Raises ConfigurationError, also where the file that was named is not there."""
    named = path or policy.detection.tuning
    file = Path(named) if named else home() / TUNING
    try:
        return document_of(file.read_text())
    except FileNotFoundError:
        if named:
            raise ConfigurationError(f"There is no file {file}, which detection.tuning names.") from None
        return NOTHING
    except OSError as error:
        raise ConfigurationError(
            f"{file} cannot be read ({type(error).__name__}). Nothing was judged."
        ) from None
