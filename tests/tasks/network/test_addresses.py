"""What lies in which range, and which ranges are no allow-list."""

from ipaddress import ip_network

import pytest
from pydantic import ValidationError

from tasks.estate.model_network import NamedNetwork, NetworkPolicy
from tasks.network.addresses import (
    administrators,
    integrations,
    ordered,
    ranges_of,
    spelt,
    unspelt,
    unusable,
    weaknesses,
    within,
)
from tasks.network.model import AddressRange

OFFICE, AWS, VPN = ip_network("203.0.113.0/24"), ip_network("52.94.76.0/22"), ip_network("198.51.100.0/24")
POLICY = NetworkPolicy(
    networks=(
        NamedNetwork(name="Office", use="office", ranges=(OFFICE,)),
        NamedNetwork(name="AWS", use="middleware", ranges=(AWS,)),
        NamedNetwork(name="VPN", use="vpn", ranges=(VPN,)),
    )
)


def between(first: str, last: str, description: str = "") -> AddressRange:
    return AddressRange(first=first, last=last, description=description)


def test_only_administrators_come_through_the_vpn_and_shared_blocks_are_nobodys() -> None:
    assert integrations(POLICY) == (OFFICE,)
    assert administrators(POLICY) == (OFFICE, VPN)
    assert [(name, block) for name, block, _ in unusable(POLICY)] == [("AWS", AWS)]


def test_reserved_addresses_within_a_shared_block_are_ones_own() -> None:
    own = ip_network("52.94.76.16/28")
    policy = POLICY.model_copy(
        update={"networks": (NamedNetwork(name="NAT", use="middleware", ranges=(own,)),)}
    )
    assert integrations(policy) == (own,)
    assert not weaknesses([between("52.94.76.16", "52.94.76.31")], [own], policy)


@pytest.mark.parametrize(
    ("item", "why"),
    [
        (between("0.0.0.0", "255.255.255.255"), "wider than /16"),
        (between("52.94.76.0", "52.94.79.255"), "of AWS, from which all of its customers may come"),
        (between("203.0.113.0", "203.0.114.0"), "outside the policy's networks"),
        (between("192.0.2.1", "192.0.2.1"), "outside the policy's networks"),
        (between("203.0.113.9", "203.0.113.1"), "admits nobody"),
        (between("203.0.113.9", "2001:db8::1"), "admits nobody"),
        (between("::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), "wider than /48"),
        (between("2000::", "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), "wider than /48"),
    ],
)
def test_what_is_wrong_with_a_range_is_said(item: AddressRange, why: str) -> None:
    [said] = weaknesses([item], [OFFICE], POLICY)
    assert why in said
    assert weaknesses([], [OFFICE], POLICY) == ["no login address ranges"]
    assert weaknesses([between("203.0.113.7", "203.0.113.9")], [OFFICE], POLICY) == []


@pytest.mark.parametrize(
    ("block", "usable"), [("::/0", False), ("2001:db8::/47", False), ("2001:db8::/48", True)]
)
def test_networks_of_the_sixth_version_have_a_width_too(block: str, usable: bool) -> None:
    policy = NetworkPolicy(allowed=(ip_network(block),))
    assert bool(integrations(policy)) is usable
    assert bool(unusable(policy)) is not usable
    narrower = policy.model_copy(update={"broadest_prefix_v6": 49})
    assert integrations(narrower) == ()


def test_a_range_that_admits_nobody_is_no_allow_list_without_networks_either() -> None:
    assert weaknesses([between("203.0.113.9", "203.0.113.1")], [], POLICY) == [
        "203.0.113.9-203.0.113.1 runs backwards or mixes versions, and admits nobody"
    ]


def test_neighbours_that_touch_hold_a_range_together() -> None:
    halves = [ip_network("203.0.113.0/25"), ip_network("203.0.113.128/25")]
    assert weaknesses([between("203.0.113.0", "203.0.113.255")], halves, POLICY) == []


@pytest.mark.parametrize(
    ("address", "held"),
    [
        ("203.0.113.0", True),
        ("203.0.113.255", True),
        ("203.0.114.0", False),
        ("2001:db8::1", False),
        ("", False),
    ],
)
def test_both_ends_are_inside_and_what_is_no_address_never_is(address: str, held: bool) -> None:
    assert within(address, [between("203.0.113.0", "203.0.113.255")]) is held
    assert not within("Salesforce.com IP", [between("0.0.0.0", "255.255.255.255")])


def test_ranges_are_written_and_read_again_whatever_they_are_called() -> None:
    listed = [
        between("2001:db8::", "2001:db8::ff", "six - of them"),
        between("10.0.0.1", "10.0.0.9"),
        between("9.0.0.1", "9.0.0.1", " x "),
    ]
    assert [unspelt(spelt(each)) for each in listed] == listed
    assert [each.first for each in ordered([*listed, *listed])] == ["9.0.0.1", "10.0.0.1", "2001:db8::"]
    with pytest.raises(ValueError, match="two ends"):
        unspelt("10.0.0.1")


def test_a_network_within_another_one_makes_no_range_of_its_own() -> None:
    named = [("Office", OFFICE)]
    found = ranges_of([ip_network("203.0.113.8/30"), OFFICE, OFFICE], named)
    assert found == [between("203.0.113.0", "203.0.113.255", "Office")]


def test_two_networks_of_one_name_are_refused() -> None:
    twice = [{"name": "Office", "use": "office", "ranges": ["203.0.113.0/24"]}] * 2
    with pytest.raises(ValidationError, match="two networks are named Office"):
        NetworkPolicy.model_validate({"networks": twice})
