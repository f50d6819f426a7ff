"""What the ledger still says of rotations that an estate, put back to how it was, has never seen."""

from datetime import UTC, datetime

from tasks.alerts.steps import list_open_alerts, update_alerts
from tasks.credentials.history import end_note
from tasks.credentials.rotation import End
from tasks.credentials.rotation_ledger_gateway import RotationBook
from tasks.ledger.model import EntryKind, Note
from tasks.orgs import open_ledger


def put_aside(*secrets: str) -> None:
    """Ends their rotations and resolves what was told of them."""
    with open_ledger() as ledger:
        for secret in secrets:
            rotation = RotationBook(ledger, secret, "").open_rotation()
            if rotation is not None:
                over = end_note(rotation, End("the estate was restored"), datetime.now(UTC))
                ledger.append(Note(kind=EntryKind.ROTATION, subject=secret, actor="test", body=over))
    told = [key for key in list_open_alerts() if any(secret in key for secret in secrets)]
    update_alerts([], told)
