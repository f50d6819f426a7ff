"""Mutual TLS of routes: what comes next as a plan, what is wrong with certificates, and proof by handshakes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from prefect import flow
from prefect.logging import get_run_logger

from flows.plans import Person, kept, sealed
from flows.reading import SIDE_BY_SIDE, chosen, reason
from tasks.audit.evidence import assemble, assemble_cloud
from tasks.audit.model import OrgEvidence
from tasks.certificates.lint import Limits, lint
from tasks.certificates.model import Chain, Fault, Held, Holder, Next, Place, Proof, Roots, RouteState, Stage
from tasks.certificates.plan import API_ONLY, LABEL, SET, Enforcing, mutual_tls_plan
from tasks.certificates.proof import from_sign_ins
from tasks.certificates.renewal import next_of
from tasks.certificates.standing import NEXT, Middleware, OrgSide, states, to_lint, with_use
from tasks.certificates.steps import (
    have_signed,
    keep_signed,
    knock,
    make_request,
    note_presented,
    note_proofs,
    publish_faults,
    publish_proofs,
    publish_standing,
    publish_wellness,
    read_callers,
    read_certificates,
    read_proofs,
    read_revocations,
    sign_list,
    since_when,
    try_authority,
    try_certificate,
)
from tasks.certificates.well import wellness
from tasks.credentials.steps import read_stored
from tasks.errors import FindingsOverLimit
from tasks.estate.model import AttestedControl, Estate, Route
from tasks.estate.policy import Policy
from tasks.estate.steps import read_estate
from tasks.inventory.edges import find_edges
from tasks.inventory.model import TrustEdge
from tasks.inventory.steps import read_inventory
from tasks.permissions.effective import effective_rights
from tasks.permissions.steps import read_permissions
from tasks.reading import Reading

PLAN = """
Makes a plan with **the next step of each route towards its own client certificate**. It changes no org.

* The order is that of an overlap: request, sign, list, switch, enforce, and only then away with the certificate before. Made
  again after each apply, it goes on from wherever things stand.
* Nobody is held to a certificate while anybody who acts as the same user would be refused; who that is stands in the plan.
* Key pairs of routes that middleware runs are made in secrets of their own, beside what callers read; the plan moves them. A
  route whose certificate is registered under `credentials` in `estate.yaml` is left out: **rotate-credentials** renews that.
* Next: **approve-plan**, then **apply-plan**.
"""
CHECK = """
Looks at **every client certificate**: listed in orgs, held by orgs, and in secrets of routes. It changes no org.

* One finding for each broken rule: who signed it, its chain, its usage, its key, its life, its end, and who uses it.
* Which routes are held to mutual TLS **whole**: user, certificate, list and the last handshakes together.
* Where the authority is our own, its list of revoked certificates is signed anew, for one is good for a week. What an
  applied plan has taken off an org's list, and no caller has any more, is revoked then.
"""
PROVE = """
**Tries every way in** as the user of each route, with real handshakes on ports 8443 and 443. It changes no org.

