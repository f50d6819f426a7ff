"""A vendor's refresh token: the vendor was broken into, and its tokens open its customers' orgs."""

from tasks.rehearsal.model import Attack, Caller, Gain, Layer, Step
from tasks.rehearsal.moves import LOOKING_ROUND, count_objects, hunt_secrets, sign_in, take_all


def count_all(caller: Caller) -> Gain:
    return count_objects(caller, "Account", "Contact", "User", "Case")


def hunt(caller: Caller) -> Gain:
    return hunt_secrets(caller, "Case", "Subject")


def export_contacts(caller: Caller) -> Gain:
    return take_all(caller, "Contact", "Id, Name, Email")


ATTACK = Attack(
    "vendor-token",
    "A vendor's refresh token",
    (
        Step("Get a session from abroad with the token", sign_in),
        Step("Count what there is", count_all),
        Step("Search cases for passwords", hunt),
        Step("Export every contact in bulk", export_contacts, after=LOOKING_ROUND),
    ),
    incident="UNC6395 (Salesloft Drift), 2025",
    technique="T1528",
    layers=(Layer.DETECTION,),
)
