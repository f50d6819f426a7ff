"""What an approver reads: what is encrypted and how, who is stopped, what stays in clear and why, and what people do besides."""

from datetime import UTC, datetime

from tasks.encryption.model import TenantSecret
from tasks.estate.model_data import ClearText, ShieldPolicy
from tasks.estate.policy import Policy
from tasks.plans.digest import digest
from tasks.plans.model import Plan, ResourceKind
from tasks.plans.render import markdown
from tasks.shield.declared import own_callers
from tasks.shield.model import (
    Answer,
    Caller,
    CallerKind,
    FieldFacts,
    Holder,
    OrgShield,
    Scheme,
    Use,
    Verified,
)
from tasks.shield.plan import DETERMINISTIC, HISTORY, choices, encryption_plan
from tasks.shield.report import blockers_markdown, told, verified_markdown

NOW = datetime(2026, 5, 13, 12, tzinfo=UTC)
SECRETS = tuple(
    TenantSecret(kind=kind, status="Active", version=1, created=NOW) for kind in ("Data", "DeterministicData")
)


def field(name: str, data_type: str = "Text(40)", **more: object) -> FieldFacts:
    known = {"kind": "financial", "scheme": Scheme.NONE, **more}
    return FieldFacts.model_validate({"name": name, "data_type": data_type, **known})


def caller(name: str, use: Use, kind: CallerKind = CallerKind.APEX_CLASS) -> Caller:
    return Caller(field=name, kind=kind, name="Search", use=use, detail="WHERE =", line=7)


def shield(*fields: FieldFacts, callers: tuple[Caller, ...] = (), **more: object) -> OrgShield:
    own = [each for facts in fields for each in own_callers(facts, history_encrypted=False)]
    known = {"deterministic": True, "history_encrypted": False, "secrets": SECRETS, **more}
    return OrgShield.model_validate(
        {"org": "hq", "sandbox": False, "now": NOW, "fields": fields, "callers": (*own, *callers), **known}
    )


def planned(found: OrgShield, *although: str, policy: Policy = Policy(), named: tuple[str, ...] = ()) -> Plan:  # noqa: B008  # frozen
    return encryption_plan(policy, {"hq": found}, named, although, {"hq": {"sync@hq"}}, "ann", NOW)


def keys(plan: Plan) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for change in plan.changes:
        found.setdefault(change.resource.kind.value, []).append(change.resource.key)
    return found


def test_only_what_needs_it_and_is_in_clear_is_encrypted() -> None:
    fields = (
        field("Account.A__c"),
        field("Account.B__c", scheme=Scheme.PROBABILISTIC),
        field("Account.C__c", kind="contact"),
        field("Account.D__c", scheme=None),
    )
    plan = planned(shield(*fields))
    assert keys(plan) == {"field-encryption": ["Account.A__c"]}
    assert any("scheme of Account.D__c could not be read" in risk for risk in plan.risks)
    assert any("synchronize Account" in line for line in plan.afterwards)
    assert keys(planned(shield(*fields), named=("account.c__C",))) == {"field-encryption": ["Account.C__c"]}


def test_what_a_scheme_needs_comes_first_and_is_needed_by_it() -> None:
    fields = (field("Account.A__c", history=True), field("Account.B__c"), field("Account.C__c"))
    found = shield(
        *fields, callers=(caller("Account.B__c", Use.EQUALITY),), deterministic=False, secrets=SECRETS[:1]
    )
    plan = planned(found)
    assert keys(plan) == {
        "org-setting": [DETERMINISTIC, HISTORY],
        "tenant-secret": ["DeterministicData"],
        "field-encryption": ["Account.A__c", "Account.B__c", "Account.C__c"],
    }
    needs = {c.resource.key: {plan.change(n).resource.key for n in c.needs} for c in plan.changes}
    assert needs["Account.B__c"] == {DETERMINISTIC, "DeterministicData", HISTORY}
    assert needs["Account.A__c"] == {HISTORY}


