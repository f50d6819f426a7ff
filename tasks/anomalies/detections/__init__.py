"""Every detection: a module of this package that has DETECTION is one, and its name is the module's."""

from importlib import import_module
from pkgutil import iter_modules

from tasks.anomalies.model import Detection


def _found() -> tuple[Detection, ...]:
    names = sorted(module.name for module in iter_modules(__path__))
    detections = []
    for name in names:
        detection: Detection = import_module(f"{__name__}.{name}").DETECTION
        if detection.name != name.replace("_", "-"):
            raise ValueError(f"The detection in {name}.py calls itself {detection.name}.")
        detections.append(detection)
    return tuple(detections)


DETECTIONS = _found()
"""In the order of their names."""
