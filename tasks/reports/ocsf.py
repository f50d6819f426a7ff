"""The posture as OCSF 1.5.0 events of class Compliance Finding (2003), for security lakes and SIEMs."""

import json
from datetime import datetime
from importlib.metadata import version
from typing import Any

from tasks.audit.controls import catalogue
from tasks.audit.model import Control, Finding, OrgVerdict, Severity, Verdict, finding_uid
from tasks.compliance.maps import frameworks
from tasks.reports import order
from tasks.reports.model import DriftClass, Drifted, Posture

VERSION = "1.5.0"
_CLASS, _CATEGORY = 2003, 2
_CREATE, _UPDATE, _CLOSE = 1, 2, 3
_ACTIVITIES = {_CREATE: "Create", _UPDATE: "Update", _CLOSE: "Close"}
_SEVERITIES = {
    Severity.LOW: (2, "Low"),
    Severity.MEDIUM: (3, "Medium"),
    Severity.HIGH: (4, "High"),
    Severity.CRITICAL: (5, "Critical"),
}
_INFORMATIONAL = (1, "Informational")
_COMPLIANCE = {
    Verdict.PASS: (1, "Pass"),
    Verdict.WAIVED: (3, "Fail"),
    Verdict.FAIL: (3, "Fail"),
    Verdict.UNKNOWN: (0, "Unknown"),
}
_NEW, _SUPPRESSED, _RESOLVED = (1, "New"), (3, "Suppressed"), (4, "Resolved")


def render_ocsf(posture: Posture) -> str:
    """
    A JSON array: one event for each finding, one for each control that passes in an org, and one that closes each finding
    that was resolved since the run before. What is waived fails and is suppressed; what could not be judged is Unknown.
    """
    return json.dumps(events(posture), indent=1, ensure_ascii=False) + "\n"


def events(posture: Posture) -> list[dict[str, Any]]:
    assessment, controls = posture.assessment, {control.id: control for control in catalogue()}
    known = (
        {} if posture.drift is None else {(c.control, c.org, c.resource): c for c in posture.drift.changes}
    )
    at = assessment.made_at
    made = [
        _of_finding(f, controls[f.control], known.get((f.control, f.org, f.resource)), at)
        for f in order.findings(assessment)
    ]
    made += [_of_pass(v, controls[v.control], at) for v in assessment.verdicts if v.verdict is Verdict.PASS]
    closed = () if posture.drift is None else posture.drift.of(DriftClass.RESOLVED)
    return made + [_of_resolved(change, controls[change.control], at) for change in closed]


def _of_finding(finding: Finding, control: Control, change: Drifted | None, at: datetime) -> dict[str, Any]:
    activity = _CREATE if change is None or change.before is None else _UPDATE
    event = _event(activity, control, finding.org, finding.resource, at)
    event["finding_info"]["desc"] = finding.summary
    event["compliance"] |= _status(finding.verdict)
    event["remediation"] = {"desc": finding.remediation}
    event["message"] = finding.summary
    status = _SUPPRESSED if finding.verdict is Verdict.WAIVED else _NEW
    if finding.evidence:
        event["unmapped"] = {"evidence": list(finding.evidence)}
    return event | _severity(_SEVERITIES[finding.severity]) | _state(status)


def _of_pass(verdict: OrgVerdict, control: Control, at: datetime) -> dict[str, Any]:
    event = _event(_CREATE, control, verdict.org, "org", at)
    event["compliance"] |= _status(Verdict.PASS)
    event["message"] = verdict.reason
    return event | _severity(_INFORMATIONAL) | _state(_RESOLVED)


def _of_resolved(change: Drifted, control: Control, at: datetime) -> dict[str, Any]:
    event = _event(_CLOSE, control, change.org, change.resource, at)
    event["compliance"] |= _status(Verdict.PASS)
    event["message"] = change.why
    return event | _severity(_SEVERITIES[change.severity]) | _state(_RESOLVED)


def _event(activity: int, control: Control, org: str, resource: str, at: datetime) -> dict[str, Any]:
    moment = int(at.timestamp() * 1000)
    kind = resource.partition(":")[0]
    return {
        "activity_id": activity,
        "activity_name": _ACTIVITIES[activity],
        "category_uid": _CATEGORY,
        "category_name": "Findings",
        "class_uid": _CLASS,
        "class_name": "Compliance Finding",
        "type_uid": _CLASS * 100 + activity,
        "type_name": f"Compliance Finding: {_ACTIVITIES[activity]}",
        "time": moment,
        "metadata": {
            "version": VERSION,
            "product": {"name": "Bulkhead", "vendor_name": "Bulkhead", "version": version("bulkhead")},
        },
        "finding_info": {
            "uid": finding_uid(control.id, org, resource),
            "title": f"{control.id} {control.title}",
            "desc": control.title,
            "types": [control.layer],
            "created_time": moment,
        },
        "compliance": {
            "control": control.id,
            "standards": [m.name for m in frameworks() if m.asked_by(control.id)],
            "requirements": [f"{m.id}: {each}" for m in frameworks() for each in m.asked_by(control.id)],
        },
        "resources": [{"uid": f"{org}/{resource}", "name": resource, "type": kind, "namespace": org}],
    }


def _status(verdict: Verdict) -> dict[str, Any]:
    number, word = _COMPLIANCE[verdict]
    return {"status_id": number, "status": word}


def _severity(severity: tuple[int, str]) -> dict[str, Any]:
    return {"severity_id": severity[0], "severity": severity[1]}


def _state(status: tuple[int, str]) -> dict[str, Any]:
    return {"status_id": status[0], "status": status[1]}
