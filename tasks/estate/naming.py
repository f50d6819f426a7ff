"""What a route's permission set is called."""

import re

from tasks.estate.model import Route

LONGEST = 80
"""Of API names and labels (Object Reference, PermissionSet.Name)."""
_STRANGE = re.compile(r"\W+")
_OF_ITS_OWN = "_Route"


def set_name(route: Route) -> str:
    """API names hold letters, digits and single underscores, and begin with a letter (Object Reference, PermissionSet.Name)."""
    name = re.sub("_+", "_", _STRANGE.sub("_", route.name)).strip("_")
    return (name if name[:1].isalpha() else f"Route_{name}")[:LONGEST]


def name_of_its_own(name: str) -> str:
    """What a route's set is named where `set_name` gives the name of a set that is somebody else's too."""
    return f"{name[: LONGEST - len(_OF_ITS_OWN)]}{_OF_ITS_OWN}"