* With its certificate it gets in; without, on 443, and with an expired, foreign, revoked or wrong one it is refused.
* Where the key never leaves an org, its own sign-ins since then speak instead.
* Each try that is refused leaves a line in the org's login history, and may raise an alarm of yours.
"""
_NEEDED = ("users", "outbound", "apps", "grants", "logins", "permission_sets", "groups", "assignments")


@dataclass
class Picture:
    """All that was read, and what follows from it at once."""

    estate: Estate
    policy: Policy
    sides: dict[str, OrgSide]
    evidence: dict[str, OrgEvidence]
    permissions: dict[str, str | None]
    roots: dict[str, Roots]
    callers: dict[str, Middleware]
    unread: dict[str, str]
    disabled: tuple[str, ...] = ()
    edges: tuple[TrustEdge, ...] = ()

    @property
    def clocks(self) -> dict[str, datetime]:
        return {org: side.now for org, side in self.sides.items()}

    @property
    def held(self) -> tuple[Held, ...]:
        """In orgs, and in secrets under the org that they call."""
        found = [each for side in self.sides.values() for each in side.held]
        for route in self.estate.routes:
            for pair in self.callers[route.credential].pairs if route.credential in self.callers else ():
                found.append(
                    Held(
                        org=route.target,
                        place=Place.SECRET,
                        name=f"{route.credential} ({pair.name})",
                        chain=pair.chain,
                        request=pair.request,
                    )
                )
        return tuple(found)


@flow(
    name="mutual-tls",
    flow_run_name="mutual-tls-for-{requester}",
    description=PLAN.strip(),
    task_runner=SIDE_BY_SIDE,
)
def mutual_tls(
    requester: Person,
    routes: list[str] = [],  # noqa: B006  # the form shows a list
    remove_old_keys: bool = False,
) -> str:
    """
    Gives the digest of the plan. Raises ConfigurationError for an unknown route.

    Args:
        requester: Who asks for the plan. **That person cannot approve it.**
        routes: Names of the routes, as in estate.yaml. **Leave empty for all.**
        remove_old_keys: Also remove key pairs of routes that nothing uses any more. **There is no way back.**
    """
    estate, policy = read_estate()
    wanted = chosen("route", {route.name: route for route in estate.routes}, routes)
    rotating = {each.route for each in estate.credentials if each.route is not None}
    for route in (each for each in wanted if each.name in rotating):
        get_run_logger().info("%s is left out: rotate-credentials renews its certificate", route.name)
    wanted = [each for each in wanted if each.name not in rotating]
    picture = look(estate, policy, wanted)
    found, unknown = stand(picture, wanted, {})
    signed, unprepared = prepared(picture, found, policy)
    picture.callers = read_callers([route.credential for route in estate.routes])
    tried = accepted(policy, found)
    found, unknown = stand(picture, wanted, tried)
    note_presented(found, picture.clocks)
    found, unknown = stand(picture, wanted, tried)
    now = max(picture.clocks.values(), default=datetime.now(UTC))
    plan, stages = mutual_tls_plan(
        *(estate, policy, found, enforcing(picture), signed, picture.clocks, requester, now),
        in_use={org: in_use(side) for org, side in picture.sides.items()},
        remove_old_keys=remove_old_keys,
    )
    plan = plan.model_copy(update={"risks": (*plan.risks, *unprepared)})
    publish_standing(found, stages, unknown, manual(picture), waiting(found, stages))
    return kept(plan, picture.unread)


@flow(
    name="check-certificates",
    flow_run_name="check-certificates",
    description=CHECK.strip(),
    task_runner=SIDE_BY_SIDE,
)
def check_certificates(
    fail: bool = False,
) -> list[Fault]:
    """
    Raises FindingsOverLimit where something is wrong and that was asked for.

    Args:
        fail: Let the run fail where anything is found.
    """
    estate, policy = read_estate()
    picture = look(estate, policy, estate.routes)
    limits = Limits(longest=policy.rotation.certificate_max_life, warn_days=policy.certificates.warn_days)
    judged = to_lint(with_use(picture.held, picture.sides, picture.callers, policy), picture.sides)
    faults = lint(judged, picture.roots, limits, picture.clocks)
    unseen = dict(picture.unread)
    for org in picture.sides.keys() - picture.roots.keys():
        unseen[org] = "its trust store could not be read, so roots were not judged"
    publish_faults(judged, faults, unseen)
    found, unknown = stand(picture, estate.routes, {})
    if revoked := sign_list(found):
        get_run_logger().info("Revoked what %s no longer present", ", ".join(sorted(set(revoked))))
    published_wellness(picture, found, unknown, judged, faults)
    if fail and faults:
        raise FindingsOverLimit(f"{len(faults)} faults of certificates; the artifact of this run lists them.")
    return list(faults)


@flow(
    name="prove-mutual-tls",
    flow_run_name="prove-mutual-tls",
    description=PROVE.strip(),
    task_runner=SIDE_BY_SIDE,
)
def prove_mutual_tls(
    routes: list[str] = [],  # noqa: B006  # the form shows a list
    fail: bool = False,
) -> list[Proof]:
    """
    Raises ConfigurationError for an unknown route, and FindingsOverLimit where a route is broken and that was asked for.

    Args:
        routes: Names of the routes, as in estate.yaml. **Leave empty for all.**
        fail: Let the run fail where somebody gets in who must not, or a route does not.
    """
    estate, policy = read_estate()
    wanted = chosen("route", {route.name: route for route in estate.routes}, routes)
    picture = look(estate, policy, wanted)
    found, unknown = stand(picture, wanted, {})
    note_presented(found, picture.clocks)
    found, unknown = stand(picture, wanted, {})
    proofs = [
        from_sign_ins(state, picture.clocks[state.target]) for state in found if state.holder is Holder.ORG
    ]
    logger = get_run_logger()
    # One after the other: each revokes a probe of its own, and there is one list.
    for state in (each for each in found if each.holder is Holder.MIDDLEWARE):
        try:
            proofs.append(knock(state))
        except Exception as error:  # one route that cannot be tried must not hide the others
            logger.warning("%s could not be tried: %s", state.route, reason(error))
    for route, why in unknown.items():
        logger.warning("%s was not tried: %s", route, why)
    publish_proofs(proofs)
    note_proofs(proofs, picture.clocks)
    sealed()
    broken = [proof.route for proof in proofs if proof.verdict == "broken"]
    if fail and broken:
        raise FindingsOverLimit(
            f"mutual TLS is broken for {', '.join(broken)}; the artifact of this run says how."
        )
    return proofs


def published_wellness(
    picture: Picture,
    found: Sequence[RouteState],
    unknown: Mapping[str, str],
    held: Sequence[Held],
    faults: Sequence[Fault],
) -> None:
    """Which routes are held to mutual TLS whole. What cannot be looked up makes them unknown."""
    logger = get_run_logger()
    proofs, revoked = None, None
    try:
        proofs = read_proofs()
    except Exception as error:  # the page says so for each route
        logger.warning("proofs could not be read: %s", reason(error))
    try:
        revoked = read_revocations()
    except Exception as error:  # the same
        logger.warning("the list of revoked certificates could not be read: %s", reason(error))
    judged = wellness(
        found,
        held,
        faults,
        proofs,
        revoked,
        picture.disabled,
        picture.clocks,
        picture.policy.certificates.proof_max_age,
        own_authority=picture.policy.certificates.authority == "own",
    )
    publish_wellness(judged, unknown)


def look(estate: Estate, policy: Policy, routes: Sequence[Route]) -> Picture:
    """All orgs that the routes touch, side by side; one that cannot be read hides no other."""
    orgs = [
        entry.alias
        for entry in estate.orgs
        if any(entry.alias in (route.source, route.target) for route in routes)
    ]
    running = {
        org: (
            read_inventory.submit(org),
            read_permissions.submit(org, fields=[]),
            read_certificates.submit(org),
        )
        for org in orgs
    }
    stored = read_stored.submit()
    callers = read_callers.submit([route.credential for route in estate.routes])
    picture = Picture(estate, policy, {}, {}, {}, {}, {}, {})
    for org, futures in running.items():
        try:
            inventory, permissions, certificates = (future.result() for future in futures)
            take(picture, org, inventory, permissions, certificates)
        except Exception as error:  # one org that cannot be read must not hide the others
            picture.unread[org] = reason(error)
    picture.callers = callers.result()
    cloud = assemble_cloud([stored.result()])
    picture.edges = find_edges(estate, picture.evidence, cloud)
    return picture


def take(picture: Picture, org: str, inventory: Reading, permissions: Reading, certificates: Reading) -> None:
    """Raises ValueError and KeyError for what judgement cannot do without."""
    entry = picture.estate.org(org)
    evidence = assemble(entry, [inventory, permissions], {}, datetime.now(UTC))
    missing = [section for section in _NEEDED if section in evidence.gaps]
    if missing or "held" in certificates.gaps:
        first = missing[0] if missing else "held"
        why = evidence.gaps.get(first) or certificates.gaps.get(first, "")
        picture.unread[org] = f"{first.replace('_', ' ')} cannot be read: {why}"
        return
    names = {route.sync_user.lower() for route in picture.estate.routes if route.target == org}
    users = {user.id: user.username.lower() for user in evidence.users if user.username.lower() in names}
    rights = effective_rights(
        evidence.permission_sets,
        evidence.groups,
        evidence.assignments,
        evidence.object_permissions,
        evidence.field_permissions,
        evidence.users,
        set(users),
        evidence.now,
    )
    permission = evidence.mutual_auth_permission

    def holding(name: str | None) -> frozenset[str]:
        return frozenset(users[each] for each, held in rights.items() if name is not None and held.has(name))

    picture.evidence[org] = evidence
    picture.permissions[org] = permission
    if "roots" in certificates.values:
        picture.roots[org] = certificates.values["roots"]
    if certificates.values.get("enabled") is False:
        picture.disabled = (*picture.disabled, org)
    picture.sides[org] = OrgSide(
        org=org,
        now=evidence.now,
        users=evidence.users,
        logins=evidence.logins,
        outbound=evidence.outbound,
        held=certificates.values["held"],
        enforced=holding(permission),
        api_only=holding(API_ONLY),
        app_labels={app.name: app.label for app in evidence.apps},
        roots=certificates.values.get("roots"),
    )


def stand(
    picture: Picture, routes: Sequence[Route], tried: Mapping[str, bool]
) -> tuple[tuple[RouteState, ...], dict[str, str]]:
    return states(
        picture.estate,
        picture.policy,
        picture.sides,
        picture.edges,
        picture.callers,
        since_when(),
        tried,
        routes,
        max(picture.clocks.values(), default=datetime.now(UTC)),
    )


def prepared(
    picture: Picture, found: Sequence[RouteState], policy: Policy
) -> tuple[dict[tuple[str, str], Chain], list[str]]:
    """
    Makes what is missing where nothing uses it yet; gives chains of orgs' requests, by route and key pair, and for people why
    a route could not be prepared.
    """
    signed: dict[tuple[str, str], Chain] = {}
    failed: list[str] = []
    logger = get_run_logger()
    for state in found:
        step = next_of(state, policy.certificates.renew_before, picture.clocks[state.target], private=False)
        pair = state.pair(step.pair)
        request = pair.request if pair is not None else None
        try:
            if step.stage is Stage.REQUEST and state.holder is Holder.MIDDLEWARE:
                request = make_request(state.route)
            if request is None or (step.stage not in (Stage.SIGN, Stage.REQUEST)):
                continue
            chain = have_signed(state.route, request)
            if chain is not None and state.holder is Holder.MIDDLEWARE:
                keep_signed(state.route, chain)
            elif chain is not None and pair is not None:
                signed[state.route, pair.name] = chain
        except Exception as error:  # one route that cannot be prepared must not hide the others
            failed.append(f"{state.route} could not be prepared: {reason(error)}")
            logger.warning(failed[-1])
    return signed, failed


def accepted(policy: Policy, found: Sequence[RouteState]) -> dict[str, bool]:
    """By route: whether the target's door was seen to take what its authority issues."""
    if policy.certificates.authority == "external":
        return shown_to_doors(policy, found)
    seen: dict[str, bool] = {}
    for org, route in {state.target: state.route for state in found}.items():
        try:
            answer = try_authority(org, route)
        except Exception as error:  # then nobody knows, and nothing is switched
            get_run_logger().warning("%s: the authority could not be tried: %s", org, reason(error))
            continue
        if answer is not None:
            seen |= {state.route: answer for state in found if state.target == org}
    return seen


