"""Reads what runs, refuses or sends when records of a sandbox are written: names alone."""

from collections.abc import Sequence
from typing import Any

from tasks.errors import OrgError
from tasks.masking.model import Automations
from tasks.salesforce.metadata import list_metadata
from tasks.salesforce.pages import Row
from tasks.salesforce.session import Session

_FLOWS = "SELECT ApiName, TriggerType FROM FlowDefinitionView WHERE IsActive = true"


def read_automations(session: Session, objects: Sequence[str]) -> Automations:
    """What could not be read is None: unknown is not nothing."""
    tooling = session.read_all(
        {
            "triggers": "SELECT Name, TableEnumOrId FROM ApexTrigger WHERE Status = 'Active'",
            "rules": "SELECT ValidationName, EntityDefinition.QualifiedApiName FROM ValidationRule WHERE Active = true",
        },
        tooling=True,
    )
    triggers = _by_object(tooling["triggers"], objects, lambda row: (row["TableEnumOrId"], row["Name"]))
    rules = _by_object(
        tooling["rules"],
        objects,
        lambda row: ((row["EntityDefinition"] or {}).get("QualifiedApiName"), row["ValidationName"]),
    )
    flows = session.read_all({"flows": _FLOWS})["flows"]
    running = None
    if not isinstance(flows, OrgError):
        running = tuple(
            sorted(str(row["ApiName"]) for row in flows if str(row["TriggerType"]).startswith("Record"))
        )
    listed = {kind: _listed(session, kind, objects) for kind in ("WorkflowRule", "DuplicateRule")}
    return Automations(
        triggers=triggers,
        validation_rules=rules,
        workflow_rules=listed["WorkflowRule"],
        duplicate_rules=listed["DuplicateRule"],
        flows=running,
    )


def _listed(session: Session, kind: str, objects: Sequence[str]) -> dict[str, tuple[str, ...]] | None:
    """Components that are named `Object.Name` (Metadata API guide, WorkflowRule; DuplicateRule)."""
    try:
        names = list_metadata(session, [kind])[kind]
    except OrgError:
        return None
    found: dict[str, list[str]] = {}
    for name in names:
        sobject, _, rule = name.partition(".")
        if sobject in objects:
            found.setdefault(sobject, []).append(rule)
    return {sobject: tuple(rules) for sobject, rules in found.items()}


def _by_object(
    answer: list[Row] | OrgError, objects: Sequence[str], pair: Any
) -> dict[str, tuple[str, ...]] | None:
    if isinstance(answer, OrgError):
        return None
    found: dict[str, list[str]] = {}
    for row in answer:
        sobject, name = pair(row)
        if sobject in objects:
            found.setdefault(str(sobject), []).append(str(name))
    return {sobject: tuple(sorted(names)) for sobject, names in found.items()}
