"""Data keys as KMS and Secrets Manager of the estate keep them: wrapped, bound to what they are for, and shut when they are disabled."""

import os
from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tasks.aws.cloud import Cloud
from tasks.aws.data_keys import DataKeys
from tasks.aws.secrets import write_secret
from tasks.encryption.keys import KeyRing, OpenKeys, destroyed, with_epoch
from tasks.encryption.keys_gateway import begin_epoch, read_left, read_ring, ring_name, unwrapping, write_ring
from tasks.encryption.sealed import Place, key_of, open_sealed, seal
from tasks.errors import CloudError, SecretUnavailable
from tasks.sync.keys_gateway import index_key

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
LIFE = timedelta(days=90)
ROUTE = "HQ_to_EMEA_Account_Sync"
ONE = with_epoch(KeyRing(route=ROUTE), "0000000000000001", "wrapped-1", NOW)
PLACE = Place("hq", "Account", "SSN__c")


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


def test_a_destroyed_key_is_left_until_the_version_before_is_without_it_too(
    cloud: Cloud, kms_key: str, ring: KeyRing
) -> None:
    """Secrets Manager moves AWSPREVIOUS with each write, so that one write alone destroys nothing."""
    assert read_left(cloud, ring) == (), "nothing was destroyed, and there is no version before"
    newer = begin_epoch(DataKeys(cloud, kms_key), ring, NOW + LIFE)
    write_ring(cloud, newer)
    old = newer.keys[0]
    without = destroyed(newer, old.key_id, ())
    write_ring(cloud, without)
    assert read_left(cloud, without) == (old,)
    write_ring(cloud, without)
    assert read_left(cloud, without) == ()
    write_secret(cloud, ring_name(ROUTE), {"something": "else"})
    write_ring(cloud, without)
    with pytest.raises(SecretUnavailable, match=r"AWSPREVIOUS .* is no key ring"):
        read_left(cloud, without)


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


def test_a_key_for_indexes_is_one_or_is_named(cloud: Cloud) -> None:
    write_secret(cloud, "odd/index-key", {"key": b64encode(bytes(32)).decode()})
    assert index_key(lambda: cloud, "odd/index-key") == bytes(32)
    for wrong in ({"key": "c2hvcnQ="}, {"key": "no base64"}, {"other": 1}):
        write_secret(cloud, "odd/index-key", wrong)
        with pytest.raises(SecretUnavailable, match="odd/index-key holds no key for blind indexes") as caught:
            index_key(lambda: cloud, "odd/index-key")
        assert "c2hvcnQ" not in str(caught.value)
    cloud.client("secretsmanager").delete_secret(SecretId="odd/index-key", ForceDeleteWithoutRecovery=True)


def test_a_ring_that_is_not_there_or_not_ours_is_named(cloud: Cloud, kms_key: str) -> None:
    with pytest.raises(SecretUnavailable, match="bulkhead/data-keys/Nowhere_Sync"):
        read_ring(cloud, "Nowhere_Sync")
    client = cloud.client("secretsmanager")
    client.create_secret(Name=ring_name("Odd_Sync"), SecretString=ONE.model_dump_json())
    with pytest.raises(SecretUnavailable, match="is no key ring of Odd_Sync"):
        read_ring(cloud, "Odd_Sync")
    client.delete_secret(SecretId=ring_name("Odd_Sync"), ForceDeleteWithoutRecovery=True)
