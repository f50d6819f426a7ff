"""From what was read to how each route stands: who calls, with which certificate, as whom, and who else does."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase

from tasks.certificates.model import Companion, Held, Holder, Place, Roots, RouteState, Shown
from tasks.certificates.naming import pair_prefix
from tasks.certificates.renewal import MUTUAL_PORT, port_of
from tasks.estate.model import Estate, Route
from tasks.estate.policy import Policy
from tasks.inventory.model import Login, OutboundCredential, TrustEdge, User

CURRENT, NEXT, FORMER = "current", "next", "former"
_NO_APP = "n/a"
"""LoginHistory.Application of whoever signs in by user name and password alone, in small letters."""


@dataclass(frozen=True)
class OrgSide:
    """What was read of one org, as far as mutual TLS goes. `enforced` and `api_only` are user names in lower case."""

    org: str
    now: datetime
    users: tuple[User, ...]
    logins: tuple[Login, ...]
    outbound: tuple[OutboundCredential, ...]
    held: tuple[Held, ...]
    enforced: frozenset[str]
    api_only: frozenset[str]
    app_labels: Mapping[str, str]
    """Name of an app to the label under which sign-ins show it."""
    roots: Roots | None = None


@dataclass(frozen=True)
class Middleware:
    """What a route's secret holds, but for its keys: where it calls, its pairs by stage, and whether it signs in by a password."""

    address: str
    pairs: tuple[Shown, ...]
    by_password: bool = False


def certificate_secrets(estate: Estate) -> dict[str, str]:
    """By a route's credential, the secret with the certificate that its caller presents, where that is rotated by itself."""
    credentials = {route.name: route.credential for route in estate.routes}
    return {credentials[each.route]: each.secret for each in estate.credentials if each.route in credentials}


def states(
    estate: Estate,
    policy: Policy,
    orgs: Mapping[str, OrgSide],
    edges: Sequence[TrustEdge],
    secrets: Mapping[str, Middleware],
    since: Mapping[tuple[str, str], datetime],
    accepted: Mapping[str, bool],
    routes: Iterable[Route],
    today: datetime,
) -> tuple[tuple[RouteState, ...], dict[str, str]]:
    """
    How each route stands, and why others cannot be judged. `secrets` by name; `since` by route and fingerprint; `accepted` by
    route.
    """
    found, unknown = [], {}
    for route in routes:
        target, source = orgs.get(route.target), orgs.get(route.source)
        secret = secrets.get(route.credential)
        named = next((c for c in source.outbound if c.name == route.credential), None) if source else None
        user = _user(target, route.sync_user)
        if target is None:
            unknown[route.name] = f"{route.target} could not be read"
        elif user is None:
            unknown[route.name] = f"{route.target} has no user {route.sync_user}"
        elif secret is not None:
            found.append(_state(estate, policy, route, orgs, edges, secrets, since, accepted, secret, today))
        elif source is None:
            unknown[route.name] = f"{route.source} could not be read"
        elif named is None:
            unknown[route.name] = f"neither {route.source} nor the secrets manager has its credential"
        else:
            found.append(_state(estate, policy, route, orgs, edges, secrets, since, accepted, named, today))
    return tuple(found), unknown


