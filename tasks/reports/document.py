"""The posture as JSON for machines, and its findings as CSV for spreadsheets."""

import csv
import io
import json
from typing import Any

from tasks.audit.model import Assessment
from tasks.compliance.maps import frameworks
from tasks.compliance.standing import standings
from tasks.reports import artifacts, order
from tasks.reports.model import Posture

SCHEMA_VERSION = 2
COLUMNS = ("control", "org", "resource", "verdict", "severity", "summary", "remediation", "evidence")
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def render_json(posture: Posture) -> str:
    """Stable order, so that two documents can be compared line by line; the schema is beside this file."""
    assessment = posture.assessment
    content: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "estate": assessment.estate,
        "made_at": assessment.made_at.isoformat(),
        "scores": [s.model_dump(mode="json") for s in assessment.scores],
        "verdicts": [
            v.model_dump(mode="json", exclude={"findings"})
            for v in sorted(assessment.verdicts, key=lambda v: (v.control, v.org))
        ],
        "findings": [f.model_dump(mode="json") for f in order.findings(assessment)],
        "edges": [
            e.model_dump(mode="json")
            for e in sorted(assessment.graph.edges, key=lambda e: (e.key, e.credential))
        ],
        "blast_radii": [
            r.model_dump(mode="json") | {"rows": r.rows, "sensitive_rows": r.sensitive_rows}
            for r in order.radii(assessment)
        ],
        "credentials": artifacts.calendar_table(assessment),
        "sensitive_fields": artifacts.sensitive_fields_table(assessment),
        "over_privileged": [o.model_dump(mode="json") for o in assessment.over_privileged],
        "waivers": [
            use.waiver.model_dump(mode="json") | use.model_dump(mode="json", exclude={"waiver"})
            for use in order.waivers(assessment)
        ],
        "unreadable": dict(sorted(assessment.unreadable.items())),
        "gaps": {org: dict(sorted(gaps.items())) for org, gaps in sorted(assessment.gaps.items())},
        "calls": dict(sorted(assessment.calls.items())),
        "drift": None if posture.drift is None else posture.drift.model_dump(mode="json"),
        "blast_radius_changes": [each.model_dump(mode="json") for each in posture.radii],
        "trend": [run.model_dump(mode="json") for run in posture.runs],
        "detection": [
            {
                "tier": each.tier.value,
                "alerts": each.alerts,
                "mean_seconds": None if each.mean is None else each.mean.total_seconds(),
                "p95_seconds": None if each.p95 is None else each.p95.total_seconds(),
            }
            for each in posture.tiers
        ],
        "compliance": [
            {
                "framework": each.id,
                "name": each.name,
                "version": each.version,
                "map_version": each.map_version,
                "date": each.date.isoformat(),
                "requirements": [s.model_dump(mode="json") for s in standings(each, assessment)],
                "unmapped": each.unmapped,
            }
            for each in frameworks()
        ],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def render_csv(assessment: Assessment) -> str:
    """One line per finding, worst first; no cell can start a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for f in order.findings(assessment):
        row = (f.control, f.org, f.resource, f.verdict, f.severity, f.summary, f.remediation)
        writer.writerow([safe(str(value)) for value in (*row, "; ".join(f.evidence))])
    return out.getvalue()


def safe(text: str) -> str:
    """Spreadsheets run a cell that begins like a formula; a leading apostrophe makes it text."""
    return "'" + text if text.lstrip(" ").startswith(_STARTS_FORMULA) else text
