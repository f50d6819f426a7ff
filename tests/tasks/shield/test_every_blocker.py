"""
Over the wire: one blocker of every kind, queries of Apex by lot among them, each on a field of its own.

Before anything is written all are found, and a field that is only read has none; after it, what a scheme forbids is refused, and
whoever asks so all the same is named.
"""

from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest

from deployments.bench.rotation_setup import Administrator
from deployments.sandbox import launch
from tasks.encryption.model import Field
from tasks.errors import BadRequest
from tasks.estate.policy import Policy
from tasks.plans.gateway import OrgHands
from tasks.plans.model import Plan, ResourceKind
from tasks.salesforce.session import Session
from tasks.shield.asking_gateway import ask
from tasks.shield.choose import blockers, hinders, hit
from tasks.shield.gateway import read_shield
from tasks.shield.model import Caller, CallerKind, OrgShield, Scheme, Use
from tasks.shield.plan import choices, encryption_plan
from tests.running import RunningEstate
from tests.slices import chosen
from tests.tasks.salesforce.scanner import enforcer_session, scanner_session
from tests.tasks.shield.variants import Variant, asking, looking

pytestmark = [pytest.mark.slow, pytest.mark.timeout(500)]

ORG = "hq"
NOW = datetime(2026, 12, 1, tzinfo=UTC)
TEXT = {"type": "Text", "length": 40}
LOTS = chosen(range(200), 30)


@dataclass(frozen=True)
class Planted:
    """`asked` may be nothing: then the field only looks as if something used it."""

    field: str
    kind: CallerKind
    name: str
    use: Use | None
    body: dict[str, Any] = field(default_factory=lambda: dict(TEXT))


def flow(element: str, sobject: str, **more: Any) -> dict[str, Any]:
    inner = {"name": "Get", "label": "Get", "object": sobject, **more}
    return {"label": "F", "processType": "AutoLaunchedFlow", "status": "Active", element: inner}


def report(**more: Any) -> dict[str, Any]:
    columns = {"field": "ACCOUNT.NAME"}
    return {"name": "R", "format": "Summary", "reportType": "AccountList", "columns": columns, **more}


def condition(name: str, operator: str) -> dict[str, Any]:
    return {"field": name, "operator": operator, "value": {"stringValue": "x"}}


def item(name: str, operation: str) -> dict[str, Any]:
    return {"field": name, "operation": operation, "value": "x"}


def criterion(column: str, operator: str) -> dict[str, Any]:
    return {"criteriaItems": {"column": column, "operator": operator, "value": "x"}}


