"""Which part of a long suite runs: a slice chosen by the commit, so that the same commit always runs the same."""

import os
from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")
ALTERNATING = "alternating"
"""Marks tests of a file of which a slice runs every second one: walks through the browser, minutes each."""
IN_TURN = "in_turn"
"""Marks files of which a slice runs every second one."""


def chosen(everything: Sequence[T], count: int) -> list[T]:
    """`BULKHEAD_SEED` picks `count` of them; `all` means every one."""
    seed = os.environ.get("BULKHEAD_SEED", "0")
    if seed == "all":
        return list(everything)
    picked = Random(seed).sample(range(len(everything)), min(count, len(everything)))
    return [everything[index] for index in sorted(picked)]


def left_out(names: Sequence[str]) -> set[str]:
    """Every second one, those that are not this slice's."""
    seed = os.environ.get("BULKHEAD_SEED", "all")
    return set() if seed == "all" else set(names[Random(seed).randrange(2) :: 2])
