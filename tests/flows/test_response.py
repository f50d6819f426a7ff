"""An alert contained by policy on a real server and the embedded estate: told, killed and gone on with, given back by one click."""

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from deployments.register import register_files
from deployments.sandbox import launch
from flows.continuous import sweep_access
from flows.incident import close_incident, incident
from flows.response import approve_containment, contain, re_enable
from tasks.alerts.ledger_gateway import AlertBook
from tasks.errors import ContainmentRefused
from tasks.ledger.model import EntryKind
from tasks.orgs import home, load_estate, open_ledger, open_org
from tasks.response.approval import Yes, sign
from tasks.response.incident import PlayState
from tasks.response.ledger_gateway import ResponseBook
from tasks.response.looking_gateway import owns
from tasks.response.model import Standing
from tests.product import Product
from tests.running import JWT_BEARER, RunningEstate

ORG = "hq"
ASKING = "emea"
"""No policy contains there unasked."""
BOB, CAROL = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
RULES = [
    {"detection": "timed-*", "rung": "freeze", "undo_after": "PT1H"},
    {"detection": "stolen-*", "rung": "access"},
    {"severity": "critical", "rung": "freeze"},
]
KILLED = """
import os, signal
from tests.flows.test_response import contain, ORG
import tasks.response.gateway as gateway
bring = gateway.OrgHands._bring
def dying(self, step, held, wanted):
    bring(self, step, held, wanted)
    os.kill(os.getpid(), signal.SIGKILL)
gateway.OrgHands._bring = dying
contain(org=ORG, username={user!r}, detection="stolen-key", app={app!r}, alert="killed", requester="carol")
"""


