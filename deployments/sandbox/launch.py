"""Starting, stopping and asking about an estate from another process, with nothing heavy imported."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from deployments.sandbox.state import StateFolder

LAST_LINES = 20
STOP_SECONDS = 15.0
ANSWER_SECONDS = 60.0
PAUSE_SECONDS = 0.1
REPOSITORY = Path(__file__).resolve().parents[2]

FLOWS = {"jwt": "jwt-bearer", "client_credentials": "client-credentials", "refresh_token": "refresh-token"}
COMMON = ("name", "consumer_key", "username", "client_certificate_file", "client_key_file")


class EstateNotStarted(Exception):
    """The estate did not become ready; the message ends with the last lines of its log."""


class EstateNotRunning(Exception):
    """There is no live estate in this state folder."""


def start(
    state: Path,
    *,
    seed: int = 0,
    users: int = 8000,
    plants: str = "all",
    light: int = 0,
    keep: bool = False,
    timeout: timedelta = timedelta(minutes=3),
) -> dict[str, Any]:
    """
    Starts a detached estate and waits until it is ready; gives its state document.

    A live estate made from the same settings is left as it is. One of another day is made anew unless `keep` is
    set. Raises EstateNotStarted.
    """
    folder = StateFolder(state.resolve())
    running = status(state)
    settings = {"seed": seed, "users": users, "plants": plants, "light": light}
    if running is not None:
        if all(running[name] == wanted for name, wanted in settings.items()):
            return running
        raise EstateNotStarted(f"another estate already serves {folder.root}; stop it first")
    folder.prepare()
    folder.state_file.unlink(missing_ok=True)
    command = [sys.executable, "-m", "deployments.sandbox", "serve", "--state", str(folder.root)]
    for name, wanted in settings.items():
        command += [f"--{name}", str(wanted)]
    command += ["--keep"] if keep else []
    with folder.log.open("wb") as log:
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=REPOSITORY, start_new_session=True
        )
    deadline = time.monotonic() + timeout.total_seconds()
    while time.monotonic() < deadline:
        document = folder.read_state()
        if document is not None:
            return document
        if child.poll() is not None:
            raise EstateNotStarted(_with_log(f"the estate ended with code {child.returncode}", folder))
        time.sleep(PAUSE_SECONDS)
    child.terminate()
    child.wait()
    raise EstateNotStarted(
        _with_log(f"the estate was not ready after {timeout.total_seconds():.0f} s", folder)
    )


def stop(state: Path) -> bool:
    """Ends the estate of a folder and waits for it; whether there was one."""
    document = status(state)
    if document is None:
        return False
    pid = int(document["pid"])
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    folder = StateFolder(state.resolve())
    while folder.held():
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
            deadline += STOP_SECONDS
        time.sleep(PAUSE_SECONDS)
    folder.state_file.unlink(missing_ok=True)
    return True


def status(state: Path) -> dict[str, Any] | None:
    """The state document of a live and ready estate, None when there is none."""
    folder = StateFolder(state.resolve())
    return folder.read_state() if folder.held() else None


def client_environment(state: Path) -> dict[str, Any]:
    """
    All a client needs: proxy, CA bundle, AWS endpoint, and each org with the apps that can log in.

    Raises EstateNotRunning.
    """
    document = _running(state)
    clients = json.loads((StateFolder(state.resolve()).root / "clients.json").read_text())
    orgs = [
        {
            "alias": alias,
            "instance_url": url,
            "mtls_url": f"{url}:8443",
            "apps": [entry for app in clients["apps"] if app["org"] == alias for entry in _logins(app)],
        }
        for alias, url in sorted(document["orgs"].items())
    ]
    return {
        **{name: document[name] for name in ("proxy", "attacker_proxy", "vpn_proxy")},
        "any_proxy": document["proxy"].replace("://", "://ip-198-51-100-7:x@"),
        "smtp": document["smtp"],
        "ca_bundle": document["ca_bundle"],
        "aws_endpoint": document["aws_endpoint"],
        "node_options": f"--require={Path(__file__).with_name('node_proxy.cjs')}",
        "orgs": orgs,
    }


def _logins(app: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """One entry for each flow an app's client can use with what it holds."""
    common = {name: app[name] for name in COMMON if name in app}
    for flow in app["flows"]:
        entry = {**common, "flow": FLOWS.get(flow, flow)}
        if flow == "jwt" and "private_key_file" in app:
            yield {**entry, "private_key": Path(app["private_key_file"]).read_text()}
        elif flow != "jwt" and "consumer_secret" in app:
            held = (
                {"refresh_token": app["refresh_token"]}
                if flow == "refresh_token" and "refresh_token" in app
                else {}
            )
            yield {**entry, "client_secret": app["consumer_secret"], **held}


def mint_token(state: Path, org: str, username: str) -> str:
    """An access token without a login. Raises EstateNotRunning, LookupError for an unknown org or user."""
    answer = ask(state, "POST", "/token", {"org": org, "username": username})
    return str(answer["access_token"])


def try_sign_ins(state: Path, org: str, attempts: Iterable[tuple[str, str, str]]) -> list[str]:
    """
    For each user name, application and address how a login and a request from there would be refused; empty for not at all.

    Raises EstateNotRunning, LookupError for an unknown org or user.
    """
    listed = [list(attempt) for attempt in attempts]
    return [str(each) for each in ask(state, "POST", "/try-sign-ins", {"org": org, "attempts": listed})]


def advance_clock(state: Path, step: timedelta) -> str:
    """Moves the estate's time forward; gives the new time (ISO 8601). Raises EstateNotRunning, LookupError."""
    return str(ask(state, "POST", "/clock", {"advance_seconds": step.total_seconds()})["now"])


def save_snapshot(state: Path, name: str) -> dict[str, Any]:
    """
    Puts the whole running estate aside under a name: `name`, `at`, `saved`, `bytes`, `seconds`.

    Raises EstateNotRunning, LookupError for a name that is none; so do the next three.
    """
    made: dict[str, Any] = ask(state, "POST", "/snapshots", {"name": name})
    return made


def restore_snapshot(state: Path, name: str) -> dict[str, Any]:
    """Brings it back; what came after it is gone."""
    back: dict[str, Any] = ask(state, "POST", f"/snapshots/{name}/restore")
    return back


def delete_snapshot(state: Path, name: str) -> None:
    ask(state, "DELETE", f"/snapshots/{name}")


def reset(state: Path) -> dict[str, Any]:
    """Takes the running estate back to how it was made."""
    back: dict[str, Any] = ask(state, "POST", "/reset")
    return back


def ask(state: Path, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """One call of the admin interface; None for an empty answer. Raises EstateNotRunning, LookupError."""
    document = _running(state)
    address = urlsplit(document["admin_url"])
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=ANSWER_SECONDS)
    headers = {"Authorization": f"Bearer {document['admin_token']}"}
    with closing(connection):
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        content = response.read()
    if response.status >= 400:
        raise LookupError(json.loads(content or b"{}").get("error", f"the estate answered {response.status}"))
    return json.loads(content) if content else None


def _running(state: Path) -> dict[str, Any]:
    document = status(state)
    if document is None:
        raise EstateNotRunning(f"no estate is running in {state}; start one first")
    return document


def _with_log(reason: str, folder: StateFolder) -> str:
    lines = folder.log.read_text(errors="replace").splitlines()[-LAST_LINES:]
    return "\n".join([f"{reason}; the end of {folder.log}:", *lines])
