"""How an assessment stands towards each requirement of a framework."""

from collections import Counter

from tasks.audit.model import Assessment, Verdict
from tasks.compliance.model import Framework, Standing

_WORST_FIRST = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.WAIVED, Verdict.PASS, Verdict.NOT_APPLICABLE)


def standings(framework: Framework, assessment: Assessment) -> tuple[Standing, ...]:
    """
    One for each requirement, in the order of the map. Orgs that could not be read, and controls that were not judged,
    are unknown: no requirement passes because nobody looked.
    """
    orgs = dict.fromkeys([*(s.org for s in assessment.scores), *sorted(assessment.unreadable)])
    judged = {(v.control, v.org): v.verdict for v in assessment.verdicts}
    return tuple(_standing(framework, each, judged, tuple(orgs)) for each in framework.requirements)


def _standing(
    framework: Framework, requirement: str, judged: dict[tuple[str, str], Verdict], orgs: tuple[str, ...]
) -> Standing:
    controls = tuple(sorted(c for c, ids in framework.controls.items() if requirement in ids))
    counts = Counter(judged.get((c, org), Verdict.UNKNOWN) for c in controls for org in orgs)
    worst = next((v for v in _WORST_FIRST if counts[v]), Verdict.UNKNOWN)
    return Standing(
        requirement=requirement,
        title=framework.requirements[requirement].title,
        controls=controls,
        verdict=worst,
        counts={v: counts[v] for v in _WORST_FIRST if counts[v]},
    )
