"""Hands that look: who the actor is, what admits it, and all that a thief of its key could come back by."""

from collections.abc import Callable, Iterable, Sequence

from tasks.errors import BadRequest, OrgError, OrgRefused
from tasks.estate.model import Estate, Route
from tasks.permissions.tiers import TIER_0
from tasks.plans.apps_gateway import CONNECTED, EXTERNAL, read_policies
from tasks.plans.model import AppPolicy, Resource, ResourceKind
from tasks.plans.records import shape_of
from tasks.plans.ways_gateway import read_callouts, read_sign_ins
from tasks.response.model import AppSeen, Facts, Found, Seen
from tasks.salesforce.metadata import Component, list_metadata, read_metadata
from tasks.salesforce.pages import Row
from tasks.salesforce.session import Session
from tasks.salesforce.soql import chunks, in_list, literal
from tasks.value import Value

_HEAD, _GLOBAL, _POLICIES = (
    "ConnectedApp",
    "ExtlClntAppGlobalOauthSettings",
    "ExtlClntAppOauthConfigurablePolicies",
)
_REFUSED = (BadRequest, OrgRefused)


class _Described(Value):
    """An app as its metadata tells. `certificate` is what signs for it, without blanks."""

    kind: str
    name: str
    label: str
    certificate: str
    run_as: str | None


def look(read_in: Callable[[str], Session], facts: Facts, estate: Estate, route: Route | None) -> Seen:
    """
    Reads alone, as the scanner. Raises OrgError where the actor or the org's size cannot be read; what else does not show is
    named in `unseen`.
    """
    session = read_in(facts.org)
    users = session.count("SELECT COUNT() FROM User WHERE IsActive = true")
    sign_in = _sign_ins(session, [facts.username])
    unseen: list[str] = []
    apps: tuple[AppSeen, ...] = ()
    wanted = facts.app or (route.app if route is not None and route.target == facts.org else "")
    if wanted:
        try:
            apps = tuple(_seen(session, each) for each in _opened_by(session, wanted))
        except _REFUSED as error:
            unseen.append(f"apps do not show: {error}")
    callouts: tuple[Found, ...] = ()
    if route is not None:
        try:
            callouts = _callouts(read_in(route.source), route, estate)
        except OrgError as error:
            unseen.append(f"named credentials of {route.source} do not show: {error}")
    now = session.server_time
    if now is None:
        raise OrgError(facts.org, "the answer has no Date", "Look at what stands between us and the org.")
    run_as = sorted({app.run_as for app in apps if app.run_as})
    return Seen(
        org=facts.org,
        now=now,
        users=users,
        sign_in=next(iter(sign_in), None),
        tier_0=owns(session, facts.username),
        assignments=_assignments(session, facts.username),
        apps=apps,
        run_as=_sign_ins(session, run_as) if run_as else (),
        callouts=callouts,
        unseen=tuple(unseen),
    )


def _sign_ins(session: Session, usernames: Iterable[str]) -> tuple[Found, ...]:
    where = [Resource(org=session.alias, kind=ResourceKind.SIGN_IN, key=each) for each in usernames]
    return tuple(Found(resource=each, state=state) for each, state in read_sign_ins(session, where).items())


def _assignments(session: Session, username: str) -> tuple[Found, ...]:
    shape = shape_of(ResourceKind.ASSIGNMENT)
    where = shape.where.format(names=in_list([username]))
    rows = session.query(f"SELECT Id, {', '.join(shape.fields)} FROM {shape.sobject} WHERE {where}")
    return tuple(sorted(_found(session.alias, ResourceKind.ASSIGNMENT, rows), key=lambda f: f.resource.key))


def _found(org: str, kind: ResourceKind, rows: Iterable[Row]) -> list[Found]:
    shape = shape_of(kind)
    return [
        Found(resource=Resource(org=org, kind=kind, key=shape.key(row)), state=shape.state(row) or {})
        for row in rows
    ]


def owns(session: Session, username: str) -> bool:
    """Whether a set, group or profile of the user holds a tier-0 right. Muting is left out: then two people look once too often."""
    rows = session.query(
        "SELECT PermissionSetId, PermissionSetGroupId FROM PermissionSetAssignment "
        f"WHERE Assignee.Username = {literal(username)}"
    )
    sets = {str(row["PermissionSetId"]) for row in rows if row["PermissionSetId"]}
    groups = sorted({str(row["PermissionSetGroupId"]) for row in rows if row["PermissionSetGroupId"]})
    for part in chunks(groups):
        soql = f"SELECT PermissionSetId FROM PermissionSetGroupComponent WHERE PermissionSetGroupId IN {in_list(part)}"
        sets |= {str(row["PermissionSetId"]) for row in session.query(soql)}
    flags = " OR ".join(f"Permissions{name} = true" for name in sorted(TIER_0))
    return any(
        session.count(f"SELECT COUNT() FROM PermissionSet WHERE Id IN {in_list(part)} AND ({flags})")
        for part in chunks(sorted(sets))
    )