SHARED = {"label": "S", "accessLevel": "Read", "sharedTo": {"group": "Private_Bankers"}}
FLOW, VIEW, REPORT = CallerKind.FLOW, CallerKind.LIST_VIEW, CallerKind.REPORT
SHARING, FORMULA, MATCHING = CallerKind.SHARING_RULE, CallerKind.FORMULA, CallerKind.MATCHING_RULE
DECLARED: tuple[tuple[str, str, CallerKind, str, Use, Any], ...] = (
    ("Account.B1__c", "Flow", FLOW, "B1", Use.EQUALITY,
     lambda n: flow("recordLookups", "Account", filters=condition(n, "EqualTo"))),
    ("Contact.B2__c", "Flow", FLOW, "B2", Use.COMPARISON,
     lambda n: flow("recordUpdates", "Contact", filters=[condition("Name", "EqualTo"), condition(n, "Contains")])),
    ("Account.B3__c", "Flow", FLOW, "B3", Use.SORT,
     lambda n: flow("recordLookups", "Account", sortField=n, sortOrder="Asc")),
    ("Account.B4__c", "Flow", FLOW, "B4", Use.EQUALITY,
     lambda n: flow("dynamicChoiceSets", "Account", filters=condition(n, "NotEqualTo"))),
    ("Account.B5__c", "Flow", FLOW, "B5", Use.COMPARISON,
     lambda n: flow("start", "Account", filters=condition(n, "StartsWith"))),
    ("Account.C1__c", "ListView", VIEW, "Account.C1", Use.EQUALITY,
     lambda n: {"label": "C1", "filterScope": "Everything", "filters": item(n, "equals")}),
    ("Contact.C2__c", "ListView", VIEW, "Contact.C2", Use.COMPARISON,
     lambda n: {"label": "C2", "filterScope": "Mine", "filters": [item("NAME", "equals"), item(n, "contains")]}),
    ("Account.D1__c", "Report", REPORT, "Risk/D1", Use.EQUALITY,
     lambda n: report(filter=criterion(f"Account.{n}", "equals"))),
    ("Account.D2__c", "Report", REPORT, "Risk/D2", Use.GROUP,
     lambda n: report(groupingsAcross={"field": f"Account${n}", "sortOrder": "Asc"})),
    ("Account.D3__c", "Report", REPORT, "Risk/D3", Use.SORT, lambda n: report(sortColumn=f"Account.{n}")),
    ("Contact.D4__c", "Report", REPORT, "Risk/D4", Use.COMPARISON,
     lambda n: report(crossFilters={"operation": "with", **criterion(f"Account.Contacts${n}", "startsWith")})),
    ("Account.D5__c", "Report", REPORT, "Risk/D5", Use.GROUP,
     lambda n: report(block=[report(groupingsDown={"field": f"Account.{n}"}), report()])),
    ("Account.E1__c", "SharingCriteriaRule", SHARING, "Account.E1", Use.SHARING,
     lambda n: {**SHARED, "criteriaItems": [item("Name", "equals"), item(n, "equals")]}),
    ("Contact.E2__c", "SharingGuestRule", SHARING, "Contact.E2", Use.SHARING,
     lambda n: {**SHARED, "criteriaItems": item(n, "equals")}),
    ("Account.F1__c", "CustomField", FORMULA, "Account.F1_Of__c", Use.FORMULA,
     lambda n: {"label": "F", **TEXT, "formula": f"LEFT({n}, 2)"}),
    ("Account.F2__c", "CustomField", FORMULA, "Contact.F2_Of__c", Use.FORMULA,
     lambda n: {"label": "F", **TEXT, "formula": f'IF(Account.{n} = "x", "a", "b")'}),
    ("Account.F3__c", "CustomField", FORMULA, "Account.F3_Of__c", Use.SHOWN,
     lambda n: {"label": "F", **TEXT, "formula": f'"No. " & {n}'}),
    ("Contact.G1__c", "MatchingRule", MATCHING, "Contact.G1", Use.EQUALITY,
     lambda n: {"label": "G", "ruleStatus": "Active", "matchingRuleItems": {"fieldName": n, "matchingMethod": "Exact"}}),
)  # fmt: skip
"""Field, type of component, kind, name, use, and the component as it follows from the field's name."""
OWN: tuple[tuple[str, Use, dict[str, Any]], ...] = (
    ("Account.H1__c", Use.UNIQUE, {**TEXT, "unique": "true", "caseSensitive": "true"}),
    ("Contact.H2__c", Use.EXTERNAL_ID, {**TEXT, "externalId": "true"}),
    ("Account.H3__c", Use.HISTORY, {**TEXT, "trackHistory": "true"}),
    ("Account.H4__c", Use.TYPE, {"type": "Currency", "precision": 16, "scale": 2}),
    ("Account.H5__c", Use.TYPE, {"type": "Number", "precision": 16, "scale": 0}),
    ("Contact.H6__c", Use.TYPE, {"type": "Checkbox", "defaultValue": "false"}),
    ("Contact.H7__c", Use.TYPE, {"type": "LongTextArea", "length": 32000, "visibleLines": 3}),
    ("Contact.H8__c", Use.TYPE, {"type": "Date"}),
)
HIDDEN = "Contact.C2__c"
"""Which our user may not read."""
CLEAN = ("Account.Clean__c", "Contact.Clean__c", "Account.Looks__c", "Contact.Looks__c")


