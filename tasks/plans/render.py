"""A plan for people: who loses what and why, what keeps working, what could break. Markdown and plain text."""

from collections.abc import Sequence

from tasks.plans.model import Change, Plan, State
from tasks.plans.overview import PlanStatus

_SHOWN = 400
"""Rows of one org; an artifact of many thousand lines is read by nobody."""


def markdown(plan: Plan, digest: str, needed: int, limits: Sequence[str] = ()) -> str:
    """For an artifact of a run. `needed` approvals; `limits` speak against applying it now."""
    lines = [
        f"# {plan.title}",
        "",
        f"**{len(plan.changes)} changes in {len(plan.orgs)} orgs.** Nothing has been changed yet.",
        "",
        "| | |",
        "|---|---|",
        f"| Digest | `{digest}` |",
        f"| Requested by | {_cell(plan.requester)} |",
        f"| Approvals needed | {needed} |",
        f"| Valid until | {plan.expires_at:%Y-%m-%d %H:%M} UTC |",
        "",
    ]
    if not plan.changes:
        lines += ["**There is nothing to change.** Everything is already as it should be.", ""]
    lines += [f"> {_cell(reason)}" for reason in limits]
    for org in plan.orgs:
        changes = [change for change in plan.changes if change.resource.org == org]
        lines += [
            f"## {org}",
            "",
            "| # | What | Before | After | Who it touches | Why |",
            "|--:|---|---|---|---|---|",
            *(_row(change) for change in changes[:_SHOWN]),
        ]
        if len(changes) > _SHOWN:
            lines.append(f"| | … {len(changes) - _SHOWN} more: `bulkhead plan show {digest[:12]}` | | | | |")
        lines.append("")
    lines += _list("What keeps working", plan.keeps)
    lines += _list("What could break", plan.risks)
    lines += [
        "## Next",
        "",
        f"Approve it with the flow **approve-plan**, or `bulkhead plan approve {digest[:12]} --reason …`.",
        f"Then apply it with the flow **apply-plan**, or `bulkhead plan apply {digest[:12]}`.",
    ]
    return "\n".join(lines)


def text(status: PlanStatus, needed: int, limits: Sequence[str]) -> str:
    """For a terminal."""
    plan = status.plan
    lines = [
        f"{plan.title}",
        f"digest    {status.digest}",
        f"stage     {status.stage.value}{f': {status.reason}' if status.reason else ''}",
        f"made      {plan.made_at:%Y-%m-%d %H:%M} UTC by {plan.requester}, valid until {plan.expires_at:%Y-%m-%d %H:%M}",
        f"approvals {', '.join(status.approvals) or 'none'} ({needed} needed)",
    ]
    lines += [f"  ! {reason}" for reason in limits]
    for org in plan.orgs:
        lines += ["", org]
        for change in plan.changes:
            if change.resource.org != org:
                continue
            mark = "x" if change.number in status.history.verified else " "
            lines.append(
                f"  [{mark}] {change.number:>3} {change.resource.kind.value} {change.resource.key}: "
                f"{_words(change.before)} → {_words(change.after)}"
            )
            lines.append(f"          {change.effect}; {change.why}")
    for heading, items in (("what keeps working", plan.keeps), ("what could break", plan.risks)):
        if items:
            lines += ["", heading, *(f"  - {item}" for item in items)]
    return "\n".join(lines)


def _row(change: Change) -> str:
    what = f"{change.resource.kind.value} `{change.resource.key}`"
    return (
        f"| {change.number} | {what} | {_cell(_words(change.before))} | {_cell(_words(change.after))} "
        f"| {_cell(change.effect)} | {change.control}: {_cell(change.why)} |"
    )


def _words(state: State | None) -> str:
    if state is None:
        return "none"
    held = []
    for name, value in state.items():
        if name == "expires":
            held.append("without an end" if value is None else f"until {value}")
        elif isinstance(value, bool):
            if value:
                held.append(name.replace("_", " "))
        elif isinstance(value, list):
            held.append(f"{name}: {', '.join(map(str, value)) or 'none'}")
        elif value is not None:
            held.append(f"{name}: {value}")
    return ", ".join(held) or "no rights"


def _cell(words: str) -> str:
    return words.replace("|", "\\|").replace("\n", " ")


def _list(heading: str, items: Sequence[str]) -> list[str]:
    return [f"## {heading}", "", *(f"* {_cell(item)}" for item in items), ""] if items else []
