"""Telemetry of the embedded estate, over its wire: live rows and event log files into the store and back."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tasks.salesforce.session import Session
from tasks.telemetry.files import take
from tasks.telemetry.live import look_live
from tasks.telemetry.masks import pseudonyms
from tasks.telemetry.model import TakenFile, Tier
from tasks.telemetry.org_gateway import OrgTelemetry
from tasks.telemetry.store import TelemetryStore
from tests.tasks.telemetry.scripted import Memory

NAME = pseudonyms(b"k" * 32)


@pytest.fixture
def store(tmp_path: Path) -> TelemetryStore:
    return TelemetryStore(str(tmp_path / "telemetry"))


def test_sign_ins_and_setup_changes_come_live_once_each(
    org: Callable[[str], Session], store: TelemetryStore
) -> None:
    session = org("hq")
    telemetry, book = OrgTelemetry(session), Memory()
    now = telemetry.now()
    look = look_live(
        telemetry, store, book, NAME, now, overlap=timedelta(minutes=10), backfill=timedelta(days=3)
    )
    since = now - timedelta(days=3)
    for name in ("LoginHistory", "SetupAuditTrail"):
        where = "LoginTime" if name == "LoginHistory" else "CreatedDate"
        counted = len(session.query(
            f"SELECT Id FROM {name} WHERE {where} >= {since:%Y-%m-%dT%H:%M:%SZ} AND {where} < {now:%Y-%m-%dT%H:%M:%SZ}"
        ))  # fmt: skip
        rows = store.rows(["hq"], name, since, now).collect()
        assert rows.height == rows["ID"].n_unique() == counted > 0
    signed = store.rows(["hq"], "LoginHistory", since, now, Tier.LIVE).collect()
    assert "LOGIN_NO_ERROR" in signed["LOGIN_STATUS"].to_list()
    assert signed["USER_ID_DERIVED"].str.len_chars().unique().to_list() == [18]
    assert {"OauthToken", "PermissionSetAssignment"} <= {taken.event_type for taken in look.taken}
    again = look_live(
        telemetry, store, book, NAME, telemetry.now(), overlap=timedelta(hours=12), backfill=timedelta(days=3)
    )
    grants = next(taken for taken in again.taken if taken.event_type == "PermissionSetAssignment")
    assert (
        grants.added == 0 and store.rows(["hq"], "LoginHistory", since, now).collect().height == signed.height
    )


def test_an_event_log_file_comes_over_the_wire_as_long_as_the_org_says(
    org: Callable[[str], Session], store: TelemetryStore
) -> None:
    telemetry = OrgTelemetry(org("hq"))
    now = telemetry.now()
    files = telemetry.files(now - timedelta(days=9), now, ["RestApi", "Login", "Report"])
    for kind in ("RestApi", "Login", "Report"):
        file = next(each for each in files if each.event_type == kind)
        seen: list[dict[str, float]] = []

        def check(
            question: dict[str, dict[str, float]], seen: list[dict[str, float]] = seen
        ) -> tuple[str, ...]:
            seen.append(question["profile"])
            return ()

        taken = take(telemetry, store, Memory(), check, NAME, file, now)
        assert isinstance(taken, TakenFile) and taken.added == taken.rows > 0
        assert seen[0]["bytes"] == file.length and seen[0]["core_lacking"] == seen[0]["no_number"] == 0
        rows = store.rows(["hq"], kind, file.start - timedelta(days=2), now).collect()
        assert rows.height == taken.rows and rows["AT"].null_count() == 0
    assert telemetry.kinds()["RestApi", "Daily"] > 0