@pytest.fixture(autouse=True, scope="module")
def as_before(
    product: Product, estate: RunningEstate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    launch.save_snapshot(estate.folder, "before-response-flow")
    policy = yaml.safe_load((estate.folder / "policy.yaml").read_text())
    policy["response"] = {"auto_disable": [ORG], "rules": RULES, "max_share": 1, "max_routes": 100}
    policy.setdefault("changes", {}).setdefault("approvals", {}).update(
        {"signed": ["containment"], "keys": {"bob": public(BOB), "carol": public(CAROL)}}
    )
    file = tmp_path_factory.mktemp("policy") / "policy.yaml"
    file.write_text(yaml.safe_dump(policy))
    register_files(estate.folder / "estate.yaml", file)
    yield
    register_files(estate.folder / "estate.yaml")
    launch.restore_snapshot(estate.folder, "before-response-flow")
    launch.delete_snapshot(estate.folder, "before-response-flow")


@pytest.fixture(scope="module")
def thief(estate: RunningEstate, as_before: None) -> dict[str, Any]:
    """The key of a route's app that opens the org now, of a user who does not own it."""
    apps = [each for each in estate.org(ORG)["apps"] if each.get("private_key")]
    with open_org(ORG) as session:
        return next(
            each
            for each in apps
            if "sync" in each["username"] and token(estate, each) and not owns(session, each["username"])
        )


def public(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


def token(estate: RunningEstate, app: dict[str, Any]) -> str:
    """Empty where the key opens nothing."""
    form = {
        "grant_type": JWT_BEARER,
        "assertion": estate.assertion(app["private_key"], app["consumer_key"], app["username"]),
    }
    with estate.session() as session:
        url = f"{estate.org(ORG)['instance_url']}/services/oauth2/token"
        return str(session.post(url, data=form, timeout=60).json().get("access_token", ""))


def by_bob(name: str) -> bool:
    """As policy wants it: signed by his key."""
    private = BOB.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    signature = sign(stands(name).containment, "bob", "a drill", private, yes=Yes.GIVE_BACK)
    return re_enable(containment=name, approver="bob", reason="a drill", signature=signature)


def told(name: str) -> list[bool]:
    """Whether it is over, of each alert that was ever opened about this incident."""
    with open_ledger() as ledger:
        found = [each for each in AlertBook(ledger).all() if each.alert.key == f"incident:{name}"]
    return [each.resolved is not None for each in found]


def works(estate: RunningEstate, access: str) -> bool:
    with estate.session() as session:
        return (
            session.get(
                f"{estate.org(ORG)['instance_url']}/services/data/v62.0/sobjects",
                headers={"Authorization": f"Bearer {access}"},
                timeout=60,
            ).status_code
            == 200
        )


def stands(name: str) -> Standing:
    with open_ledger() as ledger:
        return ResponseBook(ledger, "").find(name)


def test_contained_told_and_given_back(estate: RunningEstate, thief: dict[str, Any]) -> None:
    opened = token(estate, thief)
    began = time.monotonic()
    asked = {"org": ORG, "username": thief["username"], "detection": "stolen-key", "app": thief["name"]}
    asked |= {"detected": datetime.now(UTC), "requester": "carol"}
    done = incident(**asked)
    took = time.monotonic() - began
    name = done.standing.containment.id
    assert not works(estate, opened) and not token(estate, thief), took
    states = {each.play: each.state for each in done.plays}
    assert states["contain"] is PlayState.DONE and states["recover"] is PlayState.WAITS, done.plays
    assert PlayState.FAILED not in states.values(), done.plays
    page = (home() / "reports" / f"incident-{name}.html").read_text()
    assert thief["username"] in page
    # Some orgs of the estate lack a channel on purpose.
    kinds = {each.kind.value for each in load_estate().channels if ORG in each.orgs} & {"slack", "pagerduty"}
    sent = [str(launch.ask(estate.folder, "GET", f"/sinks/{kind}")) for kind in kinds]
    assert any("User auto-disabled pending review" in each for each in sent), kinds
    with pytest.raises(ContainmentRefused, match="does not count"):
        re_enable(containment=name, approver=thief["username"], reason="it was me")
    with pytest.raises(ContainmentRefused, match="wants it signed"):
        re_enable(containment=name[:8], approver="bob", reason="a drill")
    assert stands(name).returning is None
    assert told(name) == [False], "reported, and what was taken is not given back"
    assert by_bob(name[:8])
    assert told(name) == [True]
    assert incident(**asked).standing.over is not None
    assert told(name) == [True], "the report of what is over is brought up to date, and nobody is told again"
    assert works(estate, token(estate, thief))
    with open_ledger() as ledger:
        events = [e.body["event"] for e in ledger.entries(EntryKind.RESPONSE, subject=name)]
    assert events.count("begin") == events.count("taken") >= 4
    assert events[0] == "decided" and events[-1] in ("over", "incident")


def test_killed_in_the_middle_the_sweep_ends_it_the_same(
    estate: RunningEstate, thief: dict[str, Any]
) -> None:
    script = KILLED.format(user=thief["username"], app=thief["name"])
    ended = subprocess.run([sys.executable, "-c", script], env=os.environ, timeout=300, check=False)
    assert ended.returncode == -signal.SIGKILL
    with open_ledger() as ledger:
        [left] = [each for each in ResponseBook(ledger, "").all() if each.containment.facts.alert == "killed"]
    assert left.due and left.begun
    sweep_access()
    name = left.containment.id
    assert stands(name).contained and not token(estate, thief)
    with pytest.raises(ContainmentRefused, match="no report yet"):
        close_incident(containment=name, person="ada", reason="a drill")
    assert by_bob(name)
    assert works(estate, token(estate, thief))


@pytest.mark.slow
def test_a_person_closes_what_stays_shut_and_its_alert_ends_once(
    estate: RunningEstate, thief: dict[str, Any]
) -> None:
    asked = {"org": ORG, "username": thief["username"], "detection": "stolen-key", "app": thief["name"]}
    done = incident(**asked, alert="closed-by-hand", detected=datetime.now(UTC), requester="carol")
    name = done.standing.containment.id
    with pytest.raises(ContainmentRefused, match="is the one contained"):
        close_incident(containment=name, person=thief["username"], reason="it was me")
    assert told(name) == [False]
    assert close_incident(containment=name[:8], person="ada", reason="the vendor is gone") == name
    assert told(name) == [True] and not token(estate, thief)
    assert by_bob(name) and works(estate, token(estate, thief))
    assert told(name) == [True], "nobody is told again"


def test_given_back_by_itself_when_its_time_is_up(estate: RunningEstate, thief: dict[str, Any]) -> None:
    name = contain(
        org=ORG, username=thief["username"], detection="timed-burst", app=thief["name"], requester="carol"
    )
    sweep_access()
    assert stands(name).returning is None and not token(estate, thief)
    launch.ask(estate.folder, "POST", "/clock", {"advance_seconds": 61 * 60})
    sweep_access()
    assert stands(name).over is not None and works(estate, token(estate, thief))


def test_ours_and_break_glass_accounts_are_refused(estate: RunningEstate) -> None:
    entry = load_estate().org(ORG)
    spared = (
        entry.scanner.username,
        f"break.glass.1@{ORG}.meridian.example",
        f"client.laboratory@{ORG}.meridian.example",
    )
    for username in spared:
        with pytest.raises(ContainmentRefused, match="no containment touches"):
            contain(org=ORG, username=username, detection="stolen-key", requester="carol")


def test_nobody_is_contained_by_the_name_of_detections(estate: RunningEstate, thief: dict[str, Any]) -> None:
    """A form gives any name, alert and detection; what detections want stands in the ledger."""
    asked = {"org": ORG, "username": thief["username"], "detection": "stolen-key", "requester": "Detections"}
    opened = token(estate, thief)
    for flow, more in (
        (contain, {}),
        (contain, {"alert": f"anomaly:impossible-travel/{ORG}/{thief['username']}"}),
        (incident, {"detected": datetime.now(UTC)}),
    ):
        with pytest.raises(ContainmentRefused, match=r"in the name of detections|no incident to report on"):
            flow(**asked, **more)
    assert works(estate, opened)
    with open_ledger() as ledger:
        bodies = [entry.body for entry in ledger.entries(EntryKind.RESPONSE)][-3:]
    assert {body["event"] for body in bodies} == {"refused"}


@pytest.mark.slow
def test_a_yes_that_policy_wants_signed_counts_only_so(
    product: Product, estate: RunningEstate, tmp_path: Path
) -> None:
    who = next(each["username"] for each in estate.org(ASKING)["apps"] if "sync" in each["username"])
    name = contain(org=ASKING, username=who, detection="asked-for", requester="carol")
    with pytest.raises(ContainmentRefused, match="wants it signed") as refused:
        approve_containment(containment=name, approver="bob", reason="confirmed")
    with pytest.raises(ContainmentRefused, match="signature does not hold"):
        approve_containment(containment=name, approver="bob", reason="confirmed", signature="00" * 64)
    assert not stands(name).agreed and not stands(name).taken
    key = tmp_path / "bob"
    key.write_bytes(BOB.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    # Whether emea's own enforcer may take every step is another question, which the answer names.
    done = typed(str(refused.value), "approve", key, product)
    assert "does not count" not in done.stderr, done.stderr[-2000:]
    assert stands(name).agreed == ("bob",) and stands(name).begun
    with pytest.raises(ContainmentRefused, match="wants it signed") as refused:
        re_enable(containment=name, approver="bob", reason="confirmed")
    assert stands(name).returning is None
    done = typed(str(refused.value), "re-enable", key, product)
    assert "does not count" not in done.stderr, done.stderr[-2000:]
    assert stands(name).asked == ("bob",) and stands(name).returning is not None


def typed(refusal: str, command: str, key: Path, product: Product) -> "subprocess.CompletedProcess[str]":
    """What the refusal says to type."""
    words = shlex.split(refusal.split("`")[1])
    assert words[:3] == ["bulkhead", "containment", command]
    more = [str(key) if word.startswith("~/.ssh") else word.replace("…", "confirmed") for word in words[1:]]
    return subprocess.run(
        [sys.executable, "-m", "deployments.cli", *more],
        env={**os.environ, "BULKHEAD_HOME": str(product.home.root)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
