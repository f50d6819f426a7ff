"""Edges, who stands behind them, and how far a stolen secret reaches."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.inventory.edges import host_of, port_of
from tasks.inventory.model import OauthGrant, OutboundKind, TrustEdge
from tests.tasks.audit.evidence_factory import (
    NOW,
    World,
    app,
    assigned,
    field,
    login,
    named_credential,
    on_field,
    on_object,
    permission_set,
    route,
    stored,
    user,
)


def edge(world: World, credential: str = "EMEA") -> TrustEdge:
    (found,) = [e for e in world.evidence().graph.edges if e.credential == credential]
    return found


def to_emea(**changes) -> World:
    return World().put("hq", outbound=(named_credential("EMEA", "emea", **changes),))


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [
        ("https://HQ.my.salesforce.com:8443/services", "hq.my.salesforce.com", 8443),
        ("https://hq.my.salesforce.com.", "hq.my.salesforce.com", 443),
        ("hq.my.salesforce.com:8443", "hq.my.salesforce.com", 8443),
        ("https://hq.my.salesforce.com@evil.example/", "evil.example", 443),
        ("https://hq.my.salesforce.com:x/", "hq.my.salesforce.com", 443),
        ("", "", 443),
    ],
)
def test_hosts_are_compared_in_lower_case_without_port(address: str, host: str, port: int) -> None:
    assert (host_of(address), port_of(address)) == (host, port)


def test_a_jwt_credential_is_its_key_pair_and_acts_as_its_subject() -> None:
    found = edge(World())
    assert (found.source, found.target, found.app) == ("hq", "emea", "Sync_App")
    assert found.secret_id == "certificate:hq/EMEA_Cert"
    assert found.run_as == ("sync@emea",) and not found.ambiguous
    assert found.routes == ("HQ_to_EMEA",) and found.presents_certificate and found.last_used == NOW


def test_credentials_that_sign_with_one_certificate_share_one_secret() -> None:
    both = [named_credential(n, "emea", signing_certificate="One") for n in ("A", "B")]
    graph = World().put("hq", outbound=tuple(both)).evidence().graph
    assert {e.secret_id for e in graph.edges} == {"certificate:hq/One"} and len(graph.radii) == 1


def test_a_subject_that_the_target_does_not_have_stays_empty() -> None:
    assert edge(to_emea(subject="gone@emea")).run_as == ()


def test_the_subject_is_found_whatever_its_case() -> None:
    assert edge(to_emea(subject="SYNC@EMEA")).run_as == ("sync@emea",)


def test_an_app_is_joined_by_its_consumer_key_and_by_nothing_else() -> None:
    world = to_emea(issuer="another-key").put("emea", apps=(app("EMEA", consumer_key="key-emea"),))
    assert edge(world).app is None


def test_client_credentials_act_as_the_user_of_the_app() -> None:
    world = to_emea(kind=OutboundKind.CLIENT_CREDENTIALS, subject=None, signing_certificate=None)
    world.put("emea", apps=(app(consumer_key="key-emea", client_credentials_user="sync@emea"),))
    assert edge(world).run_as == ("sync@emea",)
    assert edge(world).secret_id == "named-credential:hq/EMEA"


def granted(*people: str) -> World:
    world = to_emea(
        kind=OutboundKind.AUTHORIZATION_CODE, subject=None, signing_certificate=None, auth_provider="P"
    )
    grants = [
        OauthGrant(
            app_name="Sync App", app_id=None, user_id=f"005-{p}", created=NOW, last_used=NOW, use_count=1
        )
        for p in people
    ]
    return world.put("emea", grants=tuple(grants))


def test_one_grant_proves_the_user() -> None:
    found = edge(granted("ann@emea"))
    assert found.run_as == ("ann@emea",) and found.secret_id == "auth-provider:hq/P"


def test_several_grants_are_shown_and_not_chosen_from() -> None:
    found = edge(granted("sync@emea", "ann@emea"))
    assert found.run_as == ("ann@emea", "sync@emea") and found.ambiguous


def test_no_grant_is_nobody() -> None:
    assert edge(granted()).run_as == ()


def test_an_app_of_the_same_label_does_not_lend_its_grants() -> None:
    world = granted()
    twin = OauthGrant(
        app_name="Sync App",
        app_id="0H4-Twin",
        user_id="005-ann@emea",
        created=NOW,
        last_used=NOW,
        use_count=1,
    )
    assert edge(world.put("emea", grants=(twin,))).run_as == ()


def test_a_credential_without_authentication_is_no_trust() -> None:
    assert not to_emea(kind=OutboundKind.NONE).evidence().graph.edges


def test_other_hosts_are_listed_as_outside() -> None:
    graph = to_emea(url="https://emea.my.salesforce.com.evil.example").evidence().graph
    assert not graph.edges and [o.name for o in graph.outside] == ["EMEA"]


def secret(**changes) -> World:
    given = {
        "target_host": "emea.my.salesforce.com:8443",
        "username": "sync@emea",
        "consumer_key": "key-emea",
    }
    return World().put("hq", outbound=()).store(stored("mw", **{**given, **changes}))


def test_a_stored_secret_is_an_edge_of_the_org_it_is_tagged_with() -> None:
    found = edge(secret(tags={"source": "hq"}), "mw")
    assert (found.source, found.kind, found.secret_id) == ("hq", OutboundKind.JWT, "secret:mw")
    assert found.url.endswith(":8443")


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"holds_password": True}, OutboundKind.PASSWORD),
        ({"username": None}, OutboundKind.CLIENT_CREDENTIALS),
        ({"consumer_key": None}, OutboundKind.OTHER),
    ],
)
def test_the_parts_of_a_secret_say_how_it_signs_in(changes, kind) -> None:
    assert edge(secret(**changes), "mw").kind is kind


def test_a_source_that_is_no_org_is_not_invented() -> None:
    assert edge(secret(tags={"source": "mulesoft"}), "mw").source is None


def test_our_own_secrets_are_no_discovered_trust() -> None:
    world = secret().store(
        stored("own/emea/scanner", target_host="emea.my.salesforce.com", username="scanner@emea")
    )
    assert [e.credential for e in world.evidence().graph.edges] == ["mw"]


def test_a_route_is_found_by_its_credential_before_its_user() -> None:
    world = World().add("hq", outbound=(named_credential("Old", "emea"),))
    world.declare(routes=(route("R1", "hq", "emea", "EMEA"), route("R2", "hq", "emea", "gone")))
    assert edge(world, "EMEA").routes == ("R1",)
    assert edge(world, "Old").routes == ("R1", "R2")


def test_last_use_counts_machine_logins_of_that_app_only() -> None:
    world = World().put(
        "emea", logins=(login("sync@emea", "Application"), login("ann@emea", "Remote Access 2.0"))
    )
    assert edge(world).last_used is None


def test_an_org_that_could_not_be_read_keeps_its_inbound_edges_with_nobody_proven() -> None:
    world = World()
    del world.orgs["emea"]
    found = edge(world)
    assert found.run_as == () and found.app is None
    (radius,) = [r for r in world.evidence().graph.radii if r.secret_id == found.secret_id]
    assert radius.orgs == ("emea",) and radius.reach == () and radius.ambiguous


def radius(world: World, secret_id: str = "certificate:hq/EMEA_Cert"):
    (found,) = [r for r in world.evidence().graph.radii if r.secret_id == secret_id]
    return found


def test_a_radius_counts_the_rows_of_readable_objects() -> None:
    found = radius(World())
    assert (found.orgs, found.hops, found.rows, found.sensitive_rows) == (("emea",), 1, 47_000, 0)


def test_sensitive_rows_count_where_a_sensitive_field_can_be_read() -> None:
    world = World().add("emea", field_permissions=(on_field("sync", "Account.SSN__c"),))
    assert radius(world).sensitive_rows == 47_000
    assert radius(world).reach[0].sensitive_fields == ("Account.SSN__c",)


def test_view_all_data_reaches_every_object() -> None:
    world = World().add(
        "emea",
        permission_sets=(permission_set("all", "ViewAllData"),),
        assignments=(assigned("sync@emea", "all"),),
    )
    found = radius(world)
    assert found.rows == 47_500 and not any(line.delete for line in found.reach)


def chain(*permissions: str) -> World:
    """hq → emea, whose credential goes on to uat, whose credential goes back to emea."""
    world = World().put("emea", outbound=(named_credential("On", "uat"),))
    world.put("uat", outbound=(named_credential("Back", "emea"),))
    for alias in ("emea", "uat"):
        world.add(
            alias,
            permission_sets=(permission_set("dev", *permissions),),
            assignments=(assigned(f"sync@{alias}", "dev"),),
        )
    return world


@pytest.mark.parametrize("permission", ["AuthorApex", "ModifyMetadata"])
def test_a_reached_developer_lends_the_org_s_own_credentials(permission: str) -> None:
    found = radius(chain(permission))
    assert (found.orgs, found.hops, found.rows) == (("emea", "uat"), 2, 94_000)


def test_without_such_a_right_the_radius_ends_at_the_first_border() -> None:
    assert radius(chain("ViewAllData")).orgs == ("emea",)


def test_a_ring_of_credentials_ends() -> None:
    assert radius(chain("AuthorApex"), "certificate:uat/Back_Cert").hops == 2


def test_a_middleware_secret_is_not_lent_by_the_org_it_is_tagged_with() -> None:
    world = World()
    world.add(
        "emea",
        permission_sets=(permission_set("dev", "AuthorApex"),),
        assignments=(assigned("sync@emea", "dev"),),
    )
    world.store(
        stored("mw", target_host="uat.my.salesforce.com", username="sync@uat", tags={"source": "emea"})
    )
    assert radius(world).orgs == ("emea",)


def test_an_inactive_user_opens_nothing() -> None:
    assert radius(World().user("emea", "sync@emea", active=False)).reach == ()


def test_several_candidates_make_a_radius_ambiguous_and_count_all() -> None:
    world = granted("ann@emea", "sync@emea")
    world.add(
        "emea", assignments=(assigned("ann@emea", "extra"),), permission_sets=(permission_set("extra"),)
    )
    world.add("emea", object_permissions=(on_object("extra", "Contact", "read"),))
    found = radius(world, "auth-provider:hq/P")
    assert found.ambiguous and found.rows == 47_500


names = st.text("abcxyz0", min_size=1, max_size=6)


@settings(max_examples=25, deadline=None)
@given(st.lists(names, min_size=1, max_size=4, unique=True), st.booleans())
def test_an_unrelated_org_changes_no_edge(words: list[str], with_secret: bool) -> None:
    world = World()
    before = world.evidence().graph
    stranger = world.orgs["hq"]
    entry = stranger.org.model_copy(update={"alias": "far", "my_domain": "https://far.my.salesforce.com"})
    world.orgs["far"] = replace(
        stranger,
        org=entry,
        users=tuple(user(f"{w}@far") for w in words),
        outbound=tuple(named_credential(w, "x", url=f"https://{w}.example") for w in words),
        apps=tuple(app(w, consumer_key=f"k{w}") for w in words),
        fields=tuple(field(f"{w}.SSN__c") for w in words),
    )
    world.declare(orgs=(*world.estate.orgs, entry))
    if with_secret:
        world.store(stored("far", target_host="elsewhere.example", username="x"))
    after = world.evidence().graph
    assert after.edges == before.edges and after.radii == before.radii
