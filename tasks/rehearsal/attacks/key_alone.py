"""A key without its certificate: it lay on a share inside the company, and is used from inside."""

from tasks.rehearsal.model import Attack, Caller, Gain, Layer, Step
from tasks.rehearsal.moves import LOOKING_ROUND, sign_in, take_all, take_page


def read_a_page(caller: Caller) -> Gain:
    return take_page(caller, "Contact", "Id, Name, Email")


def export_contacts(caller: Caller) -> Gain:
    return take_all(caller, "Contact", "Id, Name, Email")


ATTACK = Attack(
    "key-alone",
    "A key from a share inside, without its certificate",
    (
        Step("Sign in from inside with the key alone", sign_in),
        Step("Read a first page", read_a_page),
        Step("Export every contact in bulk", export_contacts, after=LOOKING_ROUND),
    ),
    incident="Uber, 2022: a password in a script on a share, found from inside the network",
    technique="T1552.001",
    layers=(Layer.MUTUAL_TLS,),
)
