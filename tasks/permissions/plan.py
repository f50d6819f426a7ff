"""From a route's minimal set to the plan that leaves its user with nothing else."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from pydantic import JsonValue

from tasks.estate.model import Estate, Policy, Route
from tasks.inventory.model import User
from tasks.permissions.draft import Draft
from tasks.permissions.effective import effective_rights
from tasks.permissions.minimal import API_ENABLED, API_SET, excess, lacking, minimal_set
from tasks.permissions.model import MinimalSet, ObjectRights, OrgRights, PermissionSet
from tasks.plans.digest import policy_digest
from tasks.plans.model import Plan, ResourceKind, State

JOB = "least-privilege"
MINIMUM_ACCESS = "Minimum Access"
"""How the platform's own profiles without rights begin."""
_STAMP = "%Y-%m-%dT%H:%M:%S.000+0000"
Kind = ResourceKind


def least_privilege_plan(
    estate: Estate,
    policy: Policy,
    routes: Sequence[Route],
    orgs: Iterable[OrgRights],
    requester: str,
    now: datetime,
) -> Plan:
    """
    One plan for the users of these routes in their target orgs; without changes where all is as it should be.

    A user gets a set for each of its routes, API_Enabled, and the minimum-access profile of its licence, and loses all else.
    Our own users, break-glass accounts and users who are not active are left alone, which the plan says.
    """
    draft = Draft()
    untouchable = _untouchable(estate, policy)
    for org in orgs:
        by_user: dict[str, list[Route]] = {}
        for route in routes:
            if route.target == org.org:
                by_user.setdefault(route.sync_user.lower(), []).append(route)
        for name, theirs in by_user.items():
            user = next((u for u in org.users if u.username.lower() == name), None)
            if user is None or not user.active or name in untouchable:
                why = (
                    "is not there"
                    if user is None
                    else "is not active"
                    if not user.active
                    else "is never touched"
                )
                draft.risks.append(f"{org.org}: {theirs[0].sync_user} {why}; its rights stay as they are")
                continue
            _plan_user(draft, org, user, theirs, now)
    return Plan(
        job=JOB,
        title=f"Least privilege for {_named(routes)}",
        requester=requester,
        made_at=now,
        expires_at=now + policy.changes.plan_lifetime,
        policy_digest=policy_digest(policy),
        changes=tuple(draft.changes),
        keeps=tuple(dict.fromkeys(draft.keeps)),
        risks=tuple(dict.fromkeys(draft.risks)),
    )


def _plan_user(draft: Draft, org: OrgRights, user: User, routes: Sequence[Route], now: datetime) -> None:
    held = effective_rights(
        org.permission_sets,
        org.groups,
        org.assignments,
        org.object_permissions,
        org.field_permissions,
        org.users,
        [user.id],
        now,
    )[user.id]
    mutual = org.mutual_auth_permission
    demands = {mutual} if mutual is not None and held.has(mutual) else set()
    wanted = [minimal_set(route, org.facts, demands) for route in routes]
    for each in wanted:
        for name in each.missing:
            draft.risks.append(f"{org.org}: {each.name} declares {name}, which the org does not have")
    beyond, short = excess(held, wanted), lacking(held, wanted)
    if not beyond and not short:
        draft.keeps.append(f"{org.org}: {user.username} holds exactly what its routes need")
        return
    why = f"{user.username} {'may do more than' if beyond else 'lacks a right that'} {'its route needs' if len(routes) == 1 else 'its routes need'}"
    assigned = [
        _make_set(draft, org, user, each, route, why) for each, route in zip(wanted, routes, strict=True)
    ]
    assigned.append(_api_set(draft, org, user, why))
    moved = _move(draft, org, user, assigned, why)
    keep = {each.name for each in wanted} | {API_SET}
    _unassign(draft, org, user, keep, [*assigned, moved], why, now)
    draft.keeps += [
        f"{org.org}: {user.username} keeps {right.what}: {right.why}"
        for each in wanted
        for right in each.evidence
    ]
    draft.risks += [f"{org.org}: {user.username} loses {item}" for item in beyond]
    _replay(draft, org, user, wanted)


