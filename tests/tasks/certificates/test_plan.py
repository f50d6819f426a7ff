"""Plans of mutual TLS: one step for each route, with its state before and its way back, and nothing that locks out."""

from typing import Any

import pytest

from tasks.certificates.chains import distinguished
from tasks.certificates.model import Holder, RouteState, Shown
from tasks.certificates.naming import listed_name, pair_name, pair_prefix
from tasks.certificates.plan import SET, Enforcing, mutual_tls_plan
from tasks.estate.model import CloudEntry, Estate, Identity, OrgEntry, OrgKind
from tasks.estate.policy import CertificatesPolicy, Policy
from tasks.plans.model import ChangeClass, Plan, ResourceKind
from tasks.plans.render import markdown
from tests.tasks.certificates.minted import ISSUING, NOW, ROOT
from tests.tasks.certificates.routes import NEW, OLD, listed, state

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
    words = markdown(plan(state(presents=None, listed=())), "0" * 64, 2).replace("<br>", "")
    assert str(NEW.leaf.serial) in words and "BEGIN" not in words


def test_names_of_certificates_keep_to_the_platforms_letters() -> None:
    assert pair_prefix("HQ -> EMEA: Ä") == "MTLS_HQ_EMEA_"
    long = pair_name("R" * 80, NOW.date())
    assert len(long) <= 64 and long != pair_name("R" * 79, NOW.date())
    first = pair_name("A", NOW.date())
    assert pair_name("A", NOW.date(), frozenset({first})) == f"{first}b"
    assert listed_name("A", "0123456789").endswith("_01234567")
