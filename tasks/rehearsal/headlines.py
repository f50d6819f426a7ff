"""The headlines of the article's case, before and after, each from runs."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from math import ceil

from tasks.audit.model import Assessment, Verdict, WaiverState
from tasks.rehearsal.matrix import Matrix
from tasks.rehearsal.model import Played
from tasks.rehearsal.report import lasting
from tasks.value import Value

AUDITED: Mapping[str, str] = {
    "ZT-01": "API keys only, no mutual TLS",
    "ZT-03": "overprivileged sync users",
    "ZT-06": "no field encryption",
    "ZT-18": "logs reviewed by hand once a week",
}
"""What the case study says of its client before hardening, by the control that finds it."""
_OPEN = frozenset({Verdict.FAIL, Verdict.UNKNOWN})


class Headline(Value):
    """One line of the scoreboard; `how` says what it was measured by."""

    what: str
    before: str
    after: str
    how: str


def headlines(
    matrix: Matrix, before: Assessment | None = None, after: Assessment | None = None
) -> tuple[Headline, ...]:
    """In the article's order. Audit findings need an assessment before and one after."""
    breach, then = matrix.before[0], matrix.after[0]
    found = [
        Headline(
            what="Rows that the breach of October 2024 takes",
            before=f"{breach.rows:,}",
            after=f"{then.rows:,}",
            how=f"{breach.title}, played over the API",
        )
    ]
    if matrix.leaks_before:
        found.append(
            Headline(
                what="Leaked credentials that reach data in a year",
                before=_reaching(matrix.leaks_before),
                after=_reaching(matrix.leaks_after),
                how="used two, six and ten months after they leaked",
            )
        )
    found.append(
        Headline(
            what="Time to detect (p95)",
            before=_seen(matrix.before),
            after=_seen(matrix.after),
            how="before: the assumed weekly review; after: polls every five minutes",
        )
    )
    if before is not None and after is not None:
        found += [
            Headline(
                what="Audit findings of the case study",
                before=f"{len(opened(before))}{_accepted(before, AUDITED)}",
                after=f"{len(opened(after))}{_accepted(after, AUDITED)}",
                how="controls that do not pass in every org",
            ),
            *(
                Headline(
                    what=f"  {name} ({control})",
                    before=_orgs(before, control),
                    after=_orgs(after, control),
                    how="orgs",
                )
                for control, name in AUDITED.items()
            ),
        ]
    return tuple(found)


def opened(made: Assessment) -> tuple[str, ...]:
    """Those of the four that fail, or cannot be judged, in some org."""
    return tuple(control for control in AUDITED if _failing(made, control))


def p95(lengths: Sequence[timedelta]) -> timedelta | None:
    """The smallest that 95 of 100 do not exceed (nearest rank)."""
    ordered = sorted(lengths)
    return ordered[ceil(0.95 * len(ordered)) - 1] if ordered else None


def as_text(lines: Sequence[Headline]) -> str:
    """For a terminal."""
    wide = max(len(each.what) for each in lines)
    first = max(len(each.before) for each in lines)
    return "\n".join(f"{each.what:<{wide}}  {each.before:>{first}} → {each.after}" for each in lines)


def as_markdown(lines: Sequence[Headline]) -> str:
    """For the artifact."""
    rows = [f"| {each.what.strip()} | {each.before} | {each.after} | {each.how} |" for each in lines]
    return "\n".join(
        ["# Before and after", "", "| | Before | After | Measured by |", "|---|--:|--:|---|", *rows, ""]
    )


def _reaching(played: Sequence[Played]) -> str:
    return f"{sum(each.rows > 0 for each in played)} of {len(played)}"


def _seen(played: Sequence[Played]) -> str:
    """An attack that got nowhere and was not seen had nothing to be seen by; one that got somewhere unseen is said."""
    seen = [each.seen for each in played if each.seen is not None]
    blind = sum(each.seen is None and each.rows > 0 for each in played)
    return f"{lasting(p95(seen))}{f', {blind} that took rows unseen' if blind else ''}"


def _failing(made: Assessment, control: str) -> tuple[str, ...]:
    return tuple(each.org for each in made.verdicts if each.control == control and each.verdict in _OPEN)


def _orgs(made: Assessment, control: str) -> str:
    failing = _failing(made, control)
    return f"{len(failing)} ({', '.join(failing)})" if failing else f"0{_accepted(made, (control,))}"


def _accepted(made: Assessment, controls: Collection[str]) -> str:
    """What fails and somebody answers for, and until which day; nothing where there is none."""
    used = [
        each for each in made.waivers if each.waiver.control in controls and each.state is WaiverState.USED
    ]
    if not used:
        return ""
    many, until = sum(len(each.resources) for each in used), min(each.waiver.expires for each in used)
    return f" ({many} waived until {until})"
