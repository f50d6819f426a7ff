"""The next step of each route towards its own client certificate, as a plan."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from prefect import flow
from prefect.logging import get_run_logger

from flows.changeable import changeable
from flows.plans import Person, kept
from flows.reading import SIDE_BY_SIDE, chosen, reason
from flows.routes_seen import Picture, look, stand
from tasks.certificates.model import Chain, Holder, Next, RouteState, Stage
from tasks.certificates.plan import LABEL, SET, Enforcing, mutual_tls_plan
from tasks.certificates.renewal import next_of
from tasks.certificates.standing import NEXT, OrgSide
from tasks.certificates.steps import (
    have_signed,
    keep_signed,
    make_request,
    note_presented,
    publish_standing,
    read_callers,
    try_authority,
    try_certificate,
)
from tasks.estate.model import AttestedControl, Route
from tasks.estate.policy import Policy
from tasks.estate.steps import read_estate

PLAN = """
Makes a plan with **the next step of each route towards its own client certificate**. It changes no org.

* The order is that of an overlap: request, sign, list, switch, enforce, and only then away with the certificate before. Made
  again after each apply, it goes on from wherever things stand.
* Nobody is held to a certificate while anybody who acts as the same user would be refused; who that is stands in the plan.
* Key pairs of routes that middleware runs are made in secrets of their own, beside what callers read; the plan moves them. A
  route whose certificate is registered under `credentials` in `estate.yaml` is left out: **rotate-credentials** renews that.
* Next: **approve-plan**, then **apply-plan**.
"""


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
    although_used: list[str] = [],  # noqa: B006  # the form shows a list
) -> str:
    """
    Gives the digest of the plan. Raises ConfigurationError for an unknown route.

    Args:
        requester: Who asks for the plan. **That person cannot approve it.**
        routes: Names of the routes, as in estate.yaml. **Leave empty for all.**
        remove_old_keys: Also remove key pairs of routes that nothing uses any more. **There is no way back.**
        although_used: Names of routes whose users are held to certificates even where people, or programs of no route, sign in as
            them. **The plan names whom that stops.**
    """
    estate, policy = read_estate()
    known = {route.name: route for route in estate.routes}
    wanted = chosen("route", known, routes)
    accepted_for = [route.name for route in chosen("route", known, although_used)] if although_used else []
    rotating = {each.route for each in estate.credentials if each.route is not None}
    for route in (each for each in wanted if each.name in rotating):
        get_run_logger().info("%s is left out: rotate-credentials renews its certificate", route.name)
    wanted = [each for each in wanted if each.name not in rotating]
    ends = dict.fromkeys(org for route in wanted for org in (route.target, route.source))
    usable, unchangeable = changeable(ends)
    # Where a caller's key lies outside the orgs, the target alone is changed: those are told apart below.
    routes_wanted, wanted = wanted, [each for each in wanted if each.target in usable]
    picture = look(estate, policy, wanted)
    found, unknown = stand(picture, wanted, {})
    signed, unprepared = prepared(picture, found, policy)
    picture.callers = read_callers([route.credential for route in estate.routes])
    tried = accepted(policy, found)
    found, unknown = stand(picture, wanted, tried)
    note_presented(found, picture.clocks)
    found, unknown = stand(picture, wanted, tried)
    now = max(picture.clocks.values(), default=datetime.now(UTC))
    reached = [each for each in found if each.holder is Holder.MIDDLEWARE or each.source in usable]
    plan, stages = mutual_tls_plan(
        *(estate, policy, reached, enforcing(picture), signed, picture.clocks, requester, now),
        in_use={org: in_use(side) for org, side in picture.sides.items()},
        remove_old_keys=remove_old_keys,
        although_used=accepted_for,
    )
    plan = plan.model_copy(update={"risks": (*plan.risks, *unprepared)})
    publish_standing(
        reached,
        stages,
        unknown | untouched(routes_wanted, reached, unchangeable),
        manual(picture),
        waiting(reached, stages),
    )
    return kept(plan, unchangeable | picture.unread)


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


def untouched(
    routes: Sequence[Route], reached: Sequence[RouteState], unchangeable: Mapping[str, str]
) -> dict[str, str]:
    """By route why nothing is planned for it, where that is an org that cannot be changed."""
    planned = {each.route for each in reached}
    return {
        route.name: f"{org}: {unchangeable[org]}"
        for route in routes
        if route.name not in planned
        for org in (route.source, route.target)
        if org in unchangeable
    }


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