def shown_to_doors(policy: Policy, found: Sequence[RouteState]) -> dict[str, bool]:
    """Middleware's next certificates, which we can show as it will. Keys of orgs never leave them."""
    seen: dict[str, bool] = {}
    for state in (each for each in found if each.holder is Holder.MIDDLEWARE):
        if state.pair(NEXT) is None:
            continue
        try:
            answer = try_certificate(state.route)
        except Exception as error:  # then nobody knows, and the plan rests on what the certificate says
            get_run_logger().warning("%s: its certificate could not be tried: %s", state.route, reason(error))
            continue
        if answer is not None:
            seen[state.route] = answer
    return seen


def in_use(side: OrgSide) -> frozenset[str]:
    """Names of certificates that an org's credentials present or sign with."""
    named = {(each.client_certificate, each.signing_certificate) for each in side.outbound}
    return frozenset(name for pair in named for name in pair if name)


def enforcing(picture: Picture) -> dict[str, Enforcing]:
    found = {}
    for org, evidence in picture.evidence.items():
        named = next((each for each in evidence.permission_sets if each.name == SET), None)
        holders = {user.id: user.username.lower() for user in evidence.users}
        found[org] = Enforcing(
            permission=picture.permissions[org],
            permission_set=None if named is None else tuple(sorted(named.permissions)),
            label=LABEL if named is None else named.label,
            assigned=frozenset(
                holders[each.user_id]
                for each in evidence.assignments
                if named is not None and each.permission_set_id == named.id and each.user_id in holders
            ),
        )
    return found


def manual(picture: Picture) -> list[str]:
    """What no program can do; each line goes as soon as the org shows that it is done."""
    lines = []
    for org in picture.disabled:
        words = f"{org}: have Salesforce Support enable Mutual Authentication (a case); this run saw that it is not"
        asked = [
            each
            for each in picture.estate.attestations
            if each.subject is AttestedControl.MUTUAL_AUTHENTICATION and org in each.orgs
        ]
        if asked:
            newest = max(asked, key=lambda each: each.date)
            words += f". {newest.owner} asked for it on {newest.date}"
            if newest.expires < picture.sides[org].now.date():
                words += f", which was to be done by {newest.expires}: ask again"
        lines.append(words)
    for org, permission in picture.permissions.items():
        if permission is None and org not in picture.disabled:
            lines.append(
                f"{org}: shows no permission Enforce SSL/TLS Mutual Authentication; ask Salesforce Support"
            )
    return lines


def waiting(found: Sequence[RouteState], stages: Mapping[str, Next]) -> dict[str, str]:
    """Requests that somebody has to have signed."""
    return {
        state.route: pair.request
        for state in found
        if stages[state.route].stage is Stage.SIGN
        and (pair := state.pair(stages[state.route].pair)) is not None
        and pair.request
    }
