"""A leaked key pair: private key and client certificate of one integration, copied from a build server."""

from tasks.rehearsal.model import Attack, Caller, Gain, Layer, Step
from tasks.rehearsal.moves import LOOKING_ROUND, hunt_secrets, sign_in, take_all, take_page


def read_a_page(caller: Caller) -> Gain:
    return take_page(caller, "Portfolio__c", "Id, Name, Value__c")


def hunt(caller: Caller) -> Gain:
    return hunt_secrets(caller, "Portfolio__c", "Name")


def export_portfolios(caller: Caller) -> Gain:
    return take_all(caller, "Portfolio__c", "Id, Name, Value__c")


ATTACK = Attack(
    "leaked-key-pair",
    "A leaked key pair with its client certificate",
    (
        Step("Sign in from abroad with key and certificate", sign_in),
        Step("Read a first page", read_a_page),
        Step("Search it for passwords", hunt),
        Step("Export every portfolio in bulk", export_portfolios, after=LOOKING_ROUND),
    ),
    incident="Snowflake customers, 2024: credentials from stealer logs, good for years, taken from anywhere",
    technique="T1552.001",
    layers=(Layer.NETWORK, Layer.DETECTION),
)
