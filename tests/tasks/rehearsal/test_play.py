"""Attacks as scripts: every one found, played to its end, and set side by side."""

from typing import Any

import pytest

from tasks.rehearsal.attacks import attacks
from tasks.rehearsal.model import Attack, Loot, Outcome, Refused, Step
from tasks.rehearsal.moves import literal
from tasks.rehearsal.play import as_table, in_words, play

LOOT = Loot(org="hq", instance_url="https://meridian-hq.my.salesforce.com", username="o'hara@hq.example")


class Script:
    """Answers calls from a list; a Refused in it is raised."""

    def __init__(self, *answers: Any) -> None:
        self.loot = LOOT
        self.answers = list(answers)
        self.sent: list[tuple[str, str, Any]] = []

    def _next(self) -> Any:
        answer = self.answers.pop(0)
        if isinstance(answer, Refused):
            raise answer
        return answer

    def sign_in(self) -> str:
        return str(self._next())

    def call(self, method: str, path: str, **options: Any) -> Any:
        self.sent.append((method, path, options.get("query") or options.get("body")))
        return self._next()

    def export(self, soql: str) -> int:
        return int(self._next())

    def write_metadata(self, kind: str, full_name: str, elements: str) -> None:
        self._next()


def test_every_attack_is_found_by_its_file() -> None:
    assert [attack.name for attack in attacks()] == ["phished-admin", "stolen-key"]


def test_a_refused_step_does_not_end_the_play() -> None:
    attack = Attack(
        "two",
        "Two",
        (
            Step("in", lambda caller: caller.sign_in()),
            Step("out", lambda caller: f"{caller.export('q')} rows"),
        ),
    )
    outcomes = play(attack, Script(Refused(400, "invalid_grant"), 7))
    assert [in_words(outcome) for outcome in outcomes] == ["refused: 400 invalid_grant", "7 rows"]


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
    assert grant.run(caller) == "Modify All Data"
    assert caller.sent[1][2]["q"].endswith("Username = 'o\\'hara@hq.example'")


def test_an_account_is_changed_to_what_it_was() -> None:
    key = next(attack for attack in attacks() if attack.name == "stolen-key")
    change = next(step for step in key.steps if step.title == "Change an account")
    caller = Script({"records": [{"Id": "0011", "Phone": "+41"}]}, None)
    change.run(caller)
    assert caller.sent[1] == ("PATCH", "sobjects/Account/0011", {"Phone": "+41"})
