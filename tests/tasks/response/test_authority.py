"""Who may contain unasked: what the ledger says that detections want, and never a name that somebody typed."""

from datetime import timedelta
from typing import Any

import pytest

from tasks.alerts.model import Alert, Fact, Opened, Severity
from tasks.response.authority import DETECTIONS, LASTS, is_automatic, unauthorised
from tasks.response.model import Facts, Recent, Standing
from tasks.response.plan import containment, name_of
from tests.tasks.response.worlds import ORG, POLICY, START, USER, estate, facts, seen

KEY = "volume-over-baseline:1"
ONE: dict[str, Any] = {"alert": KEY, "app": "", "route": ""}
ASKED = facts(**ONE)


def opened(**changes: Any) -> Opened:
    alert: dict[str, Any] = {
        "key": KEY,
        "org": ORG,
        "severity": Severity.CRITICAL,
        "title": "Anomalous Sync Detected",
        "facts": (Fact(key="user", label="Sync User", text=USER.upper()),),
    }
    about = {name: changes.pop(name) for name in [*changes] if name in Alert.model_fields}
    return Opened(**{"id": "1", "alert": Alert(**alert | about), "at": START} | changes)


def why(asked: Facts = ASKED, **given: Any) -> str | None:
    word: dict[str, Any] = {"wanted": (), "alerts": (), "known": (), "now": START + timedelta(minutes=5)}
    return unauthorised(asked, **word | given)


def decided(about: Facts) -> Standing:
    made = containment(name_of(about), about, seen(), estate(), POLICY, Recent())
    return Standing(containment=made, requester=DETECTIONS)


@pytest.mark.parametrize("name", ["detections", " Detections ", "DETECTIONS", "detections@acme.example"])
def test_the_name_is_nobodys_however_it_is_written(name: str) -> None:
    assert is_automatic(name) and not is_automatic("ada")
    assert "no open alert" in str(why())


def test_what_detections_want_is_contained_and_nothing_that_differs_from_it() -> None:
    assert why(wanted=(ASKED,)) is None
    for other in ({"username": "ceo@emea.example"}, {"detection": "stolen-key"}, {"app": "Other_App"}):
        assert why(facts(**ONE | other), wanted=(ASKED,)) is not None


def test_an_open_alert_is_enough_and_what_was_decided_goes_on() -> None:
    assert why(alerts=(opened(),)) is None
    assert why(known=(decided(ASKED),)) is None


@pytest.mark.parametrize("more", [{"app": "Sync_App"}, {"route": "HQ_to_EMEA"}])
def test_an_alert_about_a_user_vouches_for_no_app_and_no_route(more: dict[str, str]) -> None:
    assert why(facts(**ONE | more), alerts=(opened(),)) is not None


@pytest.mark.parametrize(
    "alert",
    [
        opened(key="volume-over-baseline:2"),
        opened(key="stolen-key:1"),
        opened(org="hq"),
        opened(facts=()),
        opened(facts=(Fact(key="user", label="Sync User", text="ceo@emea.example"),)),
        opened(severity=Severity.ERROR),
        opened(at=START - LASTS),
        opened(at=START + timedelta(hours=1)),
        opened(resolved=START),
    ],
    ids=["key", "detection", "org", "nobody", "somebody else", "severity", "old", "not yet", "over"],
)
def test_an_alert_that_does_not_match_is_none(alert: Opened) -> None:
    assert why(alerts=(alert,)) is not None


def test_one_alert_of_detection_is_not_enough() -> None:
    """Those are contained where several agree, which is what detections want."""
    asked = facts(**ONE | {"alert": "anomaly:unusual-volume/emea/005", "detection": "anomaly"})
    assert why(asked, alerts=(opened(key=asked.alert),)) is not None


def test_an_alert_is_answered_once() -> None:
    before = decided(facts(alert=KEY))
    assert "was answered" in str(why(alerts=(opened(),), known=(before,)))
    reopened = opened(at=START + timedelta(hours=2))
    assert why(alerts=(reopened,), known=(before,), now=START + timedelta(hours=2)) is None
