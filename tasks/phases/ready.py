"""What has to be set up by a person before an advanced control can be planned or counts as working."""

from collections.abc import Iterable
from datetime import date, datetime

from tasks.alerts.heartbeat import Beat, is_silent
from tasks.estate.model import AttestedControl, Estate
from tasks.estate.policy import Policy

SWEEP = "sweep-access"


def lacks_detection(policy: Policy) -> str:
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
    beat = next((each for each in beats if each.detector == SWEEP and each.ran), None)
    if beat is None:
        return (
            f"{SWEEP} has never come to its end, so nothing takes access back. Resume the schedule of {SWEEP}"
        )
    if is_silent(beat, policy.alerts, now):
        return (
            f"{SWEEP} last came to its end on {beat.at:%Y-%m-%d %H:%M} UTC. Look at its runs and its schedule"
        )
    return ""


def lacks_penetration_test(estate: Estate, policy: Policy, orgs: Iterable[str], today: date) -> str:
    """Which of these orgs nobody has tried to break into lately, as attested in estate.yaml; empty where all were."""
    tested = {
        org
        for each in estate.attestations
        if each.subject is AttestedControl.PENETRATION_TEST
        and each.expires >= today
        and today - each.date <= policy.audit.penetration_test_interval
        for org in each.orgs
    }
    if not (missing := [org for org in orgs if org not in tested]):
        return ""
    return (
        f"nobody vouches for a penetration test within {policy.audit.penetration_test_interval.days} days of "
        f"{', '.join(missing)}. Hold one, and attest it under attestations in estate.yaml (subject penetration-test)"
    )