@pytest.fixture(scope="module")
def ground(estate: RunningEstate) -> Iterator[list[tuple[Variant, str]]]:
    """Everything planted; the queries of Apex with their classes' names."""
    launch.save_snapshot(estate.folder, "before-every-blocker")
    admin = Administrator(estate.folder, ORG)
    asked: list[tuple[Variant, str]] = []
    make(admin, dict.fromkeys(CLEAN, TEXT))
    make(admin, {name: body for name, _, body in OWN})
    make(admin, {name: TEXT for name, *_ in DECLARED})
    seen(admin, [*CLEAN, *(name for name, *_ in (*OWN, *DECLARED) if name != HIDDEN)])
    for name, kind, _, component, _, body in DECLARED:
        admin.write("upsertMetadata", kind, component, **body(name.partition(".")[2]))
    for lot in LOTS:
        variant = asking(Random(f"estate/{lot}"), f"A{lot}__c", f"A{lot}__c")
        make(admin, {variant.asked: TEXT})
        seen(admin, [variant.asked])
        apex(admin, f"Asking{lot}", variant.source)
        asked.append((variant, f"Asking{lot}"))
        apex(admin, f"Quiet{lot}", looking(Random(f"estate/{lot}"), "Looks__c", "Looks__c").source)
    admin.close()
    yield asked
    launch.restore_snapshot(estate.folder, "before-every-blocker")
    launch.delete_snapshot(estate.folder, "before-every-blocker")


def make(admin: Administrator, fields: dict[str, dict[str, Any]]) -> None:
    for name, body in fields.items():
        marks = {
            "securityClassification": "Restricted",
            "complianceGroup": "PII",
            "label": name.partition(".")[2],
        }
        admin.write("createMetadata", "CustomField", name, **marks, **body)


def seen(admin: Administrator, fields: Iterable[str]) -> None:
    """By the scanner."""
    [scanner] = admin.rows("SELECT Id FROM PermissionSet WHERE Name = 'Bulkhead_Scanner'")
    for name in fields:
        row = {"ParentId": scanner["Id"], "SobjectType": name.partition(".")[0], "Field": name}
        admin.rest("POST", "sobjects/FieldPermissions", json=row | {"PermissionsRead": True})


def apex(admin: Administrator, name: str, body: str) -> None:
    admin.rest("POST", "tooling/sobjects/ApexClass", json={"Name": name, "Body": body})


@pytest.fixture(scope="module")
def session(estate: RunningEstate) -> Iterator[Session]:
    with scanner_session(estate, ORG) as opened:
        yield opened


@pytest.fixture(scope="module")
def names(ground: list[tuple[Variant, str]]) -> list[str]:
    return [*CLEAN, *(n for n, *_ in OWN), *(n for n, *_ in DECLARED), *(v.asked for v, _ in ground)]


def shield_of(session: Session, names: list[str]) -> OrgShield:
    rows = {
        f"{sobject}.{row['QualifiedApiName']}": row["DataType"]
        for sobject in ("Account", "Contact")
        for row in session.query(
            "SELECT QualifiedApiName, DataType FROM FieldDefinition "
            f"WHERE EntityDefinition.QualifiedApiName = '{sobject}'"
        )
    }
    fields = [
        Field(
            name=name,
            label=name,
            sobject=name.partition(".")[0],
            data_type=rows[name],
            security_classification="Restricted",
            compliance_groups=("PII",),
        )
        for name in names
    ]
    formulas = [name for name, shown in rows.items() if shown.startswith("Formula")]
    return read_shield(session, [(each, "personal-identifier") for each in fields], formulas)


