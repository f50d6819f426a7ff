"""The assessment on a real server and the whole embedded estate, judged by what it left behind."""

import base64
import json
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from deployments.register import register_files
from deployments.sandbox import launch
from flows.assessment import LEFT_OUT, assessment
from tasks.audit.model import Assessment, Verdict
from tasks.errors import ContractsUnchecked
from tasks.inventory import steps
from tasks.ledger.model import EntryKind
from tasks.orgs import forget_connections, open_ledger
from tasks.reports.gateway import kept_history
from tasks.reports.history import run_of
from tasks.reports.ledger_gateway import RunBook
from tests.deployments.test_cli import bulkhead
from tests.product import Product, unpacked
from tests.running import RunningEstate
from tests.tasks.reports.test_formats import SARIF

READING_SOAP = {"describeMetadata", "listMetadata", "readMetadata", "checkRetrieveStatus", "retrieve"}


@pytest.fixture(scope="module")
def made(product: Product, estate: RunningEstate) -> Assessment:
    """One assessment, alone on the wire log, and without tokens that another module's restored snapshot has forgotten."""
    forget_connections()
    estate.reset_wire()
    return assessment()


@pytest.fixture(scope="module")
def wire(made: Assessment, estate: RunningEstate) -> list[dict[str, Any]]:
    return estate.wire()


def test_every_org_is_judged_by_every_control(made: Assessment) -> None:
    assert not made.unreadable
    assert len({v.control for v in made.verdicts}) == 22
    assert len(made.verdicts) == 22 * len(made.scores) == 22 * 5


def test_planted_misconfigurations_are_found(made: Assessment, estate: RunningEstate) -> None:
    key = json.loads((estate.folder / "answer-key.json").read_text())
    planted = {(f["control"], f["org"], f["resource"]) for f in key["findings"]}
    found = {(f.control, f.org, f.resource) for f in made.findings() if f.verdict is Verdict.FAIL}
    assert planted and len(planted & found) >= 0.99 * len(planted), sorted(planted - found)[:10]


def test_nothing_but_reads_went_over_the_wire(wire: list[dict[str, Any]]) -> None:
    assert len(wire) > 50
    for row in wire:
        assert _reads(row), row


def test_the_run_is_remembered_and_reported_in_every_format(made: Assessment, product: Product) -> None:
    with open_ledger() as ledger:
        runs = RunBook(ledger, made.estate).runs()
    assert run_of(made) in runs
    folder = product.home.reports
    for form in ("html", "json", "csv", "sarif", "ocsf.json"):
        assert (folder / f"latest.{form}").stat().st_size > 1000
    assert (folder / "latest.html").stat().st_size < 3_000_000
    sarif = json.loads(bulkhead(product.home.root, "report", "--format", "sarif").stdout)
    assert len(sarif["runs"][0]["results"]) == len(made.findings())
    jsonschema.validate(sarif, json.loads(SARIF.read_text()))
    assert made.rules.keys() == {verdict.control for verdict in made.verdicts}
    assert kept_history(folder, made.estate).runs == runs


def test_calls_are_counted_as_the_estate_counts_them(made: Assessment, wire: list[dict[str, Any]]) -> None:
    seen = dict.fromkeys(made.calls, 0)
    for row in wire:
        if "/services/data/v" in row["path"] or "/services/Soap/" in row["path"]:
            seen[row["org"]] += 1
    assert made.calls == seen


def test_artifacts_and_report_are_there(made: Assessment, product: Product) -> None:
    keys = {a["key"] for a in product.prefect("POST", "/artifacts/latest/filter", json={})}
    assert {
        "assessment-scoreboard",
        "assessment-findings",
        "assessment-blast-radius",
        "assessment-report",
    } <= keys
    assert (product.home.reports / "latest.html").stat().st_size > 10_000


