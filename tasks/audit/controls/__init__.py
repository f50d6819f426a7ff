"""The catalogue: every module beside this one that defines `CONTROL`, by being there."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from tasks.audit.model import Control


@cache
def catalogue() -> tuple[Control, ...]:
    """All controls in the order of their ids."""
    modules = sorted(info.name for info in iter_modules(__path__))
    return tuple(import_module(f"{__name__}.{name}").CONTROL for name in modules)
