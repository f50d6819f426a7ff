"""Data keys: one epoch after the other, kept wrapped, open for a bounded time, and never destroyed under sealed values."""

from datetime import UTC, datetime, timedelta

import pytest

from tasks.encryption.keys import (
    DataKey,
    KeyRing,
    KeyState,
    OpenKeys,
    announced,
    destroyed,
    is_due,
    with_epoch,
)
from tasks.encryption.sealed import USES, seal_key
from tasks.errors import ConfigurationError, SecretUnavailable

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
LIFE = timedelta(days=90)
ROUTE = "HQ_to_EMEA_Account_Sync"
FIRST, SECOND = "0000000000000001", "0000000000000002"
ONE = with_epoch(KeyRing(route=ROUTE), FIRST, "wrapped-1", NOW)
TWO = with_epoch(ONE, SECOND, "wrapped-2", NOW + LIFE)


def test_a_new_epoch_seals_and_the_old_one_opens() -> None:
    assert [(key.epoch, key.state) for key in TWO.keys] == [(1, KeyState.OPENS), (2, KeyState.SEALS)]
    assert TWO.sealing is not None and TWO.sealing.key_id == SECOND
    assert TWO.find(FIRST).wrapped == "wrapped-1"
    assert KeyRing.model_validate_json(TWO.model_dump_json()) == TWO


@pytest.mark.parametrize(
    ("after", "sealed", "due"),
    [
        (timedelta(0), 0, False),
        (LIFE - timedelta(seconds=1), 0, False),
        (LIFE, 0, True),
        (timedelta(0), USES - 1, False),
        (timedelta(0), USES, True),
    ],
)
def test_an_epoch_ends_by_age_and_by_use(after: timedelta, sealed: int, due: bool) -> None:
    ring = announced(ONE, sealed) if sealed else ONE
    assert is_due(ring, NOW + after, LIFE) is due


def test_without_a_key_one_is_due() -> None:
    assert is_due(KeyRing(route=ROUTE), NOW, LIFE)
    with pytest.raises(ConfigurationError, match="begin a new epoch"):
        announced(KeyRing(route=ROUTE), 1)


def test_no_key_seals_more_than_it_may() -> None:
    ring = announced(announced(ONE, 5), USES - 5)
    assert ring.keys[0].sealed == USES
    with pytest.raises(ConfigurationError, match="begin a new epoch"):
        announced(ring, 1)


def test_a_key_is_destroyed_only_when_nothing_needs_it() -> None:
    with pytest.raises(ConfigurationError, match=r"is what .* seals with"):
        destroyed(TWO, SECOND, ())
    with pytest.raises(ConfigurationError, match="still sealed with"):
        destroyed(TWO, FIRST, {FIRST})
    ring = destroyed(TWO, FIRST, {SECOND})
    assert ring.keys[0].state is KeyState.DESTROYED and ring.keys[0].wrapped == ""
    with pytest.raises(SecretUnavailable, match="no key 0000000000000001 that opens"):
        ring.find(FIRST)
    with pytest.raises(SecretUnavailable):
        destroyed(ring, FIRST, ())
    third = with_epoch(ring, "0000000000000003", "w", NOW)
    assert [(key.epoch, key.state) for key in third.keys] == [
        (1, KeyState.DESTROYED),
        (2, KeyState.OPENS),
        (3, KeyState.SEALS),
    ]


@pytest.mark.parametrize(
    "keys",
    [
        (ONE.keys[0].model_copy(update={"epoch": 2}),),
        (ONE.keys[0], TWO.keys[1]),
        (TWO.keys[0], TWO.keys[1].model_copy(update={"key_id": FIRST})),
    ],
)
def test_a_ring_that_cannot_be_is_refused(keys: tuple[DataKey, ...]) -> None:
    with pytest.raises(ValueError, match=r"epochs|one id|newest"):
        KeyRing(route=ROUTE, keys=keys)


class Asked:
    """Counts how often KMS would be asked, and can refuse."""

    def __init__(self) -> None:
        self.times, self.refuses, self.now = 0, False, 0.0

    def unwrap(self, kept: DataKey) -> bytes:
        self.times += 1
        if self.refuses:
            raise SecretUnavailable("The KMS key is disabled.")
        return kept.epoch.to_bytes(32)


def test_a_key_is_held_for_a_bounded_time_and_number_of_values() -> None:
    kms = Asked()
    held = OpenKeys(kms.unwrap, lambda: kms.now, seconds=60, uses=100)
    held.key(ONE.keys[0], 60)
    held.key(ONE.keys[0], 40)
    assert kms.times == 1
    held.key(ONE.keys[0], 1)
    assert kms.times == 2, "after 100 values"
    kms.now = 59.9
    held.key(ONE.keys[0], 1)
    assert kms.times == 2
    kms.now = 60.0
    held.key(ONE.keys[0], 1)
    assert kms.times == 3, "after 60 seconds"
    held.key(ONE.keys[0], 500)
    assert kms.times == 4, "more at once than were left"
    held.keys(TWO, {FIRST: 1, SECOND: 1})
    assert kms.times == 6
    held.forget()
    held.key(ONE.keys[0], 1)
    assert kms.times == 7


def test_opened_keys_are_those_that_were_wrapped_each_by_its_own_id() -> None:
    kms = Asked()
    held = OpenKeys(kms.unwrap, lambda: kms.now)
    found = held.keys(TWO, {FIRST: 1, SECOND: 1})
    assert {name: key.key_id for name, key in found.items()} == {FIRST: FIRST, SECOND: SECOND}
    made = [seal_key(FIRST, number.to_bytes(32)).cipher.encrypt(bytes(12), b"x", None) for number in (1, 2)]
    assert [found[name].cipher.encrypt(bytes(12), b"x", None) for name in (FIRST, SECOND)] == made
    kms.now = 299.0
    held.key(ONE.keys[0], 999_999)
    assert kms.times == 2, "five minutes and a million values, where nobody says otherwise"
    held.key(ONE.keys[0], 1)
    assert kms.times == 3
    kms.now = 300.0
    held.key(TWO.keys[1], 1)
    assert kms.times == 4


def test_what_kms_binds_a_key_to_names_route_epoch_and_key() -> None:
    assert TWO.keys[1].context("R") == {"bulkhead:route": "R", "bulkhead:epoch": "2", "bulkhead:key": SECOND}


def test_an_epoch_keeps_what_the_others_have_sealed() -> None:
    ring = with_epoch(announced(ONE, 7), SECOND, "w", NOW + LIFE)
    assert [(key.sealed, key.made, key.wrapped) for key in ring.keys] == [
        (7, NOW, "wrapped-1"),
        (0, NOW + LIFE, "w"),
    ]
    assert announced(ring, 3).keys[0].sealed == 7 and announced(ring, 3).keys[1].sealed == 3
    assert ring.route == ROUTE and destroyed(ring, FIRST, ()).route == ROUTE


def test_a_key_that_kms_no_longer_opens_is_not_used_from_memory() -> None:
    kms = Asked()
    held = OpenKeys(kms.unwrap, lambda: kms.now, seconds=60)
    held.key(ONE.keys[0], 1)
    kms.now, kms.refuses = 61.0, True
    for _ in range(2):
        with pytest.raises(SecretUnavailable):
            held.key(ONE.keys[0], 1)
    assert kms.times == 3
