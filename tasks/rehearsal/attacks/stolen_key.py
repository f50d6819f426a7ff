"""A stolen integration key: it lay on a laptop that is gone since Friday evening."""

from tasks.rehearsal.model import Attack, Caller, Gain, Layer, Refused, Step
from tasks.rehearsal.moves import LOOKING_ROUND, count, replay, sign_in, take_all, without_certificate


def export_accounts(caller: Caller) -> Gain:
    return take_all(caller, "Account", "Id, Name, Phone")


def read_sensitive(caller: Caller) -> Gain:
    """Empty values are sorted out here: a probabilistically encrypted field takes no filter, not even for null."""
    found = caller.call(
        "GET", "query", query={"q": f"SELECT SSN__c FROM Account{caller.only('Account')} LIMIT 200"}
    )["records"]
    read = sum(record["SSN__c"] is not None for record in found)
    if not read:
        raise Refused(200, "NO_ROWS")
    return Gain(f"{read} social security numbers on the first page", read, "Account")


def look_around(caller: Caller) -> Gain:
    """Which other objects the key opens."""
    listed = caller.call("GET", "sobjects")["sobjects"]
    own = [entry["name"] for entry in listed if entry["name"].endswith("__c")]
    return Gain(f"{len(listed)} objects, {len(own)} of them custom")


def change_account(caller: Caller) -> Gain:
    """Writes the value that is there, so that nothing is lost in a rehearsal."""
    found = caller.call(
        "GET", "query", query={"q": f"SELECT Id, Phone FROM Account{caller.only('Account')} LIMIT 1"}
    )["records"]
    if not found:
        raise Refused(200, "NO_ROWS")
    caller.call("PATCH", f"sobjects/Account/{found[0]['Id']}", body={"Phone": found[0]["Phone"]})
    return Gain("the right to change accounts")


def list_colleagues(caller: Caller) -> Gain:
    return Gain(f"{count(caller, 'SELECT Id, Username FROM User'):,} users")


ATTACK = Attack(
    "stolen-key",
    "A stolen integration key",
    (
        Step("Sign in from abroad with the key", sign_in),
        Step("Look around", look_around),
        Step("Read social security numbers", read_sensitive),
        Step("Export every account in bulk", export_accounts, after=LOOKING_ROUND),
        Step("Change an account", change_account),
        Step("List the users", list_colleagues),
        Step("Use the stolen session from another address", replay),
        Step("Call the mutual-TLS port without a certificate", without_certificate),
    ),
    incident="October 2024: the key of an integration on a stolen laptop",
    technique="T1078.004",
    layers=(Layer.NETWORK, Layer.SIGN_IN, Layer.LEAST_PRIVILEGE, Layer.DETECTION),
)
