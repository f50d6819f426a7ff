"""The result as text, and as one HTML page with plots that needs nothing from anywhere."""

from html import escape
from typing import Any

from deployments.bench.detection.corpus import ATTACKS
from deployments.bench.detection.run import OURS, WANTED_FALSE, WANTED_RECALL, Result
from deployments.bench.detection.scoring import Summary
from tasks.reports.figure import COLOURS, as_svg, drawing

_LEAST = 0.001
"""A detector without a false alarm stands here on the logarithmic scale."""
_SOURCES = {attack.name: escape(f"{attack.incident} · {attack.technique}") for attack in ATTACKS}


def document(result: Result) -> dict[str, Any]:
    return {
        "seeds": list(result.seeds),
        "user_months": result.user_months,
        "summaries": [summary.document() for summary in result.summaries],
        "containing": result.containing,
        "thresholds": result.thresholds,
        "peace": result.peace.document() if result.peace else None,
        "seconds": result.seconds,
        "failings": result.failings,
        "good": not result.failings,
    }


def as_text(result: Result) -> str:
    lines = [f"{len(result.seeds)} worlds, {result.user_months:,.0f} user-months"]
    for tier in dict.fromkeys(summary.tier for summary in result.summaries):
        lines += [
            "",
            f"{tier}: recall [95 %] · precision · false alarms per user-month [95 %] · minutes to detect p50/p95",
        ]
        lines += [_line(summary) for summary in result.summaries if summary.tier == tier]
        lines += _attacks(next(s for s in result.summaries if (s.tier, s.detector) == (tier, OURS)))
        lines.append(_containing(result.containing[tier]))
    if (peace := result.peace) is not None:
        lines.append(
            f"\nno attack: {peace.user_months:,.0f} user-months, {peace.alarms} alarms "
            f"({peace.alarms / peace.user_months:.3f} per user-month), {peace.wrongful} wrongful containments"
        )
    return "\n".join([*lines, "", *(f"NOT GOOD: {each}" for each in result.failings)]).rstrip()


def _line(s: Summary) -> str:
    return (
        f"  {s.detector:<18} {s.recall:5.3f} [{s.recall_interval[0]:.3f}–{s.recall_interval[1]:.3f}]  {s.precision:5.3f}  "
        f"{s.false_per_user_month:6.3f} [{s.false_interval[0]:.3f}–{s.false_interval[1]:.3f}]  {_minutes(s.minutes_p50)} / {_minutes(s.minutes_p95)}"
    )


def _attacks(s: Summary) -> list[str]:
    lines = []
    for name, row in s.attacks.items():
        if not row["carried"]:
            lines.append(f"    {name:<22} not carried by this tier (found {row['found']} of {row['played']})")
            continue
        low, high = row["interval"]
        lines.append(
            f"    {name:<22} {row['found']:>3} of {row['played']:<3} [{low:.2f}–{high:.2f}]  {_minutes(row['minutes_p50'])} / "
            f"{_minutes(row['minutes_p95'])}  {', '.join(row['rules'][:4])}"
        )
    return lines


def _containing(c: dict[str, Any]) -> str:
    return (
        f"  containing, judged: {c['contained']} of {c['wanted']} attacks that policy contains ({c['share']:.1%}), {c['wrongful']} wrongly; "
        f"{c['rows_lost_share']:.0%} of their records lost; after the decision at most {c['rows_after_decision_max']:,} records left, with "
        f"{c['seconds_assumed']:.0f} s assumed until the session is dead"
    )


def _minutes(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.1f} min" if value < 120 else f"{value / 60:.1f} h"


def as_html(result: Result) -> str:
    tiers = dict.fromkeys(summary.tier for summary in result.summaries)
    parts = [_section(result, tier) for tier in tiers]
    verdict = "good" if not result.failings else "; ".join(result.failings)
    return f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>OrgTrustBench</title>
<style>body{{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}}table{{border-collapse:collapse;width:100%}}
td,th{{padding:.25rem .6rem;border-bottom:1px solid #ddd;text-align:left;vertical-align:top}}td:nth-child(n+3):not(:last-child){{white-space:nowrap}}figure{{margin:1rem 0}}svg{{width:44rem;max-width:100%}}.bad{{color:#b23a48}}</style>
<h1>OrgTrustBench</h1><p>{len(result.seeds)} worlds, {result.user_months:,.0f} user-months. Verdict: {escape(verdict)}.</p>{"".join(parts)}{_peace(result)}</html>"""


def _peace(result: Result) -> str:
    if (peace := result.peace) is None:
        return ""
    return (
        f"<h2>Without any attack</h2><p>{peace.user_months:,.0f} user-months: {peace.alarms:,} alarms "
        f"({peace.alarms / peace.user_months:.3f} per user-month), {peace.wrongful} wrongful containments.</p>"
    )


def _section(result: Result, tier: str) -> str:
    summaries = [s for s in result.summaries if s.tier == tier]
    mine = next(s for s in summaries if s.detector == OURS)
    rows = "".join(
        f"<tr><td>{escape(s.detector)}</td><td>{s.recall:.3f} [{s.recall_interval[0]:.3f}–{s.recall_interval[1]:.3f}]</td><td>{s.precision:.3f}</td>"
        f"<td>{s.false_per_user_month:.3f} [{s.false_interval[0]:.3f}–{s.false_interval[1]:.3f}]</td><td>{_minutes(s.minutes_p50)}</td><td>{_minutes(s.minutes_p95)}</td></tr>"
        for s in summaries
    )
    attacks = "".join(
        f"<tr><td>{escape(name)}</td><td>{_SOURCES[name]}</td><td>{'yes' if row['carried'] else 'no'}</td><td>{row['found']} of {row['played']}</td>"
        f"<td>{_minutes(row['minutes_p50'])}</td><td>{_minutes(row['minutes_p95'])}</td><td>{escape(', '.join(row['rules']))}</td></tr>"
        for name, row in mine.attacks.items()
    )
    return f"""<h2>{escape(tier)}</h2><figure>{_plot(summaries)}</figure>
<table><tr><th>detector</th><th>recall</th><th>precision</th><th>false alarms per user-month</th><th>p50</th><th>p95</th></tr>{rows}</table>
<h3>By attack</h3><table><tr><th>attack</th><th>taken from, MITRE</th><th>carried</th><th>found</th><th>p50</th><th>p95</th><th>by</th></tr>{attacks}</table>
<p>{escape(_containing(result.containing[tier]).strip())}</p>"""


def _plot(summaries: list[Summary]) -> str:
    """Recall over false alarms, the latter on a logarithmic scale; the corner at the top left is where one wants to be."""
    figure, axes = drawing(7.2, 3.2)
    for n, s in enumerate(summaries):
        place = max(s.false_per_user_month, _LEAST), s.recall
        axes.plot(*place, "o", color=COLOURS[n % len(COLOURS)], markersize=9, label=s.detector, clip_on=False)
    axes.axhline(WANTED_RECALL, color="#777777", linestyle="--", linewidth=0.9)
    axes.axvline(WANTED_FALSE, color="#777777", linestyle="--", linewidth=0.9)
    axes.set(xscale="log", xlim=(_LEAST, 100), ylim=(-0.02, 1.02))
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set(xlabel="false alarms per user-month (dashed: wanted)", ylabel="recall")
    axes.legend(loc="center left", bbox_to_anchor=(1.02, 0.5), frameon=False)
    return as_svg(
        figure, "recall over false alarms per user-month of each detector; the table below has the figures"
    )
