"""What is planted is found, what is planned is written, and what Shield refuses is refused, over the wire."""

import json
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any

import pytest

from deployments.sandbox import launch
from tasks.errors import BadRequest
from tasks.estate.model_data import ClearText, ShieldPolicy
from tasks.estate.policy import Policy
from tasks.plans.gateway import OrgHands
from tasks.plans.model import Change, History, Plan, Refusal, Resource, ResourceKind
from tasks.plans.rollback import rollback
from tasks.salesforce.exports import read_export
from tasks.salesforce.session import Session
from tasks.salesforce.writing import WritingSession
from tasks.shield.asking_gateway import ask
from tasks.shield.choose import blockers
from tasks.shield.gateway import read_shield, secrets_of
from tasks.shield.holders_gateway import read_holders
from tasks.shield.model import OrgShield, Scheme, SecretsOf, Use
from tasks.shield.plan import choices, encryption_plan
from tasks.shield.rotation import rotation_plan
from tests.running import RunningEstate
from tests.tasks.conftest import Open
from tests.tasks.salesforce.scanner import enforcer_session
from tests.tasks.shield.estate_fields import fields_of

SCORE = "Contact.CreditScore__c"
NOW = datetime(2026, 12, 1, tzinfo=UTC)

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True, scope="module")
def as_before(estate: RunningEstate) -> Iterator[None]:
    launch.save_snapshot(estate.folder, "before-shield")
    yield
    launch.restore_snapshot(estate.folder, "before-shield")
    launch.delete_snapshot(estate.folder, "before-shield")


@pytest.fixture
def planted(estate: RunningEstate) -> list[dict[str, Any]]:
    found = json.loads((estate.folder / "answer-key.json").read_text())["blockers"]
    assert [each["variant"] for each in found] == list("abcdefghi")
    return list(found)


@pytest.fixture
def alias(planted: list[dict[str, Any]]) -> str:
    return str(planted[0]["org"])


@pytest.fixture
def hands(estate: RunningEstate, alias: str) -> Iterator[OrgHands]:
    session = enforcer_session(estate, alias)
    yield OrgHands(lambda _: nullcontext(session))
    session.close()


def shield_of(session: Session) -> OrgShield:
    fields, formulas = fields_of(session)
    return read_shield(session, fields, formulas)


def write(hands: OrgHands, plan: Plan) -> dict[int, Refusal]:
    """Change by change, as the engine does, each read before and behind."""
    refused: dict[int, Refusal] = {}
    for change in plan.changes:
        assert hands.read([change.resource])[change.resource] == change.before, str(change.resource)
        refused |= hands.write([change])
        assert change.number in refused or hands.read([change.resource])[change.resource] == change.after
    return refused


def test_every_planted_blocker_is_found_and_leads_to_the_scheme_that_fits(
    org: Open, planted: list[dict[str, Any]], alias: str
) -> None:
    shield = shield_of(org(alias))
    assert shield.unread == ()
    chosen = choices(shield, [], [])
    found = {(c.field, c.kind.value, c.name) for c in blockers(shield.callers, [c.field for c in chosen])}
    wanted = {(each["field"], each["kind"], each["name"]) for each in planted}
    assert wanted <= found
    # What they are: a long text, and a standard field that Salesforce does not list.
    others = {(field, name) for field, _, name in found - wanted}
    assert others <= {(each, each) for each in ("Case.Description", "Account.AccountNumber")}
    schemes = {c.field.name: (c.scheme.value if c.scheme else "") for c in chosen}
    assert schemes.items() >= {each["field"]: each["scheme"] for each in planted}.items()
    (search,) = [c for c in shield.callers if c.name == "ClientSearch"]
    assert search.line == 6 and search.use is Use.EQUALITY
    assert not [c for c in shield.callers if c.name == "ClientExport"], "it only selects, and a comment asks"


def test_what_is_planned_is_written_and_the_org_refuses_what_that_stops(
    org: Open, alias: str, hands: OrgHands
) -> None:
    session = org(alias)
    before = shield_of(session)
    score = f"SELECT Id FROM Contact WHERE {SCORE.partition('.')[2]} < '500' LIMIT 1"
    session.query(score)
    plan = encryption_plan(Policy(), {alias: before}, [], [SCORE], {}, "ann", NOW)
    encrypted = {
        c.resource.key: (c.after or {})["scheme"]
        for c in plan.changes
        if c.resource.kind is ResourceKind.FIELD_ENCRYPTION
    }
    assert encrypted["Account.SSN__c"] == Scheme.CASE_INSENSITIVE
    assert encrypted["Transaction__c.Iban__c"] == Scheme.PROBABILISTIC
    assert "Contact.SSN__c" not in encrypted and "Account.Credit_Limit__c" not in encrypted
    assert any("list view Contact.Low_Scores" in c.effect for c in plan.changes)
    assert any("Contact.SSN__c stays in clear" in risk for risk in plan.risks)
    assert write(hands, plan) == {}

    after = shield_of(session)
    assert {f.name: f.scheme for f in after.fields if f.name in encrypted} == encrypted
    assert after.history_encrypted
    with pytest.raises(BadRequest):
        session.query(score)
    session.query("SELECT Id FROM Account WHERE SSN__c = '078-05-1121' LIMIT 1")
    with pytest.raises(BadRequest):
        session.query("SELECT Id FROM Account WHERE SSN__c LIKE '078%' LIMIT 1")
    names = {*encrypted}
    answers, unread = ask(session, [f for f in after.fields if f.name in names])
    said = {(a.field, a.use): a.refused for a in answers}
    assert unread == ()
    for name, scheme in encrypted.items():
        assert said[name, Use.EQUALITY] is (scheme == Scheme.PROBABILISTIC), name
        assert all(said[name, use] for use in (Use.COMPARISON, Use.SORT, Use.GROUP, Use.AGGREGATE)), name
    hit = [c for c in after.callers if said.get((c.field, c.use))]
    assert [c.name for c in hit] == ["Contact.Low_Scores"]

    back = rollback(
        plan, History(attempts={c.number: 1 for c in plan.changes}), "ann", NOW, reason="a list view stopped"
    )
    assert back is not None and write(hands, back) == {}
    session.query(score)


