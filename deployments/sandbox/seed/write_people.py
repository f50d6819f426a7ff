"""From blueprint to rows: licences, profiles, users, sets, groups, assignments and the rights they carry."""

from collections.abc import Iterable, Mapping
from hashlib import sha256

from deployments.sandbox.rights import recompute_group
from deployments.sandbox.schema import permission_labels
from deployments.sandbox.seed.blueprint import Assignment, Blueprint, Grants, Org, User
from deployments.sandbox.seed.names import INTEGRATION_LICENSE, USER_LICENSE
from deployments.sandbox.store import OrgStore

_METADATA_NAMES = {"System Administrator": "Admin", "Standard User": "Standard", "Read Only": "ReadOnly"}
_OBJECT_FLAGS = ("Create", "Read", "Edit", "Delete", "ViewAllRecords", "ModifyAllRecords")
Ids = Mapping[str, str]


def flags(permissions: Iterable[str]) -> dict[str, bool]:
    """All `Permissions…` columns of a profile or set. Raises KeyError for a permission unknown to orgs."""
    wanted = set(permissions)
    if unknown := wanted - permission_labels().keys():
        raise KeyError(f"no such user permission: {', '.join(sorted(unknown))}")
    return {f"Permissions{name}": name in wanted for name in permission_labels()}


def write_organization(store: OrgStore, plan: Blueprint, org: Org) -> None:
    machine = {
        "Username": f"autoproc@{store.org_id.lower()}",
        "LastName": "Automated Process",
        "Name": "Automated Process",
        "Alias": "autoproc",
        "Email": "noreply@00d.example",
        "IsActive": True,
        "UserType": "AutomatedProcess",
        "CreatedDate": plan.ago(900),
    }
    store.set_setting("automated_user", store.insert("User", [machine])[0])
    row = {
        "Id": store.org_id,
        "Name": f"Meridian Wealth {org.alias.upper()}",
        "OrganizationType": "Enterprise Edition",
        "IsSandbox": org.kind == "sandbox",
        "InstanceName": "CS90" if org.kind == "sandbox" else "EU45",
        "TimeZoneSidKey": org.time_zone,
        "LanguageLocaleKey": "en_US",
        "DefaultAccountAccess": "Read",
        "CreatedDate": plan.ago(900),
    }
    store.insert("Organization", [row])


def write_profiles(store: OrgStore, org: Org) -> tuple[dict[str, str], dict[str, str]]:
    """Ids of profiles by name, and ids of the hidden sets that hold their rights."""
    licences = _licences(store)
    rows = [
        {"Name": p.name, "UserLicenseId": licences[p.license], **flags(p.grants.permissions)}
        for p in org.profiles.values()
    ]
    profiles = dict(zip(org.profiles, store.insert("Profile", rows), strict=True))
    hidden = [
        {
            "Name": f"X{profiles[p.name][:15]}",
            "Label": p.name,
            "ProfileId": profiles[p.name],
            "LicenseId": licences[p.license],
            "IsOwnedByProfile": True,
            "IsCustom": False,
            "Type": "Profile",
            **flags(p.grants.permissions),
        }
        for p in org.profiles.values()
    ]
    owned = dict(zip(org.profiles, store.insert("PermissionSet", hidden), strict=True))
    for profile in org.profiles.values():
        ranges = [{"endAddress": last, "startAddress": first} for first, last in profile.ranges]
        body = {"custom": profile.name not in _METADATA_NAMES, "userLicense": profile.license}
        name = _METADATA_NAMES.get(profile.name, profile.name)
        store.put_metadata("Profile", name, {**body, "loginIpRanges": ranges} if ranges else body)
    _write_grants(store, [(owned[p.name], p.grants) for p in org.profiles.values()])
    return profiles, owned


def _licences(store: OrgStore) -> dict[str, str]:
    names = {USER_LICENSE: "SFDC", INTEGRATION_LICENSE: "PID_Salesforce_Integration"}
    rows = [
        {"Name": name, "MasterLabel": name, "LicenseDefinitionKey": key, "TotalLicenses": 10000}
        for name, key in names.items()
    ]
    licence = {
        "DeveloperName": "SalesforceAPIIntegrationPsl",
        "MasterLabel": "Salesforce API Integration",
        "PermissionSetLicenseKey": "SalesforceAPIIntegrationPsl",
        "TotalLicenses": 100,
    }
    store.insert("PermissionSetLicense", [licence])
    return dict(zip(names, store.insert("UserLicense", rows), strict=True))


