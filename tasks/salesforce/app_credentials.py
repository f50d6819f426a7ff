"""
Staged credentials of an External Client App (Connect REST API, OAuth credentials resources, API 65.0 and later).

Both the key and the secret of a set are its own. A consumer has one staged set at most.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tasks.errors import BadRequest, OrgError, UnsupportedVersion
from tasks.salesforce.session import Session
from tasks.salesforce.writing import WritingSession

FIRST_VERSION = 65.0


@dataclass(frozen=True, kw_only=True)
class AppPlace:
    """Where an app's credentials are: the ids of the app and of its one consumer."""

    app_id: str
    consumer_id: str

    @property
    def path(self) -> str:
        return f"apps/oauth/credentials/{self.app_id}/{self.consumer_id}"


@dataclass(frozen=True, kw_only=True)
class OAuthSet:
    """`state` is active for a staged set, rotated for a replaced one, empty for the main one."""

    key: str
    secret: str = field(repr=False)
    id: str = ""
    state: Literal["", "active", "rotated"] = ""


def find_app(session: Session, name: str) -> AppPlace:
    """Raises OrgError, also where the org has no such app or the app more than one consumer."""
    if float(session.version) < FIRST_VERSION:
        raise UnsupportedVersion(
            session.alias,
            f"the org speaks API versions up to {session.version}",
            f"Staged credentials need {FIRST_VERSION}.",
        )
    answer = session.get("apps/oauth/usage")
    while True:
        for app in answer.get("apps") or ():
            if app.get("developerName") == name:
                return _consumer(session, name, str(app["identifier"]))
        if not answer.get("nextPageUrl"):
            break
        answer = session.follow(answer["nextPageUrl"])
    raise OrgError(
        session.alias,
        f"there is no External Client App {name}",
        "Correct `apps` of the credential in estate.yaml; classic connected apps cannot be rotated.",
        "NOT_FOUND",
    )


def _consumer(session: Session, name: str, app_id: str) -> AppPlace:
    consumers = list(session.get(f"apps/oauth/credentials/{app_id}").get("consumers") or ())
    if len(consumers) != 1:
        raise OrgError(
            session.alias,
            f"{name} has {len(consumers)} consumers",
            "Rotate an app with one consumer; split this one up.",
        )
    return AppPlace(app_id=app_id, consumer_id=str(consumers[0]["id"]))


def main_set(session: Session, place: AppPlace) -> OAuthSet:
    """Raises OrgError."""
    found = session.get(place.path, {"part": "keyandsecret"})
    return OAuthSet(key=str(found["key"]), secret=str(found.get("secret") or ""))


def other_set(session: Session, place: AppPlace) -> OAuthSet | None:
    """What is staged, or was replaced and still lives; None where there is neither. Raises OrgError."""
    try:
        answer = session.get(f"{place.path}/staged")
    except BadRequest as error:
        if _absent(error):
            return None
        raise
    return normalised(answer)


def normalised(answer: Any) -> OAuthSet | None:
    """The answer is an object, a list of one, or either inside `stagedCredentials`; the id may stand in the address only."""
    inner = answer.get("stagedCredentials", answer) if isinstance(answer, Mapping) else answer
    found = next(iter(inner), None) if isinstance(inner, list) else inner
    if not isinstance(found, Mapping) or not found.get("key"):
        return None
    address = str(found.get("stagedCredentialsURL") or "")
    return OAuthSet(
        key=str(found["key"]),
        secret=str(found.get("secret") or ""),
        id=str(found.get("id") or address.rstrip("/").rpartition("/")[2]),
        state="rotated" if str(found.get("state")).lower() == "rotated" else "active",
    )


def stage(session: WritingSession, place: AppPlace) -> None:
    """Asks for a second set. Sent once; an empty body would hang at the platform, so it is an empty object. Raises OrgError."""
    session.change("POST", f"{place.path}/staged", {})


def rotate(session: WritingSession, place: AppPlace, staged: str) -> None:
    """The staged set becomes the main one; the old one goes on for its grace. Raises OrgError."""
    session.change("PATCH", f"{place.path}/staged/{staged}", {"command": "rotate"})


def discard(session: WritingSession, place: AppPlace, staged: str) -> None:
    """Ends the set beside the main one at once; one that is gone already is fine. Raises OrgError."""
    try:
        session.change("DELETE", f"{place.path}/staged/{staged}", None)
    except BadRequest as error:
        if not _absent(error):
            raise


def _absent(error: BadRequest) -> bool:
    """No reference gives the code of this answer, so its status decides."""
    return "answered 404" in error.what
