"""How old a credential is, and the calendar of all of them."""

from datetime import timedelta

import pytest

from tasks.credentials import ages
from tasks.credentials.ages import secret_since
from tasks.credentials.model import CredentialKind
from tasks.inventory.model import OauthGrant, OutboundKind
from tests.tasks.audit.evidence_factory import NOW, World, certificate, days, named_credential, stored


def since(world: World, credential: str):
    evidence = world.evidence()
    (edge,) = [e for e in evidence.graph.edges if e.credential == credential]
    return secret_since(edge, evidence.orgs, evidence.cloud)


def with_secret(**changes) -> World:
    return World().store(stored("mw", target_host="emea.my.salesforce.com", username="sync@emea", **changes))


def test_a_jwt_credential_is_as_old_as_its_certificate() -> None:
    assert since(World(), "EMEA") == days(30)


def test_a_stored_secret_is_as_old_as_its_last_change_not_as_its_name() -> None:
    assert since(with_secret(created=days(1000), last_changed=days(10)), "mw") == days(10)


def test_a_rotation_renews_a_stored_secret() -> None:
    assert since(with_secret(last_changed=days(200), last_rotated=days(5)), "mw") == days(5)


def test_a_change_beside_the_credential_renews_nothing() -> None:
    assert since(with_secret(last_changed=days(1), kept_since=days(85)), "mw") == days(85)


def test_a_password_is_as_old_as_the_user_s_last_change_wherever_it_is_kept() -> None:
    world = with_secret(holds_password=True, last_changed=days(1)).user(
        "emea", "sync@emea", last_password_change=days(300)
    )
    assert since(world, "mw") == days(300)


def test_what_nothing_dates_has_no_age() -> None:
    assert since(World().put("hq", certificates=()), "EMEA") is None
    never = World().user("emea", "sync@emea", last_password_change=None)
    never.put("hq", outbound=(named_credential("EMEA", "emea", kind=OutboundKind.PASSWORD),))
    assert since(never, "EMEA") is None


def calendar(world: World):
    return world.evidence().ages


def test_the_calendar_lists_key_pairs_with_the_edges_that_use_them() -> None:
    (line,) = [a for a in calendar(World()) if a.name == "EMEA_Cert"]
    assert (line.org, line.kind, line.age) == ("hq", CredentialKind.KEY_PAIR, timedelta(days=30))
    assert line.used_by == ("certificate:hq/EMEA_Cert->emea",)


def test_a_certificate_that_nothing_uses_is_listed_as_such() -> None:
    world = World().add("hq", certificates=(certificate("Forgotten", age=900),))
    (line,) = [a for a in calendar(world) if a.name == "Forgotten"]
    assert line.used_by == ()


@pytest.mark.parametrize("holds_password", [True, False])
def test_secrets_that_open_no_org_are_no_line_and_passwords_are_one_each(holds_password: bool) -> None:
    lines = calendar(with_secret(holds_password=holds_password))
    assert [a.name for a in lines if a.kind is CredentialKind.SECRET] == ["mw"]
    assert [a.name for a in lines if a.kind is CredentialKind.PASSWORD] == ["sync@emea"] * holds_password


def test_what_ends_first_comes_first() -> None:
    world = World().add("hq", certificates=(certificate("Soon", life=31),))
    evidence = world.evidence()
    lines = ages.calendar(evidence.orgs, evidence.cloud, evidence.graph.edges, NOW)
    assert lines[0].name == "Soon" and lines[0].expires == (NOW + timedelta(days=1)).date()


def consented(*given: float) -> World:
    outbound = named_credential(
        "EMEA", "emea", kind=OutboundKind.AUTHORIZATION_CODE, signing_certificate=None, auth_provider="P"
    )
    name = World().evidence().orgs["emea"].apps[0].name
    grants = tuple(
        OauthGrant(
            app_name=name, app_id=None, user_id="005-sync@emea", created=days(age), last_used=NOW, use_count=1
        )
        for age in given
    )
    return World().put("hq", outbound=(outbound,)).put("emea", grants=grants)


def test_a_refresh_token_is_as_old_as_the_oldest_consent_that_still_stands() -> None:
    assert since(consented(40), "EMEA") == days(40)
    assert since(consented(1, 200), "EMEA") == days(200), "the former one was left alive"
    assert since(consented(), "EMEA") is None
    (line,) = [a for a in calendar(consented(40)) if a.kind is CredentialKind.REFRESH_TOKEN]
    assert (line.org, line.name, line.age) == ("hq", "EMEA", timedelta(days=40))