def _make_set(draft: Draft, org: OrgRights, user: User, wanted: MinimalSet, route: Route, why: str) -> int:
    """The set, its rights, its app, and the assignment, whose number it gives."""
    existing = _set_named(org, wanted.name)
    label = existing.label if existing else wanted.label
    permissions: list[JsonValue] = [*sorted(wanted.permissions)]
    made = draft.change(
        *(org.org, Kind.PERMISSION_SET, wanted.name),
        _set_state(existing),
        {"label": label, "permissions": permissions},
        why,
        f"a set of its own for {route.name}",
        widening=True,
    )
    rows = [made]
    objects = {p.sobject: p for p in org.object_permissions if existing and p.parent_id == existing.id}
    for sobject in sorted({*wanted.objects, *objects}):
        row, right = objects.get(sobject), wanted.objects.get(sobject)
        rows.append(
            draft.change(
                *(org.org, Kind.OBJECT_PERMISSION, f"{wanted.name}/{sobject}"),
                None if row is None else {flag: getattr(row, flag) for flag in ObjectRights.model_fields},
                None if right is None else dict(right.model_dump()),
                why,
                f"{route.name} reads, makes and changes {sobject}"
                if right
                else f"{sobject} is not the route's",
                made,
                widening=right is not None,
            )
        )
    fields = {p.field: p for p in org.field_permissions if existing and p.parent_id == existing.id}
    for name in sorted({*wanted.fields, *fields}):
        line, may = fields.get(name), wanted.fields.get(name)
        before: State | None = None if line is None else {"read": line.read, "edit": line.edit}
        after: State | None = None if may is None else {"read": may[0], "edit": may[1]}
        effect = "not the route's" if may is None else f"{'read and write' if may[1] else 'read only'}"
        rows.append(
            draft.change(
                *(org.org, Kind.FIELD_PERMISSION, f"{wanted.name}/{name}"),
                before,
                after,
                why,
                f"{name}: {effect}",
                *rows[:2],
                widening=may is not None,
            )
        )
    for app_id, kind in _apps(org, user, route).items():
        has = existing is not None and any(
            a.parent_id == existing.id and a.app_id == app_id for a in org.app_access
        )
        rows.append(
            draft.change(
                *(org.org, Kind.APP_ACCESS, f"{wanted.name}/{app_id}"),
                {"type": kind} if has else None,
                {"type": kind},
                why,
                f"signs in through {route.app} as before",
                made,
                widening=True,
            )
        )
    return _assign(draft, org, user, existing, wanted.name, rows, why)


def _api_set(draft: Draft, org: OrgRights, user: User, why: str) -> int:
    existing = _set_named(org, API_SET)
    made = draft.change(
        *(org.org, Kind.PERMISSION_SET, API_SET),
        _set_state(existing),
        {"label": existing.label if existing else "API Enabled", "permissions": [API_ENABLED]},
        why,
        "lets its holders use the API, and nothing else",
        widening=True,
    )
    return _assign(draft, org, user, existing, API_SET, [made], why)


def _assign(
    draft: Draft,
    org: OrgRights,
    user: User,
    existing: PermissionSet | None,
    name: str,
    needs: list[int],
    why: str,
) -> int:
    row = next(
        (
            a
            for a in org.assignments
            if existing and a.user_id == user.id and a.permission_set_id == existing.id and not a.group_id
        ),
        None,
    )
    return draft.change(
        *(org.org, Kind.ASSIGNMENT, f"{user.username}/{name}"),
        None if row is None else {"expires": _stamp(row.expires)},
        {"expires": None},
        why,
        f"{user.username} gets {name}",
        *needs,
        widening=True,
    )


