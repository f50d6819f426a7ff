"""Which part of a long suite runs: a slice chosen by the commit, so that the same commit always runs the same."""

import os
from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")
TURNS = 3
"""How many slices make the whole; with two, one takes more than its share of the hour that all checks together have."""
ALTERNATING = "alternating"
"""Marks tests that take turns one by one, not with their file: walks through the browser, minutes each."""


def chosen(everything: Sequence[T], count: int) -> list[T]:
    """`BULKHEAD_SEED` picks `count` of them; `all` means every one."""
    seed = os.environ.get("BULKHEAD_SEED", "0")
    if seed == "all":
        return list(everything)
    picked = Random(seed).sample(range(len(everything)), min(count, len(everything)))
    return [everything[index] for index in sorted(picked)]


def left_out(names: Sequence[str]) -> set[str]:
    """All but every third one, whose turn this slice is."""
    seed = os.environ.get("BULKHEAD_SEED", "all")
    return set() if seed == "all" else set(names) - set(names[Random(seed).randrange(TURNS) :: TURNS])
