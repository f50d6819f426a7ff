"""Plans of mutual TLS: one step for each route, with its state before and its way back, and nothing that locks out."""

from dataclasses import replace
from typing import Any

import pytest

from tasks.certificates.chains import distinguished
from tasks.certificates.model import Companion, Holder, RouteState, Shown
from tasks.certificates.naming import listed_name, pair_name, pair_prefix
from tasks.certificates.plan import SET, Enforcing, mutual_tls_plan
from tasks.estate.model import CloudEntry, Estate, Identity, OrgEntry, OrgKind
from tasks.estate.model_certificates import CertificatesPolicy
from tasks.estate.policy import Policy
from tasks.plans.apply import apply
from tasks.plans.model import ChangeClass, Plan, Resource, ResourceKind
from tasks.plans.reliance import described
from tasks.plans.render import markdown
from tests.tasks.certificates.minted import ISSUING, NOW, ROOT
from tests.tasks.certificates.routes import NEW, OLD, listed, state
from tests.tasks.plans.worlds import world_of

PERMISSION = "EnforceMutualAuth"
PLAIN = "https://b.my.salesforce.com"
ESTATE = Estate(
    name="Acme",
    orgs=tuple(
        OrgEntry(
            alias=alias,
            my_domain=f"https://{alias}.my.salesforce.com",
            kind=OrgKind.PRODUCTION,
            scanner=Identity(flow="jwt-bearer", username=f"scanner@{alias}", secret=f"scanner/{alias}"),
        )
        for alias in ("a", "b")
    ),
    cloud=CloudEntry(region="eu-central-1"),
)
MARK = NEW.leaf.fingerprint


def plan(
    *states: RouteState, known: Enforcing | None = None, signed: Any = None, **certificates: Any
) -> Plan:
    policy = Policy(certificates=CertificatesPolicy(**certificates))
    enforcing = {"b": known or Enforcing(permission=PERMISSION, permission_set=None)}
    made, _ = mutual_tls_plan(ESTATE, policy, states, enforcing, signed or {}, {"b": NOW}, "ada", NOW)
    return made


def test_a_route_in_order_has_nothing_to_change() -> None:
    made = plan(state())
    assert made.changes == () and any("already" in line for line in made.keeps)


def test_a_new_key_pair_stays_in_its_org() -> None:
    (change,) = plan(state(pairs=(), presents=None, listed=())).changes
    assert change.resource.org == "a" and change.resource.kind is ResourceKind.KEY_PAIR
    assert change.resource.key == "MTLS_A_to_B_20261128"
    assert change.before is None
    assert change.after == {
        "label": "MTLS_A_to_B_20261128",
        "key_bits": 2048,
        "exportable": False,
        "chain": "",
    }


def test_a_chain_is_put_where_its_request_waits_and_the_way_back_is_told() -> None:
    waiting = Shown(name="W", request="csr", label="W", key_bits=4096, exportable=False)
    given = state(pairs=(waiting,), presents=None, listed=())
    assert plan(given).changes == () and any("waits for its chain" in line for line in plan(given).afterwards)
    made = plan(given, signed={("A_to_B", "W"): NEW})
    (change,) = made.changes
    assert (change.before, change.after) == (
        {"label": "W", "key_bits": 4096, "exportable": False, "chain": ""},
        {"label": "W", "key_bits": 4096, "exportable": False, "chain": NEW.pem},
    )
    assert any("made anew" in line for line in made.risks)


def test_a_certificate_is_listed_with_the_words_of_the_platform() -> None:
    (change,) = plan(state(presents=None, listed=())).changes
    assert change.resource.org == "b" and change.resource.kind is ResourceKind.INBOUND_CERTIFICATE
    assert change.resource.key == f"MTLS_A_to_B_{MARK[:8]}" and change.before is None
    assert change.after == {
        "label": "A_to_B",
        "issuer": "C=CH,O=Acme,CN=Acme Issuing CA",
        "serial": NEW.leaf.serial,
        "expires": NEW.leaf.ends.date().isoformat(),
        "chain": NEW.pem,
    }
    assert NEW.leaf.serial.isdigit()


