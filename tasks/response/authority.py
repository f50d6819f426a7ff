"""
Who may contain without a person asking: detections, whose word is in the ledger. Pure.

A name proves nothing, since forms and automations give names; so what is asked in the name of detections has to be what they want.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from tasks.alerts.model import Opened
from tasks.plans.gate import alike
from tasks.response.model import Facts, Standing

DETECTIONS = "detections"
"""Who asks where no person does; it holds no key, and nobody signs by that name."""
LASTS = timedelta(hours=6)
"""How long after it was opened an alert may be answered without a person."""
_AGREED = "anomaly"
"""Kind of the alerts of detect-anomalies, of which one is not enough: where they agree, they want somebody contained."""
_CLOCKS = timedelta(minutes=1)
"""By which an org's clock may differ from ours."""
_SUBJECTS = ("username", "user")


def is_automatic(requester: str) -> bool:
    return alike(requester, DETECTIONS)


def unauthorised(
    facts: Facts,
    wanted: Iterable[Facts],
    alerts: Iterable[Opened],
    known: Iterable[Standing],
    now: datetime,
) -> str | None:
    """
    Why nobody is contained in the name of detections; None where they want just this.

    `wanted` is whom detections agree about, `alerts` are those that are open, `known` what was decided before. With the facts of one
    that was decided nothing is decided again, so that goes on.
    """
    known = tuple(known)
    if any(each.containment.facts == facts for each in known) or facts in tuple(wanted):
        return None
    found = next((each for each in alerts if each.resolved is None and _is_about(each, facts)), None)
    if found is None or not timedelta(0) <= now - found.at < LASTS:
        return "no open alert of the last hours says this of the user"
    if any(_answers(each, found) for each in known):
        return "the alert was answered by a containment before"
    return None


def _is_about(opened: Opened, facts: Facts) -> bool:
    """
    How far policy goes follows from detection and severity, so both have to be the alert's own. Whoever names an app or a route takes
    more than one user's access, and an alert vouches for none.
    """
    alert = opened.alert
    kind = alert.key.partition(":")[0]
    named = {fact.text.strip().lower() for fact in alert.facts if fact.key in _SUBJECTS}
    return (
        (alert.key, alert.org, alert.severity.value) == (facts.alert, facts.org, facts.severity)
        and kind == facts.detection != _AGREED
        and not (facts.app or facts.route)
        and facts.username in named
    )


def _answers(standing: Standing, opened: Opened) -> bool:
    made = standing.containment
    return made.facts.alert == opened.alert.key and made.at >= opened.at - _CLOCKS
