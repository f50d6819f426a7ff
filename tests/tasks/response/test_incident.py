"""The playbook's order and clock, and what logs say against what was open."""

from datetime import timedelta
from random import Random

import pytest

from tasks.response.incident import PLAYBOOK, Incident, Play, PlayState, in_order, play_all, reach_of
from tasks.response.incident_report import html, markdown, summary
from tasks.response.model import Recent, Standing
from tasks.response.plan import containment
from tasks.usage.model import Call, Operation, SignIns, Tally, Traffic
from tests.tasks.response.worlds import POLICY, START, USER, estate, facts, seen

LATER = START + timedelta(hours=1)


def tally(sobject: str, operation: Operation = Operation.READ, user: str = USER, answered: int = 3) -> Tally:
    call = Call(operation=operation, sobject=sobject, fields=frozenset({"Name", "SSN__c"}))
    return Tally(
        user=user, call=call, answered=answered, last_answered=START, answered_at=frozenset({"198.51.100.7"})
    )


def traffic(**changes: object) -> Traffic:
    values = {
        "now": LATER,
        "fresh": True,
        "newest": LATER,
        "hourly": True,
        "since": (
            tally("Account"),
            tally("Contact", Operation.EDIT),
            tally("Case", user="somebody@emea.example"),
            tally("Lead", answered=0),
        ),
    }
    return Traffic.model_validate(values | changes)


def played(moves: dict[str, PlayState], after: timedelta = timedelta(0)) -> dict[str, PlayState]:
    def move(name: str) -> tuple[PlayState, str]:
        if moves.get(name) is PlayState.FAILED:
            raise LookupError("a name that nobody should read")
        return moves.get(name, PlayState.DONE), name

    done = play_all(
        PLAYBOOK,
        {play.name: lambda name=play.name: move(name) for play in PLAYBOOK},
        START,
        lambda: START + after,
        lambda error: type(error).__name__,
    )
    assert not any("nobody should read" in each.said for each in done)
    return {each.play: each.state for each in done}


def test_every_play_comes_behind_those_it_needs_in_whatever_order_it_is_written() -> None:
    for seed in range(50):
        mixed = list(PLAYBOOK)
        Random(seed).shuffle(mixed)
        names = [play.name for play in in_order(mixed)]
        assert all(names.index(need) < names.index(play.name) for play in PLAYBOOK for need in play.after)


def test_a_circle_is_refused() -> None:
    hour = timedelta(hours=1)
    circle = [
        Play(name="a", what="", after=("b",), within=hour),
        Play(name="b", what="", after=("a",), within=hour),
    ]
    with pytest.raises(ValueError, match="a, b"):
        in_order(circle)


def test_a_failure_blocks_what_comes_after_it_and_nothing_else() -> None:
    states = played({"collect": PlayState.FAILED})
    assert states["notify"] is PlayState.DONE and states["eradicate"] is PlayState.DONE
    assert states["recover"] is PlayState.BLOCKED and states["report"] is PlayState.BLOCKED
    assert set(played({"contain": PlayState.FAILED}).values()) == {PlayState.FAILED, PlayState.BLOCKED}


def test_what_waits_for_a_person_blocks_nothing() -> None:
    states = played({"contain": PlayState.WAITS, "eradicate": PlayState.WAITS})
    assert states["report"] is PlayState.DONE and states["collect"] is PlayState.DONE


def test_late_plays_are_named() -> None:
    done = play_all(
        PLAYBOOK,
        {play.name: lambda: (PlayState.DONE, "") for play in PLAYBOOK},
        START,
        lambda: START + timedelta(hours=3),
        str,
    )
    assert {each.play for each in done if each.late} == {"contain", "collect", "notify"}


def test_what_was_read_is_told_against_what_was_open() -> None:
    found = reach_of(
        traffic(), USER, {"Account", "Contact", "Opportunity"}, {USER, "Other@emea.example"}, START
    )
    assert (found.read, found.changed, found.spared) == (
        ("Account",),
        ("Contact",),
        ("Contact", "Opportunity"),
    )
    assert found.addresses == ("198.51.100.7",) and found.beside == ("other@emea.example",)
    assert found.unseen == ()
    assert {t.sobject for t in found.touched} == {"Account", "Contact"}, (
        "others' calls and refusals are not its own"
    )


def test_our_own_users_are_told_from_others() -> None:
    (scanner,) = own = estate().org("emea").own
    found = reach_of(traffic(), USER, None, {scanner.upper(), "zoe@emea.example"}, START, own)
    assert found.beside == ("zoe@emea.example", f"{scanner} (our own)")


def test_what_no_log_tells_yet_is_said() -> None:
    assert "no event log file" in reach_of(traffic(newest=None), USER, None, (), START).unseen[0]
    assert "daily files alone" in reach_of(traffic(hourly=False), USER, None, (), START).unseen[0]
    hidden = reach_of(traffic(hidden=("calls (View Event Log Files)",)), USER, None, (), START)
    assert hidden.unseen == ("calls (View Event Log Files)",) and hidden.spared is None


def test_addresses_of_sign_ins_count_where_calls_do_not_show_yet() -> None:
    signed = [
        SignIns(user=USER, address=at, status=status, times=1, first=START, last=START)
        for at, status in (("203.0.113.9", "Success"), ("203.0.113.10", "Invalid Password"))
    ]
    found = reach_of(traffic(since=(), sign_ins=tuple(signed)), USER, None, (), START)
    assert found.addresses == ("203.0.113.9",)


def test_the_report_says_all_of_it_and_runs_nothing() -> None:
    hostile = facts(detection="<script>alert(1)</script>")
    made = containment("c" * 16, hostile, seen(), estate(), POLICY, Recent())
    plays = play_all(
        PLAYBOOK,
        {play.name: lambda: (PlayState.DONE, "as it should") for play in PLAYBOOK},
        START,
        lambda: LATER,
        str,
    )
    reach = reach_of(traffic(), USER, {"Account", "Opportunity"}, (), START)
    incident = Incident(
        standing=Standing(containment=made), detected=START, since=START, plays=plays, reach=reach
    )
    page = html(incident)
    assert "<script>alert" not in page and "&lt;script&gt;" in page
    assert all(f"<td>{play.name}</td>" in page for play in PLAYBOOK)
    assert "SSN__c" in page and "http" not in page
    assert "opened 2 objects; the logs show it reading 1 (Account), and not the other 1" in summary(incident)
    assert "| Account | read | 3 | Name, SSN__c |" in markdown(incident)
    assert f"<title>Incident {made.id}</title>" in page and "<h1>Incident: " in page
    # As long as no log came, nobody may read that nothing was read.
    early = incident.model_copy(
        update={"reach": reach_of(traffic(since=(), hidden=("calls",)), USER, {"Account"}, (), START)}
    )
    blind = early.model_copy(
        update={"reach": (early.reach or reach).model_copy(update={"touched": (), "unseen": ("no log",)})}
    )
    said = summary(blind)
    assert (
        "opened 1 object" in said
        and "does not show yet" in said
        and "nothing" not in said
        and "not the other" not in said
    )
    assert "<th>operation</th>" not in html(blind) and "<th>operation</th>" in page
    without = incident.model_copy(update={"reach": None})
    assert "not collected" in summary(without) and "really read" not in html(without)