def test_an_issuer_reads_from_country_to_common_name() -> None:
    assert distinguished(ISSUING.issuer) == distinguished(ROOT.subject) == "C=CH,O=Acme,CN=Acme Root CA"


def test_an_orgs_credential_gets_certificate_and_port_together() -> None:
    made = plan(state(presents="HQ_Shared", address=f"{PLAIN}/services"))
    (change,) = made.changes
    assert (change.resource.org, change.resource.kind) == ("a", ResourceKind.CLIENT_CERTIFICATE)
    assert change.before == {"certificate": "HQ_Shared", "address": f"{PLAIN}/services"}
    assert change.after == {"certificate": "New", "address": f"{PLAIN}:8443/services"}


def test_middleware_is_listed_and_switched_in_one_plan_one_after_the_other() -> None:
    given = state(
        holder=Holder.MIDDLEWARE,
        credential="salesforce/b",
        pairs=(Shown(name="next", chain=NEW),),
        presents=None,
        listed=(),
        address=PLAIN,
    )
    first, second = plan(given).changes
    assert first.resource.kind is ResourceKind.INBOUND_CERTIFICATE
    assert second.resource.kind is ResourceKind.CALLER_SECRET and second.needs == (first.number,)
    assert second.resource.org == "b" and second.resource.key == "salesforce/b"
    assert second.before == {"certificate": None, "address": PLAIN}
    assert second.after == {"certificate": MARK, "address": f"{PLAIN}:8443"}


def test_with_a_private_authority_middleware_is_listed_only_until_the_org_took_it() -> None:
    given = state(
        holder=Holder.MIDDLEWARE,
        pairs=(Shown(name="next", chain=NEW),),
        presents=None,
        listed=(),
        address=PLAIN,
    )
    made = plan(given, authority="aws-private-ca", private_ca_arn="arn:aws:acm-pca:eu-central-1:1:x")
    assert [c.resource.kind for c in made.changes] == [ResourceKind.INBOUND_CERTIFICATE]


def test_a_user_is_held_to_it_by_a_set_with_both_permissions() -> None:
    made = plan(state(enforced=False, api_only=False))
    first, second = made.changes
    assert first.resource.key == SET and first.before is None
    assert first.after == {"label": "Mutual TLS", "permissions": ["ApiUserOnly", PERMISSION]}
    assert second.resource.key == f"sync@b/{SET}" and second.needs == (first.number,)
    assert {change.kind for change in made.changes} == {ChangeClass.IDENTITY}
    assert "refused" in second.effect


def test_a_set_that_is_there_is_used_and_only_ever_grows() -> None:
    there = Enforcing(permission=PERMISSION, permission_set=("ApiUserOnly", PERMISSION))
    assert [c.resource.kind for c in plan(state(enforced=False), known=there).changes] == [
        ResourceKind.ASSIGNMENT
    ]
    poor = Enforcing(permission=PERMISSION, permission_set=("ViewSetup",), label="Old words")
    change = plan(state(enforced=False), known=poor).changes[0]
    assert change.before == {"label": "Old words", "permissions": ["ViewSetup"]}
    assert change.after == {"label": "Old words", "permissions": ["ApiUserOnly", PERMISSION, "ViewSetup"]}
    held = replace(poor, assigned=frozenset({"clerk@b"}))
    assert plan(state(enforced=False), known=held).changes[0].users == ("clerk@b",)


def test_without_the_permission_nothing_is_enforced_and_support_is_named() -> None:
    made = plan(state(enforced=False), known=Enforcing(permission=None, permission_set=None))
    assert made.changes == () and any("Support" in line for line in made.risks)


@pytest.mark.parametrize(
    "changed",
    [
        {"others": ("B_Other calls port 443",)},
        {"strangers": ("Data Loader",)},
        {"person": True},
        {"vouched": False},
    ],
)
def test_nobody_is_held_to_a_certificate_while_somebody_would_be_locked_out(changed: dict[str, Any]) -> None:
    made = plan(state(enforced=False, **changed))
    assert made.changes == () and any("nothing is planned" in line for line in made.risks)
    named = "strangers" in changed or "person" in changed
    assert any("`although_used`" in line for line in made.risks) is named


