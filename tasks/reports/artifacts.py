"""Texts and tables for the Prefect UI and the terminal; names and counts only, never values."""

import html
import re
from collections import Counter
from typing import Any

from tasks.audit.model import Assessment, OrgScore, Severity, Verdict
from tasks.audit.waivers import told
from tasks.credentials.words import SHOWN, calendar_rows
from tasks.reports import order
from tasks.reports.history import run_of
from tasks.reports.model import Run

LEGEND = "✓ pass · ✗ fail · ? unknown (never counted as pass) · – not applicable · w waived"


def cell(text: object) -> str:
    """Text that stays inside one Markdown cell and starts no markup of its own."""
    flat = html.escape(" ".join(str(text).split()), quote=False)
    return re.sub(r"([\\`*_\[\]|~])", r"\\\1", flat)


def score_text(score: OrgScore) -> str:
    return "no score" if score.score is None else str(score.score)


def scoreboard_markdown(assessment: Assessment, first: Run | None = None) -> str:
    """With `first`, the run to which this one is compared: what each org was then, and what a thief could reach."""
    orgs = order.orgs(assessment)
    found = order.verdicts(assessment)
    lines = [
        f"# {cell(assessment.estate)}: zero-trust assessment",
        f"Made {assessment.made_at:%Y-%m-%d %H:%M %Z}. {LEGEND}.",
        "",
        *_compared(assessment, first),
        "| org | score | coverage | fail | unknown | pass |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for s in assessment.scores:
        score = score_text(s)
        if first is not None:
            then = first.scores.get(s.org)
            score = f"{'no score' if then is None else then} → **{score}**"
        lines.append(f"| {cell(s.org)} | {score} | {s.coverage} % | {s.failed} | {s.unknown} | {s.passed} |")
    lines += ["", "| control | " + " | ".join(cell(o) for o in orgs) + " |", "|---|" + ":-:|" * len(orgs)]
    for _, controls in order.controls(assessment):
        for control in controls:
            marks = [
                order.SYMBOLS[found[control.id, o].verdict] if (control.id, o) in found else "?" for o in orgs
            ]
            lines.append(f"| {control.id} {cell(control.title)} | " + " | ".join(marks) + " |")
    for org, reason in sorted(assessment.unreadable.items()):
        lines += ["", f"**{cell(org)} could not be read:** {cell(reason)}"]
    lines += waiver_lines(assessment)
    return "\n".join(lines) + "\n"


def _compared(assessment: Assessment, first: Run | None) -> list[str]:
    """Before and now in five lines; nothing where there was no run before."""
    if first is None:
        return []
    now = run_of(assessment)
    lines = [
        f"## Before and now, since {first.made_at:%Y-%m-%d %H:%M %Z}",
        "",
        "| | before | now |",
        "|---|--:|--:|",
    ]
    rows: list[tuple[str, int, int]] = [
        ("controls that fail", first.verdicts.get(Verdict.FAIL, 0), now.verdicts.get(Verdict.FAIL, 0)),
        (
            "controls that are unknown",
            first.verdicts.get(Verdict.UNKNOWN, 0),
            now.verdicts.get(Verdict.UNKNOWN, 0),
        ),
        *(
            (f"{severity.value} findings", first.failing.get(severity, 0), now.failing.get(severity, 0))
            for severity in Severity
        ),
        ("rows that one stolen secret opens, at most", first.rows, now.rows),
        ("sensitive rows among them", first.sensitive_rows, now.sensitive_rows),
    ]
    lines += [f"| {what} | {then:,} | **{today:,}** |" for what, then, today in rows]
    return [*lines, "", "## Each org", ""]


def findings_table(assessment: Assessment, limit: int = 200) -> list[dict[str, Any]]:
    """Worst first; beyond `limit` a last row says how many more there are."""
    found = order.findings(assessment)
    rows: list[dict[str, Any]] = [
        {
            "severity": f.severity.value,
            "verdict": f.verdict.value,
            "control": f.control,
            "org": f.org,
            "resource": f.resource,
            "summary": f.summary,
            "what to do": f.remediation,
        }
        for f in found[:limit]
    ]
    if len(found) > limit:
        note = f"{len(found) - limit} more findings; the report lists all of them"
        rows.append(dict.fromkeys(rows[0] if rows else ("severity",), "") | {"summary": note})
    return rows


def blast_radius_table(assessment: Assessment) -> list[dict[str, Any]]:
    """One row per secret, worst first."""
    return [
        {
            "secret": r.secret_id,
            "orgs": ", ".join(r.orgs),
            "objects": len({(x.org, x.sobject) for x in r.reach if x.read}),
            "sensitive fields": len({(x.org, f) for x in r.reach if x.read for f in x.sensitive_fields}),
            "sensitive rows": r.sensitive_rows,
            "rows": r.rows,
            "hops": r.hops,
            "run-as proven": "no" if r.ambiguous else "yes",
        }
        for r in order.radii(assessment)
    ]


def calendar_table(assessment: Assessment) -> list[dict[str, Any]]:
    """One row per credential, what is due first at the top."""
    return calendar_rows(order.ages(assessment), assessment.made_at)


def calendar_at_a_glance(assessment: Assessment) -> list[dict[str, Any]]:
    """The same with the first few users of each."""
    return calendar_rows(order.ages(assessment), assessment.made_at, SHOWN)


def sensitive_fields_table(assessment: Assessment) -> list[dict[str, Any]]:
    """`readable by` are the run-as users found on trust edges, not everyone in the org."""
    readers: dict[tuple[str, str], set[str]] = {}
    for radius in assessment.graph.radii:
        for reach in radius.reach:
            for field in reach.sensitive_fields if reach.read else ():
                readers.setdefault((reach.org, field), set()).add(reach.username)
    return [
        {
            "org": org,
            "field": s.field.name,
            "kind": s.kind,
            "why": ", ".join(r.value for r in s.reasons),
            "encrypted": "yes" if s.field.encrypted else "no",
            "readable by": ", ".join(sorted(readers.get((org, s.field.name), set()))),
        }
        for org, fields in sorted(assessment.sensitive.items())
        for s in sorted(fields, key=lambda s: (s.field.encrypted, s.field.name))
    ]


def over_privileged_table(assessment: Assessment) -> list[dict[str, Any]]:
    return [
        {
            "org": o.org,
            "user": o.username,
            "high-risk rights": ", ".join(o.high_risk),
            "objects granted": o.granted_objects,
            "objects unused": "unknown" if o.unused_objects is None else len(o.unused_objects),
            "shared by": ", ".join(o.shared_by),
        }
        for o in sorted(assessment.over_privileged, key=lambda o: (-len(o.high_risk), o.org, o.username))
    ]


def waiver_table(assessment: Assessment) -> list[dict[str, Any]]:
    """One row per waiver of the policy, those to act on first."""
    return [
        {
            "state": use.state.value,
            "control": use.waiver.control,
            "org": use.waiver.org,
            "resource": use.waiver.resource,
            "findings": len(use.resources),
            "owner": use.waiver.owner,
            "expires": use.waiver.expires.isoformat(),
            "days left": (use.waiver.expires - assessment.made_at.date()).days,
            "times used": "unknown" if use.times is None else use.times,
            "reason": use.waiver.reason,
        }
        for use in order.waivers(assessment)
    ]


def waiver_lines(assessment: Assessment) -> list[str]:
    """A chapter of Markdown; nothing where the policy has no waiver."""
    if not assessment.waivers:
        return []
    rows = waiver_table(assessment)
    lines = ["", "## Accepted risks", ""]
    lines += [f"* **{cell(line)}.**" for line in filter(None, map(told, order.waivers(assessment)))]
    lines += ["", "| " + " | ".join(rows[0]) + " |", "|---" * len(rows[0]) + "|"]
    lines += ["| " + " | ".join(cell(value) for value in row.values()) + " |" for row in rows]
    return lines


def waivers_text(assessment: Assessment) -> str:
    """For a terminal: two lines for each, and what has to be done about it."""
    lines = []
    for use in order.waivers(assessment):
        w = use.waiver
        count = "" if use.times is None else f", used {use.times} times"
        lines.append(f"{use.state.value:<9}  {w.control} {w.org}  {w.resource}")
        lines.append(f"{'':<11}{w.owner} until {w.expires}{count}: {w.reason}")
        if line := told(use):
            lines.append(f"{'':<11}{line}.")
    return "\n".join(lines)


def _waivers_summed(assessment: Assessment) -> list[str]:
    if not assessment.waivers:
        return []
    counts = Counter(use.state.value for use in assessment.waivers)
    return [
        "Waivers: "
        + ", ".join(f"{n} {state}" for state, n in sorted(counts.items()))
        + "; `bulkhead waivers` lists them"
    ]


def scoreboard_text(assessment: Assessment, width: int = 100) -> str:
    """Plain aligned text, no line longer than `width` or 100."""
    width = min(width, 100)
    orgs = order.orgs(assessment)
    found = order.verdicts(assessment)
    lines = [f"{assessment.estate}   {assessment.made_at:%Y-%m-%d %H:%M %Z}", ""]
    column = max([3, *map(len, orgs)])
    lines.append(f"{'org':<{column}}  score  coverage  pass  fail  unknown  n/a  waived")
    for s in assessment.scores:
        shown = "-" if s.score is None else str(s.score)
        lines.append(
            f"{s.org:<{column}}  {shown:>5}  {s.coverage:>7}%  {s.passed:>4}  {s.failed:>4}  {s.unknown:>7}"
            f"  {s.not_applicable:>3}  {s.waived:>6}"
        )
    lines += ["", *_matrix(assessment, orgs, width), "", LEGEND]
    if worst := order.radii(assessment):
        lines += ["", "Widest blast radius (one stolen secret)"]
        for r in worst[:3]:
            lines.append(
                f"  {r.secret_id}: {r.sensitive_rows:,} sensitive of {r.rows:,} rows in {len(r.orgs)} orgs"
            )
    lines += _waivers_summed(assessment)
    lines += [f"{org} could not be read: {why}" for org, why in sorted(assessment.unreadable.items())]
    lines += [
        f"{len(assessment.findings())} findings; every one is in the report" if found else "no verdicts"
    ]
    return "\n".join(_clipped(line, width) for line in lines) + "\n"


def _matrix(assessment: Assessment, orgs: list[str], width: int) -> list[str]:
    """Controls down, orgs across; orgs that do not fit are left to the report."""
    found = order.verdicts(assessment)
    title = 40 if width >= 80 else 12
    shown, room = [], width - title - 2
    for org in orgs:
        room -= len(org) + 2
        if room >= 0:
            shown.append(org)
    lines = [" " * title + "  " + "  ".join(shown)]
    for _, controls in order.controls(assessment):
        for c in controls:
            marks = (
                order.SYMBOLS[found[c.id, o].verdict].center(len(o))
                if (c.id, o) in found
                else "?".center(len(o))
                for o in shown
            )
            lines.append((f"{_clipped(f'{c.id} {c.title}', title):<{title}}  " + "  ".join(marks)).rstrip())
    if len(shown) < len(orgs):
        lines.append(f"{len(orgs) - len(shown)} more orgs are in the report")
    return lines


def _clipped(line: str, width: int) -> str:
    return line if len(line) <= width else line[: width - 1] + "…"


def org_markdown(assessment: Assessment, org: str) -> str:
    """One org's findings and gaps."""
    lines = [f"# {cell(org)}"]
    for s in (s for s in assessment.scores if s.org == org):
        lines.append(f"Score {score_text(s)} at {s.coverage} % coverage.")
    if org in assessment.unreadable:
        lines.append(f"**Could not be read:** {cell(assessment.unreadable[org])}")
    for section, why in sorted(assessment.gaps.get(org, {}).items()):
        lines.append(f"* not read: {cell(section)}: {cell(why)}")
    mine = order.findings(assessment, org)
    lines += [
        "",
        "| severity | verdict | control | resource | what is wrong | what to do |",
        "|---|---|---|---|---|---|",
    ]
    for f in mine[:200]:
        texts = (f.severity, f.verdict, f.control, f.resource, f.summary, f.remediation)
        lines.append("| " + " | ".join(cell(text) for text in texts) + " |")
    if len(mine) > 200:
        lines += ["", f"{len(mine) - 200} more findings are in the report."]
    return "\n".join(lines) + "\n"
