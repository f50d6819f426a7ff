"""A taken over integration that may read everything: it runs where it always runs, and reads what it never read."""

from tasks.rehearsal.model import Attack, Caller, Gain, Layer, Step
from tasks.rehearsal.moves import LOOKING_ROUND, count_objects, sign_in, take_all


def count_all(caller: Caller) -> Gain:
    return count_objects(caller, "Account", "Contact", "Opportunity", "Case")


def export_accounts(caller: Caller) -> Gain:
    return take_all(caller, "Account")


def export_contacts(caller: Caller) -> Gain:
    return take_all(caller, "Contact")


ATTACK = Attack(
    "overprivileged-integration",
    "A taken over integration with too many rights",
    (
        Step("Sign in from the middleware, key and certificate in hand", sign_in),
        Step("Count what there is", count_all),
        Step("Export every account in bulk", export_accounts, after=LOOKING_ROUND),
        Step("Export every contact in bulk", export_contacts),
    ),
    incident="Gainsight, 2025: an integration that its owner trusts, used for what it never did",
    technique="T1199",
    layers=(Layer.LEAST_PRIVILEGE,),
)
