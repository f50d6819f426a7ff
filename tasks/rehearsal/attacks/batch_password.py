"""The password of a batch job: it stands in a script, and opens SOAP login() from anywhere."""

from tasks.rehearsal.model import Attack, Caller, Gain, Layer, Step
from tasks.rehearsal.moves import LOOKING_ROUND, hunt_secrets, sign_in, take_all, take_page


def read_a_page(caller: Caller) -> Gain:
    return take_page(caller, "Account", "Id, Name, Phone")


def hunt(caller: Caller) -> Gain:
    return hunt_secrets(caller, "Case", "Subject")


def export_accounts(caller: Caller) -> Gain:
    return take_all(caller, "Account", "Id, Name, Phone")


def export_contacts(caller: Caller) -> Gain:
    return take_all(caller, "Contact", "Id, Name, Phone")


ATTACK = Attack(
    "batch-password",
    "The password of a batch job",
    (
        Step("Sign in from abroad by SOAP login", sign_in),
        Step("Read a first page", read_a_page),
        Step("Search cases for more passwords", hunt),
        Step("Export every account in bulk", export_accounts, after=LOOKING_ROUND),
        Step("Export every contact in bulk", export_contacts),
    ),
    incident="a script with a password in a repository, as GitHub's secret scanning finds them every day",
    technique="T1552.001",
    layers=(Layer.SIGN_IN, Layer.DETECTION),
)
