"""Address ranges: what lies in which, which are too wide for an allow-list, and whose they are."""

from collections.abc import Iterable, Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    collapse_addresses,
    ip_address,
    summarize_address_range,
)

from tasks.estate.model import Network
from tasks.estate.model_network import NetworkPolicy, SharedBlock
from tasks.network.model import AddressRange

Address = IPv4Address | IPv6Address


def parsed(address: str) -> Address | None:
    """None for texts such as `Salesforce.com IP`, which are no addresses."""
    try:
        return ip_address(address.strip())
    except ValueError:
        return None


def within(address: str, ranges: Iterable[AddressRange]) -> bool:
    """A text that is no address is in no range."""
    here = parsed(address)
    return here is not None and any(_holds(item, here) for item in ranges)


def in_networks(address: str, networks: Iterable[Network]) -> bool:
    """As `within`."""
    here = parsed(address)
    return here is not None and any(here.version == each.version and here in each for each in networks)


def blocks(item: AddressRange) -> list[Network]:
    """Empty for a range that runs backwards or mixes versions: it admits nobody."""
    first, last = ip_address(item.first), ip_address(item.last)
    if first.version == last.version and int(first) > int(last):
        return []
    if isinstance(first, IPv4Address) and isinstance(last, IPv4Address):
        return list(summarize_address_range(first, last))
    if isinstance(first, IPv6Address) and isinstance(last, IPv6Address):
        return list(summarize_address_range(first, last))
    return []


def inside(block: Network, networks: Iterable[Network]) -> bool:
    """Whether one of the networks, or several of them together, hold the whole block."""
    if isinstance(block, IPv4Network):
        four = collapse_addresses(each for each in networks if isinstance(each, IPv4Network))
        return any(block.subnet_of(each) for each in four)
    six = collapse_addresses(each for each in networks if isinstance(each, IPv6Network))
    return any(block.subnet_of(each) for each in six)


def ranges_of(networks: Iterable[Network], names: Sequence[tuple[str, Network]] = ()) -> list[AddressRange]:
    """One range per network, in order, described by the name it has; a network that lies in another one is left out."""
    listed = list(dict.fromkeys(networks))
    kept = [each for each in listed if not inside(each, [other for other in listed if other != each])]
    return ordered(
        AddressRange(
            first=str(each[0]),
            last=str(each[-1]),
            description=next((name for name, named in names if named == each), ""),
        )
        for each in kept
    )


def ordered(ranges: Iterable[AddressRange]) -> list[AddressRange]:
    """By address, each once: the platform keeps no order that means anything."""
    return sorted(dict.fromkeys(ranges), key=_place)


# What policy says ---------------------------------------------------------------------------------------


def shared_by(block: Network, policy: NetworkPolicy) -> SharedBlock | None:
    """The provider's block that this one reaches into, unless it is small enough to be egress addresses of one's own."""
    for each in policy.shared:
        if block.version == each.network.version and block.overlaps(each.network):
            return None if block.prefixlen >= policy.own_prefix else each
    return None


def integrations(policy: NetworkPolicy) -> tuple[Network, ...]:
    """Where integrations come from: offices and middleware. Shared and over-wide networks do not count."""
    named = [block for each in policy.networks if each.use != "vpn" for block in each.ranges]
    return _usable((*policy.allowed, *named), policy)


def administrators(policy: NetworkPolicy) -> tuple[Network, ...]:
    """Where administrators come from: the same, and the corporate VPN."""
    vpn = [block for each in policy.networks if each.use == "vpn" for block in each.ranges]
    return tuple(dict.fromkeys((*integrations(policy), *_usable((*policy.vpn, *vpn), policy))))


def names(policy: NetworkPolicy) -> list[tuple[str, Network]]:
    return [(each.name, block) for each in policy.networks for block in each.ranges]


def unusable(policy: NetworkPolicy) -> list[tuple[str, Network, str]]:
    """Networks of the policy that are no allow-list: name, block, and why."""
    listed = [*names(policy), *(("", block) for block in (*policy.allowed, *policy.vpn))]
    found = [(name, block, why) for name, block in listed if (why := too_wide(block, policy))]
    return list(dict.fromkeys(found))


def too_wide(block: Network, policy: NetworkPolicy) -> str:
    """Why a block is no allow-list; empty where nothing speaks against it."""
    broadest = policy.broadest_prefix if isinstance(block, IPv4Network) else policy.broadest_prefix_v6
    if block.prefixlen < broadest:
        return f"is wider than /{broadest}"
    if (shared := shared_by(block, policy)) is not None:
        return f"reaches into {shared.network} of {shared.owner}, from which all of its customers may come"
    return ""


def weaknesses(
    ranges: Iterable[AddressRange], networks: Sequence[Network], policy: NetworkPolicy
) -> list[str]:
    """What is wrong with login ranges; empty for good ones. No ranges at all admit everybody."""
    listed = list(ranges)
    if not listed:
        return ["no login address ranges"]
    return [f"{item.first}-{item.last} {why}" for item in listed if (why := weakness(item, networks, policy))]


def weakness(item: AddressRange, networks: Sequence[Network], policy: NetworkPolicy) -> str:
    found = blocks(item)
    if not found:
        return "runs backwards or mixes versions, and admits nobody"
    for block in found:
        if why := too_wide(block, policy):
            return why
    if networks and not all(inside(block, networks) for block in found):
        return "lies outside the policy's networks"
    return ""


# How plans write ranges ---------------------------------------------------------------------------------


def spelt(item: AddressRange) -> str:
    """`203.0.113.0-203.0.113.255 HQ office`"""
    return f"{item.first}-{item.last}" + (f" {item.description}" if item.description else "")


def unspelt(text: str) -> AddressRange:
    """Raises ValueError for a text that `spelt` does not give."""
    ends, _, description = text.partition(" ")
    first, dash, last = ends.partition("-")
    if not dash:
        raise ValueError("a range has two ends")
    return AddressRange(first=first, last=last, description=description)


def _usable(networks: Iterable[Network], policy: NetworkPolicy) -> tuple[Network, ...]:
    return tuple(dict.fromkeys(each for each in networks if not too_wide(each, policy)))


def _holds(item: AddressRange, here: Address) -> bool:
    first, last = ip_address(item.first), ip_address(item.last)
    return first.version == last.version == here.version and int(first) <= int(here) <= int(last)


def _place(item: AddressRange) -> tuple[int, int, int, str]:
    first, last = ip_address(item.first), ip_address(item.last)
    return first.version, int(first), int(last), item.description
