"""When the certificate of a caller has to be renewed."""

from datetime import datetime, timedelta

from tasks.estate.model_rotation import RotationPolicy

LEAST = timedelta(days=1)
"""Of its life it is used at least so long before the next one is made, and ends at the earliest so long after it is revoked."""


def shortened(days: RotationPolicy, made: datetime, ends: datetime, before: timedelta) -> RotationPolicy:
    """
    The days of a certificate that ends sooner than a secret would be old: all three move forward together, so that the next one
    is made `before` its end and the old one is off the list when it ends. Public authorities issue for 100 days from 2027, and
    for 47 from 2029.
    """
    life = ends - made
    late = max(days.create_after - (life - before), days.revoke_after - (life - LEAST))
    earlier = min(late, days.create_after - LEAST)
    if earlier <= timedelta(0):
        return days
    return days.model_copy(
        update={
            "create_after": days.create_after - earlier,
            "live_after": days.live_after - earlier,
            "revoke_after": days.revoke_after - earlier,
        }
    )
