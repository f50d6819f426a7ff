"""Key rings in Secrets Manager, their keys wrapped by KMS: what is kept there opens nothing by itself."""

import os
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import datetime

from pydantic import ValidationError

from tasks.aws.cloud import Cloud
from tasks.aws.data_keys import DataKeys
from tasks.aws.secrets import read_previous, read_secret, write_secret
from tasks.encryption.keys import DataKey, KeyRing, KeyState, with_epoch
from tasks.encryption.sealed import KEY_ID_BYTES
from tasks.errors import SecretUnavailable


def ring_name(route: str) -> str:
    return f"bulkhead/data-keys/{route}"


def read_ring(cloud: Cloud, route: str) -> KeyRing:
    """Raises SecretUnavailable for a ring that is not there, is another route's, or cannot be understood."""
    held = read_secret(cloud, ring_name(route))
    try:
        ring = KeyRing.model_validate(held)
    except ValidationError:
        ring = None
    if ring is None or ring.route != route:
        raise SecretUnavailable(
            f"The secret {ring_name(route)} is no key ring of {route}. Put back its last version; without it nothing that "
            "was sealed opens."
        )
    return ring


def read_left(cloud: Cloud, ring: KeyRing) -> tuple[DataKey, ...]:
    """
    Keys that the ring has as destroyed while the version before it, which Secrets Manager keeps under AWSPREVIOUS, still holds them:
    whoever destroyed them was stopped before that one went, too. Raises SecretUnavailable and CloudError.
    """
    gone = {key.key_id for key in ring.keys if key.state is KeyState.DESTROYED}
    held = read_previous(cloud, ring_name(ring.route)) if gone else None
    if held is None:
        return ()
    try:
        before = KeyRing.model_validate(held)
    except ValidationError:
        raise SecretUnavailable(
            f"The version AWSPREVIOUS of the secret {ring_name(ring.route)} is no key ring, so nobody can tell which keys it holds. "
            "Take that label off it in Secrets Manager."
        ) from None
    return tuple(key for key in before.keys if key.key_id in gone and key.wrapped)


def write_ring(cloud: Cloud, ring: KeyRing) -> None:
    """Raises CloudError."""
    write_secret(cloud, ring_name(ring.route), ring.model_dump(mode="json"))


def begin_epoch(
    keys: DataKeys, ring: KeyRing, now: datetime, randoms: Callable[[int], bytes] = os.urandom
) -> KeyRing:
    """The ring with a new key of KMS. Nothing is kept yet. Raises SecretUnavailable and CloudError."""
    key_id = randoms(KEY_ID_BYTES).hex()
    planned = DataKey(key_id=key_id, epoch=len(ring.keys) + 1, made=now, state=KeyState.SEALS)
    wrapped = keys.make(planned.context(ring.route))
    return with_epoch(ring, key_id, b64encode(wrapped).decode("ascii"), now)


def unwrapping(keys: DataKeys, route: str) -> Callable[[DataKey], bytes]:
    """How OpenKeys asks KMS for the keys of one route."""
    return lambda kept: keys.unwrap(b64decode(kept.wrapped), kept.context(route))
