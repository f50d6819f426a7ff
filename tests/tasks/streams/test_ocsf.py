"""Ledger entries as OCSF, syslog's framing, and cursors that lose and repeat nothing but what a death leaves in doubt."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tasks.alerts.model import Containment, Severity
from tasks.audit.model import Finding, Verdict, finding_uid
from tasks.audit.model import Severity as FindingSeverity
from tasks.errors import StreamBroken
from tasks.estate.model_channels import Stream
from tasks.ledger.model import EntryKind, Note
from tasks.streams.forward import forward
from tasks.streams.ledger_gateway import StreamBook
from tasks.streams.ocsf import ocsf_of
from tasks.streams.sightings import news
from tasks.streams.syslog import framed, syslog_of
from tests.slices import chosen
from tests.tasks.alerts.worlds import Killed, World, a_channel, an_alert

ALWAYS = {
    "activity_id", "category_uid", "class_uid", "metadata", "severity_id", "time", "type_uid", "message", "status_id",
}  # fmt: skip
"""What every event of OCSF has to have, and two that we promise besides."""
OF_CLASS = {2003: {"finding_info", "compliance"}, 2004: {"finding_info"}, 3004: {"entity", "actor"}}


def a_world(folder: Path) -> World:
    world = World(folder, [a_channel("slack")])
    critical = an_alert(severity=Severity.CRITICAL, containment=Containment.UNDER_WAY)
    world.book.open(critical)
    world.book.open(critical.model_copy(update={"containment": Containment.VERIFIED}), world.policy)
    world.book.acknowledge(critical.key)
    world.tell()
    world.resolve(critical.key)
    world.ledger.append(Note(kind=EntryKind.HALT, subject="incident", actor="ada", body={"why": "x"}))
    world.ledger.append(Note(kind=EntryKind.PLAN, subject="4f2a", actor="ada", body={"long": "x" * 9_000}))
    StreamBook(world.ledger).note_findings([a_finding("user:a")], {"hq"})
    return world


def a_finding(resource: str, verdict: Verdict = Verdict.FAIL, **changes: Any) -> Finding:
    values = {
        "control": "ZT-08",
        "org": "hq",
        "resource": resource,
        "verdict": verdict,
        "severity": FindingSeverity.HIGH,
        "summary": "too much",
        "remediation": "less",
        **changes,
    }
    return Finding.model_validate(values)


def sent_of(world: World) -> list[dict[str, Any]]:
    got: list[dict[str, Any]] = []
    forward(StreamBook(world.ledger), "siem", got.extend, "1.0")
    return got


def test_every_entry_is_an_event_with_what_its_class_requires(tmp_path: Path) -> None:
    got = sent_of(a_world(tmp_path))
    assert [each["class_uid"] for each in got] == [2004, 2004, 2004, 3004, 2004, 3004, 3004, 2003]
    for event in got:
        assert event.keys() >= ALWAYS | OF_CLASS[event["class_uid"]], event
        assert event["type_uid"] == event["class_uid"] * 100 + event["activity_id"]
        assert event["category_uid"] == event["class_uid"] // 1000
        json.dumps(event)
    alerts = [each for each in got if each["class_uid"] == 2004]
    assert [each["activity_name"] for each in alerts] == ["Create", "Update", "Update", "Close"]
    assert [each["status"] for each in alerts] == ["New", "New", "In Progress", "Resolved"]
    assert {each["severity"] for each in alerts} == {"Critical"} and len(
        {each["finding_info"]["uid"] for each in alerts}
    ) == 1
    assert alerts[1]["unmapped"]["containment"] == "verified"
    assert got[6]["unmapped"] == {"body_left_out": 9_012, "policy": ""}
    assert [each["metadata"]["sequence"] for each in got] == list(range(1, 9))
    assert len({each["metadata"]["uid"] for each in got}) == 8


def test_a_finding_has_the_uid_that_reports_tell_it_by(tmp_path: Path) -> None:
    finding = sent_of(a_world(tmp_path))[-1]
    assert finding["finding_info"]["uid"] == finding_uid("ZT-08", "hq", "user:a")
    assert finding["metadata"]["uid"] != finding["finding_info"]["uid"]


def test_syslog_is_framed_by_octets_and_says_how_severe_it_is(tmp_path: Path) -> None:
    world = World(tmp_path, [])
    world.book.open(an_alert(severity=Severity.CRITICAL, title="Zürich\nline two"))
    [event] = sent_of(world)
    message = syslog_of(event, "host one.example")
    assert framed(event, "host one.example") == b"%d " % len(message) + message
    head, _, text = message.partition(b"\xef\xbb\xbf")
    pattern = rb'<106>1 2026-05-13T12:00:00\.000Z host-one\.example bulkhead - 2004 \[meta sequenceId="1"\] '
    assert re.fullmatch(pattern, head), head
    assert json.loads(text) == event and b"\n" not in message


def test_findings_are_noted_when_they_are_news(tmp_path: Path) -> None:
    first, known = news([a_finding("user:a"), a_finding("user:b", Verdict.PASS)], {}, {"hq"})
    assert [(each.resource, each.over) for each in first] == [("user:a", False)]
    assert news([a_finding("user:a")], known, {"hq"})[0] == []
    worse, _ = news([a_finding("user:a", severity=FindingSeverity.CRITICAL)], known, {"hq"})
    assert [each.severity for each in worse] == ["critical"]
    over, now = news([], known, {"hq"})
    assert [(each.resource, each.over) for each in over] == [("user:a", True)] and now == {}
    for unseen in (news([], known, {"emea"}), news([a_finding("user:z", Verdict.UNKNOWN)], known, {"hq"})):
        assert unseen == ([], known), "what was not looked at is not gone"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"kind": "s3"}, "needs a bucket"),
        ({"kind": "syslog"}, "needs an address"),
        ({"kind": "syslog", "address": "https://x:1"}, "needs an address"),
        ({"kind": "splunk", "address": "http-x:1", "secret": "s"}, "https"),
        ({"kind": "splunk", "address": "https://x:8088"}, "secret"),
    ],
)
def test_a_stream_that_is_not_whole_is_refused(fields: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Stream.model_validate({"name": "x", **fields})


def play(seed: int, folder: Path) -> None:
    """Deaths, refusals and lost answers, while the ledger grows: nothing is left out, nothing comes out of order for good."""
    chance = Random(seed)
    (folder / str(seed)).mkdir()
    world = World(folder / str(seed), [])
    got: dict[str, list[int]] = {"one": [], "two": []}
    for _ in range(25):
        for _ in range(chance.randint(0, 4)):
            world.ledger.append(
                Note(kind=EntryKind.HALT, subject="s", actor="a", body={"n": chance.random()})
            )
        name = chance.choice(["one", "two"])
        turn = chance.random()

        def send(events: Sequence[dict[str, Any]], name: str = name, turn: float = turn) -> None:
            if turn < 0.15:
                raise Killed
            if turn < 0.3:
                raise StreamBroken("down")
            got[name] += [event["metadata"]["sequence"] for event in events]
            if turn < 0.45:
                raise Killed
            if turn < 0.6:
                raise StreamBroken("no answer")

        try:
            forward(StreamBook(world.ledger), name, send, "1", batch=3)
        except Killed:
            continue
    head = StreamBook(world.ledger).head()
    for name, seen in got.items():
        done = forward(
            StreamBook(world.ledger),
            name,
            lambda events, s=seen: s.extend(e["metadata"]["sequence"] for e in events),
            "1",
        )
        assert done.behind == 0 and done.through == head, seed
        firsts = list(dict.fromkeys(seen))
        assert firsts == list(range(1, head + 1)), (seed, name)
    world.ledger.close()


@pytest.mark.parametrize("seed", range(5))
def test_a_few_schedules_of_streams(seed: int, tmp_path: Path) -> None:
    play(seed, tmp_path)


@pytest.mark.slow
def test_two_hundred_schedules_of_streams(tmp_path: Path) -> None:
    for seed in chosen(range(1_000, 1_200), 40):
        play(seed, tmp_path)


def test_an_event_of_an_unknown_alert_is_told_all_the_same(tmp_path: Path) -> None:
    world = World(tmp_path, [])
    body = {"id": "gone"}
    [entry] = world.ledger.append(Note(kind=EntryKind.RESOLUTION, subject="volume:x", actor="a", body=body))
    event = ocsf_of(entry, {}, "1")
    assert (event["severity_id"], event["message"]) == (0, "volume:x")
