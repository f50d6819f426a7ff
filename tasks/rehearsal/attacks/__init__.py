"""The attacks that can be rehearsed: one file each, found by being here."""

from functools import cache
from importlib import import_module
from pathlib import Path

from tasks.rehearsal.model import Attack


@cache
def attacks() -> tuple[Attack, ...]:
    """
    Every attack in alphabetical order of its file.

    Raises ValueError when a file's name and its attack's name differ: `stolen_key.py` must hold `ATTACK` named
    `stolen-key`.
    """
    found = []
    for path in sorted(Path(__file__).parent.glob("[a-z]*.py")):
        attack = import_module(f"{__name__}.{path.stem}").ATTACK
        if not isinstance(attack, Attack) or attack.name != path.stem.replace("_", "-"):
            raise ValueError(
                f"{path.name} must define ATTACK with the name its file says; rename one of the two"
            )
        found.append(attack)
    return tuple(found)
