"""How the credential of a route can be renewed without downtime, by what it is: by us, after a person made apps, or by a person."""

from enum import StrEnum

from tasks.inventory.model import OutboundCredential, OutboundKind
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
    "an app takes one certificate, so make two External Client Apps of the sync's user, and register them with the place that "
    "signs under `credentials`"
)
_CLASSIC = (
    "no API changes the consumer secret of a classic connected app, so make an External Client App of the same user, bring it "
    "to the principal, and register both under `credentials`"
)


def way_of(outbound: OutboundCredential, *, external_client: bool, registered: bool) -> Way:
    """`external_client` says that the app it signs in through is an External Client App."""
    match outbound.kind:
        case OutboundKind.JWT:
            return Way(road=Road.TURNING, first="" if registered else _SECOND_KEY)
        case OutboundKind.CLIENT_CREDENTIALS if registered:
            return Way(road=Road.STAGED)
        case OutboundKind.CLIENT_CREDENTIALS:
            return Way(
                road=Road.STAGED,
                first="register it under `credentials`, with its principal as a delivery"
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
