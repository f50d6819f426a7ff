"""The article's two syncs, HQ to EMEA: whether a plan leaves each user exactly the article's table, and nothing else."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from deployments.bench.engine import Engine
from deployments.bench.known import rights_in
from deployments.bench.sessions import Sessions
from deployments.bench.wire import Wire
from tasks.estate.model import Estate, Route
from tasks.estate.policy import Policy
from tasks.permissions.minimal import API_ENABLED, API_SET, HARMLESS
from tasks.permissions.model import ObjectRights, OrgRights
from tasks.permissions.plan import least_privilege_plan
from tasks.permissions.simulate import held_in

TABLE: Mapping[str, Mapping[str, bool] | None] = {
    "HQ_to_EMEA_Account_Sync": {"Industry": True, "Phone": True, "AnnualRevenue": False},
    "HQ_to_EMEA_Contact_Sync": None,
}
"""By route, fields with field-level security and whether they may be written; None where the article names none: as declared."""
EXCLUDED = frozenset({"SSN__c", "CreditScore__c"})
STRAY = "Export_Reports"
"""A set that every org has and no sync needs: with it also the clean one of the two is given more than its table."""


def check(
    estate: Estate, policy: Policy, sessions: Sessions, wire: Wire, engine: Engine
) -> dict[str, tuple[str, ...]]:
    """What differs from the article, by route; nothing where a user ends as it should and everything is taken back."""
    found = {}
    for route in estate.routes:
        if route.name in TABLE:
            with _stray_right(wire, route):
                before, now = rights_in(sessions, route.target, estate.routes)
                plan = least_privilege_plan(estate, policy, [route], [before], "ada@meridian.example", now)
                outcome = engine.apply(plan)
                after, later = rights_in(sessions, route.target, estate.routes)
                wrong = [*_on_paper(after, route, later), *_on_wire(wire, route)]
                back = engine.take_back(plan, now)
            stops = [o.stopped.reason for o in (outcome, back) if o is not None and o.stopped is not None]
            found[route.name] = (*wrong, *stops)
    return found


@contextmanager
def _stray_right(wire: Wire, route: Route) -> Iterator[None]:
    with wire.user(route.target, f"break.glass.1@{route.target}.meridian.example") as administrator:
        user = next(administrator.rows(f"SELECT Id FROM User WHERE Username = '{route.sync_user}'"))["Id"]
        stray = next(administrator.rows(f"SELECT Id FROM PermissionSet WHERE Name = '{STRAY}'"))["Id"]
        row = {"AssigneeId": user, "PermissionSetId": stray}
        administrator.post("sobjects/PermissionSetAssignment", row)
        yield
        held = f"SELECT Id FROM PermissionSetAssignment WHERE AssigneeId = '{user}' AND PermissionSetId = '{stray}'"
        for each in administrator.rows(held):
            administrator.remove(f"sobjects/PermissionSetAssignment/{each['Id']}")


def _on_paper(org: OrgRights, route: Route, now: datetime) -> list[str]:
    user = next(u for u in org.users if u.username.lower() == route.sync_user.lower())
    names = {each.id: each.name for each in org.permission_sets}
    sets = {
        names[row.permission_set_id]
        for row in org.assignments
        # What has expired stays as a row and gives nothing (Object Reference, PermissionSetAssignment.ExpirationDate).
        if row.user_id == user.id and (row.expires is None or row.expires > now)
    }
    held = held_in(org, [user.id], now)[user.id]
    table = TABLE[route.name] or {
        name: name not in route.read_only_fields
        for name in route.fields
        if org.facts[f"{route.sobject}.{name}"].permissionable
    }
    wanted: dict[str, tuple[object, object]] = {
        "sets": (sets, {route.name, API_SET}),
        "permissions": (
            held.permissions.keys() - HARMLESS - {org.mutual_auth_permission},
            frozenset[str](),
        ),
        "objects": (held.objects, {route.sobject: ObjectRights(read=True, create=True, edit=True)}),
        "fields": (held.fields, {f"{route.sobject}.{name}": (True, edit) for name, edit in table.items()}),
    }
    found = [f"{what} are {have}, not {want}" for what, (have, want) in wanted.items() if have != want]
    if not user.profile_name.startswith("Minimum Access"):
        found.append(f"the profile is {user.profile_name}")
    return found if held.has(API_ENABLED) else [*found, "the API is closed to it"]


def _on_wire(wire: Wire, route: Route) -> list[str]:
    with wire.user(route.target, route.sync_user) as user:
        described = user.get(f"sobjects/{route.sobject}/describe")
    seen = {field["name"] for field in described["fields"]}
    found = [f"{name} is shown" for name in sorted(EXCLUDED & seen)]
    found += [f"{name} is not shown" for name in sorted({*route.fields} - seen)]
    return [*found, "it may delete"] if described["deletable"] else found
