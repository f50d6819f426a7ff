"""The list of what is claimed about the platforms, and the switches that turn guesses round."""

from pathlib import Path

import pytest

from deployments.sandbox.fidelity import BadFidelity, load_fidelity, parse_fidelity
from deployments.sandbox.switches import UnknownSwitch, amount, switched, turn
from tests.deployments.sandbox.small_org import SmallOrg

DRAFT = """
switches: {slow: {default: false, does: Waits.}}
rooms: {rest: [{rule: R, where: W, source: guess, switch: slow}]}
"""


def test_the_estates_own_list_can_be_read() -> None:
    found = load_fidelity()

    assert len({(claim.room, claim.rule) for claim in found.claims}) == len(found.claims)
    assert "freeze_ends_sessions" in found.switches


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("source: guess", "source: rumour", "no source"),
        ("switch: slow", "switch: fast", "not declared"),
        ("where: W", "place: W", "needs"),
        ("source: guess", "source: issue", "names its reference"),
        ("default: false", "default: maybe", "a number"),
    ],
)
def test_a_wrong_entry_is_named(old: str, new: str, complaint: str) -> None:
    parse_fidelity(DRAFT)

    with pytest.raises(BadFidelity, match=complaint):
        parse_fidelity(DRAFT.replace(old, new))


def test_a_switch_stands_at_its_default_until_it_is_turned(tmp_path: Path) -> None:
    store = SmallOrg(tmp_path).store
    assert not switched(store, "freeze_ends_sessions")

    turn(store, "freeze_ends_sessions", True)
    turn(store, "group_recalculation_seconds", 2.5)
    assert switched(store, "freeze_ends_sessions")
    assert amount(store, "group_recalculation_seconds") == 2.5

    turn(store, "freeze_ends_sessions", None)
    assert not switched(store, "freeze_ends_sessions")


def test_a_switch_nobody_declared_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownSwitch, match="freeze_ends_sessions"):
        switched(SmallOrg(tmp_path).store, "unheard_of")