def _state(
    estate: Estate,
    policy: Policy,
    route: Route,
    orgs: Mapping[str, OrgSide],
    edges: Sequence[TrustEdge],
    secrets: Mapping[str, Middleware],
    since: Mapping[tuple[str, str], datetime],
    accepted: Mapping[str, bool],
    caller: Middleware | OutboundCredential,
    today: datetime,
) -> RouteState:
    target = orgs[route.target]
    user = _user(target, route.sync_user)
    assert user is not None
    if isinstance(caller, Middleware):
        holder, address, pairs = Holder.MIDDLEWARE, caller.address, caller.pairs
        presents = next((p.name for p in pairs if p.name == CURRENT and p.chain), None)
    else:
        holder, address = Holder.ORG, caller.url
        pairs = own_pairs(orgs[route.source].held, route.name, caller.client_certificate)
        presents = caller.client_certificate
    shown = next((pair for pair in pairs if pair.name == presents and pair.chain), None)
    mark = shown.chain.leaf.fingerprint if shown is not None and shown.chain else ""
    ins = [login for login in target.logins if login.user_id == user.id and login.success]
    apps = {
        label.lower()
        for each in estate.routes
        if each.target == route.target and each.sync_user.lower() == route.sync_user.lower()
        for label in (
            *(each.app, target.app_labels.get(each.app, each.app)),
            *((_NO_APP,) if each.credential in secrets and secrets[each.credential].by_password else ()),
        )
    }
    return RouteState(
        route=route.name,
        source=route.source,
        target=route.target,
        username=user.username,
        credential=route.credential,
        holder=holder,
        address=address,
        pairs=pairs,
        presents=presents,
        listed=belonging(target.held, route.name, pairs),
        enforced=user.username.lower() in target.enforced,
        api_only=user.username.lower() in target.api_only,
        others=_others(route, orgs, edges, secrets),
        strangers=tuple(
            sorted({login.application for login in ins if not login.interactive and login.application.lower() not in apps})
        ),
        person=any(login.interactive for login in ins),
        vouched=holder is Holder.ORG
        or any(each.route == route.name and each.expires >= today.date() for each in policy.certificates.callers),
        since=since.get((route.name, mark)) if mark else None,
        last_in=max((login.last for login in ins), default=None),
        accepted=accepted.get(route.name),
        roots=target.roots,
        companions=_companions(route, orgs, edges, secrets),
        borrowed=_borrowed(route, orgs, edges, secrets),
    )  # fmt: skip


def own_pairs(held: Iterable[Held], route: str, presented: str | None) -> tuple[Shown, ...]:
    """Key pairs of an org that were made for a route, and the one that its credential presents now."""
    return tuple(
        Shown(
            name=each.name,
            chain=each.chain,
            request=each.request,
            label=each.label,
            key_bits=each.key_bits or 0,
            exportable=each.exportable is True,
        )
        for each in held
        if each.place is Place.KEY_PAIR
        and (each.name.startswith(pair_prefix(route)) or each.name == presented)
    )


def belonging(held: Iterable[Held], route: str, pairs: Iterable[Shown]) -> tuple[Held, ...]:
    """Certificates on an org's list that are a route's: by its pairs, or because their subject names it."""
    marks = {pair.chain.leaf.fingerprint for pair in pairs if pair.chain is not None}
    return tuple(
        each
        for each in held
        if each.place is Place.INBOUND
        and each.chain is not None
        and (each.chain.leaf.fingerprint in marks or each.chain.leaf.common_name == route[:64])
    )


def _others(
    route: Route,
    orgs: Mapping[str, OrgSide],
    edges: Sequence[TrustEdge],
    secrets: Mapping[str, Middleware],
) -> tuple[str, ...]:
    """Other credentials that act as the route's user and would be refused."""
    target = orgs[route.target]
    listed = {
        each.chain.leaf.fingerprint for each in target.held if each.place is Place.INBOUND and each.chain is not None
    }  # fmt: skip
    found = []
    for edge in _beside(route, edges):
        if not _as_same_user(route, edge):
            continue
        mark = _presented(edge, orgs, secrets)
        if port_of(edge.url) != MUTUAL_PORT:
            found.append(f"{edge.credential} calls port {port_of(edge.url)}")
        elif mark is None:
            found.append(f"{edge.credential} presents no certificate that anybody knows")
        elif mark not in listed:
            found.append(f"{edge.credential} presents a certificate that {route.target} does not list")
    return tuple(sorted(set(found)))


def _beside(route: Route, edges: Iterable[TrustEdge]) -> Iterable[TrustEdge]:
    """Other ways into the route's target."""
    for edge in edges:
        own = edge.credential == route.credential and edge.source in (None, route.source)
        if edge.target == route.target and not own:
            yield edge


def _as_same_user(route: Route, edge: TrustEdge) -> bool:
    return route.sync_user.lower() in (name.lower() for name in edge.run_as)


