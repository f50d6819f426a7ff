"""Telemetry by flow runs on a real server: live and from files, into a store of its own, and what an org does not show."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from deployments.register import register_files
from flows.telemetry import collect_telemetry
from tasks.ledger.model import EntryKind
from tasks.orgs import load_registered, open_ledger
from tasks.telemetry.model import Tier
from tasks.telemetry.state_ledger_gateway import TelemetryBook
from tasks.telemetry.store_gateway import open_store
from tests.product import Product
from tests.running import RunningEstate

ORGS = ["hq-uat", "emea"]


@pytest.mark.slow
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


@pytest.mark.timeout(900)
def test_the_event_bus_is_heard_in_chosen_orgs_alone(
    product: Product, estate: RunningEstate, tmp_path: Path
) -> None:
    document = yaml.safe_load((estate.folder / "estate.yaml").read_text())
    for org in document["orgs"]:
        if org["alias"] in ("hq", "emea"):
            org["event_bus"] = True
    chosen = tmp_path / "estate.yaml"
    chosen.write_text(yaml.safe_dump(document))
    register_files(chosen, estate.folder / "policy.yaml")
    estate.reset_wire()
    found = {each.org: each for each in collect_telemetry(orgs=["hq", "hq-uat", "emea"], tiers="live")}
    asked = {row["org"] for row in estate.wire() if row["path"].startswith("/eventbus.v1.PubSub/")}
    assert asked == {"hq", "emea"}
    with open_ledger() as ledger:
        heard = {alias: TelemetryBook(ledger, alias).places() for alias in found}
    assert heard["hq"]["ApiEvent"].replay and heard["hq"]["LoginEvent"].since and not heard["hq-uat"]
    # Event Monitoring was not bought there.
    (unheard,) = [each for each in found["emea"].hidden if each.what.startswith("the event bus on")]
    assert "ApiEvent" in unheard.what and "not offered" in unheard.why and not heard["emea"]
    _, policy = load_registered()
    at = found["hq"].at
    rows = (
        open_store(policy).rows(["hq"], "ApiEvent", at - timedelta(days=1), at + timedelta(days=1)).collect()
    )
    assert rows.height == rows["EVENT_IDENTIFIER"].n_unique() > 0
    assert rows["USER_NAME"].str.starts_with("user").all()
