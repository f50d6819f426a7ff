"""Which findings are news since the assessment before."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from tasks.audit.model import Finding, Verdict
from tasks.streams.model import Sighting


def news(
    findings: Iterable[Finding], known: Mapping[str, Any], assessed: Collection[str]
) -> tuple[list[Sighting], dict[str, Any]]:
    """
    What to note, and what is known from now on: sightings by uid.

    A finding counts as over only where its org was `assessed` and its control did not become unknown there: what was not
    looked at is not gone.
    """
    failing: dict[str, Sighting] = {}
    unknown: set[tuple[str, str]] = set()
    for each in findings:
        if each.verdict is Verdict.FAIL:
            seen = Sighting(
                control=each.control,
                org=each.org,
                resource=each.resource,
                severity=each.severity.value,
                summary=each.summary,
                remediation=each.remediation,
            )
            failing[seen.uid] = seen
        elif each.verdict is Verdict.UNKNOWN:
            unknown.add((each.org, each.control))
    told = [Sighting.model_validate(body) for body in known.values()]
    before = {seen.uid: seen for seen in told}
    new = [
        seen for uid, seen in failing.items() if uid not in before or before[uid].severity != seen.severity
    ]
    over = [
        seen.model_copy(update={"over": True})
        for uid, seen in before.items()
        if uid not in failing and seen.org in assessed and (seen.org, seen.control) not in unknown
    ]
    gone = {seen.uid for seen in over}
    left = {uid: seen for uid, seen in before.items() if uid not in gone}
    now = {uid: seen.model_dump(mode="json") for uid, seen in (left | failing).items()}
    return new + over, now
