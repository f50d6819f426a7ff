"""Who else comes in beside a route, and with which certificate."""

from typing import Any

from tasks.certificates.model import Companion, Held, Holder, Place, Shown
from tasks.certificates.standing import Middleware, OrgSide, certificate_secrets, states
from tasks.estate.model import RotatedCredential, Route
from tasks.estate.policy import Policy
from tasks.inventory.model import Login, OutboundCredential, OutboundKind, SecretHolder, TrustEdge, User
from tests.tasks.certificates.minted import NOW
from tests.tasks.certificates.routes import NEW, OLD, ROUTE, listed
from tests.tasks.certificates.test_plan import ESTATE, PLAIN

MUTUAL = f"{PLAIN}:8443"
USER = "sync@b"
CONSUMER = {
    "name": "Middleware",
    "principal": "user/middleware",
    "addresses": ["203.0.113.10"],
    "cache": "PT1H",
}
ALONE = Route(
    name=ROUTE,
    source="a",
    target="b",
    sobject="Account",
    fields=("Name",),
    sync_user=USER,
    app="Sync",
    credential="B_Sync",
)
DECLARED = ESTATE.model_copy(update={"routes": (ALONE,)})


def side(org: str, **changed: Any) -> OrgSide:
    given: dict[str, Any] = {
        "users": (),
        "logins": (),
        "outbound": (),
        "held": (),
        "enforced": frozenset(),
        "api_only": frozenset(),
        "app_labels": {},
    }
    return OrgSide(org=org, now=NOW, **{**given, **changed})


def named(name: str, certificate: str, url: str = MUTUAL) -> OutboundCredential:
    return OutboundCredential(
        name=name,
        label=name,
        kind=OutboundKind.JWT,
        legacy=False,
        url=url,
        client_certificate=certificate,
    )


def edge(credential: str, source: str | None, *, user: str = USER, url: str = MUTUAL) -> TrustEdge:
    return TrustEdge(
        source=source,
        target="b",
        holder=SecretHolder.NAMED_CREDENTIAL if source else SecretHolder.SECRETS_MANAGER,
        credential=credential,
        secret_id=credential,
        kind=OutboundKind.JWT,
        app=None,
        run_as=(user,),
        url=url,
    )


def pair_of(org: str, name: str, chain: Any) -> Held:
    return Held(org=org, place=Place.KEY_PAIR, name=name, chain=chain)


PERSON = User(
    id="1",
    username=USER,
    active=True,
    frozen=False,
    user_type="Standard",
    profile_id="p",
    profile_name="P",
    license_name="L",
    last_login=None,
    last_password_change=None,
)


def test_a_caller_with_a_password_is_no_stranger_to_itself() -> None:
    """A sign-in by user name and password shows no app."""
    login = Login(
        user_id="1",
        kind="Other Apex API",
        application="N/A",
        address="203.0.113.10",
        success=True,
        count=1,
        last=NOW,
    )
    orgs = {"a": side("a"), "b": side("b", users=(PERSON,), logins=(login,))}
    for by_password, strangers in ((True, ()), (False, ("N/A",))):
        secrets = {"B_Sync": Middleware(MUTUAL, (), by_password)}
        (found,), _ = states(DECLARED, Policy(), orgs, [], secrets, {}, {}, [ALONE], NOW)
        assert found.strangers == strangers


def test_a_certificate_that_is_rotated_by_itself_belongs_to_its_route_s_caller() -> None:
    own = RotatedCredential.model_validate(
        {
            "secret": "b/certificate",
            "org": "b",
            "kind": "client-certificate",
            "apps": ["Sync"],
            "route": ROUTE,
            "consumers": [CONSUMER],
        }
    )
    declared = DECLARED.model_copy(update={"credentials": (own,)})
    assert certificate_secrets(declared) == {"B_Sync": "b/certificate"}
    assert certificate_secrets(ESTATE) == {}


def test_other_callers_are_known_by_what_they_present() -> None:
    credentials = (named("B_Sync", "Own"), named("B_Other", "Theirs"), named("B_Plain", "Theirs", PLAIN))
    orgs = {
        "a": side("a", outbound=credentials, held=(pair_of("a", "Own", NEW), pair_of("a", "Theirs", OLD))),
        "b": side("b", users=(PERSON,), held=(listed(NEW, "New"), listed(OLD, "Old"))),
    }
    secrets = {"middleware/b": Middleware(MUTUAL, (Shown(name="current", chain=OLD),))}
    edges = [
        edge("B_Sync", "a"),
        edge("B_Other", "a"),
        edge("B_Plain", "a", url=PLAIN),
        edge("middleware/b", None, user=USER.upper()),
    ]
    (found,), unknown = states(ESTATE, Policy(), orgs, edges, secrets, {}, {}, [ALONE], NOW)
    assert not unknown and found.others == ("B_Plain calls port 443",)
    old = OLD.leaf.fingerprint
    assert found.companions == (
        Companion(
            org="a", holder=Holder.ORG, credential="B_Other", certificate="Theirs", address=MUTUAL, entry=listed(OLD, "Old")
        ),
        Companion(
            org="b", holder=Holder.MIDDLEWARE, credential="middleware/b", certificate=old, address=MUTUAL, entry=listed(OLD, "Old")
        ),
    )  # fmt: skip
    assert set(found.borrowed) == {old}
    strange = [each.model_copy(update={"run_as": ("another@b",)}) for each in edges[1:]]
    (alone,), _ = states(ESTATE, Policy(), orgs, [edges[0], *strange], secrets, {}, {}, [ALONE], NOW)
    assert alone.companions == () and set(alone.borrowed) == {old}, "they lose it all the same"
