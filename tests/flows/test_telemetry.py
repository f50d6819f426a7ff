"""Telemetry by flow runs on a real server: live and from files, into a store of its own, and what an org does not show."""

from datetime import UTC, datetime, timedelta

import pytest

from flows.telemetry import collect_telemetry
from tasks.ledger.model import EntryKind
from tasks.orgs import load_registered, open_ledger
from tasks.telemetry.model import Tier
from tasks.telemetry.store_gateway import open_store
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
    calls = store.rows(["hq-uat"], "ApiTotalUsage", until - timedelta(days=40), until, Tier.DAILY).collect()
    taken = next(each for each in files["hq-uat"].taken if each.event_type == "ApiTotalUsage")
    assert calls.height == taken.added == taken.rows > 0 and not files["hq-uat"].quarantined
    assert calls["USER_NAME"].str.starts_with("user").all() and not calls["USER_NAME"].str.contains("@").any()
    # The estate's emea writes no event logs at all, which is a finding of its own.
    assert files["emea"].taken == () and {each.tier for each in files["emea"].hidden} == {
        Tier.HOURLY,
        Tier.DAILY,
    }
    assert any(each.tier is Tier.HOURLY for each in files["hq-uat"].hidden)
    with open_ledger() as ledger:
        steps = [e.body["step"] for e in ledger.entries(EntryKind.TELEMETRY, subject="hq-uat")]
    assert steps and set(steps) == {"file"}
    found = product.prefect("GET", "/artifacts/telemetry-files/latest")
    assert "## emea" in found["data"] and "Cannot be seen" in found["data"]
    again = {each.org: each for each in collect_telemetry(orgs=["hq-uat"], tiers="files")}
    assert again["hq-uat"].taken == ()
    assert datetime.now(UTC) - until < timedelta(days=3)
