"""Every detection proves itself: it fires on the events that it says it fires on, and leaves the others alone."""

import re

import pytest

from tasks.anomalies.detect import suspicions
from tasks.anomalies.detections import DETECTIONS
from tasks.anomalies.examples import frames
from tasks.anomalies.model import Detection, Example
from tasks.anomalies.views import Views

NAMED = {detection.name: detection for detection in DETECTIONS}
FIRES = [(d.name, n) for d in DETECTIONS for n in range(len(d.fires))]
QUIET = [(d.name, n) for d in DETECTIONS for n in range(len(d.quiet))]


def played(detection: Detection, example: Example) -> list[str]:
    found = suspicions(detection, Views(frames(example.rows), example.context), example.context)
    return [f"{each.actor}: {each.seen}, expected {each.expected}" for each in found]


@pytest.mark.parametrize(("name", "number"), FIRES)
def test_it_fires(name: str, number: int) -> None:
    detection = NAMED[name]
    assert played(detection, detection.fires[number]), detection.fires[number].why


@pytest.mark.parametrize(("name", "number"), QUIET)
def test_it_leaves_alone(name: str, number: int) -> None:
    detection = NAMED[name]
    assert not played(detection, detection.quiet[number]), detection.quiet[number].why


@pytest.mark.parametrize("name", NAMED)
def test_it_says_what_to_do(name: str) -> None:
    detection = NAMED[name]
    assert detection.fires and detection.quiet and detection.needs
    assert re.fullmatch(r"T\d{4}(\.\d{3})?", detection.technique)
    assert len(detection.runbook) > 40 and detection.runbook.endswith(".")


def test_there_are_the_articles_five_and_many_more() -> None:
    article = {
        "authentication-failures",
        "volume-over-average",
        "off-hours-access",
        "unexpected-country",
        "permission-escalation",
    }
    assert article <= set(NAMED)
    assert len(NAMED) >= 30
