"""Telemetry by flow runs on a real server: live and from files, into a store of its own, and what an org does not show."""

from datetime import UTC, datetime, timedelta

import pytest

from flows.telemetry import collect_telemetry
from tasks.ledger.model import EntryKind
from tasks.orgs import load_registered, open_ledger
from tasks.telemetry.model import Tier
from tasks.telemetry.steps import open_store
from tests.product import Product

ORGS = ["hq-uat", "emea"]


@pytest.mark.timeout(900)
def test_what_happened_is_there_after_a_run_and_comes_once(product: Product) -> None:
    live = {each.org: each for each in collect_telemetry(orgs=ORGS, tiers="live")}
    files = {each.org: each for each in collect_telemetry(orgs=ORGS, tiers="files")}
    assert live.keys() == files.keys() == set(ORGS)
    _, policy = load_registered()
    store = open_store(policy)
    until = max(each.at for each in live.values())
    for org in ORGS:
        signed = store.rows([org], "LoginHistory", until - timedelta(days=40), until).collect()
        assert signed.height == signed["ID"].n_unique() > 0
    calls = store.rows(["emea"], "RestApi", until - timedelta(days=40), until, Tier.DAILY).collect()
    taken = next(each for each in files["emea"].taken if each.event_type == "RestApi")
    assert calls.height == taken.added == taken.rows > 0 and not files["emea"].quarantined
    assert not calls.filter(calls["USER_NAME"].is_not_null()).height if "USER_NAME" in calls.columns else True
    assert any(each.tier is Tier.HOURLY for each in files["hq-uat"].hidden)
    with open_ledger() as ledger:
        steps = [e.body["step"] for e in ledger.entries(EntryKind.TELEMETRY, subject="emea")]
    assert steps and set(steps) == {"file"}
    again = {each.org: each for each in collect_telemetry(orgs=["emea"], tiers="files")}
    assert again["emea"].taken == ()
    found = product.prefect("GET", "/artifacts/telemetry-files/latest")
    assert "## emea" in found["data"] and "Cannot be seen" in found["data"]
    assert datetime.now(UTC) - until < timedelta(days=3)
