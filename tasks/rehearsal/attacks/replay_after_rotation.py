"""A copied client secret: taken while it was valid, tried again from the place where it is always used."""

from tasks.rehearsal.model import Attack, Caller, Gain, Layer, Step
from tasks.rehearsal.moves import LOOKING_ROUND, sign_in, take_all, take_page


def read_a_page(caller: Caller) -> Gain:
    return take_page(caller, "KYC_Check__c", "Id, Name, Status__c")


def export_checks(caller: Caller) -> Gain:
    return take_all(caller, "KYC_Check__c", "Id, Name, Status__c")


ATTACK = Attack(
    "replay-after-rotation",
    "A copied client secret, used again",
    (
        Step("Sign in from the middleware with the copied secret", sign_in),
        Step("Read a first page", read_a_page),
        Step("Export every KYC check in bulk", export_checks, after=LOOKING_ROUND),
    ),
    incident="CircleCI, 2023: secrets of customers were copied; those that were not rotated went on working",
    technique="T1550.001",
    layers=(Layer.ROTATION,),
)
