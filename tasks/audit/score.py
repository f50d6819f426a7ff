"""Scores per org: what share of the judged controls passes, and how much could be judged at all."""

from collections import Counter

from tasks.audit.model import OrgScore, OrgVerdict, Verdict


def score(verdicts: tuple[OrgVerdict, ...]) -> tuple[OrgScore, ...]:
    """
    One score per org, in the order in which orgs first appear.

    A waived control is judged and not passed: accepting a risk does not remove it. Shares are rounded down, so 100
    means all.
    """
    counts: dict[str, Counter[Verdict]] = {}
    for verdict in verdicts:
        counts.setdefault(verdict.org, Counter())[verdict.verdict] += 1
    return tuple(_of_org(org, count) for org, count in counts.items())


def _of_org(org: str, count: Counter[Verdict]) -> OrgScore:
    judged = count[Verdict.PASS] + count[Verdict.FAIL] + count[Verdict.WAIVED]
    applicable = judged + count[Verdict.UNKNOWN]
    coverage = 100 * judged // applicable if applicable else 0
    return OrgScore(
        org=org,
        score=100 * count[Verdict.PASS] // judged if judged and coverage >= 50 else None,
        coverage=coverage,
        passed=count[Verdict.PASS],
        failed=count[Verdict.FAIL],
        unknown=count[Verdict.UNKNOWN],
        not_applicable=count[Verdict.NOT_APPLICABLE],
        waived=count[Verdict.WAIVED],
    )
