"""The smallest list of blocks that holds given addresses: what a person would be asked to allow."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Network

from tasks.estate.model import Network
from tasks.network.addresses import Address, inside

_Choice = tuple[int, tuple[Network, ...]] | None
"""How many addresses are admitted, and by which blocks."""


def smallest_cover(
    addresses: Iterable[Address], most: int, allowed: Sequence[Network] | None = None
) -> tuple[Network, ...] | None:
    """
    At most `most` CIDR blocks that hold all addresses and as few others as possible; of equals the list with fewest blocks.

    Each block lies within `allowed`, where that is given. None when there is no such list.

    Two blocks are apart or one holds the other, so a best list is a choice among subtrees of the addresses' binary trie: a
    subtree is one block, or its two halves share out the blocks. Below the place where addresses part nothing is to choose.
    """
    listed = set(addresses)
    four = sorted((each for each in listed if isinstance(each, IPv4Address)), key=int)
    six = sorted((each for each in listed if not isinstance(each, IPv4Address)), key=int)
    best = _shared_out(_tables(four, most, allowed), _tables(six, most, allowed), most)[most]
    return None if best is None else best[1]


def _tables(addresses: Sequence[Address], most: int, allowed: Sequence[Network] | None) -> list[_Choice]:
    """The best choice for each number of blocks from none to `most`."""
    if not addresses:
        return [(0, ())] * (most + 1)
    first, last = addresses[0], addresses[-1]
    free = (int(first) ^ int(last)).bit_length()
    block = _block(first, free)
    whole: _Choice = (block.num_addresses, (block,)) if allowed is None or inside(block, allowed) else None
    if len(addresses) == 1:
        return [None, *[whole] * most]
    middle = (int(first) >> free << free) | 1 << (free - 1)
    cut = bisect_left(addresses, middle, key=int)
    halves = _shared_out(
        _tables(addresses[:cut], most, allowed), _tables(addresses[cut:], most, allowed), most
    )
    return [None, *(_better(whole, each) for each in halves[1:])]


def _shared_out(left: Sequence[_Choice], right: Sequence[_Choice], most: int) -> list[_Choice]:
    found: list[_Choice] = []
    for number in range(most + 1):
        best: _Choice = None
        for share in range(number + 1):
            one, other = left[share], right[number - share]
            if one is not None and other is not None:
                best = _better(best, (one[0] + other[0], (*one[1], *other[1])))
        found.append(best)
    return found


def _better(one: _Choice, other: _Choice) -> _Choice:
    if one is None or other is None:
        return one or other
    return min(one, other, key=lambda choice: (choice[0], len(choice[1])))


def _block(address: Address, free: int) -> Network:
    place = (int(address) >> free << free, address.max_prefixlen - free)
    return IPv4Network(place) if isinstance(address, IPv4Address) else IPv6Network(place)
