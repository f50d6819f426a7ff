"""Which part of a long suite runs: a slice chosen by the commit, so that the same commit always runs the same."""

import os
from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


def chosen(everything: Sequence[T], count: int) -> list[T]:
    """`BULKHEAD_SEED` picks `count` of them; `all` means every one."""
    seed = os.environ.get("BULKHEAD_SEED", "0")
    if seed == "all":
        return list(everything)
    picked = Random(seed).sample(range(len(everything)), min(count, len(everything)))
    return [everything[index] for index in sorted(picked)]
