"""The wire log and the admin interface: what they tell, and what they never do."""

import stat
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
import requests

from deployments.sandbox import launch
from tests.deployments.sandbox.logins import HQ, bearer_login
from tests.deployments.sandbox.processes import started
from tests.running import RunningEstate


def test_a_request_is_logged_with_who_where_and_what(miniature: RunningEstate) -> None:
    mark = max((row["id"] for row in miniature.wire()), default=0)
    soql = "SELECT Id FROM User WHERE Name = 'a b'"
    miniature.get("hq", "admin@hq.example", "v62.0/query", params={"q": soql})

    row = miniature.wire(mark)[-1]
    assert (row["org"], row["user"], row["method"], row["status"]) == ("hq", "admin@hq.example", "GET", 200)
    assert (row["host"], row["port"], row["source_ip"]) == (
        "meridian-hq.my.salesforce.com",
        443,
        "203.0.113.10",
    )
    assert row["query"] == f"q={soql}"
    assert row["bytes"] > 0 and row["ms"] >= 0


def test_no_token_or_assertion_reaches_the_log(miniature: RunningEstate) -> None:
    token = bearer_login(miniature, "admin@hq.example").json()["access_token"]
    with miniature.session() as session:
        session.get(f"{HQ}/services/oauth2/revoke?token={token}", timeout=10)

    logged = str(miniature.wire())
    assert token not in logged
    assert "assertion" not in logged
    secret = token.encode()
    for path in miniature.folder.rglob("*"):
        if path.is_file():
            assert secret not in path.read_bytes(), path.name


def test_a_reset_empties_the_log(miniature: RunningEstate) -> None:
    miniature.get("hq", "admin@hq.example", "v62.0/limits")
    miniature.reset_wire()

    assert miniature.wire() == []


def test_the_admin_interface_needs_its_token(miniature: RunningEstate) -> None:
    address = miniature.state["admin_url"]
    with requests.Session() as session:
        session.trust_env = False
        assert session.get(f"{address}/health", timeout=10).json() == {"ready": True}
        assert session.get(f"{address}/wire", timeout=10).status_code == 401
        wrong = session.post(f"{address}/token", headers={"Authorization": "Bearer x"}, json={}, timeout=10)
    assert wrong.status_code == 401


def test_minting_for_somebody_unknown_says_so(miniature: RunningEstate) -> None:
    with pytest.raises(LookupError, match="there is no org 'nowhere'"):
        launch.mint_token(miniature.folder, "nowhere", "admin@hq.example")
    with pytest.raises(LookupError, match="has no user"):
        launch.mint_token(miniature.folder, "hq", "nobody@hq.example")


def test_the_state_folder_is_private(miniature: RunningEstate) -> None:
    assert stat.S_IMODE(miniature.folder.stat().st_mode) == 0o700
    for name in ("state.json", "aws-credentials", "keys/server.key", "keys/client-ca.key"):
        assert stat.S_IMODE((miniature.folder / name).stat().st_mode) == 0o600, name


def test_the_clock_moves_forward_and_the_orgs_tell_its_time(tmp_path: Path) -> None:
    process, _ = started(tmp_path / "state")
    try:
        estate = RunningEstate(tmp_path / "state", launch.status(tmp_path / "state") or {})
        token = estate.token("hq", "admin@hq.example")
        now = datetime.fromisoformat(launch.advance_clock(estate.folder, timedelta(days=90)))
        assert now - datetime.now(UTC) > timedelta(days=89)
        with pytest.raises(LookupError, match="only moves forward"):
            launch.advance_clock(estate.folder, timedelta(days=-1))
        with estate.session() as session:
            headers = {"Authorization": f"Bearer {token}"}
            answer = session.get(f"{HQ}/services/data/v62.0/limits", headers=headers, timeout=10)
        assert parsedate_to_datetime(answer.headers["Date"]) > now - timedelta(seconds=2)
        # The session idled for ninety days of the estate's time; a login, signed in real time, still works.
        assert answer.status_code == 401
        assert bearer_login(estate, "admin@hq.example").status_code == 200
    finally:
        process.terminate()
        process.wait(timeout=20)
