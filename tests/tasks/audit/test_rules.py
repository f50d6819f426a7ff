"""Digests of rules: they follow the code and the policy a control looks at, and nothing else."""

import ast
from datetime import timedelta

from tasks.audit import rules
from tasks.audit.controls import catalogue
from tasks.audit.rules import rule_digests
from tasks.estate.model_access import JitPolicy
from tasks.estate.model_rotation import RotationPolicy
from tasks.estate.policy import Policy
from tests.tasks.audit.test_judge import waiver

PLAIN = rule_digests(Policy())


def changed(policy: Policy) -> set[str]:
    found = rule_digests(policy)
    return {control for control in found if found[control] != PLAIN[control]}


def test_every_control_has_a_rule_of_its_own() -> None:
    assert PLAIN.keys() == {control.id for control in catalogue()}
    assert len(set(PLAIN.values())) == len(PLAIN)


def test_only_the_controls_that_ask_a_section_change_with_it() -> None:
    assert changed(Policy(rotation=RotationPolicy(max_age=timedelta(days=60)))) == {"ZT-10", "ZT-12"}
    assert "ZT-13" in changed(Policy(jit=JitPolicy(max_grant=timedelta(hours=1))))


def test_a_waiver_is_no_other_rule() -> None:
    assert not changed(Policy(waivers=(waiver(),)))


def test_comments_docstrings_and_layout_are_no_other_rule() -> None:
    one = ast.parse('"""Says."""\ndef f(x):\n    """Says more."""\n    return x > 1\n')
    same = ast.parse("# why\ndef f( x ):\n    return (x\n        > 1)\n")
    other = ast.parse("def f(x):\n    return x > 2\n")
    one, same, other = (ast.dump(rules._bare(tree)) for tree in (one, same, other))
    assert one == same != other
