"""The catalogue of controls: one file per control, found by being here."""

from functools import cache
from importlib import import_module
from pathlib import Path

from tasks.audit.model import Control


@cache
def catalogue() -> tuple[Control, ...]:
    """
    All controls in the order of their ids; raises ValueError when a file's name and its control's id differ.

    A file `zt_07.py` must hold `CONTROL` with id `ZT-07`.
    """
    controls = []
    for path in sorted(Path(__file__).parent.glob("zt_*.py")):
        control = import_module(f"{__name__}.{path.stem}").CONTROL
        if not isinstance(control, Control) or control.id != path.stem.upper().replace("_", "-"):
            raise ValueError(
                f"{path.name} must define CONTROL with the id its name says; rename one of the two"
            )
        controls.append(control)
    return tuple(controls)
