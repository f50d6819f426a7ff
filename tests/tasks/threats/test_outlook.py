"""Whom a change of the platform or a trace of a campaign hits, and what nobody can say."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tasks.alerts.model import Severity
from tasks.audit.model import OrgEvidence
from tasks.estate.model import CloudEntry, Estate
from tasks.estate.model_threats import ThreatsPolicy
from tasks.inventory.model import OauthGrant
from tasks.threats import gateway
from tasks.threats.model import (
    Campaign,
    Indicator,
    IndicatorKind,
    Outlook,
    PackStanding,
    PackState,
    PlatformChange,
    ThreatPack,
)
from tasks.threats.outlook import outlook, over, told
from tasks.threats.pages import markdown
from tasks.threats.signed import standings
from tasks.threats.traits import SOAP, TRAITS
from tests.tasks.audit import evidence_factory as factory

TODAY = date(2026, 12, 1)
POLICY = ThreatsPolicy()
ROUTE = "HQ_to_EMEA"


def estate() -> Estate:
    return Estate(
        name="Test",
        orgs=(factory.entry("hq"), factory.entry("emea")),
        routes=(factory.route(ROUTE, "hq", "emea", "To_EMEA"),),
        cloud=CloudEntry(region="eu-central-1"),
    )


def change(trait: str, takes_effect: date = TODAY + timedelta(days=90)) -> PlatformChange:
    return PlatformChange(id="a-change", title="Something changes", takes_effect=takes_effect, trait=trait,
                          what_to_do="Do something about it.", source="an article")  # fmt: skip


def campaign(kind: IndicatorKind, value: str, *, weak: bool = False) -> Campaign:
    seen = Indicator(kind=kind, value=value, source="somebody else", weak=weak)
    return Campaign(id="a-campaign", title="A campaign", what_to_do="Look at it at once.", indicators=(seen,))


def judged(
    *things: PlatformChange | Campaign,
    state: PackState = PackState.GOOD,
    unread: dict[str, str] | None = None,
    **orgs: OrgEvidence,
) -> Outlook:
    pack = ThreatPack(
        id="test",
        version=1,
        made=date(2026, 1, 1),
        expires=date(2027, 1, 1),
        changes=tuple(each for each in things if isinstance(each, PlatformChange)),
        campaigns=tuple(each for each in things if isinstance(each, Campaign)),
    )
    standing = PackStanding(
        name="test.yaml",
        state=state,
        publisher="us",
        pack=pack,
        why="" if state is PackState.GOOD else "over",
    )
    return outlook([standing], orgs, unread or {}, estate(), POLICY, TODAY)


def org(alias: str = "emea", **changes: Any) -> OrgEvidence:
    return replace(factory.orderly_org(alias), **changes)


def about(seen: Outlook) -> set[tuple[str, str, str]]:
    return {(hit.org, hit.route, hit.subject) for hit in seen.hits}


def test_who_signs_in_by_soap_is_named_with_the_route() -> None:
    by_soap = (factory.login("sync@emea", SOAP), factory.login("ann@emea", SOAP, success=False))
    seen = judged(change("soap-login"), emea=org(logins=by_soap))
    assert about(seen) == {("emea", ROUTE, "sync@emea")}
    assert not judged(
        change("soap-login"), emea=org(logins=(factory.login("sync@emea", "Remote Access 2.0"),))
    ).hits


def test_a_user_of_no_route_is_named_without_one() -> None:
    seen = judged(change("soap-login"), emea=org(logins=(factory.login("ann@emea", SOAP),)))
    assert about(seen) == {("emea", "", "ann@emea")}
    assert "no declared route" in told(seen)[0].detail


def test_a_route_that_rests_on_a_connected_app_is_named() -> None:
    assert about(judged(change("connected-app"), emea=org())) == {("emea", ROUTE, "Sync App")}
    assert not judged(change("connected-app"), hq=org("hq")).hits, "the app is that of the target"


def test_a_route_that_presents_a_signed_certificate_is_named() -> None:
    credential = factory.named_credential("To_EMEA", "emea")
    signed = factory.certificate("Mutual_TLS").model_copy(update={"ca_signed": True})
    own = signed.model_copy(update={"ca_signed": False})
    hq = org("hq", outbound=(credential,), certificates=(signed,))
    assert about(judged(change("public-client-certificate"), hq=hq)) == {("hq", ROUTE, "Mutual_TLS")}
    assert not judged(change("public-client-certificate"), hq=replace(hq, certificates=(own,))).hits


def test_a_token_of_an_app_that_is_not_installed_is_named() -> None:
    token = OauthGrant(
        app_name="Stranger", app_id=None, user_id="005-sync@emea", created=None, last_used=None, use_count=1
    )
    known = token.model_copy(update={"app_name": "sync_app"})
    assert about(judged(change("uninstalled-app"), emea=org(grants=(token, known)))) == {
        ("emea", ROUTE, "sync@emea")
    }


def test_what_is_near_is_an_error_and_what_is_far_is_not_told() -> None:
    emea = org(logins=(factory.login("sync@emea", SOAP),))
    for days, severity in (
        (POLICY.urgent.days, Severity.ERROR),
        (POLICY.urgent.days + 1, Severity.WARNING),
        (-400, Severity.ERROR),
    ):
        seen = judged(change("soap-login", TODAY + timedelta(days=days)), emea=emea)
        assert [hit.severity for hit in seen.hits] == [severity], days
    assert not judged(change("soap-login", TODAY + POLICY.ahead + timedelta(days=1)), emea=emea).hits


@pytest.mark.parametrize(
    ("kind", "value", "hit"),
    [
        (IndicatorKind.ADDRESS, factory.ABROAD, True),
        (IndicatorKind.ADDRESS, "203.0.113.0/24", True),
        (IndicatorKind.ADDRESS, "203.0.113.9", False),
        (IndicatorKind.ADDRESS, "2001:db8::/32", False),
        (IndicatorKind.APP, "sync_APP", True),
        (IndicatorKind.APP, "Drift", False),
        (IndicatorKind.AGENT, "Sync_App", False),
    ],
)
def test_a_trace_is_found_where_sign_ins_show_it(kind: IndicatorKind, value: str, hit: bool) -> None:
    logins = (factory.login("sync@emea", "Remote Access 2.0", address=factory.ABROAD, success=False),)
    seen = judged(campaign(kind, value), emea=org(logins=logins, grants=()))
    assert about(seen) == ({("emea", ROUTE, "sync@emea")} if hit else set())
    assert all(each.severity is Severity.CRITICAL and each.due is None for each in seen.hits)


def test_words_in_the_place_of_an_address_are_no_trace() -> None:
    logins = (factory.login("sync@emea", address="Salesforce.com IP"),)
    assert not judged(campaign(IndicatorKind.ADDRESS, "0.0.0.0/0"), emea=org(logins=logins, grants=())).hits


def test_an_expired_pack_finds_no_traces_and_keeps_its_dates() -> None:
    emea = org(logins=(factory.login("sync@emea", SOAP),))
    seen = judged(
        change("soap-login"), campaign(IndicatorKind.APP, "Sync"), state=PackState.EXPIRED, emea=emea
    )
    assert {hit.threat for hit in seen.hits} == {"a-change"}
    assert "threat-pack:test.yaml" in {alert.key for alert in told(seen)}


def test_what_could_not_be_looked_at_is_said_and_ends_no_alert() -> None:
    open_now = {
        "threat:a-change:emea": "emea",
        "threat-pack:old.yaml": "*",
        "other": "emea",
        "threat:gone:emea": "emea",
    }
    clean = judged(change("soap-login"), emea=org(logins=()))
    assert over(clean, open_now, told(clean)) == ["threat:a-change:emea", "threat-pack:old.yaml"]
    for dark in (
        judged(change("soap-login"), unread={"emea": "it does not answer"}),
        judged(change("soap-login"), emea=org(logins=(), gaps={"logins": "a right is missing"})),
        judged(change("a-rule-of-tomorrow"), emea=org()),
    ):
        assert dark.unjudged and not dark.hits
        assert "threat:a-change:emea" not in over(dark, open_now, told(dark))
        assert "What could not be judged" in markdown(dark)


def test_every_change_that_comes_along_has_a_rule() -> None:
    packs = standings(gateway.read_packs(""), POLICY.publishers, TODAY)
    named = {each.trait for pack in packs if pack.pack for each in pack.pack.changes}
    assert named == set(TRAITS)


def test_the_page_names_pack_route_and_day() -> None:
    page = markdown(judged(change("soap-login"), emea=org(logins=(factory.login("sync@emea", SOAP),))))
    assert ROUTE in page and "2027-03-01" in page and "| test.yaml | good | 1 |" in page
