"""An alert about access ends when its reason is gone, and not before."""

from tasks.access.model import Place, Stray
from tasks.access.telling import outlasting, over, stray_found

LATE = outlasting("emea", "no answer")
STRAY = stray_found(Stray(place=Place(org="emea", username="eve@emea", permission_set="Tools"), expires=None))
OPEN = {LATE.key: "emea", STRAY.key: "emea", "rollback:4f2a": "emea"}


def test_what_is_still_so_stays_open() -> None:
    assert over(OPEN, [LATE, STRAY], {"emea"}, {"emea"}) == []


def test_what_was_looked_at_and_is_gone_is_over_and_others_alerts_are_left_alone() -> None:
    assert over(OPEN, [], {"emea"}, set()) == [LATE.key, STRAY.key]


def test_an_org_with_nothing_left_to_sweep_has_nothing_that_outlasts() -> None:
    assert over(OPEN, [], set(), set()) == [LATE.key], "a stray is over only where it was looked for"


def test_an_org_that_failed_keeps_its_alert_whatever_else_was_done() -> None:
    assert over(OPEN, [], {"emea"}, {"emea"}) == [STRAY.key]
