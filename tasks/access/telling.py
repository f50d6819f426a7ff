"""Which alerts follow from a sweep."""

from tasks.access.model import Stray
from tasks.alerts.model import Alert, Severity

OUTLASTS, STRAY = "access-outlasts:", "access-stray:"
OURS = (OUTLASTS, STRAY)
"""How keys of these alerts begin."""


def outlasting(org: str, why: str) -> Alert:
    return Alert(
        key=f"{OUTLASTS}{org}",
        org=org,
        severity=Severity.CRITICAL,
        title="Access that is over may still be there",
        detail=why,
        next_step="Restore the connection; the sweep tries again every minute. In a hurry, remove the assignments by hand.",
    )


def stray_found(stray: Stray) -> Alert:
    place = stray.place
    return Alert(
        key=f"{STRAY}{place.org}:{place.permission_set}:{place.username}"[:150],
        org=place.org,
        severity=Severity.ERROR,
        title=f"{place.permission_set} is assigned without a grant",
        detail=f"{place.username} holds a set that is granted for a time only, and nobody granted it.",
        next_step="Find out who assigned it (SetupAuditTrail), then remove it or ask for a grant.",
    )
