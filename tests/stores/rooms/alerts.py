"""An alert that is open and told, one that is over, and one that nobody was told of yet."""

from pydantic import JsonValue

from tasks.alerts.ledger_gateway import AlertBook
from tasks.alerts.model import Alert, ChannelState, Letter, Severity, Telling
from tasks.ledger.store import Ledger

CHANNEL = "security-slack"


def an_alert(number: int) -> Alert:
    return Alert(
        key=f"rotation:sync-{number}",
        org="emea",
        severity=Severity.ERROR,
        title=f"Credential sync-{number} is still in use",
        detail="Middleware signed in with it.",
        next_step="Look at who it is.",
    )


def write(ledger: Ledger) -> None:
    book = AlertBook(ledger)
    for number in (1, 2, 3):
        book.open(an_alert(number))
    tell(book)
    book.resolve(an_alert(2).key)


def tell(book: AlertBook) -> None:
    """The first two."""
    for opened in book.all()[:2]:
        mark = f"{CHANNEL}:{Telling.OPENED.value}"
        letter = Letter(
            id=opened.id,
            channel=CHANNEL,
            alert=opened.alert,
            at=opened.at,
            what=Telling.OPENED,
            covers=frozenset({mark}),
        )
        book.told([letter], {CHANNEL: ChannelState(sent=(opened.at,))})


def read(ledger: Ledger) -> JsonValue:
    return {
        each.id: {**each.model_dump(mode="json"), "delivered": sorted(each.delivered)}
        for each in AlertBook(ledger).all()
    }
