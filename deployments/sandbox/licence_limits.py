"""
What the user licences below the full one do not allow, whoever grants it.

Sources: Object Reference, UserLicense.LicenseDefinitionKey; help articles Standard User Licenses, User and Permission Set
Licenses in Permission Sets (Author Apex) and Guest User Security Policies. Salesforce publishes no complete list: what is
not named there is a guess, and a switch takes the rest away (`licence_limits_administration`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from deployments.sandbox.caller import OBJECT_FLAGS
from deployments.sandbox.schema import permission_labels

ADMINISTRATION = frozenset(
    {
        "AssignPermissionSets", "CustomizeApplication", "ManageInternalUsers", "ManagePasswordPolicies",
        "ManageProfilesPermissionsets", "ManageRoles", "ManageSharing", "ManageUsers", "ResetPasswords",
    }
)  # fmt: skip
"""Permissions that administer users or the org."""
_DATA_POWER = frozenset({"ModifyAllData", "ViewAllData", "ViewAllFieldsGlobal"})
_CRM = frozenset(
    {
        "Asset", "Campaign", "Case", "Contract", "Lead", "Opportunity", "Order", "Pricebook2", "Product2", "Quote",
        "Solution",
    }
)  # fmt: skip
_WORDS = {"ViewAllRecords": "View All", "ModifyAllRecords": "Modify All", "ViewAllFields": "View All Fields"}


@dataclass(frozen=True)
class Limit:
    """One licence's limits. `objects` None is every object; `flags` are refused on the objects that are left."""

    permissions: frozenset[str] = frozenset({"AuthorApex"})
    objects: frozenset[str] | None = frozenset()
    flags: frozenset[str] = frozenset()


_PLATFORM = Limit(objects=_CRM)
_NO_DATA = Limit(objects=None)
_GUEST = Limit(
    permissions=frozenset({"AuthorApex"}) | _DATA_POWER,
    flags=frozenset({"Edit", "Delete", "ViewAllRecords", "ModifyAllRecords", "ViewAllFields"}),
)
_LIMITS: Mapping[str, Limit] = {
    "AUL": _PLATFORM,
    "AUL1": _PLATFORM,
    "AUL_LIGHT": _PLATFORM,
    "Chatter External": _NO_DATA,
    "Chatter Free": _NO_DATA,
    "External Identity": _NO_DATA,
    "Guest User License": _GUEST,
    "Identity": _NO_DATA,
    "PID_CHATTER": _NO_DATA,
    "PID_Guest_User": _GUEST,
    "Salesforce Platform": _PLATFORM,
}
"""By definition key, and by name where the key is not documented."""


def limit_of(licence: Mapping[str, object]) -> Limit | None:
    """None for a licence that allows everything here, as the full one does."""
    named = (str(licence.get(column)) for column in ("LicenseDefinitionKey", "Name"))
    return next((_LIMITS[name] for name in named if name in _LIMITS), None)


def barred_permission(limit: Limit, held: Iterable[str], *, administration: bool) -> str | None:
    """The label of the first user permission that is not allowed; `administration` bars what administers as well."""
    barred = limit.permissions | (ADMINISTRATION | _DATA_POWER if administration else frozenset())
    first = next((name for name in sorted(held) if name in barred), None)
    return None if first is None else permission_labels().get(first, first).strip()


def barred_right(limit: Limit, sobject: str, flags: Iterable[str]) -> str | None:
    """The first right on an object that is not allowed, in the words of the refusal."""
    whole = limit.objects is None or sobject in limit.objects
    held = set(flags)
    for flag in ("Read", *OBJECT_FLAGS):
        if flag in held and (whole or flag in limit.flags):
            return right_words(flag, sobject)
    return None


def right_words(flag: str, sobject: str) -> str:
    return f"{_WORDS.get(flag, flag)} {sobject}"
