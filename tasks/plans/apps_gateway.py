"""Hands on what an org says about its apps, over the Metadata API, and on refresh tokens, which end at the token endpoint."""

from collections.abc import Sequence
from typing import Any

from tasks.errors import OrgError
from tasks.plans.model import AppPolicy, Change, Resource, State
from tasks.salesforce.metadata import (
    NAMES_PER_READ,
    Component,
    flag,
    list_metadata,
    read_metadata,
    update_metadata,
)
from tasks.salesforce.pages import Row
from tasks.salesforce.session import Session
from tasks.salesforce.soql import chunks, in_list
from tasks.salesforce.writing import RecordResult, WritingSession

CONNECTED, EXTERNAL = "connected-app", "external-client-app"
_HEAD = "ConnectedApp"
_GLOBAL, _POLICIES = "ExtlClntAppGlobalOauthSettings", "ExtlClntAppOauthConfigurablePolicies"
_APPROVED, _ANYBODY = "AdminApprovedPreAuthorized", "AllSelfAuthorized"
# The two kinds of apps spell one refresh policy differently (WSDL: ConnectedAppOauthPolicy, ExtlClntAppOauthConfigurablePolicies).
_SPELT = {
    "infinite": "Infinite",
    "zero": "Zero",
    "specific_lifetime": "SpecificLifetime",
    "specific_inactivity": "SpecificInactivity",
}
# How an External Client App spells what a connected app says in capitals (WSDL: IpRelaxationPolicyType).
_RELAXED = {
    "ENFORCE": "Enforce",
    "BYPASS": "Bypass",
    "BYPASS_2FACTOR": "Bypass_2factor",
    "ENFORCE_RELAXREFRESH": "Enforce_RelaxRefresh",
}
_USERS_PER_QUERY = 50
_Place = tuple[str, str]
"""Metadata type and full name of a component."""


def read_policies(session: Session, resources: Sequence[Resource]) -> dict[Resource, State]:
    """What the org has; apps that it does not own, whose policies no API shows, are left out. Raises OrgError."""
    components = _components(session, resources)
    found: dict[Resource, State] = {}
    for resource in resources:
        if (held := components.get(_place(resource))) is not None:
            found[resource] = _state(_parts(resource)[2], held[1])
    return found


def write_policies(session: WritingSession, changes: Sequence[Change]) -> list[RecordResult]:
    """
    One result per change; those of one component share theirs. Raises OrgError.

    A group of elements (`oauthConfig`, `oauthPolicy`) is sent whole, as it was read a moment ago with what changes. No reading
    gives the consumer secret, so none is sent, and the org keeps the one it has.
    """
    components = _components(session, [change.resource for change in changes])
    bodies: dict[_Place, dict[str, Any]] = {}
    for change in changes:
        place, (_, held) = _place(change.resource), components[_place(change.resource)]
        _alter(_parts(change.resource)[2], change.after or {}, held, bodies.setdefault(place, {}))
    results: dict[_Place, RecordResult] = {}
    places = list(bodies)
    for start in range(0, len(places), NAMES_PER_READ):
        part = places[start : start + NAMES_PER_READ]
        sent = [(kind, components[kind, app][0], bodies[kind, app]) for kind, app in part]
        results |= dict(zip(part, update_metadata(session, sent), strict=True))
    return [results[_place(change.resource)] for change in changes]


def _parts(resource: Resource) -> tuple[str, str, AppPolicy]:
    """Kind and name of the app, and the policy."""
    container, _, policy = resource.key.rpartition("/")
    kind, _, name = container.partition(":")
    return kind, name, AppPolicy(policy)


def _place(resource: Resource) -> _Place:
    """The type in which a policy of an app lies, and the app's name."""
    kind, name, policy = _parts(resource)
    if kind == CONNECTED:
        return _HEAD, name
    return (_GLOBAL if policy is AppPolicy.PKCE else _POLICIES), name


def _components(session: Session, resources: Sequence[Resource]) -> dict[_Place, tuple[str, Component]]:
    """Full name and content by type and app; parts of an External Client App have names of their own."""
    wanted: dict[str, set[str]] = {}
    for kind, app in map(_place, resources):
        wanted.setdefault(kind, set()).add(app)
    found: dict[_Place, tuple[str, Component]] = {}
    for kind, apps in wanted.items():
        names = sorted(apps) if kind == _HEAD else list_metadata(session, [kind])[kind]
        for name, component in read_metadata(session, kind, names).items():
            app = name if kind == _HEAD else str(component.get("externalClientApplication") or "")
            if app in apps:
                found[kind, app] = name, component
    return found


def _state(policy: AppPolicy, held: Component) -> State:
    config, oauth = _group(held, "oauthConfig"), _group(held, "oauthPolicy")
    external = "externalClientApplication" in held
    match policy:
        case AppPolicy.PERMITTED_USERS if external:
            return {"on": held.get("permittedUsersPolicyType") == _APPROVED}
        case AppPolicy.PERMITTED_USERS:
            return {"on": flag(config, "isAdminApproved")}
        case AppPolicy.PKCE:
            return {"on": flag(held if external else config, "isPkceRequired")}
        case AppPolicy.ADDRESSES:
            value = held.get("ipRelaxationPolicyType") if external else oauth.get("ipRelaxation")
            return {"value": str(value or "ENFORCE").upper()}
        case AppPolicy.REFRESH_TOKENS:
            value = _joined(held) if external else oauth.get("refreshTokenPolicy")
            return {"value": str(value or "infinite")}


