"""The route's data keys for one run: its ring from Secrets Manager, opened by KMS."""

import os
from base64 import b64decode
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

from tasks.aws.cloud import Cloud
from tasks.aws.data_keys import DataKeys
from tasks.aws.secrets import read_secret
from tasks.encryption.keys import KeyRing, OpenKeys, is_due
from tasks.encryption.keys_gateway import begin_epoch, read_ring, unwrapping, write_ring
from tasks.encryption.matching import INDEX_KEY_BYTES
from tasks.errors import SecretUnavailable
from tasks.sync.model import Renewal, Rules
from tasks.sync.renewal import wants_epoch
from tasks.sync.sealing import Seals

_NOT_THERE = "ResourceNotFoundException"


def seals_of(
    cloud: Callable[[], Cloud], rules: Rules, data_key: str | None, now: datetime, life: timedelta
) -> Seals:
    """
    With a ring whose newest key may seal; a new epoch begins where one is due. Raises SecretUnavailable and CloudError.

    A ring is made only where there is no secret of its name: one that cannot be read is never written over.
    """
    if data_key is None:
        return Seals(
            rules, KeyRing(route=rules.route), OpenKeys(_no_key, monotonic), lambda ring: None, os.urandom
        )
    there = cloud()
    keys = DataKeys(there, data_key)
    try:
        ring = read_ring(there, rules.route)
    except SecretUnavailable as error:
        if error.code != _NOT_THERE:
            raise
        ring = KeyRing(route=rules.route)
    if is_due(ring, now, life):
        ring = begin_epoch(keys, ring, now)
        write_ring(there, ring)
    opened = OpenKeys(unwrapping(keys, rules.route), monotonic)
    return Seals(rules, ring, opened, lambda changed: write_ring(there, changed), os.urandom)


def turned_ring(
    cloud: Callable[[], Cloud], route: str, data_key: str, now: datetime, known: Renewal | None
) -> KeyRing:
    """
    The route's ring with a key that values are to be sealed anew under: a new epoch, unless one is under way.

    Raises SecretUnavailable where there is no ring yet or the KMS key is disabled or gone, and CloudError.
    """
    there = cloud()
    ring = read_ring(there, route)
    if wants_epoch(known, ring):
        ring = begin_epoch(DataKeys(there, data_key), ring, now)
        write_ring(there, ring)
    return ring


def index_key(cloud: Callable[[], Cloud], name: str) -> bytes:
    """Raises SecretUnavailable for a secret that is not there or holds no such key, and CloudError."""
    held = read_secret(cloud(), name).get("key")
    try:
        key = b64decode(str(held), validate=True)
    except ValueError:
        key = b""
    if len(key) != INDEX_KEY_BYTES:
        raise SecretUnavailable(
            f'The secret {name} holds no key for blind indexes. Put {{"key": "<{INDEX_KEY_BYTES} random bytes, base64>"}} there; a new '
            "key wants all records carried again."
        )
    return key


def _no_key(kept: object) -> bytes:
    raise SecretUnavailable(
        "The route names no data_key, so nothing opens. Add it to the route and register again."
    )