def write_users(store: OrgStore, plan: Blueprint, org: Org, profiles: Ids) -> dict[str, str]:
    """Ids of users by username."""
    users = list(org.users.values())
    ids = store.insert("User", [_user_row(plan, user, profiles) for user in users])
    by_name = dict(zip(org.users, ids, strict=True))
    store.insert(
        "UserLogin",
        [
            {"UserId": by_name[u.username], "IsFrozen": u.frozen, "LastModifiedDate": plan.ago(100)}
            for u in users
        ],
    )
    store.insert(
        "TwoFactorMethodsInfo",
        [
            {"UserId": by_name[u.username], "HasTotp": True, "HasSalesforceAuthenticator": True}
            for u in users
            if u.strong_factor
        ],
    )
    # Without it the licence for integrations allows no right on data.
    seat = store.find("PermissionSetLicense", DeveloperName="SalesforceAPIIntegrationPsl")[0]["Id"]
    machines = [u.username for u in users if org.profiles[u.profile].license == INTEGRATION_LICENSE]
    store.insert(
        "PermissionSetLicenseAssign",
        [{"AssigneeId": by_name[name], "PermissionSetLicenseId": seat} for name in machines],
    )
    for user in users:
        if user.password is not None:
            store.put_credential(
                by_name[user.username],
                password_hash=sha256(user.password.encode()).hexdigest(),
                token=user.security_token,
                changed_at=user.password_changed or plan.ago(100),
            )
    return by_name


def _user_row(plan: Blueprint, user: User, profiles: Ids) -> dict[str, object]:
    return {
        "Username": user.username,
        "FirstName": user.first,
        "LastName": user.last,
        "Name": f"{user.first} {user.last}",
        "Alias": user.username[:8],
        "Email": user.username,
        "IsActive": user.active,
        "ProfileId": profiles[user.profile],
        "Title": user.title,
        "Department": user.department,
        "CompanyName": "Meridian Wealth",
        "FederationIdentifier": user.federation,
        "LastLoginDate": user.last_login,
        "LastPasswordChangeDate": user.password_changed,
        "CreatedDate": plan.ago(400),
    }


def write_sets(store: OrgStore, org: Org) -> dict[str, str]:
    """Ids of permission sets by name."""
    rows = [
        {
            "Name": each.name,
            "Label": each.name.replace("_", " "),
            "IsCustom": True,
            "HasActivationRequired": each.session_activated,
            "Type": "Session" if each.session_activated else "Regular",
            **flags(each.grants.permissions),
        }
        for each in org.sets.values()
    ]
    sets = dict(zip(org.sets, store.insert("PermissionSet", rows), strict=True))
    _write_grants(store, [(sets[each.name], each.grants) for each in org.sets.values()])
    return sets


def _write_grants(store: OrgStore, pairs: list[tuple[str, Grants]]) -> None:
    store.insert(
        "ObjectPermissions",
        [
            {
                "ParentId": parent,
                "SobjectType": name,
                **{f"Permissions{flag}": flag in given for flag in _OBJECT_FLAGS},
            }
            for parent, grants in pairs
            for name, given in grants.objects.items()
        ],
    )
    store.insert(
        "FieldPermissions",
        [
            {
                "ParentId": parent,
                "SobjectType": name.partition(".")[0],
                "Field": name,
                "PermissionsRead": True,
                "PermissionsEdit": edit,
            }
            for parent, grants in pairs
            for name, edit in grants.fields.items()
        ],
    )


def write_groups(store: OrgStore, org: Org, sets: Ids) -> dict[str, tuple[str, str]]:
    """Ids of groups, and of the sets that hold what they add up to, by name."""
    made = {}
    for group in org.groups.values():
        label = group.name.replace("_", " ")
        group_id = store.insert("PermissionSetGroup", [{"DeveloperName": group.name, "MasterLabel": label}])[
            0
        ]
        members = [sets[name] for name in group.members]
        if group.muted:
            muting = {
                "DeveloperName": f"{group.name}_Muting",
                "MasterLabel": f"{label} Muting",
                **flags(group.muted),
            }
            members += store.insert("MutingPermissionSet", [muting])
        rows = [{"PermissionSetGroupId": group_id, "PermissionSetId": member} for member in members]
        store.insert("PermissionSetGroupComponent", rows)
        made[group.name] = (group_id, recompute_group(store, group_id))
    return made


def write_assignments(
    store: OrgStore,
    plan: Blueprint,
    org: Org,
    users: Ids,
    sets: Ids,
    groups: Mapping[str, tuple[str, str]],
    owned: Ids,
) -> None:
    """Every user's assignment to the profile's own set, then sets and groups."""
    store.insert(
        "PermissionSetAssignment",
        [{"PermissionSetId": owned[u.profile], "AssigneeId": users[u.username]} for u in org.users.values()],
    )

    def row(grant: Assignment) -> dict[str, object]:
        group_id, aggregate = groups[grant.name] if grant.is_group else (None, sets.get(grant.name))
        return {
            "PermissionSetId": aggregate,
            "PermissionSetGroupId": group_id,
            "AssigneeId": users[grant.username],
            "ExpirationDate": grant.expires,
            "IsActive": grant.expires is None or grant.expires > plan.now,
        }

    store.insert("PermissionSetAssignment", [row(grant) for grant in org.assignments])
