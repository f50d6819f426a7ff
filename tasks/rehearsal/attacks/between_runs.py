"""The sync user of a route between its runs: key and certificate are taken, and used from the machine that always uses them."""

from tasks.rehearsal.model import Attack, Caller, Gain, Layer, Step
from tasks.rehearsal.moves import LOOKING_ROUND, sign_in, take_all, take_page


def read_a_page(caller: Caller) -> Gain:
    return take_page(caller, "Account")


def export_accounts(caller: Caller) -> Gain:
    return take_all(caller, "Account")


ATTACK = Attack(
    "between-runs",
    "A sync user's key, used between its runs",
    (
        Step("Sign in from the middleware with key and certificate", sign_in),
        Step("Read a first page", read_a_page),
        Step("Export every account in bulk", export_accounts, after=LOOKING_ROUND),
    ),
    incident="tj-actions, 2025: secrets of build jobs were copied while they ran, and were good for more than the run",
    technique="T1552.004",
    layers=(Layer.JUST_IN_TIME,),
)
