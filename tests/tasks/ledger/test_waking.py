"""A waking without an end is found, whoever wrote in between."""

from tasks.ledger.store import Ledger
from tasks.ledger.waking import asleep, awake, wakings


def test_each_waking_has_an_end_of_its_own(ledger: Ledger) -> None:
    killed = awake(ledger, "hq")
    other = awake(ledger, "hq")
    elsewhere = awake(ledger, "emea")
    asleep(ledger, "hq", [other])
    assert wakings(ledger) == {"hq": [killed], "emea": [elsewhere]}, "the end of one is not that of another"
    asleep(ledger, "hq", [killed])
    asleep(ledger, "emea", [elsewhere])
    assert wakings(ledger) == {}
    assert len({killed, other, elsewhere}) == 3
