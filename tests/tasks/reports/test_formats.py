"""SARIF, OCSF and JSON, held against the schemas of those who own the formats."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

from tasks.audit.model import Assessment, Finding, Verdict
from tasks.reports import document
from tasks.reports.history import posture
from tasks.reports.model import Posture
from tasks.reports.ocsf import VERSION, events, render_ocsf
from tasks.reports.sarif import render_sarif
from tests.tasks.reports.sample import sample

SARIF = Path(__file__).with_name("sarif-schema-2.1.0.json")
OURS = Path(document.__file__).with_name("schema") / "assessment.schema.json"


def before() -> Assessment:
    """The sample a week ago: some findings were not there, one more was."""
    made = sample()
    verdicts = list(made.verdicts)
    for i, verdict in enumerate(verdicts):
        if i % 4 == 0 and verdict.verdict is Verdict.FAIL:
            verdicts[i] = verdict.model_copy(update={"verdict": Verdict.PASS, "findings": ()})
        if i % 4 == 1 and verdict.verdict is Verdict.PASS:
            gone = Finding(
                control=verdict.control,
                org=verdict.org,
                resource="user:gone@hq.example",
                verdict=Verdict.FAIL,
                severity=made.findings()[0].severity,
                summary="Could do more than it did",
                remediation="Take it away.",
            )
            verdicts[i] = verdict.model_copy(update={"verdict": Verdict.FAIL, "findings": (gone,)})
    return made.model_copy(update={"verdicts": tuple(verdicts), "made_at": made.made_at.replace(day=18)})


@cache
def postures() -> dict[str, Posture]:
    return {
        "first": posture(sample()),
        "second": posture(sample(), before()),
        "names": posture(sample("<é'\"|\n")),
    }


@cache
def ocsf_schema() -> dict[str, Any]:
    made = OcsfJsonSchemaEmbedded(get_ocsf_schema(VERSION)).get_class_schema("compliance_finding")
    assert isinstance(made, dict)
    return made


@pytest.mark.parametrize("name", ["first", "second", "names"])
def test_sarif_fits_the_schema_of_oasis(name: str) -> None:
    found = json.loads(render_sarif(postures()[name]))
    jsonschema.validate(found, json.loads(SARIF.read_text()))
    (run,) = found["runs"]
    assert len(run["results"]) == len(postures()[name].assessment.findings())
    rules, taxonomies = run["tool"]["driver"]["rules"], run["taxonomies"]
    assert all(rules[r["ruleIndex"]]["id"] == r["ruleId"] for r in run["results"])
    for rule in rules:
        for relation in rule["relationships"]:
            taxonomy = taxonomies[relation["target"]["toolComponent"]["index"]]
            assert relation["target"]["id"] in {taxon["id"] for taxon in taxonomy["taxa"]}


def test_the_schema_of_oasis_is_one_that_refuses() -> None:
    found = json.loads(render_sarif(postures()["first"]))
    found["runs"][0]["results"][0]["kind"] = "maybe"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(found, json.loads(SARIF.read_text()))


def test_sarif_never_calls_unknown_a_pass_and_keeps_what_is_waived() -> None:
    (run,) = json.loads(render_sarif(postures()["first"]))["runs"]
    kinds = {(r["kind"], r["level"] == "none", "suppressions" in r) for r in run["results"]}
    assert kinds == {("fail", False, False), ("fail", False, True), ("open", True, False)}
    waived = sum(f.verdict is Verdict.WAIVED for f in sample().findings())
    assert sum("suppressions" in r for r in run["results"]) == waived > 0
    assert not run["invocations"][0]["executionSuccessful"], "one org could not be read"
    assert all("baselineState" not in r for r in run["results"]), "there was no run before"


def test_sarif_says_of_every_result_how_it_stands_to_the_run_before() -> None:
    (run,) = json.loads(render_sarif(postures()["second"]))["runs"]
    assert {r["baselineState"] for r in run["results"]} == {"new", "unchanged"}
    prints = [r["partialFingerprints"]["finding/v1"] for r in run["results"]]
    assert len(set(prints)) == len(prints)


@pytest.mark.parametrize("name", ["first", "second", "names"])
def test_ocsf_fits_the_exported_schema(name: str) -> None:
    validator = jsonschema.validators.validator_for(ocsf_schema())(ocsf_schema())
    found = json.loads(render_ocsf(postures()[name]))
    for event in found:
        assert not [error.message for error in validator.iter_errors(event)], event
    assert len({event["compliance"]["control"] for event in found}) == 22


def test_the_exported_schema_is_one_that_refuses() -> None:
    validator = jsonschema.validators.validator_for(ocsf_schema())(ocsf_schema())
    event = events(postures()["first"])[0]
    assert list(validator.iter_errors({**event, "severity_id": 42}))
    assert list(validator.iter_errors({key: value for key, value in event.items() if key != "finding_info"}))
    assert list(validator.iter_errors({**event, "invented": 1}))


def test_ocsf_closes_what_was_resolved_and_suppresses_what_is_waived() -> None:
    found = events(postures()["second"])
    closed = [event for event in found if event["activity_name"] == "Close"]
    assert closed and {event["resources"][0]["name"] for event in closed} == {"user:gone@hq.example"}
    assert {event["compliance"]["status"] for event in closed} == {"Pass"}
    suppressed = sum(event["status"] == "Suppressed" for event in found)
    assert suppressed == sum(f.verdict is Verdict.WAIVED for f in sample().findings())
    unclear = [event for event in found if event["compliance"]["status"] == "Unknown"]
    assert len(unclear) == sum(f.verdict is Verdict.UNKNOWN for f in sample().findings()) > 0


@pytest.mark.parametrize("name", ["first", "second", "names"])
def test_json_fits_its_own_schema(name: str) -> None:
    found = json.loads(document.render_json(postures()[name]))
    jsonschema.validate(found, json.loads(OURS.read_text()))
    assert len(found["compliance"]) == 10
    assert [each["mean_seconds"] for each in found["detection"]] == [None, None, None]
    assert (found["drift"] is None) == (name != "second")
