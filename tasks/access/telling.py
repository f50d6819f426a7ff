"""Which alerts follow from a sweep."""

from collections.abc import Collection, Iterable, Mapping

from tasks.access.model import Stray
from tasks.alerts.model import Alert, Severity

OUTLASTS, STRAY = "access-outlasts:", "access-stray:"
"""How keys of these alerts begin."""


def over(
    opened: Mapping[str, str], now: Iterable[Alert], swept: Collection[str], failed: Collection[str]
) -> list[str]:
    """
    Keys of open alerts of ours whose reason is gone; `opened` maps key to org, `now` is what this sweep found.

    Whatever outlasted its time in an org is over when the sweep had nothing to fail at there. A right that nobody granted
    is over only where it was looked for.
    """
    known = {alert.key for alert in now}
    return [
        key
        for key, org in opened.items()
        if key not in known
        and ((key.startswith(OUTLASTS) and org not in failed) or (key.startswith(STRAY) and org in swept))
    ]


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
    through = f" through the group {stray.group}" if stray.group else ""
    return Alert(
        key=f"{STRAY}{place.org}:{place.permission_set}:{place.username}{through and f':{stray.group}'}"[
            :150
        ],
        org=place.org,
        severity=Severity.ERROR,
        title=f"{place.permission_set} is assigned without a grant",
        detail=f"{place.username} holds a set that is granted for a time only{through}, and nobody granted it.",
        next_step="Find out who assigned it (SetupAuditTrail), then remove it or ask for a grant.",
    )
