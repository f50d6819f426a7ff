"""Data keys: one epoch after the other, kept wrapped, open for a bounded time, and never destroyed under sealed values."""

import os
from base64 import b64decode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tasks.aws.cloud import Cloud
from tasks.aws.data_keys import DataKeys
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
from tasks.encryption.keys_gateway import begin_epoch, read_ring, ring_name, unwrapping, write_ring
from tasks.encryption.sealed import USES, Place, key_of, open_sealed, seal
from tasks.errors import CloudError, ConfigurationError, SecretUnavailable

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
LIFE = timedelta(days=90)
ROUTE = "HQ_to_EMEA_Account_Sync"
FIRST, SECOND = "0000000000000001", "0000000000000002"
ONE = with_epoch(KeyRing(route=ROUTE), FIRST, "wrapped-1", NOW)
TWO = with_epoch(ONE, SECOND, "wrapped-2", NOW + LIFE)
PLACE = Place("hq", "Account", "SSN__c")


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
    assert with_epoch(ring, "0000000000000003", "w", NOW).keys[2].epoch == 3


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


def test_a_key_that_kms_no_longer_opens_is_not_used_from_memory() -> None:
    kms = Asked()
    held = OpenKeys(kms.unwrap, lambda: kms.now, seconds=60)
    held.key(ONE.keys[0], 1)
    kms.now, kms.refuses = 61.0, True
    for _ in range(2):
        with pytest.raises(SecretUnavailable):
            held.key(ONE.keys[0], 1)
    assert kms.times == 3


# On AWS as the estate has it ------------------------------------------------------------------------


@pytest.fixture
def kms_key(cloud: Cloud) -> Iterator[str]:
    client = cloud.client("kms")
    key_id = client.create_key(Description="of a test")["KeyMetadata"]["KeyId"]
    yield key_id
    client.schedule_key_deletion(KeyId=key_id, PendingWindowInDays=7)


@pytest.fixture
def ring(cloud: Cloud, kms_key: str) -> Iterator[KeyRing]:
    made = begin_epoch(DataKeys(cloud, kms_key), KeyRing(route=ROUTE), NOW)
    write_ring(cloud, made)
    yield made
    cloud.client("secretsmanager").delete_secret(SecretId=ring_name(ROUTE), ForceDeleteWithoutRecovery=True)


def opening(cloud: Cloud, kms_key: str) -> OpenKeys:
    return OpenKeys(unwrapping(DataKeys(cloud, kms_key), ROUTE), lambda: 0.0)


def test_values_of_both_epochs_open(cloud: Cloud, kms_key: str, ring: KeyRing) -> None:
    held = opening(cloud, kms_key)
    assert ring.sealing is not None
    old = seal(held.key(ring.sealing, 1), PLACE, ["123-45-6789"], ["001"], randoms=os.urandom)
    newer = begin_epoch(DataKeys(cloud, kms_key), read_ring(cloud, ROUTE), NOW + LIFE)
    write_ring(cloud, newer)
    assert newer.sealing is not None
    new = seal(held.key(newer.sealing, 1), PLACE, ["987-65-4321"], ["002"], randoms=os.urandom)
    texts = [str(text) for text in (*old, *new)]
    assert {key_of(text) for text in texts} == {key.key_id for key in newer.keys}
    again = opening(cloud, kms_key).keys(read_ring(cloud, ROUTE), {key_of(text): 1 for text in texts})
    assert open_sealed(again, PLACE, texts, ["001", "002"]) == ["123-45-6789", "987-65-4321"]


def test_what_is_kept_opens_nothing_by_itself(cloud: Cloud, kms_key: str, ring: KeyRing) -> None:
    held = opening(cloud, kms_key)
    assert ring.sealing is not None
    (text,) = seal(held.key(ring.sealing, 1), PLACE, ["123-45-6789"], ["001"], randoms=os.urandom)
    kept = cloud.client("secretsmanager").get_secret_value(SecretId=ring_name(ROUTE))["SecretString"]
    plain = DataKeys(cloud, kms_key).unwrap(b64decode(ring.sealing.wrapped), ring.sealing.context(ROUTE))
    assert len(plain) == 32 and plain.hex() not in kept and str(text) not in kept


@pytest.mark.parametrize("what", ["route", "epoch", "wrapped"])
def test_a_wrapped_key_opens_only_for_what_it_was_made(
    cloud: Cloud, kms_key: str, ring: KeyRing, what: str
) -> None:
    (key,) = ring.keys
    if what == "epoch":
        key = key.model_copy(update={"epoch": 2})
    if what == "wrapped":
        key = key.model_copy(update={"wrapped": key.wrapped[:-8] + "AAAAAAA="})
    route = "Another_Sync" if what == "route" else ROUTE
    with pytest.raises((SecretUnavailable, CloudError)) as caught:
        unwrapping(DataKeys(cloud, kms_key), route)(key)
    assert key.wrapped not in str(caught.value)


def test_a_disabled_key_is_an_error_that_says_what_to_do(cloud: Cloud, kms_key: str, ring: KeyRing) -> None:
    client = cloud.client("kms")
    client.disable_key(KeyId=kms_key)
    with pytest.raises(SecretUnavailable, match="is disabled, about to be deleted, or not there"):
        unwrapping(DataKeys(cloud, kms_key), ROUTE)(ring.keys[0])
    with pytest.raises(SecretUnavailable, match="Enable it"):
        begin_epoch(DataKeys(cloud, kms_key), ring, NOW)
    client.enable_key(KeyId=kms_key)
    assert len(unwrapping(DataKeys(cloud, kms_key), ROUTE)(ring.keys[0])) == 32


def test_a_ring_that_is_not_there_or_not_ours_is_named(cloud: Cloud, kms_key: str) -> None:
    with pytest.raises(SecretUnavailable, match="bulkhead/data-keys/Nowhere_Sync"):
        read_ring(cloud, "Nowhere_Sync")
    client = cloud.client("secretsmanager")
    client.create_secret(Name=ring_name("Odd_Sync"), SecretString=ONE.model_dump_json())
    with pytest.raises(SecretUnavailable, match="is no key ring of Odd_Sync"):
        read_ring(cloud, "Odd_Sync")
    client.delete_secret(SecretId=ring_name("Odd_Sync"), ForceDeleteWithoutRecovery=True)