def test_a_plan_that_stops_people_and_strange_programs_names_them() -> None:
    given = state(enforced=False, api_only=False, strangers=("Data Loader",), person=True)
    known = {"b": Enforcing(permission=PERMISSION, permission_set=None)}
    made, _ = mutual_tls_plan(
        *(ESTATE, Policy(), [given], known, {}, {"b": NOW}, "ada", NOW), although_used=[given.route]
    )
    assert [change.resource.kind for change in made.changes] == [
        ResourceKind.PERMISSION_SET,
        ResourceKind.ASSIGNMENT,
    ]
    stops = [line for line in made.risks if "this stops" in line]
    assert len(stops) == 2 and "Data Loader" in stops[0] and "browser" in stops[1]


def test_the_one_before_goes_with_its_text_kept_for_the_way_back() -> None:
    given = state(
        pairs=(Shown(name="Old", chain=OLD), Shown(name="New", chain=NEW)),
        listed=(listed(OLD, "Old"), listed(NEW, "New")),
        since=NOW.replace(hour=1),
        last_in=NOW,
    )
    (change,) = plan(given, settle="PT0S").changes
    assert change.resource.key == "Old" and change.after is None
    assert change.before is not None and change.before["chain"] == OLD.pem
    assert plan(given).changes == (), "it stays a day, where policy says nothing else"


def test_the_artifact_shows_serial_numbers_and_no_certificate() -> None:
    # Cells are wrapped, wherever that is.
    words = markdown(plan(state(presents=None, listed=())), "0" * 64, 2).replace("<br>", "").replace(" ", "")
    assert f"serial{NEW.leaf.serial}" in words and "BEGIN" not in words


def test_names_of_certificates_keep_to_the_platforms_letters() -> None:
    assert pair_prefix("HQ -> EMEA: Ä") == "MTLS_HQ_EMEA_"
    long = pair_name("R" * 80, NOW.date())
    assert len(long) <= 64 and long != pair_name("R" * 79, NOW.date())
    first = pair_name("A", NOW.date())
    assert pair_name("A", NOW.date(), frozenset({first})) == f"{first}b"
    assert listed_name("A", "0123456789").endswith("_01234567")