@pytest.fixture(scope="module")
def before(session: Session, names: list[str]) -> OrgShield:
    return shield_of(session, names)


def test_every_blocker_is_found_before_anything_is_written(
    before: OrgShield, ground: list[tuple[Variant, str]]
) -> None:
    assert before.unread == ()
    found = {(c.field, c.kind, c.name, c.use) for c in blockers(before.callers, before.fields)}
    wanted = {(name, kind, component, use) for name, _, kind, component, use, _ in DECLARED}
    wanted |= {(name, CallerKind.FIELD, name, use) for name, use, _ in OWN}
    wanted |= {(v.asked, CallerKind.APEX_CLASS, name, v.use) for v, name in ground if v.use}
    assert wanted - found == set()
    assert {each for each in found - wanted if each[0] not in CLEAN} == set(), "and nothing else"


def test_a_field_that_is_only_read_is_hindered_by_nobody(before: OrgShield) -> None:
    quiet: list[Caller] = [c for c in before.callers if c.field in CLEAN and c.use is not Use.TEXT]
    assert quiet == []
    chosen_now = {c.field.name: c.scheme for c in choices(before, [], [])}
    assert {chosen_now[name] for name in CLEAN} == {Scheme.PROBABILISTIC}


def test_what_a_scheme_forbids_is_refused_and_whoever_asks_is_named(
    estate: RunningEstate,
    session: Session,
    before: OrgShield,
    names: list[str],
    ground: list[tuple[Variant, str]],
) -> None:
    asked = [(variant, name) for variant, name in ground if variant.soql]
    assert len(asked) > len(ground) / 3
    for variant, _ in asked:
        session.query(variant.soql)
    plan = encryption_plan(Policy(), {ORG: before}, [], names, {}, "ann", NOW)
    schemes = {
        c.resource.key: Scheme(str((c.after or {})["scheme"]))
        for c in plan.changes
        if c.resource.kind is ResourceKind.FIELD_ENCRYPTION
    }
    left = {"Account.E1__c", "Contact.E2__c", "Account.F1__c", "Account.F2__c"}
    left |= {
        name for name, use, body in OWN if use is Use.TYPE and body["type"] not in ("LongTextArea", "Date")
    }
    assert schemes.keys() == set(names) - left
    assert all(any(f"{name} stays in clear" in risk for risk in plan.risks) for name in left)
    _write(estate, plan)

    after = shield_of(session, names)
    assert {f.name: f.scheme for f in after.fields if f.name in schemes} == schemes
    for variant, name in asked:
        scheme = schemes[variant.asked]
        stopped = any(
            hinders(c, scheme) for c in before.callers if c.name == name and c.field == variant.asked
        )
        if stopped:
            with pytest.raises(BadRequest):
                session.query(variant.soql)
        else:
            session.query(variant.soql)
    encrypted = [f for f in after.fields if f.name in schemes]
    answers, unread = ask(session, encrypted)
    assert [each.partition(":")[0] for each in unread] == [HIDDEN]
    told = {(c.field, c.name) for c in hit(after.callers, encrypted, answers)}
    wanted = {
        (c.field, c.name)
        for c in before.callers
        if c.field in schemes
        and c.field != HIDDEN
        and c.kind is not CallerKind.FIELD
        and hinders(c, schemes[c.field])
    }
    assert wanted and told == wanted
    assert {name for variant, name in ground if hinders_any(before, variant, schemes)} <= {n for _, n in told}


def hinders_any(shield: OrgShield, variant: Variant, schemes: dict[str, Scheme]) -> bool:
    return any(hinders(c, schemes[variant.asked]) for c in shield.callers if c.field == variant.asked)


def _write(estate: RunningEstate, plan: Plan) -> None:
    with enforcer_session(estate, ORG) as enforcer:
        hands = OrgHands(lambda _: nullcontext(enforcer))
        for change in plan.changes:
            assert hands.write([change]) == {}, str(change.resource)
