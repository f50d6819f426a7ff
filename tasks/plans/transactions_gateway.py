"""Hands on transaction security policies: a policy and the flow that holds its condition, which travel in one package."""

from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from tasks.plans.model import Change, Resource, State
from tasks.salesforce.metadata import Component, flag, many, read_metadata
from tasks.salesforce.packages import deploy
from tasks.salesforce.session import Session
from tasks.salesforce.writing import RecordResult, WritingSession

POLICY, FLOW = "TransactionSecurityPolicy", "Flow"
_XMLNS = "http://soap.sforce.com/2006/04/metadata"
_EVENT = "myVariable_myEvent"
_ROWS, _USER = f"{_EVENT}.RowsProcessed", f"{_EVENT}.Username"


def read_transaction_policies(session: Session, resources: Sequence[Resource]) -> dict[Resource, State]:
    """What the org has. Raises OrgError."""
    policies = read_metadata(session, POLICY, [resource.key for resource in resources])
    names = sorted({str(each["flow"]) for each in policies.values() if each.get("flow")})
    flows = read_metadata(session, FLOW, names) if names else {}
    return {
        each: _state(policies[each.key], flows.get(str(policies[each.key].get("flow") or ""), {}))
        for each in resources
        if each.key in policies
    }


def write_transaction_policies(session: WritingSession, changes: Sequence[Change]) -> list[RecordResult]:
    """One result per change; all of them or none. Raises OrgError."""
    files: dict[str, bytes] = {}
    made = [change for change in changes if change.after is not None]
    gone = [change.resource.key for change in changes if change.after is None]
    for change in made:
        name = change.resource.key
        files[f"transactionSecurityPolicies/{name}.transactionSecurityPolicy"] = _policy(
            name, change.after or {}
        )
        files[f"flows/{name}.flow"] = _flow(name, change.after or {})
    names = [change.resource.key for change in made]
    results = deploy(session, files, {FLOW: names, POLICY: names}, {POLICY: gone, FLOW: gone})
    return [_worse(results, change.resource.key) for change in changes]


def _worse(results: Mapping[tuple[str, str], RecordResult], name: str) -> RecordResult:
    both = [results[kind, name] for kind in (POLICY, FLOW)]
    return next((each for each in both if each.code == "DEPLOY_REFUSED"), both[0])


def _state(policy: Component, flow: Component) -> State:
    action = policy.get("action")
    rows, spared = None, []
    for condition in _conditions(flow):
        value = condition.get("rightValue")
        right = value if isinstance(value, dict) else {}
        if condition.get("leftValueReference") == _ROWS:
            rows = int(float(right.get("numberValue") or 0))
        elif condition.get("leftValueReference") == _USER:
            spared.append(str(right.get("stringValue") or "").lower())
    return {
        "event": str(policy.get("eventName") or ""),
        "on": flag(policy, "active"),
        "block": isinstance(action, dict) and flag(action, "block"),
        "message": str(policy.get("blockMessage") or ""),
        "over": rows,
        "spared": [*sorted(spared)],
    }


def _conditions(flow: Component) -> list[dict[str, Any]]:
    return [
        condition
        for decision in many(flow, "decisions")
        if isinstance(decision, dict)
        for rule in many(decision, "rules")
        if isinstance(rule, dict)
        for condition in many(rule, "conditions")
        if isinstance(condition, dict)
    ]


def _policy(name: str, state: State) -> bytes:
    """`endSession` and `freezeUser` are of old policies and stay off (Metadata API guide, TransactionSecurityPolicy)."""
    block = str(bool(state["block"])).lower()
    return _document(
        POLICY,
        f"<action><block>{block}</block><endSession>false</endSession><freezeUser>false</freezeUser>"
        "<twoFactorAuthentication>false</twoFactorAuthentication></action>"
        f"<active>{str(bool(state['on'])).lower()}</active>"
        f"<blockMessage>{escape(str(state['message']))}</blockMessage>"
        f"<developerName>{name}</developerName>"
        f"<eventName>{escape(str(state['event']))}</eventName>"
        f"<flow>{name}</flow>"
        f"<masterLabel>{name.replace('_', ' ')}</masterLabel>"
        "<type>CustomConditionBuilderPolicy</type>",
    )


def _flow(name: str, state: State) -> bytes:
    """
    As the condition builder of Setup writes one: one decision, whose rule is the outcome. Shape after a public org's
    (SFDC-Assets/event-monitoring-demo, PolicyCondition_*.flow-meta.xml).
    """
    event = escape(str(state["event"]))
    conditions = ""
    if state["over"] is not None:
        conditions += _condition(_ROWS, "GreaterThan", f"<numberValue>{state['over']}.0</numberValue>")
    spared = state["spared"]
    for user in spared if isinstance(spared, list) else []:
        conditions += _condition(_USER, "NotEqualTo", f"<stringValue>{escape(str(user))}</stringValue>")
    return _document(
        FLOW,
        f"{_assignment('EvaluationOutcomeAssignment')}{_assignment('EvaluationOutcomeAssignmentFalse')}"
        "<decisions><name>myDecision</name><label>myDecision</label><locationX>0</locationX><locationY>0</locationY>"
        "<defaultConnector><targetReference>EvaluationOutcomeAssignmentFalse</targetReference></defaultConnector>"
        "<defaultConnectorLabel>default</defaultConnectorLabel>"
        f"<rules><name>myRule</name><conditionLogic>and</conditionLogic>{conditions}"
        "<connector><targetReference>EvaluationOutcomeAssignment</targetReference></connector>"
        "<label>myRule</label></rules></decisions>"
        f"<interviewLabel>{name}</interviewLabel><label>{name}</label>"
        "<processType>TransactionSecurityFlow</processType>"
        "<startElementReference>myDecision</startElementReference><status>Draft</status>"
        "<variables><name>EvaluationOutcome</name><dataType>Boolean</dataType><isCollection>false</isCollection>"
        "<isInput>false</isInput><isOutput>true</isOutput></variables>"
        f"<variables><name>{_EVENT}</name><dataType>SObject</dataType><isCollection>false</isCollection>"
        f"<isInput>true</isInput><isOutput>false</isOutput><objectType>{event}</objectType></variables>",
    )


def _assignment(name: str) -> str:
    return (
        f"<assignments><name>{name}</name><label>{name}</label><locationX>0</locationX><locationY>0</locationY>"
        "<assignmentItems><assignToReference>EvaluationOutcome</assignToReference><operator>Assign</operator>"
        "<value><elementReference>myRule</elementReference></value></assignmentItems></assignments>"
    )


def _condition(left: str, operator: str, right: str) -> str:
    return (
        f"<conditions><leftValueReference>{left}</leftValueReference><operator>{operator}</operator>"
        f"<rightValue>{right}</rightValue></conditions>"
    )


def _document(kind: str, inside: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><{kind} xmlns="{_XMLNS}">{inside}</{kind}>'.encode()