def test_readers_that_policy_does_not_name_lose_a_field(org: Open, alias: str, hands: OrgHands) -> None:
    session = org(alias)
    shield = shield_of(session)
    shield = shield.model_copy(update={"holders": read_holders(session, ["Account.SSN__c"])})
    rights = {holder.name: holder for holder in shield.holders}
    assert rights["profile:System Administrator"].users
    policy = Policy(
        shield=ShieldPolicy(
            clear_text=(
                ClearText(org=alias, field="Account.SSN__c", readers=("profile:System Administrator",)),
            )
        )
    )
    scanner = rights["Bulkhead_Scanner"].users[0]
    plan = encryption_plan(
        policy, {alias: shield}, ["Account.SSN__c"], [], {alias: {scanner.lower()}}, "ann", NOW
    )
    taken = {c.resource.key for c in plan.changes if c.resource.kind is ResourceKind.FIELD_PERMISSION}
    kept = {"profile:System Administrator", "Bulkhead_Scanner"}
    assert taken == {f"{name}/Account.SSN__c" for name in rights.keys() - kept}
    assert any("Bulkhead_Scanner goes on reading" in risk for risk in plan.risks)
    assert write(hands, plan) == {}
    assert {holder.name for holder in read_holders(session, ["Account.SSN__c"])} == kept
    back = rollback(
        plan, History(attempts={c.number: 1 for c in plan.changes}), "ann", NOW, reason="Sales asks for it"
    )
    assert back is not None and write(hands, back) == {}
    assert {holder.name for holder in read_holders(session, ["Account.SSN__c"])} == rights.keys()


def test_a_secret_is_replaced_once_and_not_again_too_soon(
    org: Open, estate: RunningEstate, alias: str, hands: OrgHands
) -> None:
    session = org(alias)

    def held() -> SecretsOf:
        rows = session.query("SELECT Type, Status, Version, CreatedDate FROM TenantSecret")
        assert session.server_time is not None
        return SecretsOf(org=alias, sandbox=False, now=session.server_time, secrets=tuple(secrets_of(rows)))

    before = held()
    plan = rotation_plan(Policy(), {alias: before}, ["Data"], "ann", NOW)
    (change,) = plan.changes
    assert change.final
    assert write(hands, plan) == {}
    after = held()
    old, new = (
        (s.version, s.status) for s in sorted(after.secrets, key=lambda s: s.version) if s.kind == "Data"
    )
    assert (old[1], new[1]) == ("Archived", "Active")
    assert rotation_plan(Policy(), {alias: after}, ["Data"], "ann", NOW).changes == ()
    again = Change(
        number=1,
        resource=Resource(org=alias, kind=ResourceKind.OLD_TENANT_SECRET, key=f"Data/{new[0]}"),
        before={"status": "active"},
        after=None,
        kind=change.kind,
        control="ZT-06",
        why="once more",
        effect="once more",
    )
    assert hands.write([again])[1].code == "ROTATED_TOO_SOON"
    archived = session.query("SELECT Id FROM TenantSecret WHERE Type = 'Data' AND Status = 'Archived'")
    assert len(read_export(session, archived[0]["Id"])) == 32


def test_the_org_itself_refuses_what_cannot_be(estate: RunningEstate, alias: str) -> None:
    with enforcer_session(estate, alias) as session:
        assert _refused(session, "Contact.SSN__c") == "FIELD_INTEGRITY_EXCEPTION", "a formula uses it"
        assert _refused(session, "Account.AccountNumber") == "FIELD_INTEGRITY_EXCEPTION", (
            "so does a sharing rule"
        )
        assert _refused(session, "KYC_Check__c.Document_Number__c") == "FIELD_INTEGRITY_EXCEPTION", "unique"
        assert _refused(session, "Account.Credit_Limit__c") == "FIELD_INTEGRITY_EXCEPTION", "currency"


def _refused(session: WritingSession, field: str) -> str:
    hands = OrgHands(lambda _: nullcontext(session))
    change = Change(
        number=1,
        resource=Resource(org=session.alias, kind=ResourceKind.FIELD_ENCRYPTION, key=field),
        before={"scheme": "None"},
        after={"scheme": Scheme.PROBABILISTIC.value},
        kind="narrowing",
        control="ZT-06",
        why="to see it refused",
        effect="none",
    )
    return hands.write([change])[1].code
