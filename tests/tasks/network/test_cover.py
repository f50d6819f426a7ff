"""The smallest cover, against every list of blocks there is in a small world."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Network, ip_address, ip_network
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.estate.model import Network
from tasks.network.addresses import Address, in_networks
from tasks.network.cover import smallest_cover

WORLD = ip_network("10.0.0.0/29")
BLOCKS = [block for length in range(29, 33) for block in WORLD.subnets(new_prefix=length)]


@lru_cache(maxsize=4)
def lists(most: int) -> list[tuple[tuple[Network, ...], frozenset[Address]]]:
    """Every list of blocks, with what it admits."""
    return [
        (choice, frozenset(each for block in choice for each in block))
        for size in range(most + 1)
        for choice in combinations(BLOCKS, size)
    ]


def cheapest(
    wanted: Iterable[Address], most: int, allowed: Sequence[Network] | None
) -> tuple[int, int] | None:
    """Addresses admitted, and blocks, of the best list by trying all of them."""
    seen = frozenset(wanted)
    free = None if allowed is None else frozenset(a for a in WORLD if in_networks(str(a), allowed))
    costs = [
        (len(admitted), len(choice))
        for choice, admitted in lists(most)
        if seen <= admitted and (free is None or admitted <= free)
    ]
    return min(costs, default=None)


@settings(max_examples=120, deadline=None)
@given(
    st.sets(st.sampled_from(list(WORLD)), max_size=6),
    st.integers(0, 3),
    st.none() | st.lists(st.sampled_from(BLOCKS), max_size=3),
)
def test_no_list_of_blocks_is_better(
    wanted: set[Address], most: int, allowed: list[IPv4Network] | None
) -> None:
    cover = smallest_cover(wanted, most, allowed)
    best = cheapest(wanted, most, allowed)
    if cover is None:
        assert best is None
        return
    admitted = {each for block in cover for each in block}
    assert wanted <= admitted and len(cover) <= most
    assert allowed is None or all(in_networks(str(each), allowed) for each in admitted)
    assert (sum(block.num_addresses for block in cover), len(cover)) == best


def test_more_blocks_admit_fewer_strangers_and_both_families_share_the_cap() -> None:
    four = [ip_address(f"203.0.113.{host}") for host in (8, 9, 10, 11, 200)]
    six = [ip_address("2001:db8::1")]
    assert smallest_cover(four, 1) == (ip_network("203.0.113.0/24"),)
    assert smallest_cover(four, 9) == (ip_network("203.0.113.8/30"), ip_network("203.0.113.200/32"))
    assert smallest_cover([*four, *six], 1) is None
    assert smallest_cover([*four, *six], 3) == (
        ip_network("203.0.113.8/30"),
        ip_network("203.0.113.200/32"),
        ip_network("2001:db8::1/128"),
    )
    assert smallest_cover([], 0) == ()


@pytest.mark.parametrize("seed", range(3))
def test_many_addresses_are_covered_quickly_and_all_of_them(seed: int) -> None:
    rng = Random(seed)
    addresses = [ip_address(rng.randrange(1 << 32)) for _ in range(2000)]
    cover = smallest_cover(addresses, 16)
    assert cover is not None and len(cover) == 16
    assert all(in_networks(str(each), cover) for each in addresses)
