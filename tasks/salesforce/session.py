"""One identity's reading session with one org: who signs in, what is retried, what an answer means."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from random import Random
from typing import Any, Self, TypeVar
from urllib.parse import quote, urlencode

import requests
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceError

from tasks.errors import BudgetSpent, OrgError, OrgUnavailable, SessionExpired, Throttled, UnsupportedVersion
from tasks.salesforce import pages
from tasks.salesforce.classify import backoff, classify, classify_exception
from tasks.salesforce.connection import Connection
from tasks.salesforce.pages import Row
from tasks.salesforce.tokens import TokenManager
from tasks.salesforce.transport import open_transport

NEWEST_VERSION, OLDEST_VERSION = 67.0, 50.0
ATTEMPTS = 4
COUNTED_PER_CALL = 200
_PIECE = 1 << 20

T = TypeVar("T")


class Session:
    """
    A reading session with one org. Sessions of one identity share transport and token; each belongs to one thread.

    `read` counts what was asked for (`query:<name>` rows, `describe`, `metadata:<kind>` and `list` names, `file`,
    `call`), from which the least possible number of calls follows. `calls` counts requests that spend the org's API
    allowance, `api_usage` is (used, allowed) as the org last said, `server_time` the org's own clock from its last
    `Date` header.

    `api_share` is how much of its daily API allowance (0 to 1) the org may have used, for whomever, before it is asked no more
    (BudgetSpent): the rest is for its other clients. None asks until the org itself refuses.
    """

    def __init__(
        self,
        connection: Connection,
        tokens: TokenManager | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        random: Random | None = None,
        api_share: float | None = None,
    ) -> None:
        self.connection = connection
        self._api_share = api_share
        self.alias = connection.alias
        self.calls = 0
        self.read: Counter[str] = Counter()
        self.api_usage: tuple[int, int] | None = None
        self.server_time: datetime | None = None
        self._tokens = tokens or TokenManager(connection)
        self._sleep = sleep
        self._random = random or Random()
        self._client: tuple[int, Salesforce] | None = None
        self._seen = threading.local()
        self._transport = open_transport(connection)
        self._transport.hooks["response"].append(self._remember)

    def close(self) -> None:
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    # -- what an org says about itself

    @property
    def version(self) -> str:
        """The newest API version both sides speak, asked for once. Raises UnsupportedVersion."""
        if self._tokens.version is None:
            offered = self._patiently(lambda: self._anonymous("/services/data/"))
            newest = max((float(item["version"]) for item in offered), default=0.0)
            if newest < OLDEST_VERSION:
                raise UnsupportedVersion(
                    self.alias,
                    f"the org speaks API versions up to {newest}",
                    f"Bulkhead needs {OLDEST_VERSION} or newer.",
                )
            self._tokens.version = f"{min(newest, NEWEST_VERSION):.1f}"
        return self._tokens.version

    def hello(self) -> None:
        """Asks for what anybody may ask, which brings the org's own time without signing in."""
        self._patiently(lambda: self._anonymous("/services/data/"))

    def who(self) -> str:
        """Id of the user whose session it is (OpenID Connect, UserInfo). Raises LoginRefused and OrgError."""

        def send(sf: Salesforce) -> str:
            address = f"{self.connection.base_url}/services/oauth2/userinfo"
            response = self._transport.get(address, headers=_bearer(sf), allow_redirects=False)
            body = _body(response)
            if response.status_code in (401, 403):
                raise SessionExpired(self.alias, "the session ended", "A new token is requested.")
            if response.status_code != 200:
                raise classify(self.alias, response.status_code, body, response.headers)
            if not isinstance(body, dict) or not isinstance(body.get("user_id"), str):
                raise OrgUnavailable(
                    self.alias, "the org does not say whose session it is", "A proxy may stand between."
                )
            return str(body["user_id"])

        return self._call(send)

    def get(self, path: str, params: Mapping[str, str] | None = None) -> Any:
        """A GET below `/services/data/vXX.X/`."""
        self.read["call"] += 1
        return self._call(lambda sf: sf.restful(path, params=dict(params or {})))

    def get_bytes(self, path: str) -> bytes:
        """A GET of content that is not JSON, such as an event log file; gzip is undone on the way."""

        self.read["file"] += 1

        def send(sf: Salesforce) -> bytes:
            response = self._transport.get(sf.base_url + path, headers=_bearer(sf), allow_redirects=False)
            if response.status_code >= 300:
                raise classify(self.alias, response.status_code, _body(response), response.headers)
            return response.content

        return bytes(self._call(send))

    @contextmanager
    def stream(self, path: str) -> Iterator[Iterator[bytes]]:
        """As `get_bytes`, in pieces as they come, for content of any length. Where it is cut, the pieces end in OrgUnavailable."""

        self.read["file"] += 1

        def send(sf: Salesforce) -> requests.Response:
            response = self._transport.get(
                sf.base_url + path, headers=_bearer(sf), allow_redirects=False, stream=True
            )
            if response.status_code >= 300:
                raise classify(self.alias, response.status_code, _body(response), response.headers)
            return response

        def pieces() -> Iterator[bytes]:
            try:
                yield from response.iter_content(_PIECE)
            except requests.RequestException as error:
                raise classify_exception(self.alias, error) from None

        with self._call(send) as response:
            yield pieces()

    def post_soap(self, envelope: Callable[[str], bytes]) -> bytes:
        """One Metadata API call; `envelope` makes the document for a session id. Faults come back as they are."""

        return bytes(self._call(lambda sf: self._soap(sf, envelope)))

    def _soap(self, sf: Salesforce, envelope: Callable[[str], bytes]) -> bytes:
        response = self._transport.post(
            f"{self.connection.base_url}/services/Soap/m/{self.version}",
            data=envelope(sf.session_id),
            headers={"Content-Type": "text/xml; charset=UTF-8", "SOAPAction": '""'},
            allow_redirects=False,
        )
        content = response.content
        if b"Envelope" not in content:
            raise OrgUnavailable(
                self.alias,
                "the Metadata API answered no SOAP",
                "A proxy or a maintenance page may stand between.",
            )
        if b"INVALID_SESSION_ID" in content[:2000] and response.status_code == 500:
            raise SessionExpired(self.alias, "the session ended", "A new token is requested.")
        if response.status_code not in (200, 500):
            raise classify(self.alias, response.status_code, None, response.headers)
        return content

    # -- queries

    def query(self, soql: str, *, tooling: bool = False) -> list[Row]:
        """All rows of one query. Raises IncompleteRead when they are fewer than the org counted."""
        found = self.read_all({"query": soql}, tooling=tooling)["query"]
        if isinstance(found, OrgError):
            raise found
        return found

    def read_all(
        self, queries: Mapping[str, str], *, tooling: bool = False
    ) -> dict[str, list[Row] | OrgError]:
        """
        All rows of each query, or the error that this query alone met.

        Five queries travel in one call; what follows the first page is asked for side by side, since the
        locator's offset is the row to go on from. Where an org refuses such an offset, pages are followed one by
        one.
        """
        base = f"/services/data/v{self.version}/{'tooling/' if tooling else ''}query"
        urls = {name: f"{base}?{urlencode({'q': soql})}" for name, soql in queries.items()}
        found = pages.read_all(self, urls, tooling=tooling)
        for name, rows in found.items():
            self.read[f"query:{name}"] += len(rows) if isinstance(rows, list) else 0
        return found

    def count(self, soql: str) -> int:
        """`SELECT COUNT() FROM …`: the number alone."""
        return int(self.get("query", {"q": soql})["totalSize"])

    def describe(self, objects: Sequence[str]) -> dict[str, Row | OrgError]:
        """Describes, 25 to a call; an object the org does not show comes back as its error."""
        self.read["describe"] += len(objects)
        base = f"/services/data/v{self.version}/sobjects"
        urls = {name: f"{base}/{quote(name)}/describe" for name in objects}
        return pages.fetch(self, urls, tooling=False, each=pages.PARTS_PER_COMPOSITE)

    def record_counts(self, objects: Iterable[str]) -> dict[str, int]:
        """Approximate row counts of all objects in one call (`/limits/recordCount`)."""
        names = list(objects)
        found: dict[str, int] = {}
        # The names travel in the address, which holds 16 KiB.
        for start in range(0, len(names), COUNTED_PER_CALL):
            part = ",".join(names[start : start + COUNTED_PER_CALL])
            answer = self.get("limits/recordCount", {"sObjects": part})
            found |= {str(item["name"]): int(item["count"]) for item in answer.get("sObjects", [])}
        return found

    # -- for those who pack questions

    def follow(self, path: str) -> Any:
        """A page of a query, by the address that the page before it gave."""
        return self._call(lambda sf: sf.restful(path))

    def post_composite(self, path: str, body: Row) -> Any:
        return self._call(lambda sf: sf.restful(path, method="POST", json=body))

    def wait(self, error: OrgError, attempt: int) -> bool:
        """Pauses as long as the error asks; False when there were attempts enough."""
        if attempt >= ATTEMPTS:
            return False
        self._sleep(self._pause(error, attempt).total_seconds())
        return True

    # -- for those who send what may safely come twice

    def pause(self, seconds: float) -> None:
        self._sleep(seconds)

    def once_patiently(
        self, send: Callable[[Salesforce], T], again: tuple[type[OrgError], ...] = pages.WORTH_REPEATING
    ) -> T:
        """Sends as reads are sent; repeated after errors of these kinds alone."""
        return self._call(send, again)

    def lend(self, work: Callable[[str], T]) -> T:
        """
        Work that shows the access token to another of Salesforce's doors, where calls cost none of the org's API allowance. It is
        done again with a new token where it raises SessionExpired, and as reads are where it asks for patience.
        """
        before = self.calls
        try:
            return self._call(lambda sf: work(sf.session_id))
        finally:
            self.calls = before

    def send_raw(
        self, sf: Salesforce, method: str, path: str, body: Any, content: str = "application/json"
    ) -> requests.Response:
        """Past simple-salesforce, which would repeat by itself. `path` is below `/services/data/vXX.X/`; bytes go as they are."""
        plain = body if isinstance(body, bytes) else None
        return self._transport.request(
            method,
            f"{self.connection.base_url}/services/data/v{self.version}/{path}",
            json=None if plain is not None else body,
            data=plain,
            headers=_bearer(sf) | ({"Content-Type": content} if body is not None else {}),
            allow_redirects=False,
        )

    # -- inside

    def _call(
        self,
        send: Callable[[Salesforce], T],
        again: tuple[type[OrgError], ...] = pages.WORTH_REPEATING,
    ) -> T:
        """Sends with the current token, once more with a new one, and again where the org asks for patience."""
        renewed = False

        def once() -> T:
            nonlocal renewed
            token = self._tokens.current()
            client = self._salesforce(token.value, token.generation)
            self._stay_within()
            self.calls += 1
            try:
                return self._classified(send, client)
            except SessionExpired:
                if renewed:
                    raise
                renewed = True
                self._tokens.renew(token)
            return once()

        return self._patiently(once, again)

    def _stay_within(self) -> None:
        """Raises BudgetSpent. The org's own count holds for all workers and all other clients; it comes with its first answer."""
        if self._api_share is None or self.api_usage is None:
            return
        used, allowed = self.api_usage
        if used >= self._api_share * allowed:
            raise BudgetSpent(
                self.alias,
                f"{used} of its {allowed} API requests of the day are used, and reading stops at {self._api_share:.0%}",
                "Run it again tomorrow, or raise `fleet.api_share` in policy.yaml.",
            )

    def _patiently(
        self, work: Callable[[], T], again: tuple[type[OrgError], ...] = pages.WORTH_REPEATING
    ) -> T:
        attempt = 0
        while True:
            try:
                return work()
            except again as error:
                attempt += 1
                if not self.wait(error, attempt):
                    raise

    def _pause(self, error: OrgError, attempt: int) -> timedelta:
        asked = error.retry_after if isinstance(error, Throttled) else None
        return min(asked, timedelta(seconds=60)) if asked else backoff(attempt, self._random)

    def _classified(self, send: Callable[[Salesforce], T], client: Salesforce) -> T:
        try:
            return send(client)
        except SalesforceError as error:
            headers = getattr(self._seen, "headers", {})
            raise classify(self.alias, error.status, error.content, headers) from None
        except requests.exceptions.JSONDecodeError:
            raise OrgUnavailable(
                self.alias, "the answer was no JSON", "A proxy or a maintenance page may stand between."
            ) from None
        except requests.RequestException as error:
            raise classify_exception(self.alias, error) from None

    def _salesforce(self, token: str, generation: int) -> Salesforce:
        """
        Direct mode: simple-salesforce then never signs in by itself, where it would loop without end. Plain dicts
        parse in less than half the time of its default ordered ones.
        """
        if self._client is None or self._client[0] != generation:
            client = Salesforce(
                session_id=token,
                instance_url=self.connection.base_url,
                version=self.version,
                session=self._transport,
                object_pairs_hook=dict,
            )
            self._client = (generation, client)
        return self._client[1]

    def _anonymous(self, path: str) -> Any:
        try:
            response = self._transport.get(self.connection.base_url + path, allow_redirects=False)
        except requests.RequestException as error:
            raise classify_exception(self.alias, error) from None
        body = _body(response)
        if response.status_code != 200 or not isinstance(body, list):
            raise classify(self.alias, max(response.status_code, 300), body, response.headers)
        return body

    def _remember(self, response: requests.Response, **extra: object) -> None:
        self._seen.headers = response.headers
        usage = response.headers.get("Sforce-Limit-Info", "").partition("api-usage=")[2].partition(";")[0]
        used, _, allowed = usage.partition("/")
        if used.isdigit() and allowed.isdigit():
            self.api_usage = (int(used), int(allowed))
        if date := response.headers.get("Date"):
            self.server_time = parsedate_to_datetime(date)


def _bearer(sf: Salesforce) -> dict[str, str]:
    return {"Authorization": f"Bearer {sf.session_id}"}


def _body(response: requests.Response) -> object:
    try:
        return response.json()
    except ValueError:
        return None
