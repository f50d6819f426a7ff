"""What attestations say: the newest counts, none means unknown, expired or overdue means fail."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from tasks.audit.model import Control, Evidence, Finding, OrgEvidence
from tasks.estate.model import Attestation, AttestedControl


def judge_attestation(
    control: Control,
    org: OrgEvidence,
    evidence: Evidence,
    subject: AttestedControl,
    interval: timedelta | None = None,
) -> tuple[Finding, ...]:
    """One finding at most, about `attestation:<subject>`."""
    resource = f"attestation:{subject.value}"
    newest = newest_of(evidence.estate.attestations, org.org.alias, subject)
    if newest is None:
        return (
            control.unknown(
                org,
                resource,
                f"Nobody vouches for {subject.value}: there is no attestation.",
            ),
        )
    today = evidence.now.date()
    if newest.expires < today:
        return (
            control.fail(
                org,
                resource,
                f"The {subject.value} attestation expired on {newest.expires}.",
            ),
        )
    if interval is not None and age(newest, evidence.now) > interval:
        days = age(newest, evidence.now).days
        return (
            control.fail(
                org,
                resource,
                f"The last {subject.value} was {days} days ago; policy wants one every {interval.days} days.",
            ),
        )
    return ()


def newest_of(
    attestations: Iterable[Attestation], org: str, subject: AttestedControl
) -> Attestation | None:
    """The latest one that covers the org; among equals the one that lasts longest."""
    covering = [a for a in attestations if a.subject is subject and org in a.orgs]
    return max(covering, key=lambda a: (a.date, a.expires), default=None)


def age(attestation: Attestation, now: datetime) -> timedelta:
    return timedelta(days=(now.date() - attestation.date).days)
