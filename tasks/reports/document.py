"""The assessment as JSON for machines and as CSV for spreadsheets."""

import csv
import io
import json
from typing import Any

from tasks.audit.model import Assessment
from tasks.reports import artifacts, order

SCHEMA_VERSION = 1
COLUMNS = ("control", "org", "resource", "verdict", "severity", "summary", "remediation", "evidence")
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def render_json(assessment: Assessment) -> str:
    """Stable order, so that two documents can be compared line by line; the schema is beside this file."""
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
