"""What has to be set up by a person before an advanced control can be planned or counts as working."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from tasks.alerts.heartbeat import Beat, is_silent
from tasks.estate.model import AttestedControl, Estate
from tasks.estate.policy import Policy

SWEEP, LOOK = "sweep-access", "detect-anomalies-live"
"""As their signs of life are called."""


def lacks_detection(policy: Policy, beats: Iterable[Beat], now: datetime) -> str:
    """What is missing for thefts to be seen within minutes and contained; empty where nothing is."""
    if not policy.response.rules:
        return (
            "policy.yaml says of no detection how far it may lead, so whoever is seen is only told. Name rules under "
            "response.rules and register again"
        )
    return _silent(LOOK, "detect-anomalies-every-5-minutes", "nobody is watching", policy, beats, now)


def lacks_prevention(policy: Policy) -> str:
    """What is missing for thefts to be refused while they happen; empty where nothing is."""
    if policy.response.transactions:
        return ""
    return (
        "policy.yaml says of no event what an org is to refuse by itself. Name events and rows under response.transactions "
        "and register again"
    )


def lacks_access(policy: Policy, beats: Iterable[Beat], now: datetime) -> str:
    """What is missing for elevated rights to be given for hours and taken back; empty where nothing is."""
    if not policy.jit.managed_sets:
        return (
            "policy.yaml names no permission set that is given for hours only. Name them under jit.managed_sets and register "
            "again"
        )
    return _silent(SWEEP, SWEEP, "nothing takes access back", policy, beats, now)


def _silent(name: str, schedule: str, so: str, policy: Policy, beats: Iterable[Beat], now: datetime) -> str:
    beat = next((each for each in beats if each.detector == name and each.ran), None)
    if beat is None:
        return f"{name} has never come to its end, so {so}. Resume the schedule of {schedule}"
    if is_silent(beat, policy.alerts, now):
        return (
            f"{name} last came to its end on {beat.at:%Y-%m-%d %H:%M} UTC. Look at its runs and its schedule"
        )
    return ""


def lacks_penetration_test(
    estate: Estate, policy: Policy, orgs: Iterable[str], rehearsed: Mapping[str, datetime], now: datetime
) -> str:
    """
    Which of these orgs nobody has tried to break into lately, as attested in estate.yaml or, of sandboxes, as `rehearsed` last;
    empty where all were.
    """
    interval, today = policy.audit.penetration_test_interval, now.date()
    tested = {
        org
        for each in estate.attestations
        if each.subject is AttestedControl.PENETRATION_TEST
        and each.expires >= today
        and today - each.date <= interval
        for org in each.orgs
    }
    tested |= {org for org, at in rehearsed.items() if now - at <= interval}
    if not (missing := [org for org in orgs if org not in tested]):
        return ""
    agreed = {consent.org for consent in policy.rehearsal.consents}
    to_play = f" Run rehearsal on {', '.join(here)}." if (here := [o for o in missing if o in agreed]) else ""
    return (
        f"nobody vouches for a penetration test within {interval.days} days of {', '.join(missing)}.{to_play} Hold one, and attest "
        "it under attestations in estate.yaml (subject penetration-test)"
    )
