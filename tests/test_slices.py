"""A slice is the same for the same commit, and all slices together are the whole."""

import pytest

from tests.slices import left_out

NAMES = [f"test_{number}" for number in range(7)]


def test_slices_take_every_third_and_are_the_whole_together(monkeypatch: pytest.MonkeyPatch) -> None:
    slices = set()
    for seed in range(40):
        monkeypatch.setenv("BULKHEAD_SEED", str(seed))
        assert left_out(NAMES) == left_out(NAMES)
        slices.add(frozenset(NAMES) - left_out(NAMES))
    assert slices == {frozenset(NAMES[turn::3]) for turn in range(3)}


def test_the_whole_leaves_out_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BULKHEAD_SEED", "all")
    assert left_out(NAMES) == set()
    monkeypatch.delenv("BULKHEAD_SEED")
    assert left_out(NAMES) == set(), "who asks for a test by name gets it"