def _alter(policy: AppPolicy, after: State, held: Component, body: dict[str, Any]) -> None:
    """Puts what a change asks for into the elements that will be sent."""
    if "externalClientApplication" in held:
        body |= of_external(policy, after)
        return
    group, name = {
        AppPolicy.PERMITTED_USERS: ("oauthConfig", "isAdminApproved"),
        AppPolicy.PKCE: ("oauthConfig", "isPkceRequired"),
        AppPolicy.ADDRESSES: ("oauthPolicy", "ipRelaxation"),
        AppPolicy.REFRESH_TOKENS: ("oauthPolicy", "refreshTokenPolicy"),
    }[policy]
    body.setdefault(group, dict(_group(held, group)))[name] = after.get("on", after.get("value"))


def of_external(policy: AppPolicy, after: State) -> dict[str, Any]:
    """The elements of an External Client App that say a policy. A value that we do not know goes as it is."""
    match policy:
        case AppPolicy.PERMITTED_USERS:
            return {"permittedUsersPolicyType": _APPROVED if after["on"] else _ANYBODY}
        case AppPolicy.PKCE:
            return {"isPkceRequired": bool(after["on"])}
        case AppPolicy.ADDRESSES:
            value = str(after["value"])
            return {"ipRelaxationPolicyType": _RELAXED.get(value, value)}
        case AppPolicy.REFRESH_TOKENS:
            kind, _, period = str(after["value"]).partition(":")
            number, _, unit = period.partition(":")
            timed = {"refreshTokenValidityPeriod": number, "refreshTokenValidityUnit": unit.capitalize()}
            return {"refreshTokenPolicyType": _SPELT[kind], **(timed if period else {})}


def _joined(held: Component) -> str:
    """An External Client App's refresh policy as a connected app spells it."""
    spelt = {value: name for name, value in _SPELT.items()}
    kind = spelt.get(str(held.get("refreshTokenPolicyType") or "Infinite"), "infinite")
    if not kind.startswith("specific"):
        return kind
    unit = str(held.get("refreshTokenValidityUnit") or "").upper()
    return f"{kind}:{held.get('refreshTokenValidityPeriod')}:{unit}"


def _group(held: Component, name: str) -> Component:
    value = held.get(name)
    return value if isinstance(value, dict) else {}


# Refresh tokens ----------------------------------------------------------------------------------------


def read_tokens(session: Session, resources: Sequence[Resource]) -> dict[Resource, State]:
    """Tokens that are there still. Raises OrgError."""
    wanted = {_folded(resource.key): resource for resource in resources}
    found: dict[Resource, State] = {}
    for name, row in _rows(session, resources):
        resource = wanted.get(_folded(f"{name}/{row['CreatedDate']}/{row['AppName']}"))
        if resource is not None:
            used = [
                str(each) for each in (row["LastUsedDate"], found.get(resource, {}).get("last_used")) if each
            ]
            # Two of one instant end together; the one that was used last speaks for both.
            found[resource] = {"last_used": max(used, default=None)}
    return found


def end_tokens(session: WritingSession, changes: Sequence[Change]) -> list[RecordResult]:
    """
    Hands each token's DeleteToken to the token endpoint, which ends the token and the sessions that came of it.

    Only a token that was last used when the plan says is ended: one that came to use meanwhile is somebody's. Raises OrgError.
    """
    wanted = {_folded(change.resource.key): (change.before or {}).get("last_used") for change in changes}
    ended: set[str] = set()
    for name, row in _rows(session, [change.resource for change in changes]):
        key = _folded(f"{name}/{row['CreatedDate']}/{row['AppName']}")
        if key in wanted and row["LastUsedDate"] in (None, wanted[key]):
            session.revoke(str(row["DeleteToken"]))
            ended.add(key)
    in_use = RecordResult(id=None, code="TOKEN_IN_USE")
    return [RecordResult(id=None) if _folded(change.resource.key) in ended else in_use for change in changes]


def _rows(session: Session, resources: Sequence[Resource]) -> list[tuple[str, Row]]:
    """User name and row of all tokens of the users that resources name. The rows hold secrets: they go no further."""
    names = sorted({resource.key.partition("/")[0] for resource in resources})
    users = {
        row["Id"]: str(row["Username"])
        for row in session.query(f"SELECT Id, Username FROM User WHERE Username IN {in_list(names)}")
    }
    queries = {
        f"tokens {index}": "SELECT UserId, AppName, CreatedDate, LastUsedDate, DeleteToken FROM OauthToken "
        f"WHERE UserId IN {in_list(part)}"
        for index, part in enumerate(chunks(sorted(users), _USERS_PER_QUERY))
    }
    found: list[tuple[str, Row]] = []
    for rows in session.read_all(queries).values():
        if isinstance(rows, OrgError):
            raise rows
        found += [(users[row["UserId"]], row) for row in rows]
    return found


def _folded(key: str) -> str:
    return key.lower()
