"""Write rights that sleep, on a real wire: woken by the first write, in a session of their own, and gone with it."""

from collections.abc import Callable
from typing import Any

import pytest

from deployments.sandbox import launch
from tasks.errors import LedgerUnavailable, OrgError, OrgUnavailable
from tasks.salesforce.waking import activations, inputs
from tasks.salesforce.writing import WritingSession
from tests.running import RunningEstate
from tests.tasks.salesforce.scanner import enforcer_connection

ORG = "emea"
SETS = ("Bulkhead_Enforcer_Writes",)
NEW_SET = {"Name": "Woken_Once", "Label": "Woken once"}


class Diary:
    """What was noted of wakings."""

    def __init__(self) -> None:
        self.pages: list[str] = []

    def __call__(self) -> Callable[[], None]:
        self.pages.append("awake")
        return lambda: self.pages.append("asleep")


def opened(estate: RunningEstate, diary: Diary, **changed: Any) -> WritingSession:
    return WritingSession(enforcer_connection(estate, ORG, **changed), waking=diary)


def end_sessions(estate: RunningEstate) -> None:
    """As an administrator does who finds them suspicious."""
    who = ("client.laboratory@emea.meridian.example", "v62.0")
    soql = "SELECT Id FROM AuthSession WHERE Users.Username LIKE 'bulkhead.enforcer%'"
    for row in estate.get(ORG, who[0], f"{who[1]}/query?q={soql}").json()["records"]:
        estate.call("DELETE", ORG, who[0], f"{who[1]}/sobjects/AuthSession/{row['Id']}")


def test_reading_wakes_nothing(estate: RunningEstate) -> None:
    diary = Diary()
    with opened(estate, diary) as session:
        assert session.count("SELECT COUNT() FROM PermissionSet") > 0
        assert activations(session, SETS) == []
    assert diary.pages == []


def test_the_first_write_wakes_and_the_end_of_the_session_puts_to_sleep(estate: RunningEstate) -> None:
    diary = Diary()
    with opened(estate, Diary()) as observer, opened(estate, diary) as session:
        [made] = session.create("PermissionSet", [NEW_SET])
        assert made.id is not None, made.code
        assert len(activations(observer, SETS)) == 1 and diary.pages == ["awake"]
        assert session.delete([made.id])[0].code == ""
        assert diary.pages == ["awake"], "woken once for all writes"
        session.close()
        assert activations(observer, SETS) == [] and diary.pages == ["awake", "asleep"]


def test_a_session_that_ended_meanwhile_is_woken_again(estate: RunningEstate) -> None:
    diary = Diary()
    with opened(estate, diary) as session:
        session.rouse()
        end_sessions(estate)
        [made] = session.create("PermissionSet", [NEW_SET])
        assert made.code == "" and made.id is not None
        session.delete([made.id])
    assert diary.pages == ["awake", "asleep"]


def test_what_cannot_be_woken_is_named_and_nothing_is_written(estate: RunningEstate) -> None:
    diary = Diary()
    with opened(estate, diary, session_sets=("No_Such_Set",)) as session:
        with pytest.raises(OrgError, match="could not be woken"):
            session.create("PermissionSet", [NEW_SET])
        assert session.count("SELECT COUNT() FROM PermissionSet WHERE Name = 'Woken_Once'") == 0


def test_a_waking_that_failed_is_tried_again_with_the_next_write(estate: RunningEstate) -> None:
    fault = {"kind": "503", "org": ORG, "path": "/actions/standard", "times": 1}
    launch.ask(estate.folder, "POST", "/faults", fault)
    diary = Diary()
    try:
        with opened(estate, diary) as session:
            with pytest.raises(OrgUnavailable):
                session.create("PermissionSet", [NEW_SET])
            [made] = session.create("PermissionSet", [NEW_SET])
            assert made.id is not None, made.code
            session.delete([made.id])
    finally:
        launch.ask(estate.folder, "DELETE", "/faults")
    assert diary.pages == ["awake", "asleep"]


def test_a_ledger_that_takes_no_note_of_the_end_leaves_that_of_the_waking(estate: RunningEstate) -> None:
    def full() -> None:
        raise LedgerUnavailable("The disk of the ledger is full.")

    session = WritingSession(enforcer_connection(estate, ORG), waking=lambda: full)
    session.rouse()
    session.close()
    with opened(estate, Diary()) as observer:
        assert activations(observer, SETS) == [], "the session is over all the same"


def test_no_note_no_waking(estate: RunningEstate) -> None:
    def full() -> Callable[[], None]:
        raise OrgUnavailable(ORG, "the ledger is full", "")

    with opened(estate, Diary()) as observer:
        session = WritingSession(enforcer_connection(estate, ORG), waking=full)
        with pytest.raises(OrgUnavailable):
            session.create("PermissionSet", [NEW_SET])
        session.close()
        assert activations(observer, SETS) == []


def test_what_a_killed_process_left_awake_is_ended_by_another(estate: RunningEstate) -> None:
    killed = opened(estate, Diary())
    killed.rouse()
    with opened(estate, Diary()) as sweeper:
        left = activations(sweeper, SETS)
        assert len(left) == 1
        sweeper.end_activations(left)
        assert activations(sweeper, SETS) != left, "its own, and nothing of the other's"
        assert killed.create("PermissionSet", [NEW_SET])[0].code != "", "nothing is left to write with"
    killed.close()


def test_a_set_of_a_package_is_named_with_its_namespace() -> None:
    assert inputs(["acme__Writes", "Ours"]) == {
        "inputs": [{"PermSetNamespace": "acme", "PermSetName": "Writes"}, {"PermSetName": "Ours"}]
    }
