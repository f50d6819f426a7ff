"""A slow drip: a stolen key, a few hundred rows a day, so that no volume stands out."""

from datetime import timedelta
from functools import partial

from tasks.rehearsal.model import Attack, Caller, Gain, Layer, Refused, Step
from tasks.rehearsal.moves import sign_in

DAYS, ROWS_A_DAY = 6, 400
"""OFFSET reaches 2,000 rows (SOQL and SOSL Reference), which is as far as this goes."""


def take_a_day(day: int, caller: Caller) -> Gain:
    """A session lives for hours, so every day has its own."""
    sign_in(caller)
    before = (day - 1) * ROWS_A_DAY
    soql = f"SELECT Id, Name FROM Portfolio__c{caller.only('Portfolio__c')} ORDER BY Id LIMIT {ROWS_A_DAY} OFFSET {before}"
    found = caller.call("GET", "query", query={"q": soql})["records"]
    if not found:
        raise Refused(200, "NO_ROWS")
    return Gain(f"{len(found)} rows more", before + len(found), "Portfolio__c")


def _step(day: int) -> Step:
    wait = timedelta(days=1) if day > 1 else timedelta(0)
    return Step(f"Day {day}: sign in and read {ROWS_A_DAY} portfolios", partial(take_a_day, day), after=wait)


ATTACK = Attack(
    "slow-drip",
    "A slow drip with a stolen key",
    tuple(_step(day) for day in range(1, DAYS + 1)),
    incident="insiders and patient thieves: MITRE names limits on transfer size to stay below thresholds",
    technique="T1030",
    layers=(Layer.NETWORK, Layer.DETECTION),
)