def _opened_by(session: Session, wanted: str) -> list[_Described]:
    """The app of this name or label, and every other one for which the same certificate signs."""
    described = _described(session)
    name = wanted.lower()
    own = [each for each in described if name in (each.name.lower(), each.label.lower())]
    certificates = {each.certificate for each in own if each.certificate}
    return [each for each in described if each in own or each.certificate in certificates]


def _described(session: Session) -> list[_Described]:
    names = list_metadata(session, [_HEAD, _GLOBAL, _POLICIES])
    connected = read_metadata(session, _HEAD, names[_HEAD])
    settings = read_metadata(session, _GLOBAL, names[_GLOBAL])
    policies = _by_app(read_metadata(session, _POLICIES, names[_POLICIES]).values())
    rows = session.query("SELECT DeveloperName, MasterLabel FROM ExternalClientApplication")
    labels = {str(row["DeveloperName"]): str(row["MasterLabel"] or row["DeveloperName"]) for row in rows}
    found = []
    for name, component in connected.items():
        oauth = component.get("oauthConfig")
        config = oauth if isinstance(oauth, dict) else {}
        found.append(
            _one(
                CONNECTED,
                name,
                str(component.get("label") or name),
                config,
                "oauthClientCredentialUser",
                config,
            )
        )
    for app, component in _by_app(settings.values()).items():
        policy = policies.get(app, {})
        found.append(
            _one(EXTERNAL, app, labels.get(app, app), component, "clientCredentialsFlowUser", policy)
        )
    return found


def _one(kind: str, name: str, label: str, config: Component, user: str, where: Component) -> _Described:
    return _Described(
        kind=kind,
        name=name,
        label=label,
        certificate="".join(str(config.get("certificate") or "").split()),
        run_as=str(where[user]) if where.get(user) else None,
    )


def _by_app(components: Iterable[Component]) -> dict[str, Component]:
    return {str(each.get("externalClientApplication") or ""): each for each in components}


def _seen(session: Session, app: _Described) -> AppSeen:
    resource = Resource(
        org=session.alias,
        kind=ResourceKind.APP_POLICY,
        key=f"{app.kind}:{app.name}/{AppPolicy.PERMITTED_USERS.value}",
    )
    policy = read_policies(session, [resource]).get(resource)
    sobject, column = (
        ("ConnectedApplication", "Name")
        if app.kind == CONNECTED
        else ("ExternalClientApplication", "DeveloperName")
    )
    ids = session.query(f"SELECT Id FROM {sobject} WHERE {column} IN {in_list({app.name, app.label})}")
    shape = shape_of(ResourceKind.APP_ACCESS)
    rows: list[Row] = []
    if ids:
        where = shape.where.format(names=in_list(str(row["Id"]) for row in ids))
        fields = ", ".join(("ParentId", *shape.fields))
        rows = session.query(f"SELECT Id, {fields} FROM {shape.sobject} WHERE {where}")
    return AppSeen(
        name=app.name,
        labels=(app.label,),
        admissions=tuple(
            sorted(_found(session.alias, ResourceKind.APP_ACCESS, rows), key=lambda f: f.resource.key)
        ),
        admitted=_admitted(session, [str(row["ParentId"]) for row in rows]),
        policy=None if policy is None else Found(resource=resource, state=policy),
        run_as=app.run_as,
    )


def _admitted(session: Session, parents: Sequence[str]) -> int:
    """Active users who hold one of these sets, by themselves, by profile or by group."""
    if not parents:
        return 0
    groups = session.query(
        f"SELECT PermissionSetGroupId FROM PermissionSetGroupComponent WHERE PermissionSetId IN {in_list(parents)}"
    )
    queries = [("PermissionSetId", parents)]
    if groups:
        queries.append(("PermissionSetGroupId", sorted({str(row["PermissionSetGroupId"]) for row in groups})))
    holders: set[str] = set()
    for column, ids in queries:
        for part in chunks(ids):
            soql = (
                f"SELECT AssigneeId FROM PermissionSetAssignment WHERE {column} IN {in_list(part)} "
                "AND Assignee.IsActive = true"
            )
            holders |= {str(row["AssigneeId"]) for row in session.query(soql)}
    return len(holders)


def _callouts(session: Session, route: Route, estate: Estate) -> tuple[Found, ...]:
    """Named credentials of the source org by which the route calls out, as far as the estate names them."""
    names = {route.credential}
    for credential in estate.credentials:
        if route.credential == credential.secret or route.name == credential.route:
            names |= {each.named_credential for each in credential.deliveries if each.org == route.source}
    wanted = [
        Resource(org=route.source, kind=ResourceKind.CALLOUTS, key=name)
        for name in sorted(names)
        # Secrets have slashes in their names, and no named credential of an org has.
        if "/" not in name
    ]
    held = read_callouts(session, wanted) if wanted else {}
    return tuple(Found(resource=each, state=state) for each, state in held.items())
