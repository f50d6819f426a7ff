"""How the credential of a route can be renewed without downtime, by what it is: by us, after a person made apps, or by a person."""

from collections.abc import Mapping
from enum import StrEnum

from tasks.audit.model import OrgEvidence
from tasks.estate.model import Estate
from tasks.inventory.model import AppKind, OutboundKind, TrustEdge
from tasks.value import Value


class Road(StrEnum):
    STAGED = "staged credentials"
    """The org makes a second set beside the first; both work for days."""
    TURNING = "two apps that take turns"
    PERSON = "a person"
    NOTHING = "nothing to renew"


class Way(Value):
    """`first` is what a person sets up once before we can, `why` why no more can be done by us; empty where there is nothing."""

    road: Road
    first: str = ""
    why: str = ""


_SECOND_KEY = (
    "an app takes one certificate, so make two External Client Apps of the sync's user, and register both under `credentials`, "
    "with the consumers that read the key, or the named credential that signs with a key of its org"
)
_CLASSIC = (
    "no API changes the consumer secret of a classic connected app, so make an External Client App of the same user, bring it "
    "to where the old one is, and register it under `credentials`"
)


class RouteWay(Value):
    """A route whose credential is not rotated by us as things are."""

    route: str
    credential: str
    way: Way


def way_of(kind: OutboundKind, *, external_client: bool, registered: bool) -> Way:
    """`external_client` says that the app it signs in through is an External Client App."""
    match kind:
        case OutboundKind.JWT:
            return Way(road=Road.TURNING, first="" if registered else _SECOND_KEY)
        case OutboundKind.CLIENT_CREDENTIALS if registered:
            return Way(road=Road.STAGED)
        case OutboundKind.CLIENT_CREDENTIALS:
            return Way(
                road=Road.STAGED,
                first="register it under `credentials`, with its consumers and deliveries"
                if external_client
                else _CLASSIC,
            )
        case OutboundKind.AUTHORIZATION_CODE:
            return Way(
                road=Road.PERSON,
                why="a refresh token is given to a person who consents in a browser, and no API gives another one: that person "
                "authenticates again in Setup; better, let the sync sign in by JWT or client credentials",
            )
        case OutboundKind.PASSWORD:
            return Way(
                road=Road.PERSON,
                why="a password has one value, so a change cuts off whoever holds the old one; let the sync sign in by JWT or "
                "client credentials",
            )
        case OutboundKind.NONE:
            return Way(road=Road.NOTHING)
        case _:
            return Way(road=Road.PERSON, why="how it signs in could not be read")


def unrotated(
    estate: Estate, orgs: Mapping[str, OrgEvidence], edges: tuple[TrustEdge, ...]
) -> tuple[RouteWay, ...]:
    """In the order of estate.yaml. A route without an edge was not read, and is not judged."""
    secrets = {each.secret for each in estate.credentials}
    places = {(each.org, each.named_credential) for c in estate.credentials for each in c.deliveries}
    found = []
    for route in estate.routes:
        if route.credential in secrets or (route.source, route.credential) in places:
            continue
        edge = next(
            (e for e in edges if route.name in e.routes and e.credential == route.credential),
            None,
        )
        if edge is None:
            continue
        apps = orgs[route.target].apps if route.target in orgs else ()
        kind = next((app.kind for app in apps if app.name == edge.app), None)
        way = way_of(edge.kind, external_client=kind is AppKind.EXTERNAL_CLIENT_APP, registered=False)
        if way.first or way.why:
            found.append(RouteWay(route=route.name, credential=route.credential, way=way))
    return tuple(found)
