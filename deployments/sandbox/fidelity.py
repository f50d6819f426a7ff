"""What the estate claims about the platforms it stands in for, read from `fidelity.yaml` and checked."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

SOURCES = ("documentation", "recording", "issue", "study", "guess")
FILE = Path(__file__).with_name("fidelity.yaml")
_REQUIRED = frozenset({"rule", "where", "source"})
_KNOWN = _REQUIRED | {"reference", "switch"}


class BadFidelity(ValueError):
    """The file says something this reader does not take; the message names the place."""


@dataclass(frozen=True)
class Claim:
    """One rule of the estate and where it comes from."""

    room: str
    rule: str
    where: str
    source: str
    reference: str = ""
    switch: str | None = None

    @property
    def guessed(self) -> bool:
        return self.source == "guess"


@dataclass(frozen=True)
class Switch:
    """A behaviour that can be turned round while the estate runs; numbers are amounts, such as seconds."""

    name: str
    default: bool | float
    does: str


@dataclass(frozen=True)
class Fidelity:
    """All claims in the order of the file, and all switches by name."""

    claims: tuple[Claim, ...]
    switches: dict[str, Switch]


def parse_fidelity(text: str) -> Fidelity:
    """Raises BadFidelity on unknown or missing keys, unknown sources, and switches that are not declared."""
    document = yaml.safe_load(text)
    switches = {name: _switch(name, facts) for name, facts in (document["switches"] or {}).items()}
    claims = tuple(
        _claim(room, number, entry, switches)
        for room, entries in document["rooms"].items()
        for number, entry in enumerate(entries or [], 1)
    )
    return Fidelity(claims, switches)


@lru_cache(maxsize=1)
def load_fidelity() -> Fidelity:
    """The estate's own list. Raises BadFidelity."""
    return parse_fidelity(FILE.read_text())


def _switch(name: str, facts: Any) -> Switch:
    if not isinstance(facts, dict) or set(facts) != {"default", "does"}:
        raise BadFidelity(f"switch {name}: give exactly `default` and `does`")
    if not isinstance(facts["default"], bool | int | float):
        raise BadFidelity(f"switch {name}: the default is true, false or a number")
    return Switch(name, facts["default"], str(facts["does"]))


def _claim(room: str, number: int, entry: Any, switches: dict[str, Switch]) -> Claim:
    place = f"{room}, entry {number}"
    if not isinstance(entry, dict) or not _REQUIRED <= set(entry) <= _KNOWN:
        raise BadFidelity(f"{place}: needs {sorted(_REQUIRED)} and takes {sorted(_KNOWN)}")
    if entry["source"] not in SOURCES:
        raise BadFidelity(f"{place}: {entry['source']!r} is no source; there are {', '.join(SOURCES)}")
    if entry["source"] != "guess" and not entry.get("reference"):
        raise BadFidelity(f"{place}: what is no guess names its reference")
    if entry.get("switch") is not None and entry["switch"] not in switches:
        raise BadFidelity(f"{place}: the switch {entry['switch']} is not declared")
    return Claim(room, **{name: str(value) for name, value in entry.items()})
