"""Eyes outside the product: the sinks of the estate, the org's API, the thief's own answers, Prefect's API, files on disk."""

import logging
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from deployments.bench.live.model import CHANNELS, Account, Heard, Run, Try
from deployments.bench.wire import UserOnWire
from deployments.sandbox import launch
from tasks.rehearsal.gateway import HttpCaller
from tasks.rehearsal.model import Refused

PAGE_SECONDS = 5.0
"""How often the thief asks for one more page, as a script in a loop does."""
_ATTEMPTS = 10
_PAGE = "SELECT Id, Name, Phone FROM Account LIMIT 2000"


class PrefectApi:
    """The REST API of a running Prefect server, as its UI calls it."""

    def __init__(self, ui: str) -> None:
        self._client = httpx.Client(base_url=f"{ui}/api", trust_env=False, timeout=60)
        # As Prefect's own page does before it sends a form; a token is good for an hour.
        me = str(uuid4())
        token = self.ask("GET", f"/csrf-token?client={me}")["token"]
        self._client.headers.update({"Prefect-Csrf-Client": me, "Prefect-Csrf-Token": token})

    def close(self) -> None:
        self._client.close()

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """
        Asks again where the server is too busy to answer, as people do; whatever is asked here may be asked twice.

        Raises httpx.HTTPError.
        """
        for left in range(_ATTEMPTS - 1, -1, -1):
            try:
                answer = self._client.request(method, path, json=body)
                if answer.is_server_error and left:
                    raise httpx.TransportError(f"answered {answer.status_code}")
                break
            except httpx.TransportError:
                if not left:
                    raise
                time.sleep(1)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def deployments(self) -> dict[str, dict[str, Any]]:
        return {each["name"]: each for each in self._pages("/deployments/filter", {})}

    def start(self, deployment: str, parameters: Mapping[str, Any]) -> str:
        """The id of a run that a worker takes, as the button in the UI makes it."""
        known = self.deployments()[deployment]["id"]
        body = {
            "parameters": dict(parameters),
            "state": {"type": "SCHEDULED"},
            "idempotency_key": str(uuid4()),
        }
        return str(self.ask("POST", f"/deployments/{known}/create_flow_run", body)["id"])

    def end_of(self, run: str, patience: float) -> str:
        """The type of the state in which it ends, or of the one it is in when patience ends."""
        deadline = time.monotonic() + patience
        while True:
            state = str(self.ask("GET", f"/flow_runs/{run}")["state_type"])
            if state in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED") or time.monotonic() > deadline:
                return state
            time.sleep(1)

    def why(self, run: str) -> str:
        """What the run told of its end: the message of its state, and the first line of each error it logged."""
        state = self.ask("GET", f"/flow_runs/{run}")["state"] or {}
        logged = self.ask(
            "POST",
            "/logs/filter",
            {
                "logs": {"flow_run_id": {"any_": [run]}, "level": {"ge_": logging.ERROR}},
                "sort": "TIMESTAMP_ASC",
                "limit": 20,
            },
        )
        words = [
            str(state.get("message") or ""),
            *(str(each["message"]).partition("\n")[0] for each in logged),
        ]
        return "; ".join(dict.fromkeys(each for each in words if each)) or "it told nothing"

    def runs(self) -> list[dict[str, Any]]:
        """Every run of a deployment that has begun, the first first; `deployment` is its name."""
        names = {each["id"]: name for name, each in self.deployments().items()}
        found = self._pages(
            "/flow_runs/filter",
            {"sort": "EXPECTED_START_TIME_ASC", "flow_runs": {"start_time": {"is_null_": False}}},
        )
        return [
            {**each, "deployment": names[each["deployment_id"]]} for each in found if each["deployment_id"]
        ]

    def _pages(self, path: str, body: Mapping[str, Any]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while True:
            page = self.ask("POST", path, {**body, "limit": 200, "offset": len(found)})
            found += page
            if len(page) < 200:
                return found


def runs_of(api: PrefectApi, names: frozenset[str]) -> tuple[Run, ...]:
    return tuple(
        Run(
            each["deployment"],
            each["state_type"],
            each["auto_scheduled"],
            api.why(each["id"]) if each["state_type"] in ("FAILED", "CRASHED") else "",
        )
        for each in api.runs()
        if each["deployment"] in names
    )


class Thief:
    """Whoever holds the key. Goes on with the session, and where that is refused tries the key anew."""

    def __init__(self, caller: HttpCaller, clock: Callable[[], float]) -> None:
        self._caller = caller
        self._clock = clock
        self.tries: list[Try] = []

    @property
    def refused(self) -> bool:
        return bool(self.tries) and bool(self.tries[-1].refused)

    def take_a_page(self) -> None:
        why = ""
        for again in (False, True):
            try:
                if again:
                    self._caller.sign_in()
                rows = len(self._caller.call("GET", "query", query={"q": _PAGE})["records"])
            except Refused as refused:
                why = f"{refused.status or 'no connection'} {refused.code}"
            else:
                self.tries.append(Try(self._clock(), rows))
                return
        self.tries.append(Try(self._clock(), 0, why))


class Ears:
    """The sinks of the estate: what they receive that names somebody."""

    def __init__(self, folder: Path, name: str, clock: Callable[[], float]) -> None:
        self._folder = folder
        self._name = name
        self._clock = clock
        self._quiet = dict.fromkeys(CHANNELS, clock())
        self.heard: dict[str, Heard] = {}

    def listen(self) -> None:
        for channel in CHANNELS:
            if channel in self.heard:
                continue
            asked = self._clock()
            texts = self.named(channel)
            if texts:
                self.heard[channel] = Heard(self._quiet[channel], self._clock(), texts[0])
            else:
                self._quiet[channel] = asked

    def named(self, channel: str) -> list[str]:
        received = launch.ask(self._folder, "GET", f"/sinks/{channel}")
        return [text for each in received if self._name in (text := str(each)).lower()]


def account(user: UserOnWire, username: str) -> Account:
    """What the org shows of a user. Raises Refused."""
    [who] = user.rows(
        f"SELECT Id, IsActive, ProfileId, UserRoleId, Email FROM User WHERE Username = '{username}'"
    )
    [sign_in] = user.rows(f"SELECT IsFrozen, IsPasswordLocked FROM UserLogin WHERE UserId = '{who['Id']}'")
    assigned = list(
        user.rows(
            "SELECT PermissionSetId, PermissionSetGroupId, ExpirationDate FROM PermissionSetAssignment"
            f" WHERE AssigneeId = '{who['Id']}'"
        )
    )
    sets = ", ".join(sorted(f"'{each['PermissionSetId']}'" for each in assigned))
    admitted = list(
        user.rows(f"SELECT ParentId, SetupEntityId FROM SetupEntityAccess WHERE ParentId IN ({sets})")
        if sets
        else ()
    )
    licences = user.rows(
        f"SELECT PermissionSetLicenseId FROM PermissionSetLicenseAssign WHERE AssigneeId = '{who['Id']}'"
    )
    apps = user.rows("SELECT Id, Name, OptionsAllowAdminApprovedUsersOnly FROM ConnectedApplication")
    return Account(
        active=who["IsActive"],
        frozen=sign_in["IsFrozen"],
        holds=frozenset(
            [
                f"profile {who['ProfileId']}",
                f"role {who['UserRoleId']}",
                f"address {who['Email']}",
                f"password locked {sign_in['IsPasswordLocked']}",
                *(
                    f"set {_line(each, 'PermissionSetId', 'PermissionSetGroupId', 'ExpirationDate')}"
                    for each in assigned
                ),
                *(f"admission {_line(each, 'ParentId', 'SetupEntityId')}" for each in admitted),
                *(f"licence {each['PermissionSetLicenseId']}" for each in licences),
                *(
                    f"app {each['Name']} approved only {each['OptionsAllowAdminApprovedUsersOnly']}"
                    for each in apps
                ),
            ]
        ),
    )


def frozen(user: UserOnWire) -> frozenset[str]:
    """Ids of all users of the org who are frozen. Raises Refused."""
    return frozenset(
        each["UserId"] for each in user.rows("SELECT UserId FROM UserLogin WHERE IsFrozen = true")
    )


def report_of(reports: Path, username: str) -> Path | None:
    """The page of an incident in which the user is named."""
    return next(
        (page for page in sorted(reports.glob("incident-*.html")) if username in page.read_text().lower()),
        None,
    )


def _line(row: Mapping[str, Any], *fields: str) -> str:
    return " ".join(str(row[field]) for field in fields)