def test_no_canary_is_in_anything_the_product_stored(
    made: Assessment, product: Product, estate: RunningEstate
) -> None:
    """Database, result storage (pickles in base64 too), logs and reports."""
    key = json.loads((estate.folder / "answer-key.json").read_text())
    canaries = [str(c).encode() for c in key["canaries"]]
    assert canaries
    for path in product.files():
        content = unpacked(path)
        found = [c for c in canaries if c in content]
        assert not found, (path, len(found))


def test_no_canary_is_in_the_process_list(made: Assessment, estate: RunningEstate) -> None:
    """What every user of the machine can read of a process, and what its own user can."""
    key = json.loads((estate.folder / "answer-key.json").read_text())
    canaries = [str(c).encode() for c in key["canaries"]]
    told = b""
    for path in Path("/proc").glob("[0-9]*"):
        for name in ("cmdline", "environ"):
            with suppress(OSError):
                told += (path / name).read_bytes()
    assert b"deployments.sandbox" in told, "the estate is in it, so others would be"
    assert not [canary for canary in canaries if canary in told]


def test_the_canary_search_would_see_one(product: Product, tmp_path: Path) -> None:
    hidden = tmp_path / "result"
    hidden.write_text(json.dumps({"data": base64.b64encode(b"xx-canary-7-xx").decode()}))
    assert b"canary-7" in unpacked(hidden)


@pytest.mark.slow
def test_a_run_of_some_orgs_says_which_it_left_out(product: Product) -> None:
    made = assessment(orgs=["emea"])
    assert set(made.unreadable) == {"hq", "apac", "compliance", "hq-uat"}
    assert set(made.unreadable.values()) == {LEFT_OUT}


@pytest.mark.slow
def test_one_dead_org_never_hides_the_others(product: Product, estate: RunningEstate, tmp_path: Path) -> None:
    document = yaml.safe_load((estate.folder / "estate.yaml").read_text())
    apac = next(org for org in document["orgs"] if org["alias"] == "apac")
    apac["scanner"]["secret"] = "bulkhead/there-is-none"
    broken = tmp_path / "estate.yaml"
    broken.write_text(yaml.safe_dump(document, sort_keys=False))
    policy = estate.folder / "policy.yaml"
    try:
        register_files(broken, policy)
        made = assessment()
    finally:
        register_files(estate.folder / "estate.yaml", policy)
    assert set(made.unreadable) == {"apac"}
    assert "bulkhead/there-is-none" in made.unreadable["apac"]
    scores = {score.org: score for score in made.scores}
    assert scores["apac"].score is None
    assert all(scores[org].score is not None for org in ("hq", "emea", "compliance", "hq-uat"))


@pytest.mark.slow
def test_waivers_are_counted_told_and_noted(
    product: Product,
    estate: RunningEstate,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    made: Assessment,
) -> None:
    # About people, so that they fail also where the other orgs are left out.
    alone = {f.control: f for f in made.findings() if f.org == "emea" and f.verdict is Verdict.FAIL}
    first, second = alone["ZT-04"], alone["ZT-13"]
    about = {"org": "emea", "reason": "until the move", "owner": "ciso"}
    rules = yaml.safe_load((estate.folder / "policy.yaml").read_text())
    rules["waivers"] = [
        {**about, "control": first.control, "resource": first.resource, "expires": "2099-01-01"},
        {**about, "control": second.control, "resource": second.resource, "expires": "2020-01-01"},
        {**about, "control": second.control, "resource": "user:nobody", "expires": "2099-01-01"},
    ]
    policy = tmp_path / "policy.yaml"
    policy.write_text(yaml.safe_dump(rules))
    try:
        register_files(estate.folder / "estate.yaml", policy)
        again = assessment(orgs=["emea"])
    finally:
        register_files(estate.folder / "estate.yaml", estate.folder / "policy.yaml")
    assert [use.state.value for use in again.waivers] == ["used", "expired", "unjudged"]
    assert all(use.resources for use in again.waivers[:2])
    assert [use.times for use in again.waivers] == [1, 0, 0]
    verdicts = {(f.control, f.resource): f.verdict for f in again.findings()}
    assert verdicts[first.control, first.resource] is Verdict.WAIVED
    assert verdicts[second.control, second.resource] is Verdict.FAIL
    assert "of ciso expired on 2020-01-01: 1 finding fails again" in caplog.text
    with open_ledger() as ledger:
        assert [entry.body["state"] for entry in ledger.entries(EntryKind.WAIVER)] == ["used", "expired"]
    shown = json.loads(bulkhead(product.home.root, "waivers", "--json").stdout)
    assert [(row["state"], row["times used"]) for row in shown] == [
        ("expired", 0),
        ("unjudged", 0),
        ("used", 1),
    ]


