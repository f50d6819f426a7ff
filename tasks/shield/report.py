"""What encryption stops, for people: names of fields and callers, and never a value."""

from collections.abc import Mapping, Sequence

from tasks.pages import cell, to_job
from tasks.shield.choose import blockers
from tasks.shield.model import Caller, Choice, OrgShield, Scheme, Use, Verified

_SHOWN = 400
_SCHEMES = {
    Scheme.NONE: "in clear",
    Scheme.PROBABILISTIC: "probabilistic",
    Scheme.CASE_SENSITIVE: "deterministic, case-sensitive",
    Scheme.CASE_INSENSITIVE: "deterministic, any case",
}


def blockers_markdown(shields: Mapping[str, OrgShield], chosen: Mapping[str, Sequence[Choice]]) -> str:
    lines = ["# What encryption would break", ""]
    for org, shield in shields.items():
        lines += [f"## {org}", ""]
        if not chosen[org]:
            lines += ["Every field that should be encrypted is.", ""]
        else:
            lines += ["| Field | Scheme | What it stops |", "|---|---|---|"]
            lines += [_row(choice) for choice in chosen[org]]
            lines.append("")
        found = blockers(shield.callers, [choice.field for choice in chosen[org]])
        if found:
            lines += ["| Field | Where | What it does |", "|---|---|---|"]
            lines += [_caller(caller) for caller in found[:_SHOWN]]
            lines.append("")
            if len(found) > _SHOWN:
                lines += [f"{len(found) - _SHOWN} more are not shown.", ""]
        if shield.unread:
            lines += ["Not looked into:", "", *(f"* {cell(each)}" for each in shield.unread), ""]
    lines += [
        "Queries that put field names together while they run, and queries of programs outside, cannot be seen.",
        "",
    ]
    return "\n".join(lines)


def _row(choice: Choice) -> str:
    scheme = _SCHEMES[choice.scheme] if choice.scheme is not None else "**none fits**"
    stops = f"{len(choice.breaks)}" if choice.breaks else "nobody"
    return f"| {cell(choice.field.name, 36)} | {scheme} | {stops} |"


def _caller(caller: Caller) -> str:
    where = caller.kind.value if caller.name == caller.field else f"{caller.kind.value} {caller.name}"
    line = f", line {caller.line}" if caller.line is not None else ""
    detail = f" ({caller.detail})" if caller.detail else ""
    return f"| {cell(caller.field, 30)} | {cell(where + line, 36)} | {cell(caller.use.value + detail, 36)} |"


def verified_markdown(verified: Verified) -> str:
    uses = (Use.EQUALITY, Use.COMPARISON, Use.SORT, Use.GROUP, Use.AGGREGATE)
    said = {(answer.field, answer.use): answer for answer in verified.answers}
    lines = [
        f"# What {verified.org} refuses on its encrypted fields",
        "",
        f"**{told(verified)}** Asked at {verified.at:%Y-%m-%d %H:%M} UTC.",
        "",
    ]
    if verified.fields:
        lines += [
            "| Field | Scheme | = | part, order | sort | group | aggregate |",
            "|---|---|---|---|---|---|---|",
        ]
        for each in verified.fields:
            shown = [said.get((each.name, use)) for use in uses]
            marks = ["?" if a is None else "refused" if a.refused else "answered" for a in shown]
            scheme = _SCHEMES[each.scheme] if each.scheme is not None else "unknown"
            lines.append(f"| {cell(each.name, 36)} | {scheme} | {' | '.join(marks)} |")
        lines.append("")
    if verified.hit:
        lines += ["## Whom that hits", "", "| Field | Where | What it does |", "|---|---|---|"]
        lines += [_caller(caller) for caller in verified.hit[:_SHOWN]]
        lines += ["", f"Change them, or take the plan back: {to_job('rollback-plan')}.", ""]
    if verified.unread:
        lines += ["## What nobody can tell", "", *(f"* {cell(each)}" for each in verified.unread), ""]
    return "\n".join(lines)


def told(verified: Verified) -> str:
    if not verified.fields:
        return "No field that was looked at is encrypted."
    refused = sum(answer.refused for answer in verified.answers)
    hit = f"{len(verified.hit)} callers ask so" if verified.hit else "nobody that can be seen asks so"
    return f"{refused} of {len(verified.answers)} kinds of queries are refused, and {hit}."