def test_a_deterministic_scheme_needs_a_probabilistic_secret_too() -> None:
    found = shield(field("Account.B__c"), callers=(caller("Account.B__c", Use.EQUALITY),), secrets=())
    plan = planned(found)
    assert keys(plan)["tenant-secret"] == ["Data", "DeterministicData"]
    needs = {c.resource.key: {plan.change(n).resource.key for n in c.needs} for c in plan.changes}
    assert needs["Account.B__c"] == {"Data", "DeterministicData"}


def test_what_was_not_looked_into_keeps_a_field_in_clear_until_somebody_accepts_it() -> None:
    found = shield(field("Account.A__c"), unread=("Flow: refused",))
    plan = planned(found)
    assert plan.changes == () and any("it is not known what uses it" in risk for risk in plan.risks)
    assert keys(planned(found, "Account.A__c")) == {"field-encryption": ["Account.A__c"]}
    packages = shield(field("Account.A__c"), hidden=("ApexClass: the source of 3 of packages is hidden",))
    plan = planned(packages)
    assert keys(plan) == {"field-encryption": ["Account.A__c"]}
    assert any("source of 3" in risk for risk in plan.risks)


def test_who_would_be_stopped_keeps_a_field_in_clear_until_somebody_accepts_it() -> None:
    found = shield(field("Account.A__c"), callers=(caller("Account.A__c", Use.SORT),))
    plan = planned(found)
    assert plan.changes == ()
    assert any("Account.A__c stays in clear: Apex class Search, line 7: sorted by" in r for r in plan.risks)
    accepted = planned(found, "Account.A__c")
    (change,) = accepted.changes
    assert "stops Apex class Search, line 7" in change.effect
    shown = markdown(accepted, digest(accepted), 1)
    assert "in clear" in shown and "field Account.A__c" in shown


def test_readers_that_policy_does_not_name_lose_it_unless_a_route_reads_through_them() -> None:
    holders = (
        Holder(name="Finance", field="Account.A__c", edit=True, users=("eve@hq",)),
        Holder(name="Sales", field="Account.A__c", edit=True, users=("bob@hq",)),
        Holder(name="Sync", field="Account.A__c", edit=False, users=("Sync@hq",)),
        Holder(name="Sales", field="Account.B__c", edit=False, users=("bob@hq",)),
    )
    clear = ClearText(org="hq", field="Account.A*", readers=("Finance",))
    policy = Policy(shield=ShieldPolicy(clear_text=(clear,)))
    plan = planned(shield(holders=holders), policy=policy)
    assert keys(plan) == {"field-permission": ["Sales/Account.A__c"]}
    assert plan.changes[0].users == ("bob@hq",) and plan.changes[0].before == {"read": True, "edit": True}
    assert any("Sync goes on reading Account.A__c" in risk for risk in plan.risks)


def test_the_pages_name_fields_callers_and_what_is_refused() -> None:
    facts = field("Account.A__c")
    found = shield(facts, callers=(caller("Account.A__c", Use.SORT),), unread=("Flow: refused",))
    page = blockers_markdown({"hq": found}, {"hq": choices(found, [], [])})
    for words in ("Account.A__c", "Apex class Search, line 7", "**none fits**", "Flow: refused"):
        assert words in page.replace("<br>", " ")
    verified = Verified(
        org="hq",
        at=NOW,
        fields=(facts.model_copy(update={"scheme": Scheme.PROBABILISTIC}),),
        answers=(
            Answer(field="Account.A__c", use=Use.SORT, code="INVALID_FIELD"),
            Answer(field="Account.A__c", use=Use.EQUALITY, code=""),
        ),
        hit=(caller("Account.A__c", Use.SORT),),
    )
    assert told(verified) == "1 of 2 kinds of queries are refused, and 1 caller asks so."
    shown = verified_markdown(verified)
    assert "| probabilistic | sorting | equality |" in shown and "Search, line 7" in shown.replace(
        "<br>", " "
    )
    assert ResourceKind.FIELD_ENCRYPTION.value not in shown
