"""The report: one HTML file that asks for nothing from any network and can be read without scripts."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tasks.audit.model import Assessment
from tasks.reports import artifacts, order, picture

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


def render_html(assessment: Assessment, previous: Assessment | None = None) -> str:
    """With `previous` the report also says what is new and what is gone since then."""
    found = order.findings(assessment)
    environment = _environment()
    return environment.get_template("report.html.j2").render(
        a=assessment,
        orgs=order.orgs(assessment),
        layers=order.controls(assessment),
        verdicts=order.verdicts(assessment),
        symbols=order.SYMBOLS,
        findings=found,
        picture=picture.draw(assessment),
        tables=[(key, title, caption, make(assessment)) for key, title, caption, make in _TABLES],
        attested=[f for f in found if f.resource.startswith("attestation:")],
        drift=_drift(assessment, previous),
        style=_inlined("report.css"),
        script=_inlined("report.js"),
    )


def _drift(assessment: Assessment, previous: Assessment | None) -> tuple[list[str], list[str]] | None:
    """Findings that are new and that are gone."""
    if previous is None:
        return None
    now, then = (
        {f"{f.control} {f.org} {f.resource} ({f.verdict})" for f in a.findings()}
        for a in (assessment, previous)
    )
    return sorted(now - then), sorted(then - now)


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