RENEWED: dict[str, Any] = {
    "pairs": (Shown(name="Old", chain=OLD), Shown(name="New", chain=NEW)),
    "listed": (listed(OLD, "Old"), listed(NEW, "New")),
    "since": NOW.replace(hour=1),
    "last_in": NOW,
}
MIDDLEWARE: dict[str, Any] = {
    "holder": Holder.MIDDLEWARE,
    "pairs": (Shown(name="current", chain=NEW),),
    "presents": "current",
}
STEPS = {
    "retire": state(**RENEWED),
    "enforce": state(enforced=False),
    "enforce middleware": state(enforced=False, **MIDDLEWARE),
    "switch": state(**{**RENEWED, "presents": "Old"}),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_step_that_could_lock_out_rests_on_the_caller_and_on_the_list(name: str) -> None:
    given = STEPS[name]
    made = plan(given, settle="PT0S")
    caller = (
        Resource(org="b", kind=ResourceKind.CALLER_SECRET, key="B_Sync")
        if given.holder is Holder.MIDDLEWARE
        else Resource(org="a", kind=ResourceKind.CLIENT_CERTIFICATE, key="B_Sync")
    )
    entry = Resource(org="b", kind=ResourceKind.INBOUND_CERTIFICATE, key="New")
    rests = {each.resource: each.state for each in made.watched}
    assert rests.keys() == ({entry} if name == "switch" else {entry, caller})
    if name != "switch":
        shown = MARK if given.holder is Holder.MIDDLEWARE else "New"
        assert rests[caller] == {"certificate": shown, "address": given.address}
        assert any("B_Sync" in line and ":8443" in line for line in described(made))
    assert any(f"serial {NEW.leaf.serial}" in line for line in described(made))


def test_who_else_acts_as_the_user_must_go_on_presenting_what_is_listed() -> None:
    other = Companion(
        org="c",
        holder=Holder.ORG,
        credential="B_Other",
        certificate="Theirs",
        address=f"{PLAIN}:8443",
        entry=listed(OLD, "Theirs"),
    )
    made = plan(state(enforced=False, companions=(other,)))
    rests = {str(each.resource): each.state for each in made.watched}
    assert rests["c client-certificate B_Other"] == {"certificate": "Theirs", "address": f"{PLAIN}:8443"}
    assert "b inbound-certificate Theirs" in rests
    where = world_of(made)
    where.states |= {e.resource: e.state for e in made.watched if e.state and e.resource.key != "B_Other"}
    stopped = apply(made, where, where, lambda: (), made.orgs).stopped
    assert stopped is not None and "B_Other" in stopped.reason and where.effects == []


def test_a_plan_does_not_rest_on_what_it_changes_itself() -> None:
    second: dict[str, Any] = {**RENEWED, "presents": "Old", "route": "A_to_B_2", "credential": "B_Second"}
    other = Companion(
        org="a",
        holder=Holder.ORG,
        credential="B_Second",
        certificate="Old",
        address=f"{PLAIN}:8443",
        entry=listed(OLD, "Old"),
    )
    made = plan(state(enforced=False, companions=(other,)), state(**second))
    changed = {change.resource for change in made.changes}
    assert any(resource.key == "B_Second" for resource in changed)
    assert changed.isdisjoint(each.resource for each in made.watched)
    where = world_of(made)
    where.states |= {each.resource: each.state for each in made.watched if each.state is not None}
    assert apply(made, where, where, lambda: (), sorted(made.orgs)).finished


@pytest.mark.parametrize(
    ("name", "undone"),
    [
        *((name, ResourceKind.INBOUND_CERTIFICATE) for name in STEPS),
        ("retire", ResourceKind.CLIENT_CERTIFICATE),
        ("enforce", ResourceKind.CLIENT_CERTIFICATE),
        ("enforce middleware", ResourceKind.CALLER_SECRET),
    ],
)
def test_nothing_is_sent_once_the_caller_went_back_or_the_entry_went(name: str, undone: ResourceKind) -> None:
    made = plan(STEPS[name], settle="PT0S")
    (gone,) = (each for each in made.watched if each.resource.kind is undone)
    where = world_of(made)
    where.states |= {each.resource: each.state for each in made.watched if each.state is not None}
    where.states.pop(gone.resource)
    if undone is not ResourceKind.INBOUND_CERTIFICATE:
        where.states[gone.resource] = {"certificate": "Old", "address": PLAIN}
    assert gone.state is not None
    stopped = apply(made, where, where, lambda: (), made.orgs).stopped
    assert stopped is not None and gone.resource.key in stopped.reason
    assert where.effects == []
    where.states[gone.resource] = gone.state
    assert apply(made, where, where, lambda: (), made.orgs).finished


def test_an_old_key_pair_goes_only_where_somebody_asks_for_it_and_for_good() -> None:
    former = f"{pair_prefix('A_to_B')}20250101"
    pairs = (Shown(name=former, chain=OLD, label="x", key_bits=2048), Shown(name="New", chain=NEW))
    enforcing = {"b": Enforcing(permission=PERMISSION, permission_set=None)}

    def made(**more: Any) -> Plan:
        return mutual_tls_plan(
            ESTATE, Policy(), [state(pairs=pairs)], enforcing, {}, {"b": NOW}, "ada", NOW, **more
        )[0]

    assert made().changes == () and not any(former in line for line in made().afterwards)
    told = made(in_use={"a": frozenset({"New"})})
    assert told.changes == () and any("remove_old_keys" in line for line in told.afterwards)
    (change,) = made(in_use={"a": frozenset({"New"})}, remove_old_keys=True).changes
    assert change.resource.kind is ResourceKind.OLD_KEY_PAIR and change.kind is ChangeClass.IRREVERSIBLE
    assert change.final and change.after is None and change.before is not None
    assert change.before["chain"] == OLD.pem
    assert made(in_use={"a": frozenset({former})}, remove_old_keys=True).changes == ()
