"""A machine's session, copied from a log: begun where it always begins, used from somewhere else."""

from tasks.rehearsal.model import Attack, Caller, Gain, Layer, Step
from tasks.rehearsal.moves import LOOKING_ROUND, take_all, take_page


def victim_signs_in(caller: Caller) -> Gain:
    caller.sign_in(network="office")
    return Gain("a session of the machine's own")


def read_a_page(caller: Caller) -> Gain:
    return take_page(caller, "Contact", "Id, Name, Email")


def export_contacts(caller: Caller) -> Gain:
    return take_all(caller, "Contact", "Id, Name, Email")


ATTACK = Attack(
    "session-hijack",
    "A session copied from a log",
    (
        Step("The machine signs in as always", victim_signs_in),
        Step("Read a first page from abroad with its session", read_a_page),
        Step("Export every contact in bulk", export_contacts, after=LOOKING_ROUND),
    ),
    incident="Okta support cases, 2023: session tokens in uploaded traces",
    technique="T1539",
    layers=(Layer.NETWORK, Layer.SIGN_IN, Layer.LEAST_PRIVILEGE, Layer.DETECTION),
)
