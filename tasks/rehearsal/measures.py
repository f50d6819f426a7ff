"""What an administrator can do by hand, over the public API, against both attacks."""

from ipaddress import IPv4Network
from typing import Any

from tasks.rehearsal.model import Caller, Loot, Measure
from tasks.rehearsal.moves import literal

ENFORCE_CERTIFICATE = "PermissionsEnforceMutualAuthentication"
OWN_SET = "Certificate_Required"


def measures(allowed: IPv4Network) -> tuple[Measure, ...]:
    """All measures in the order they are taken; `allowed` is where people and machines sign in from."""

    def restrict_addresses(caller: Caller, loot: Loot) -> None:
        profile = _one(caller, f"SELECT Profile.Name FROM User WHERE Username = {literal(loot.username)}")[
            "Profile"
        ]["Name"]
        first, last = allowed[0], allowed[-1]
        ranges = f"<loginIpRanges><startAddress>{first}</startAddress><endAddress>{last}</endAddress></loginIpRanges>"
        name = "Admin" if profile == "System Administrator" else profile
        caller.write_metadata("Profile", name, ranges)

    return (
        Measure("Profile admits the company's addresses only", ("ZT-14", "ZT-16"), restrict_addresses),
        Measure(
            "Addresses are checked on every request, sessions keep theirs", ("ZT-14",), _check_every_request
        ),
        Measure("The user's API calls need a certificate", ("ZT-01",), _require_certificate),
        Measure("Only the fields its work needs", ("ZT-03",), _take_sensitive_fields),
        Measure("The password is reset", ("ZT-10", "ZT-12"), _reset_password),
        Measure("Live sessions are ended", ("ZT-22",), _end_sessions),
    )


def _one(caller: Caller, soql: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = caller.call("GET", "query", query={"q": soql})["records"]
    return found[0]


def _check_every_request(caller: Caller, loot: Loot) -> None:
    switches = "<enforceIpRangesEveryRequest>true</enforceIpRangesEveryRequest><lockSessionsToIp>true</lockSessionsToIp>"
    caller.write_metadata("SecuritySettings", "Security", f"<sessionSettings>{switches}</sessionSettings>")


def _require_certificate(caller: Caller, loot: Loot) -> None:
    """A permission set with Enforce SSL/TLS Mutual Authentication, made once and assigned."""
    wanted = {"Name": OWN_SET, "Label": "Certificate required", ENFORCE_CERTIFICATE: True}
    found = caller.call(
        "GET", "query", query={"q": f"SELECT Id FROM PermissionSet WHERE Name = '{OWN_SET}'"}
    )["records"]
    made = found[0]["Id"] if found else caller.call("POST", "sobjects/PermissionSet", body=wanted)["id"]
    grant = {"PermissionSetId": made, "AssigneeId": _user_id(caller, loot)}
    caller.call("POST", "sobjects/PermissionSetAssignment", body=grant)


def _take_sensitive_fields(caller: Caller, loot: Loot) -> None:
    """From the permission sets assigned to the user; a profile's own set is shared with others and stays."""
    soql = (
        "SELECT Id FROM FieldPermissions WHERE Field = 'Account.SSN__c' AND ParentId IN (SELECT PermissionSetId"
        f" FROM PermissionSetAssignment WHERE AssigneeId = '{_user_id(caller, loot)}')"
        " AND Parent.IsOwnedByProfile = false"
    )
    for record in caller.call("GET", "query", query={"q": soql})["records"]:
        caller.call("DELETE", f"sobjects/FieldPermissions/{record['Id']}")


def _reset_password(caller: Caller, loot: Loot) -> None:
    caller.call("DELETE", f"sobjects/User/{_user_id(caller, loot)}/password")


def _end_sessions(caller: Caller, loot: Loot) -> None:
    soql = f"SELECT Id FROM AuthSession WHERE UsersId = '{_user_id(caller, loot)}'"
    for record in caller.call("GET", "query", query={"q": soql})["records"]:
        caller.call("DELETE", f"sobjects/AuthSession/{record['Id']}")


def _user_id(caller: Caller, loot: Loot) -> str:
    return str(_one(caller, f"SELECT Id FROM User WHERE Username = {literal(loot.username)}")["Id"])
