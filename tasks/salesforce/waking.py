"""
Rights that sleep: session-activated permission sets, woken for one session and gone with it.

Actions guide, "Session-Based Permission Set Actions"; object reference, SessionPermSetActivation.
"""

from collections.abc import Collection, Sequence

from tasks.errors import OrgError
from tasks.salesforce.session import Session
from tasks.salesforce.soql import in_list, literal

ACTION = "actions/standard/activateSessionPermSet"


def inputs(sets: Collection[str]) -> dict[str, list[dict[str, str]]]:
    """The body of the action. A set of a managed package is named `namespace__Set`."""
    found = []
    for name in sets:
        namespace, separator, rest = name.partition("__")
        found.append(
            {"PermSetNamespace": namespace, "PermSetName": rest} if separator else {"PermSetName": name}
        )
    return {"inputs": found}


def refused(alias: str, username: str, sets: Collection[str]) -> OrgError:
    return OrgError(
        alias,
        f"the write rights of {username} could not be woken",
        f"Assign {', '.join(sets)} to that user directly, with *session activation required*; inside a group it never sleeps.",
        "CANNOT_WAKE",
    )


def activations(session: Session, sets: Collection[str]) -> list[str]:
    """Ids of what is awake for the session's own user, in whichever session. Raises OrgError."""
    if not sets:
        return []
    names = in_list([name.rpartition("__")[2] for name in sets])
    user = literal(session.connection.username)
    soql = f"SELECT Id FROM SessionPermSetActivation WHERE User.Username = {user} AND PermissionSet.Name IN {names}"
    return [row["Id"] for row in session.query(soql)]


def still_there(session: Session, ids: Sequence[str]) -> bool:
    """Whether any of some activations is awake yet. Raises OrgError."""
    return bool(session.query(f"SELECT Id FROM SessionPermSetActivation WHERE Id IN {in_list(ids)}"))