def _move(draft: Draft, org: OrgRights, user: User, needs: list[int], why: str) -> int:
    """To the minimum-access profile of the user's licence, where somebody shows that the org has one."""
    if user.profile_name.startswith(MINIMUM_ACCESS):
        return 0
    minimum = sorted(
        {
            u.profile_name
            for u in org.users
            if u.license_name == user.license_name and u.profile_name.startswith(MINIMUM_ACCESS)
        }
    )
    if not minimum:
        draft.risks.append(
            f"{org.org}: {user.username} stays on the profile {user.profile_name}: no minimum-access profile of its licence is in use"
        )
        return 0
    return draft.change(
        *(org.org, Kind.USER, user.username),
        {"profile": user.profile_name},
        {"profile": minimum[0]},
        why,
        f"{user.username} loses what the profile {user.profile_name} gives",
        *needs,
    )


def _unassign(
    draft: Draft,
    org: OrgRights,
    user: User,
    keep: Collection[str],
    needs: list[int],
    why: str,
    now: datetime,
) -> None:
    sets = {s.id: s for s in org.permission_sets}
    groups = {g.id: g for g in org.groups}
    for row in org.assignments:
        held = sets.get(row.permission_set_id)
        if row.user_id != user.id or (held is not None and held.profile_id and not held.group_id):
            continue
        group = groups.get(row.group_id or (held.group_id if held else None) or "")
        name = f"group:{group.name}" if group else held.name if held else None
        over = row.expires is not None and row.expires <= now
        if name is None or name in keep or over:
            continue
        draft.change(
            *(org.org, Kind.ASSIGNMENT, f"{user.username}/{name}"),
            {"expires": _stamp(row.expires)},
            None,
            why,
            f"{user.username} loses what {name} gives",
            *needs,
        )


def _replay(draft: Draft, org: OrgRights, user: User, wanted: Sequence[MinimalSet]) -> None:
    """What the event logs saw this user do, against what it may do afterwards."""
    if org.used_objects is None:
        draft.risks.append(
            f"{org.org}: no event log tells what {user.username} really uses; absence of logs is not absence of use"
        )
        return
    used = org.used_objects.get(user.id, frozenset())
    may = {sobject for each in wanted for sobject in each.objects}
    fails = sorted(used - may)
    if fails:
        draft.risks.append(
            f"{org.org}: {user.username} used {', '.join(fails)} in the logged days; those calls will fail"
        )
    if used & may:
        draft.keeps.append(
            f"{org.org}: all logged calls of {user.username} on {', '.join(sorted(used & may))} still work"
        )


def _apps(org: OrgRights, user: User, route: Route) -> dict[str, str]:
    """The route's app where sets admit people to it, and the user is admitted now: id to SetupEntityType."""
    sets = {s.id: s for s in org.permission_sets}
    mine = {a.permission_set_id for a in org.assignments if a.user_id == user.id}
    mine |= {
        m
        for g in org.groups
        for a in org.assignments
        if a.user_id == user.id and a.group_id == g.id
        for m in g.member_ids
    }
    mine |= {s.id for s in sets.values() if s.profile_id == user.profile_id}
    named = {app_id for app_id, (name, _) in org.apps.items() if name == route.app}
    return {
        a.app_id: org.apps[a.app_id][1] for a in org.app_access if a.parent_id in mine and a.app_id in named
    }


def _untouchable(estate: Estate, policy: Policy) -> set[str]:
    ours = {i.username.lower() for org in estate.orgs for i in (org.scanner, org.enforcer) if i is not None}
    return ours | {name.lower() for name in policy.jit.break_glass}


def _set_named(org: OrgRights, name: str) -> PermissionSet | None:
    return next((s for s in org.permission_sets if s.name.lower() == name.lower() and not s.profile_id), None)


def _set_state(existing: PermissionSet | None) -> State | None:
    if existing is None:
        return None
    permissions: list[JsonValue] = [*sorted(existing.permissions)]
    return {"label": existing.label, "permissions": permissions}


def _stamp(moment: datetime | None) -> str | None:
    return None if moment is None else moment.strftime(_STAMP)


def _named(routes: Sequence[Route]) -> str:
    names = [route.name for route in routes]
    return ", ".join(names) if len(names) <= 2 else f"{len(names)} routes"
