"""Secrets that AWS rotates itself (managed external secrets): whether it does."""

from collections.abc import Collection
from datetime import datetime, timedelta

_STUCK = timedelta(hours=1)
_LATE = timedelta(days=1)


def health(
    *,
    enabled: bool,
    last_rotated: datetime | None,
    created: datetime,
    next_rotation: datetime | None,
    pending_since: datetime | None,
    current: int,
    max_age: timedelta,
    now: datetime,
) -> tuple[str, ...]:
    """
    What is wrong with it; empty when nothing is. `pending_since` is the creation of a version that is labelled AWSPENDING and
    not AWSCURRENT too, `current` how many versions are labelled AWSCURRENT.
    """
    found = []
    if not enabled:
        found.append("its rotation is switched off")
    if current != 1:
        found.append(f"{current} versions are labelled AWSCURRENT")
    if now - (last_rotated or created) > max_age:
        found.append(f"it was not rotated for {(now - (last_rotated or created)).days} days")
    if next_rotation is not None and now > next_rotation + _LATE:
        found.append(f"the rotation of {next_rotation:%Y-%m-%d} did not happen")
    if pending_since is not None and now - pending_since > _STUCK:
        found.append("a rotation was begun and did not end (AWSPENDING is left over)")
    return tuple(found)


def pending_since(versions: Collection[tuple[Collection[str], datetime]]) -> datetime | None:
    """When a version was made that waits still; `versions` are labels and creation of each."""
    waiting = [made for stages, made in versions if "AWSPENDING" in stages and "AWSCURRENT" not in stages]
    return min(waiting, default=None)
