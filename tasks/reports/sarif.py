"""The posture as SARIF 2.1.0 (OASIS), for code scanning dashboards: controls are rules, findings are results."""

import json
from importlib.metadata import version
from typing import Any

from tasks.audit.controls import catalogue
from tasks.audit.model import Control, Finding, Severity, Verdict, finding_uid
from tasks.compliance.maps import frameworks
from tasks.compliance.model import Framework
from tasks.reports import order
from tasks.reports.model import Posture

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
}
_SCORES = {Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "2.0"}
"""The middle of each band as dashboards cut them; not a measurement."""


def render_sarif(posture: Posture) -> str:
    """
    Failures are of kind `fail`; what could not be judged is `open`, never a pass; what is waived is suppressed with its
    reason. With a run before, each result says whether it is new, unchanged or updated.
    """
    return json.dumps(
        {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(posture)]}, indent=1, ensure_ascii=False
    )


def _run(posture: Posture) -> dict[str, Any]:
    assessment, maps = posture.assessment, frameworks()
    numbers = {control.id: i for i, control in enumerate(catalogue())}
    states = _states(posture)
    return {
        "tool": {
            "driver": {
                "name": "Bulkhead",
                "semanticVersion": version("bulkhead"),
                "rules": [_rule(control, maps) for control in catalogue()],
                "supportedTaxonomies": [{"name": m.id, "index": i} for i, m in enumerate(maps)],
            }
        },
        "automationDetails": {"id": f"assessment/{assessment.estate}/{assessment.made_at:%Y%m%dT%H%M%SZ}"},
        "invocations": [_invocation(posture)],
        "taxonomies": [_taxonomy(each) for each in maps],
        "results": [_result(f, numbers[f.control], states) for f in order.findings(assessment)],
    }


def _rule(control: Control, maps: tuple[Framework, ...]) -> dict[str, Any]:
    return {
        "id": control.id,
        "name": control.title,
        "shortDescription": {"text": control.title},
        "fullDescription": {"text": f"{control.title}. Layer: {control.layer}. Source: {control.source}."},
        "help": {"text": control.remediation},
        "defaultConfiguration": {"level": _LEVELS[control.severity]},
        "relationships": [
            {"target": {"id": each, "toolComponent": {"name": m.id, "index": i}}, "kinds": ["relevant"]}
            for i, m in enumerate(maps)
            for each in m.asked_by(control.id)
        ],
        "properties": {
            "tags": ["security", control.layer],
            "security-severity": _SCORES[control.severity],
        },
    }


def _taxonomy(framework: Framework) -> dict[str, Any]:
    return {
        "name": framework.id,
        "fullName": framework.name,
        "version": framework.version,
        "organization": framework.publisher,
        "informationUri": framework.source,
        "shortDescription": {"text": f"{framework.name}; map {framework.map_version} of {framework.date}"},
        "isComprehensive": False,
        "taxa": [
            {"id": name, "shortDescription": {"text": each.title}}
            for name, each in framework.requirements.items()
        ],
    }


def _invocation(posture: Posture) -> dict[str, Any]:
    assessment = posture.assessment
    unread = [
        {"level": "error", "message": {"text": f"{org} could not be read: {why}"}}
        for org, why in sorted(assessment.unreadable.items())
    ]
    gaps = [
        {"level": "warning", "message": {"text": f"{org}: {section} was not read: {why}"}}
        for org, each in sorted(assessment.gaps.items())
        for section, why in sorted(each.items())
    ]
    return {
        "executionSuccessful": not unread,
        "endTimeUtc": f"{assessment.made_at:%Y-%m-%dT%H:%M:%SZ}",
        "toolExecutionNotifications": unread + gaps,
    }


def _result(finding: Finding, rule: int, states: dict[tuple[str, str, str], str]) -> dict[str, Any]:
    unclear = finding.verdict is Verdict.UNKNOWN
    made: dict[str, Any] = {
        "ruleId": finding.control,
        "ruleIndex": rule,
        "kind": "open" if unclear else "fail",
        "level": "none" if unclear else _LEVELS[finding.severity],
        "message": {"text": f"{finding.org}: {finding.summary}"},
        "locations": [
            {
                "logicalLocations": [
                    {
                        "name": finding.resource,
                        "fullyQualifiedName": f"{finding.org}/{finding.resource}",
                        "kind": "resource",
                    }
                ]
            }
        ],
        "partialFingerprints": {"finding/v1": finding_uid(finding.control, finding.org, finding.resource)},
        "properties": {
            "org": finding.org,
            "severity": finding.severity.value,
            "remediation": finding.remediation,
            "evidence": list(finding.evidence),
        },
    }
    if finding.verdict is Verdict.WAIVED:
        reason = finding.evidence[-1] if finding.evidence else "accepted in policy.yaml"
        made["suppressions"] = [{"kind": "external", "status": "accepted", "justification": reason}]
    if state := states.get((finding.control, finding.org, finding.resource)):
        made["baselineState"] = state
    return made


def _states(posture: Posture) -> dict[tuple[str, str, str], str]:
    """Empty without a run before: SARIF wants the state on all results or on none."""
    if posture.drift is None:
        return {}
    return {
        (c.control, c.org, c.resource): "new"
        if c.before is None
        else "unchanged"
        if c.before is c.now
        else "updated"
        for c in posture.drift.changes
    }
