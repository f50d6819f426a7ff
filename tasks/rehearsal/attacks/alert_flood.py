"""Noise as cover: wrong passwords on dozens of users, while a stolen password is used beside them."""

from tasks.rehearsal.model import Attack, Caller, Gain, Layer, Refused, Step
from tasks.rehearsal.moves import LOOKING_ROUND, sign_in, take_all, take_page


def make_noise(caller: Caller) -> Gain:
    tried = 0
    for username in caller.loot.usernames:
        try:
            caller.guess(username, "not-the-password")
        except Refused:
            tried += 1
    return Gain(f"{tried} refused sign-ins in the log")


def read_a_page(caller: Caller) -> Gain:
    return take_page(caller, "Opportunity", "Id, Name, Amount")


def export_opportunities(caller: Caller) -> Gain:
    return take_all(caller, "Opportunity", "Id, Name, Amount")


ATTACK = Attack(
    "alert-flood",
    "A stolen key behind a flood of alerts",
    (
        Step("Fill the log with wrong passwords", make_noise),
        Step("Sign in beside it with the stolen key", sign_in),
        Step("Read a first page", read_a_page),
        Step("Export every opportunity in bulk", export_opportunities, after=LOOKING_ROUND),
    ),
    incident="Target, 2013: the alerts that mattered stood among those that did not",
    technique="T1562",
    layers=(Layer.NETWORK, Layer.SIGN_IN, Layer.LEAST_PRIVILEGE, Layer.DETECTION),
)
