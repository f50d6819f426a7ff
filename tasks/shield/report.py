"""What encryption stops, for people: names of fields and callers, and never a value."""

from collections.abc import Mapping, Sequence

from tasks.pages import cell, to_job
from tasks.shield.choose import blockers
from tasks.shield.model import Answer, Caller, Choice, FieldFacts, OrgShield, Scheme, Use, Verified

_SHOWN = 400
_SCHEMES = {
    Scheme.NONE: "in clear",
    Scheme.PROBABILISTIC: "probabilistic",
    Scheme.CASE_SENSITIVE: "deterministic, case-sensitive",
    Scheme.CASE_INSENSITIVE: "deterministic, any case",
}
_USES = {
    Use.EQUALITY: "equality",
    Use.COMPARISON: "order or part",
    Use.SORT: "sorting",
    Use.GROUP: "grouping",
    Use.AGGREGATE: "aggregates",
}


def blockers_markdown(shields: Mapping[str, OrgShield], chosen: Mapping[str, Sequence[Choice]]) -> str:
    lines = ["# What encryption would break", ""]
    for org, shield in shields.items():
        lines += [f"## {org}", ""]
        if not chosen[org]:
            lines += ["Every field that should be encrypted is.", ""]
        else:
            lines += ["The strongest scheme that stops nobody, or what was accepted:", ""]
            lines += ["| Field | Scheme | Whom it stops |", "|---|---|---|"]
            lines += [_row(choice) for choice in chosen[org]]
            lines.append("")
        found = blockers(shield.callers, [choice.field for choice in chosen[org]])
        if found:
            lines += ["Everything that at least one scheme does not allow:", ""]
            lines += ["| Field | Where | What it does |", "|---|---|---|"]
            lines += [_caller(caller) for caller in found[:_SHOWN]]
            lines.append("")
            if len(found) > _SHOWN:
                lines += [f"{len(found) - _SHOWN} more are not shown.", ""]
        if shield.unread:
            lines += [
                "Not looked into, so fields stay in clear unless they are named under `although_used`:",
                "",
            ]
            lines += [*(f"* {cell(each)}" for each in shield.unread), ""]
        if shield.hidden:
            lines += ["Nobody but their makers can look into:", ""]
            lines += [*(f"* {cell(each)}" for each in shield.hidden), ""]
    lines += [
        "Queries that put field names together while they run, and queries of programs outside, cannot be seen.",
        "",
    ]
    return "\n".join(lines)


def _row(choice: Choice) -> str:
    scheme = _SCHEMES[choice.scheme] if choice.scheme is not None else "**none fits**"
    stops = "nobody"
    if choice.breaks:
        count = len(choice.breaks)
        stops = f"{count} {'use' if count == 1 else 'uses'} of it" + ("" if choice.scheme else ", at least")
    return f"| {cell(choice.field.name, 36)} | {scheme} | {stops} |"


def _caller(caller: Caller) -> str:
    where = caller.kind.value if caller.name == caller.field else f"{caller.kind.value} {caller.name}"
    line = f", line {caller.line}" if caller.line is not None else ""
    detail = f" ({caller.detail})" if caller.detail else ""
    return f"| {cell(caller.field, 34)} | {cell(where + line, 36)} | {cell(caller.use.value + detail, 36)} |"


def verified_markdown(verified: Verified) -> str:
    lines = [
        f"# What {verified.org} refuses on its encrypted fields",
        "",
        f"**{told(verified)}** Asked at {verified.at:%Y-%m-%d %H:%M} UTC.",
        "",
    ]
    if verified.fields:
        lines += ["| Field | Scheme | Refused | Answered |", "|---|---|---|---|"]
        lines += [
            _asked(each, verified.answers) for each in sorted(verified.fields, key=lambda each: each.name)
        ]
        lines.append("")
    if verified.hit:
        lines += ["## Whom that hits", "", "| Field | Where | What it does |", "|---|---|---|"]
        lines += [_caller(caller) for caller in verified.hit[:_SHOWN]]
        lines += ["", f"Change them, or take the plan back: {to_job('rollback-plan')}.", ""]
    if verified.unread:
        lines += ["## What nobody can tell", "", *(f"* {cell(each)}" for each in verified.unread), ""]
    return "\n".join(lines)


def _asked(facts: FieldFacts, answers: Sequence[Answer]) -> str:
    """What nobody could ask stands in neither column."""
    scheme = _SCHEMES[facts.scheme] if facts.scheme is not None else "unknown"
    refused, answered = (
        ", ".join(_USES[a.use] for a in answers if a.field == facts.name and a.refused is refusing) or "–"
        for refusing in (True, False)
    )
    return f"| {cell(facts.name, 34)} | {cell(scheme, 16)} | {cell(refused, 26)} | {cell(answered, 20)} |"


def told(verified: Verified) -> str:
    if not verified.fields:
        return "No field that was looked at is encrypted."
    refused = sum(answer.refused for answer in verified.answers)
    count = len(verified.hit)
    hit = (
        f"{count} {'caller asks' if count == 1 else 'callers ask'} so"
        if count
        else "nobody that can be seen asks so"
    )
    return f"{refused} of {len(verified.answers)} kinds of queries are refused, and {hit}."
