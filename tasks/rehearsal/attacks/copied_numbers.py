"""Numbers in a copy: a machine that reads what a route has copied into another org is taken over."""

from tasks.rehearsal.model import Attack, Caller, Gain, Layer, Step
from tasks.rehearsal.moves import LOOKING_ROUND, count_objects, sign_in, take_numbers


def count_accounts(caller: Caller) -> Gain:
    return count_objects(caller, "Account")


def read_numbers(caller: Caller) -> Gain:
    return take_numbers(caller, "Account")


ATTACK = Attack(
    "copied-numbers",
    "Social security numbers in a copy",
    (
        Step("Sign in from the reader's machine, key and certificate in hand", sign_in),
        Step("Count what there is", count_accounts),
        Step("Read every social security number", read_numbers, after=LOOKING_ROUND),
    ),
    incident="Capital One, 2019: of social security numbers in a copy, those that were tokenised told nothing",
    technique="T1213",
    layers=(Layer.ENCRYPTION,),
)
