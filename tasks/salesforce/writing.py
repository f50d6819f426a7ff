"""One identity's writing session: sends each write once, and says of every record what became of it."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

import requests
from simple_salesforce.api import Salesforce

from tasks.errors import (
    BulkheadError,
    ConfigurationError,
    OrgError,
    OrgUnavailable,
    SessionExpired,
    Throttled,
)
from tasks.salesforce import waking as sleeping
from tasks.salesforce.classify import classify
from tasks.salesforce.connection import Connection
from tasks.salesforce.pages import Row
from tasks.salesforce.session import Session
from tasks.salesforce.tokens import TokenManager

Waking = Callable[[], Callable[[], None]]
"""Called before rights are woken; gives what is to be called when they sleep again."""
UNANSWERED = (OrgUnavailable, Throttled)
COLLECTION = 200
"""Records of one request (REST API guide, sObject Collections)."""
COLLECTIONS = 5
"""Collections of one composite request (REST API guide, Composite)."""
PASSING = frozenset(
    {"UNABLE_TO_LOCK_ROW", "REQUEST_LIMIT_EXCEEDED", "SERVER_UNAVAILABLE", "ORG_IN_MAINTENANCE"}
)


@dataclass(frozen=True)
class RecordResult:
    """
    What an org said about one record: its id, or the code of its refusal.

    `message` is the org's own text. It may name people and fields of theirs, so it goes to an approver's screen and the
    ledger, never into an error or a log. `fields` are those the refusal is about.
    """

    id: str | None
    code: str = ""
    message: str = ""
    fields: tuple[str, ...] = ()

    @property
    def passing(self) -> bool:
        """Whether the same may succeed in a moment."""
        return self.code in PASSING


@dataclass(frozen=True)
class Collection:
    """One sObject collection request: what goes where, and how many records it is about."""

    method: Literal["POST", "PATCH", "DELETE"]
    path: str
    body: Row | None
    size: int


def made(sobject: str, records: Sequence[Row]) -> Collection:
    return _collection("POST", sobject, records)


def altered(sobject: str, records: Sequence[Row]) -> Collection:
    """Each record carries its `Id`."""
    return _collection("PATCH", sobject, records)


def removed(ids: Sequence[str]) -> Collection:
    path = f"composite/sobjects?ids={','.join(_few(ids))}&allOrNone=false"
    return Collection("DELETE", path, None, len(ids))


def _collection(method: Literal["POST", "PATCH"], sobject: str, records: Sequence[Row]) -> Collection:
    typed = [_typed(sobject, record) for record in _few(records)]
    return Collection(method, "composite/sobjects", {"allOrNone": False, "records": typed}, len(typed))


def _unnoted() -> Callable[[], None]:
    return lambda: None


class WritingSession(Session):
    """
    A session that may write.

    Unlike reads, writes are not repeated after an answer that did not come: it may have been done. They are sent again
    only where the org surely did nothing (a token that had ended, a limit that was reached).

    Where the write rights sleep in session-activated sets, the first write wakes them, in a session of its own that is
    ended with `close`. `waking` is called before that and gives what to call when they sleep again: so there is a note
    of every waking, and of one whose end nobody saw.
    """

    def __init__(
        self,
        connection: Connection,
        tokens: TokenManager | None = None,
        *,
        waking: Waking = _unnoted,
        **options: Any,
    ) -> None:
        if connection.role != "enforcer":
            raise ConfigurationError(
                f"{connection.alias}: only the enforcer writes, not the {connection.role}."
            )
        super().__init__(connection, tokens, **options)
        self._waking = waking
        self._asleep: Callable[[], None] | None = None
        self._awake = False

    def close(self) -> None:
        """What cannot be put to sleep now is left to the sweep, which finds the note of its waking."""
        if self._asleep is not None:
            # An org that does not answer, or a ledger that takes no note: the note of the waking stays without an end.
            with suppress(BulkheadError):
                self._tokens.end()
                self._asleep()
            self._asleep, self._awake = None, False
        super().close()

    def rouse(self) -> None:
        """Wakes the write rights, if they sleep; tried again with the next write when it fails. Raises OrgError."""
        if self._awake or not self.connection.session_sets:
            return
        if self._asleep is None:
            asleep = self._waking()
            own = TokenManager(self.connection)
            own.version = self.version
            self._tokens = own
            self._client = None
            self._asleep = asleep
        self._wake()
        self._awake = True

    def end_activations(self, ids: Sequence[str]) -> None:
        """Puts to sleep what other sessions have woken. Raises OrgError when something stays awake."""
        for start in range(0, len(ids), COLLECTION):
            self.delete(ids[start : start + COLLECTION])
        if sleeping.still_there(self, ids):
            raise OrgError(
                self.alias,
                "write rights of the enforcer stay awake",
                "End its sessions in Setup (Session Management), then look at why they could not be ended.",
                "STILL_AWAKE",
            )

    def create(self, sobject: str, records: Sequence[Row]) -> list[RecordResult]:
        """One result per record, in order. At most COLLECTION records."""
        return self.send(made(sobject, records))

    def update(self, sobject: str, records: Sequence[Row]) -> list[RecordResult]:
        """Each record carries its `Id`."""
        return self.send(altered(sobject, records))

    def delete(self, ids: Sequence[str]) -> list[RecordResult]:
        return self.send(removed(ids))

    def send(self, collection: Collection) -> list[RecordResult]:
        return self._results(self._once(collection.method, collection.path, collection.body))

    def send_together(self, collections: Sequence[Collection]) -> list[list[RecordResult]]:
        """
        At most COLLECTIONS in one call, carried out in their order; each stands or falls alone.

        A collection that was refused as a whole was refused for each of its records.
        """
        if len(collections) == 1:
            return [self.send(collections[0])]
        if len(collections) > COLLECTIONS:
            raise ValueError(f"a call carries {COLLECTIONS} collections, not {len(collections)}")
        base = f"/services/data/v{self.version}"
        parts = [
            {
                "method": each.method,
                "url": f"{base}/{each.path}",
                "referenceId": f"w{index}",
                **({} if each.body is None else {"body": each.body}),
            }
            for index, each in enumerate(collections)
        ]
        answer = self._once("POST", "composite", {"allOrNone": False, "compositeRequest": parts})
        answers = answer.get("compositeResponse") if isinstance(answer, dict) else None
        found = {part.get("referenceId"): part for part in answers or () if isinstance(part, dict)}
        if len(found) != len(collections):
            raise OrgUnavailable(self.alias, "a call came back without some of its answers", "Run again.")
        return [self._part(found[f"w{index}"], each.size) for index, each in enumerate(collections)]

    def _part(self, part: Row, size: int) -> list[RecordResult]:
        if int(part.get("httpStatusCode", 0)) < 300:
            return self._results(part.get("body"))
        errors = part.get("body")
        refusal = {"errors": errors if isinstance(errors, list) else []}
        return [result_of(refusal)] * size

    def _results(self, answer: object) -> list[RecordResult]:
        if not isinstance(answer, list):
            raise OrgError(self.alias, "the answer to a collection was no list", "Look at the org by hand.")
        return [result_of(item) for item in answer]

    def change(self, method: Literal["POST", "PUT", "PATCH", "DELETE"], path: str, body: Row | None) -> Any:
        """One request below `/services/data/vXX.X/` that is no collection. Raises OrgError."""
        return self._once(method, path, body)

    def post_soap_once(self, envelope: Callable[[str], bytes]) -> bytes:
        """As `post_soap`, for what changes the org: sent once."""
        self.rouse()
        return bytes(self._patient_once(lambda sf: self._soap(sf, envelope)))

    def revoke(self, token: str) -> None:
        """
        Ends a token of anybody's; one that has ended already is taken for done (RFC 7009 section 2.2). Raises OrgError.

        Possession is all that is asked for, so nothing says whose session this is.
        """
        try:
            self._patient_once(lambda sf: self._revoke(token))
        except OrgError as error:
            if error.code != "invalid_token":
                raise

    def _revoke(self, token: str) -> None:
        response = self._transport.post(
            f"{self.connection.base_url}/services/oauth2/revoke",
            data={"token": token},
            allow_redirects=False,
        )
        if response.status_code != 200:
            raise classify(self.alias, response.status_code, _json(response), response.headers)

    def _once(self, method: str, path: str, body: Row | None) -> Any:
        """Sends; again only after an answer that means that nothing was done."""
        self.rouse()
        return self._patient_once(lambda sf: self._send(sf, method, path, body))

    def _wake(self) -> None:
        sets = self.connection.session_sets
        body = sleeping.inputs(sets)
        try:
            answer = self._patient_once(lambda sf: self._send(sf, "POST", sleeping.ACTION, body), waking=True)
        except OrgError as error:
            if isinstance(error, UNANSWERED):
                raise
            raise sleeping.refused(self.alias, self.connection.username, sets) from None
        if not (isinstance(answer, list) and all(each.get("isSuccess") for each in answer)):
            raise sleeping.refused(self.alias, self.connection.username, sets)

    def _patient_once(self, send: Callable[[Salesforce], Any], *, waking: bool = False) -> Any:
        renewed, attempt = False, 0
        while True:
            token = self._tokens.current()
            client = self._salesforce(token.value, token.generation)
            self.calls += 1
            try:
                return self._classified(send, client)
            except SessionExpired:
                if renewed:
                    raise
                renewed = True
                self._tokens.renew(token)
                if self._awake and not waking:
                    # What was awake went with the session.
                    self._wake()
            except Throttled as error:
                attempt += 1
                if not self.wait(error, attempt):
                    raise

    def _send(self, sf: Salesforce, method: str, path: str, body: Row | None) -> Any:
        """Past simple-salesforce, which would repeat by itself what a rejected session refused."""
        response = self._transport.request(
            method,
            f"{self.connection.base_url}/services/data/v{self.version}/{path}",
            json=body,
            headers={"Authorization": f"Bearer {sf.session_id}"},
            allow_redirects=False,
        )
        if response.status_code >= 300:
            raise classify(self.alias, response.status_code, _json(response), response.headers)
        return response.json() if response.content else None


def _typed(sobject: str, record: Row) -> Row:
    return {"attributes": {"type": sobject}, **record}


def _few(records: Sequence[Any]) -> Sequence[Any]:
    if not 1 <= len(records) <= COLLECTION:
        raise ValueError(f"a collection holds 1 to {COLLECTION} records, not {len(records)}")
    return records


def result_of(item: Mapping[str, Any]) -> RecordResult:
    """Of one part of a collection's answer."""
    if item.get("success"):
        return RecordResult(id=item.get("id"))
    errors = item.get("errors") or [{}]
    first = errors[0] if isinstance(errors, list) else errors
    return RecordResult(
        id=item.get("id"),
        code=str(first.get("statusCode") or first.get("errorCode") or "UNKNOWN_EXCEPTION"),
        message=str(first.get("message") or ""),
        fields=tuple(first.get("fields") or ()),
    )


def _json(response: requests.Response) -> object:
    try:
        return response.json()
    except ValueError:
        return None
