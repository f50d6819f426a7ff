"""A vendor's refresh token: the vendor was broken into, and its tokens open its customers' orgs."""

from tasks.rehearsal.model import Attack, Caller, Gain, Layer, Step
from tasks.rehearsal.moves import LOOKING_ROUND, count_objects, sign_in, take_all, take_page


def count_all(caller: Caller) -> Gain:
    return count_objects(caller, "Account", "Contact", "User", "Case")


def hunt_secrets(caller: Caller) -> Gain:
    """Case comments hold what people paste into them."""
    return take_page(caller, "Case", "Id, Subject, Description")


def export_contacts(caller: Caller) -> Gain:
    return take_all(caller, "Contact", "Id, Name, Email")


ATTACK = Attack(
    "vendor-token",
    "A vendor's refresh token",
    (
        Step("Get a session from abroad with the token", sign_in),
        Step("Count what there is", count_all),
        Step("Read cases in search of secrets", hunt_secrets),
        Step("Export every contact in bulk", export_contacts, after=LOOKING_ROUND),
    ),
    incident="UNC6395 (Salesloft Drift), 2025",
    technique="T1528",
    layers=(Layer.DETECTION,),
)
