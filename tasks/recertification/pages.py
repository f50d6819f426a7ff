"""A round of questions as a page of the UI."""

from tasks.pages import cell, to_job
from tasks.recertification.model import Decision, Round

_ROWS = 300
_ORDER = {None: 0, Decision.DROP: 1, Decision.CONFIRM: 2}


def markdown(round_: Round) -> str:
    """By owner, what waits first. Owners are as policy.yaml calls them; who answered stands in the ledger."""
    state = (
        f"closed on {round_.closed:%Y-%m-%d %H:%M} UTC"
        if round_.closed
        else f"due on {round_.due:%Y-%m-%d %H:%M} UTC"
    )
    lines = [
        f"## {len(round_.accesses)} accesses, {state}",
        "",
        f"* **{len(round_.decided(Decision.CONFIRM))}** confirmed, **{len(round_.decided(Decision.DROP))}** dropped, "
        f"**{len(round_.silent)}** not answered",
        f"* Answer with {to_job('answer-recertification')}: the id, *confirm* or *drop*, and why. Only the owner's answer counts.",
        "* What nobody confirms is planned to be taken away; the plan waits for approval like any other.",
        "",
        "| id | answer | owner | access | what it is |",
        "|---|---|---|---|---|",
    ]
    rows = []
    for each in round_.accesses:
        answer = round_.answer_to(each.id)
        decision = None if answer is None else answer.decision
        rows.append((_ORDER[decision], each.owner, each.name, each, decision))
    for _, _, _, each, decision in sorted(rows, key=lambda row: row[:3])[:_ROWS]:
        said = "waits" if decision is None else decision.value
        lines.append(
            f"| `{each.id}` | {said} | {cell(each.owner) or '**nobody**'} | {each.kind.value} {cell(each.name, 30)} | {cell(each.what, 44)} |"
        )
    if len(rows) > _ROWS:
        lines.append(f"\nand {len(rows) - _ROWS} more.")
    if round_.plan:
        lines.append(f"\nThe plan `{round_.plan[:12]}` takes what was not confirmed.")
    return "\n".join(lines) + "\n"
