"""The report: one HTML file that asks for nothing from any network and can be read without scripts."""

from datetime import timedelta
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tasks.compliance.maps import frameworks
from tasks.compliance.standing import standings
from tasks.reports import artifacts, charts, order, picture
from tasks.reports.model import DriftClass, Drifted, Posture
from tasks.reports.roi import ARTICLE, corrections, lines, reckon

_MEANINGS = {
    DriftClass.NEW: "fails now and did not",
    DriftClass.RULE_CHANGED: "found, or found no longer, because the rule is another",
    DriftClass.PERSISTENT: "failed before and still does",
    DriftClass.ERROR: "could not be judged; what failed before is not resolved by that",
    DriftClass.WAIVED: "accepted for a time",
    DriftClass.RESOLVED: "fails no longer",
}

_TABLES = (
    (
        "radius",
        "Blast radius",
        "What a thief of one secret could read. Worst first.",
        artifacts.blast_radius_table,
    ),
    (
        "waivers",
        "Waivers",
        "Risks that somebody accepted in policy.yaml, for a time. An expired one accepts nothing.",
        artifacts.waiver_table,
    ),
    (
        "calendar",
        "Credential calendar",
        "What expires when, who uses it, and by which day policy wants it new. What is due first comes first.",
        artifacts.calendar_at_a_glance,
    ),
    (
        "sensitive",
        "Sensitive fields",
        "Where they are, and which users of trust edges can read them.",
        artifacts.sensitive_fields_table,
    ),
    (
        "over",
        "Over-privileged users",
        "Integration users that may do more than they do.",
        artifacts.over_privileged_table,
    ),
)
_CHARTS = charts.score_chart, charts.verdict_chart


def render_html(posture: Posture) -> str:
    """One page that asks for nothing; equal input gives equal text."""
    assessment = posture.assessment
    found = order.findings(assessment)
    environment = _environment()
    return environment.get_template("report.html.j2").render(
        a=assessment,
        posture=posture,
        orgs=order.orgs(assessment),
        layers=order.controls(assessment),
        verdicts=order.verdicts(assessment),
        symbols=order.SYMBOLS,
        findings=found,
        picture=picture.draw(assessment),
        tables=[(key, title, caption, make(assessment)) for key, title, caption, make in _TABLES],
        attested=[f for f in found if f.resource.startswith("attestation:")],
        drifted=_drifted(posture),
        summed_up=len({org for run in posture.runs for org in run.scores}) > charts.MANY,
        charts=[Markup(draw(posture.runs)) for draw in _CHARTS] if len(posture.runs) > 1 else [],  # noqa: S704  # escaped where they are drawn
        pairs=charts.radius_pairs(posture.radii),
        stack=charts.STACK,
        frameworks=[(each, standings(each, assessment)) for each in frameworks()],
        roi=reckon(posture.roi or ARTICLE),
        roi_lines=lines(reckon(posture.roi or ARTICLE)),
        corrections=corrections(reckon(posture.roi or ARTICLE)),
        spoken=_spoken,
        style=_inlined("report.css"),
        script=_inlined("report.js"),
    )


def _drifted(posture: Posture) -> list[tuple[DriftClass, str, tuple[Drifted, ...]]]:
    """Every class with what it means, empty ones too."""
    if posture.drift is None:
        return []
    return [(each, _MEANINGS[each], posture.drift.of(each)) for each in DriftClass]


def _spoken(delay: timedelta | None) -> str:
    """Seconds, minutes or hours; unknown until it was measured."""
    if delay is None:
        return "unknown: not measured yet"
    seconds = delay.total_seconds()
    for size, word in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.1f} {word}"
    return f"{seconds:.0f} seconds"


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("tasks.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _inlined(name: str) -> Markup:
    """Our own style and script, constant files of this package: the only text that is not escaped."""
    return Markup(_environment().get_template(name).render())  # noqa: S704  # constant files of ours