def _companions(
    route: Route,
    orgs: Mapping[str, OrgSide],
    edges: Sequence[TrustEdge],
    secrets: Mapping[str, Middleware],
) -> tuple[Companion, ...]:
    listed = {
        each.chain.leaf.fingerprint: each
        for each in orgs[route.target].held
        if each.place is Place.INBOUND and each.chain is not None
    }
    found: dict[tuple[str, str], Companion] = {}
    for edge in _beside(route, edges):
        mark = _presented(edge, orgs, secrets)
        if not _as_same_user(route, edge) or mark not in listed or port_of(edge.url) != MUTUAL_PORT:
            continue
        certificate: str | None = mark
        if edge.credential in secrets:
            org, holder = route.target, Holder.MIDDLEWARE
            address = secrets[edge.credential].address
        else:
            named = _named(edge, orgs)
            assert edge.source is not None and named is not None, "what it presents was found there"
            org, holder, certificate = edge.source, Holder.ORG, named.client_certificate
            address = named.url
        found[org, edge.credential] = Companion(
            org=org,
            holder=holder,
            credential=edge.credential,
            certificate=certificate,
            address=address,
            entry=listed[mark],
        )
    return tuple(found[key] for key in sorted(found))


def _borrowed(
    route: Route,
    orgs: Mapping[str, OrgSide],
    edges: Sequence[TrustEdge],
    secrets: Mapping[str, Middleware],
) -> dict[str, str]:
    """By fingerprint, which other credential presents it."""
    seen = {
        mark: edge.credential
        for edge in _beside(route, edges)
        if (mark := _presented(edge, orgs, secrets)) is not None
    }
    return dict(sorted(seen.items()))


def _named(edge: TrustEdge, orgs: Mapping[str, OrgSide]) -> OutboundCredential | None:
    source = orgs.get(edge.source or "")
    return next((c for c in source.outbound if c.name == edge.credential), None) if source else None


def _presented(edge: TrustEdge, orgs: Mapping[str, OrgSide], secrets: Mapping[str, Middleware]) -> str | None:
    if edge.credential in secrets:
        pairs: Iterable[Shown] = (pair for pair in secrets[edge.credential].pairs if pair.name == CURRENT)
    else:
        source, credential = orgs.get(edge.source or ""), _named(edge, orgs)
        pairs = (
            Shown(name=each.name, chain=each.chain)
            for each in (source.held if source else ())
            if credential is not None
            and each.place is Place.KEY_PAIR
            and each.name == credential.client_certificate
        )
    return next((pair.chain.leaf.fingerprint for pair in pairs if pair.chain is not None), None)


def with_use(
    held: Iterable[Held], orgs: Mapping[str, OrgSide], secrets: Mapping[str, Middleware], policy: Policy
) -> tuple[Held, ...]:
    """
    The same with `used` filled in. Listed certificates are used where some known caller has them, or policy names their
    holder; key pairs of ours where a credential presents them; of others nobody can tell.
    """
    everything = tuple(held)
    marks = {
        each.chain.leaf.fingerprint for each in everything if each.place is not Place.INBOUND and each.chain is not None
    } | {pair.chain.leaf.fingerprint for one in secrets.values() for pair in one.pairs if pair.chain is not None}  # fmt: skip
    shown = {(org, c.client_certificate) for org, side in orgs.items() for c in side.outbound}

    def used(each: Held) -> bool | None:
        if each.place is Place.INBOUND:
            named = any(
                one.org == each.org and fnmatchcase(each.name, one.name)
                for one in policy.certificates.held_elsewhere
            )
            return named or (None if each.chain is None else each.chain.leaf.fingerprint in marks)
        if each.place is Place.KEY_PAIR and each.name.startswith(pair_prefix("")) and each.request is None:
            return (each.org, each.name) in shown
        return None

    return tuple(each.model_copy(update={"used": used(each)}) for each in everything)


def to_lint(held: Iterable[Held], orgs: Mapping[str, OrgSide]) -> tuple[Held, ...]:
    """Key pairs that sign assertions, or do what no reading shows, are no client certificates."""
    shown = {(org, c.client_certificate) for org, side in orgs.items() for c in side.outbound}
    return tuple(
        each
        for each in held
        if each.place is not Place.KEY_PAIR
        or (each.org, each.name) in shown
        or each.name.startswith(pair_prefix(""))
    )


def _user(side: OrgSide | None, username: str) -> User | None:
    if side is None:
        return None
    return next((u for u in side.users if u.username.lower() == username.lower() and u.active), None)