def test_a_contract_check_that_cannot_finish_makes_unknown_what_hangs_on_it(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unfinished(*_: object) -> None:
        raise ContractsUnchecked("The contract check ended with code 137.")

    monkeypatch.setattr("tasks.contracts.steps.check_in_process", unfinished)
    made = assessment(orgs=["emea"])
    assert "emea" not in made.unreadable
    verdicts = {v.control: v for v in made.verdicts if v.org == "emea"}
    assert verdicts["ZT-04"].verdict is Verdict.UNKNOWN
    assert "code 137" in made.gaps["emea"]["users"]
    assert {"users", "fields"} <= made.gaps["emea"].keys()
    assert (product.home.reports / "latest.html").stat().st_size > 10_000


@pytest.mark.slow
def test_a_mistake_of_ours_in_one_org_hides_no_other(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = steps.open_org

    def faulty(alias: str, **how: Any) -> Any:
        if alias == "apac":
            raise IndexError("a secret text")
        return right(alias, **how)

    monkeypatch.setattr(steps, "open_org", faulty)
    made = assessment(orgs=["apac", "emea"])
    assert "IndexError" in made.unreadable["apac"] and "secret text" not in made.unreadable["apac"]
    scores = {score.org: score.score for score in made.scores}
    assert scores["apac"] is None and scores["emea"] is not None


@pytest.mark.slow
def test_calls_of_stages_that_fail_are_told_too(product: Product, estate: RunningEstate) -> None:
    """What the org was asked is what the report says, although stages were tried again and brought nothing."""
    fault = {"kind": "error", "org": "emea", "path": "/tooling/"}
    launch.ask(estate.folder, "POST", "/faults", fault)
    estate.reset_wire()
    try:
        made = assessment(orgs=["emea"])
        (struck,) = launch.ask(estate.folder, "GET", "/faults")
    finally:
        launch.ask(estate.folder, "DELETE", "/faults")
    assert "emea" in made.unreadable and struck["hits"] > 1, "stages failed, and were tried again"
    asked = [row for row in estate.wire() if re.match(r"/services/(data/v[\d.]+/|Soap/)", row["path"])]
    assert made.calls["emea"] == len(asked) > struck["hits"]


def test_an_unknown_org_fails_the_run_with_the_aliases_there_are(product: Product) -> None:
    state = assessment(orgs=["mars"], return_state=True)
    assert state.is_failed()
    assert state.message and "mars" in state.message and "compliance" in state.message


@pytest.mark.slow
def test_a_run_fails_on_findings_after_everything_is_published(product: Product) -> None:
    state = assessment(orgs=["hq"], fail_on="low", return_state=True)
    assert state.is_failed()
    assert state.message and "low or worse" in state.message


def _reads(row: dict[str, Any]) -> bool:
    method, path = row["method"], row["path"]
    if method == "GET":
        return True
    if method != "POST":
        return False
    if path.endswith("/services/oauth2/token"):
        return True
    parts = row["parts"]
    if "/services/Soap/m/" in path:
        return row["operation"] in READING_SOAP
    if path.rstrip("/").endswith("/composite"):
        return bool(parts) and all(str(part).startswith("GET ") for part in parts)
    return False
