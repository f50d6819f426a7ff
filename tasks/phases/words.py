"""Pages about phases, as people read them in the UI."""

from collections.abc import Sequence
from datetime import datetime
from types import MappingProxyType

from tasks.pages import Forms, cell, to_form, to_job, to_page
from tasks.phases.model import Phase, Progress, Span, Standing
from tasks.phases.plan import is_late, said

_DIGEST = 12
_WAITING = to_page("waiting-plans", "what waits for whom")
_WHEN = {
    Phase.ASSESSMENT: "weeks 1–2",
    Phase.QUICK_WINS: "weeks 3–6",
    Phase.ADVANCED: "months 2–3",
    Phase.CONTINUOUS: "ongoing",
}


def phase_markdown(
    phase: Phase,
    standings: Sequence[Standing],
    left_out: Sequence[str],
    forms: Forms = MappingProxyType({}),
) -> str:
    """All jobs of a phase on one page, with what is next for each. `left_out` are lines about orgs that are not in it."""
    waiting = sum(each.progress is Progress.WAITING for each in standings)
    done = sum(each.progress is Progress.DONE for each in standings)
    lines = [
        f"# {phase.value.replace('-', ' ').capitalize()}",
        "",
        f"{done} of {len(standings)} jobs {'is' if done == 1 else 'are'} done, {waiting} {'waits' if waiting == 1 else 'wait'} for a "
        "person. This run changed no org.",
        f"All plans that wait, and for whom: {_WAITING}.",
        "",
        "| | Job | Plan | Changes | Next |",
        "|---|---|---|--:|---|",
    ]
    lines += [_row(each, forms) for each in standings]
    if left_out:
        lines += ["", "## Left out", "", "Everything else goes on without these.", ""]
        lines += [f"* {line}" for line in left_out]
    return "\n".join(lines)


def _row(standing: Standing, forms: Forms) -> str:
    digests = [each.digest for each in standing.every if each.digest]
    pages = "<br>".join(to_page(f"plan-{each[:_DIGEST]}", each[:_DIGEST]) for each in digests)
    count = str(standing.changes) if digests else ""
    return f"| {standing.step.code} | {standing.step.job} | {pages or '**none**'} | {count} | {_next(standing, forms)} |"


def _next(standing: Standing, forms: Forms) -> str:
    job = to_job(standing.step.job)
    match standing.progress:
        case Progress.DONE:
            if standing.changes:
                return "done"
            planned = any(each.digest for each in standing.every)
            return "nothing to approve; its page says why" if planned else "done; it makes no plan"
        case Progress.WAITING:
            waiting = [each.digest for each in standing.done if each.digest]
            return "<br>".join(_yes(each, each in standing.signed, forms) for each in waiting)
        case Progress.MISSING:
            return f"start {job}"
        case _:
            # A line of its own: the page cuts off what is wider than it.
            return f"{cell(standing.why, 45)}<br>start {job} again"


def _yes(digest: str, signed: bool, forms: Forms) -> str:
    short = digest[:_DIGEST]
    # No form can sign: the page of the plan has the command.
    approve = "sign, see its page" if signed else to_form("approve-plan", forms, digest=short)
    return f"{approve}, then {to_form('apply-plan', forms, digest=short)}"


def calendar_markdown(spans: Sequence[Span], now: datetime) -> str:
    """Planned against actual, and under it what blocks each next phase."""
    lines = [
        "# From nothing to zero trust",
        "",
        f"Before and now: {to_page('assessment-scoreboard', 'the scoreboard')}. Plans that wait: {_WAITING}.",
        "",
        "| Phase | Planned | Until | Began | Done |",
        "|---|---|---|---|---|",
    ]
    for span in spans:
        until = f"{span.planned_to:%Y-%m-%d}" if span.planned_to else "no end"
        done = f"{span.last:%Y-%m-%d}" if span.last else ("goes on" if span.first else "not yet")
        if is_late(span, now):
            done = f"**{done}, late**"
        lines.append(
            f"| {to_job(span.phase.value)} | {_WHEN[span.phase]}: {span.planned_from:%Y-%m-%d} | {until} | "
            f"{f'{span.first:%Y-%m-%d}' if span.first else 'not yet'} | {done} |"
        )
    for span, following in zip(spans, [*spans[1:], None], strict=True):
        if span.blocks:
            blocked = f"What blocks {following.phase.value}" if following else "What does not go on yet"
            lines += ["", f"## {blocked}", "", *(f"* {line}" for line in span.blocks)]
        if span.aside:
            lines += ["", f"## Orgs that {span.phase.value} leaves out", ""]
            lines += ["Everything else goes on without them.", "", *(f"* {line}" for line in span.aside)]
    if not any(span.blocks for span in spans):
        lines += ["", "Nothing blocks anything: all jobs are done."]
    return "\n".join(lines)


def summary(standings: Sequence[Standing]) -> str:
    """One line about the jobs that are not done."""
    open_ = [said(each) for each in standings if each.progress is not Progress.DONE]
    return "; ".join(open_) or "all jobs are done"
