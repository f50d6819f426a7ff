"""The short forms that object documents use: a field in one line of words, an address, a named list of values."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_HERE = Path(__file__).parent
_LISTS = frozenset({"to"})
_PARTS = {
    "Street": "textarea 255",
    "City": "string 40",
    "State": "string 80",
    "PostalCode": "string 20",
    "Country": "string 80",
    "Latitude": "double",
    "Longitude": "double",
    "GeocodeAccuracy": "picklist 40 values=GeocodeAccuracy",
}


@cache
def value_sets() -> Mapping[str, tuple[str, ...]]:
    """Lists of picklist values by the name under which documents refer to them."""
    lists = yaml.load((_HERE / "picklists.yaml").read_text(), yaml.CSafeLoader)
    return {name: tuple(values) for name, values in lists.items()}


def spelled_out(text: str) -> dict[str, Any]:
    """
    A field's one-line form: `string 40 required`, `picklist values=Industry`, `to=User|Group children=Tasks`.

    A number is the length, a bare word a flag, `-filterable` a flag turned off. Raises KeyError for an unknown list of values.
    """
    first, *words = text.split(" ")
    spec: dict[str, Any] = {}
    if "=" in first:
        words = [first, *words]
    else:
        spec["type"] = first
    for word in words:
        key, equals, value = word.partition("=")
        if not equals:
            spec.update({"length": int(word)} if word.isdigit() else {word.removeprefix("-"): word[0] != "-"})
        elif key == "values":
            spec[key] = value_sets()[value]
        elif key in _LISTS:
            spec[key] = value.split("|")
        else:
            spec[key] = None if value == "null" else value.replace("_", " ") if key == "label" else value
    return spec


def address_fields(name: str) -> dict[str, dict[str, Any]]:
    """The parts of a compound address such as `Billing`, and the address that is read as one value."""
    fields = {f"{name}{part}": spelled_out(text) for part, text in _PARTS.items()}
    shown = ", ".join(f"'{part[0].lower()}{part[1:]}', \"{name}{part}\"" for part in sorted(_PARTS))
    filled = ", ".join(f'"{name}{part}"' for part in _PARTS)
    sql = f"CASE WHEN coalesce({filled}) IS NOT NULL THEN json_object({shown}) END"
    return {**fields, f"{name}Address": {"type": "address", "readonly": True, "sql": sql}}
