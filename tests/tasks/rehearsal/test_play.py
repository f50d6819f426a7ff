"""Attacks as scripts: every one found, played to its end, and set side by side."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from flows.rehearsal import AttackName
from tasks.anomalies.detect import suspicions
from tasks.anomalies.detections.authentication_failures import DETECTION
from tasks.anomalies.examples import MACHINE, daily, event, example, frames
from tasks.anomalies.model import Example
from tasks.anomalies.views import Views
from tasks.rehearsal.attacks import attacks
from tasks.rehearsal.model import Attack, Caller, Gain, Layer, Loot, Outcome, Played, Refused, Step
from tasks.rehearsal.moves import TRIES, literal, sign_in
from tasks.rehearsal.play import as_table, in_words, play

LOOT = Loot(org="hq", instance_url="https://meridian-hq.my.salesforce.com", username="o'hara@hq.example")


def of_steps(*steps: Step) -> Attack:
    return Attack("two", "Two", steps, incident="none", technique="T0000", layers=(Layer.NETWORK,))


def signed_in(caller: Caller) -> Gain:
    return Gain(caller.sign_in())


def exported(caller: Caller) -> Gain:
    rows = caller.export("q")
    return Gain(f"{rows} rows", rows, "Account")


class Script:
    """Answers calls from a list; a Refused in it is raised."""

    def __init__(self, *answers: Any) -> None:
        self.loot = LOOT
        self.now = datetime(2026, 11, 27, 19, 0, tzinfo=UTC)
        self.answers = list(answers)
        self.sent: list[tuple[str, str, Any]] = []

    def _next(self) -> Any:
        answer = self.answers.pop(0)
        if isinstance(answer, Refused):
            raise answer
        return answer

    def sign_in(self, network: Any = None) -> str:
        return str(self._next())

    def guess(self, username: str, password: str) -> str:
        return str(self._next())

    def only(self, sobject: str) -> str:
        return ""

    def call(self, method: str, path: str, **options: Any) -> Any:
        self.sent.append((method, path, options.get("query") or options.get("body")))
        return self._next()

    def export(self, soql: str) -> int:
        return int(self._next())

    def write_metadata(self, kind: str, full_name: str, elements: str) -> None:
        self._next()


def test_every_attack_is_found_by_its_file_and_can_be_chosen_in_the_form() -> None:
    names = [attack.name for attack in attacks()]
    assert len(names) >= 11
    assert names == sorted(name.value for name in AttackName)
    assert next(iter(AttackName)).value == "stolen-key", "the breach that it is all about comes first"


def test_every_attack_says_where_it_is_from_and_what_is_meant_to_stop_it() -> None:
    for attack in attacks():
        assert attack.incident and attack.layers, attack.name
        assert re.fullmatch(r"T\d{4}(\.\d{3})?", attack.technique), attack.name


def test_a_refused_step_does_not_end_the_play() -> None:
    attack = of_steps(Step("in", signed_in), Step("out", exported))
    outcomes = play(attack, Script(Refused(400, "invalid_grant"), 7))
    assert [in_words(outcome) for outcome in outcomes] == ["refused: 400 invalid_grant", "7 rows"]
    assert [outcome.rows for outcome in outcomes] == [0, 7]
    assert {outcome.at for outcome in outcomes} == {datetime(2026, 11, 27, 19, 0, tzinfo=UTC)}


def test_who_got_nowhere_does_not_wait_and_others_do() -> None:
    waited: list[timedelta] = []
    attack = of_steps(Step("in", signed_in), Step("out", exported, after=timedelta(minutes=12)))
    play(attack, Script(Refused(400, "invalid_grant"), 7), waited.append)
    assert waited == []
    play(attack, Script("005", 7), waited.append)
    assert waited == [timedelta(minutes=12)]


def test_a_refused_sign_in_is_tried_again_as_scripts_do_and_then_given_up() -> None:
    refusals = [Refused(400, "invalid_grant")] * TRIES
    caller = Script(*refusals[1:], "005")
    assert sign_in(caller).words == "a session" and not caller.answers
    caller = Script(*refusals, "005")
    with pytest.raises(Refused):
        sign_in(caller)
    assert caller.answers == ["005"]


@pytest.mark.parametrize("status", ["Invalid Password", "Restricted IP"])
def test_who_tries_as_often_as_attacks_do_is_seen_by_the_live_tier(status: str) -> None:
    """So that a stolen key that opens nothing any more is told of all the same: the org's own rows, judged by the detection."""
    refused = [event(MACHINE, minutes=n, STATUS=status, SOURCE_IP="198.18.66.6") for n in range(TRIES)]
    usual = daily(MACHINE, STATUS="Success", SOURCE_IP="203.0.113.10")
    told = example(LoginHistory=[*usual, *refused])
    assert fired(told) and not fired(example(LoginHistory=[*usual, *refused[1:]]))


def fired(told: Example) -> bool:
    return bool(suspicions(DETECTION, Views(frames(told.rows), told.context), told.context))


def test_where_only_canaries_may_be_touched_other_steps_are_not_taken() -> None:
    attack = of_steps(Step("in", signed_in), Step("out", exported, harmless=False))
    assert [each.step for each in play(attack, Script("005"), harmless=True)] == ["in"]


def test_rows_of_an_object_that_are_read_twice_count_once() -> None:
    outcomes = (
        Outcome(step="page", reached=True, rows=200, of="Account"),
        Outcome(step="all", reached=True, rows=2_000, of="Account"),
        Outcome(step="more", reached=False, status=401, code="INVALID_SESSION_ID"),
    )
    played = Played(attack="a", title="A", org="hq", hardened=True, outcomes=outcomes)
    assert played.rows == 2_000 and played.stopped
    assert played.where == "more: 401 INVALID_SESSION_ID"
    other = Outcome(step="contacts", reached=True, rows=1, of="Contact")
    more = played.model_copy(update={"outcomes": (*outcomes, other)})
    assert more.rows == 2_001 and not more.stopped


def test_a_connection_that_was_not_made_says_so() -> None:
    outcome = Outcome(step="call", reached=False, code="ProxyError")
    assert in_words(outcome) == "refused: no connection ProxyError"


def test_plays_of_different_lengths_are_not_set_side_by_side() -> None:
    with pytest.raises(ValueError, match="zip"):
        as_table((Outcome(step="one", reached=True),), ())


def test_a_username_with_a_quote_stays_inside_its_literal() -> None:
    assert literal("o'hara\\x") == "'o\\'hara\\\\x'"
    admin = next(attack for attack in attacks() if attack.name == "phished-admin")
    grant = next(step for step in admin.steps if step.title.startswith("Grant"))
    caller = Script(
        {"records": [{"Id": "0PS1"}]}, {"records": [{"Id": "0051"}]}, Refused(400, "DUPLICATE_VALUE")
    )
    assert grant.run(caller).words == "Modify All Data"
    assert caller.sent[1][2]["q"].endswith("Username = 'o\\'hara@hq.example'")


def test_an_account_is_changed_to_what_it_was() -> None:
    key = next(attack for attack in attacks() if attack.name == "stolen-key")
    change = next(step for step in key.steps if step.title == "Change an account")
    caller = Script({"records": [{"Id": "0011", "Phone": "+41"}]}, None)
    change.run(caller)
    assert caller.sent[1] == ("PATCH", "sobjects/Account/0011", {"Phone": "+41"})
