"""The whole estate: the linter finds what is planted and nothing where nothing is, and every route gets its certificate."""

import json

import pytest

from deployments.sandbox import launch
from tasks.aws.secrets import read_secret
from tasks.certificates import gateway
from tasks.certificates.authority import checked
from tasks.certificates.model import Chain, Holder, RouteState, Rule, Stage
from tasks.salesforce.handshakes import Answer, Pair, greet
from tests.running import RunningEstate
from tests.slices import chosen
from tests.tasks.certificates.authority import app_of, key_pair, sign, sign_in
from tests.tasks.certificates.pictures import Story, faults, seen
from tests.tasks.salesforce.scanner import scanner_session

REFUSED = (400, "mutual authentication failed")
ROUNDS = 7


Look = dict[str, tuple[str | None, str, bool]]


@pytest.mark.slow
def test_the_linter_finds_what_is_planted_and_nothing_where_nothing_is(estate: RunningEstate) -> None:
    key = json.loads((estate.folder / "answer-key.json").read_text())
    planted = {(each["org"], each["name"], each["rule"]) for each in key["certificates"]}
    assert {rule for _, _, rule in planted} == {rule.value for rule in Rule}
    found = faults(seen(estate))
    assert {(fault.org, fault.name, fault.rule.value) for fault in found} == planted
    assert len(found) == len(planted) and not any(fault.org == key["clean_org"] for fault in found)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_route_gets_its_own_certificate_and_back(estate: RunningEstate) -> None:
    """
    Round after round, each route one step further, until all are done or wait for somebody who is named. A slice of them: one
    org that the article's routes go to, or all with BULKHEAD_SEED=all.
    """
    launch.save_snapshot(estate.folder, "before-all-routes")
    try:
        story = Story(estate)
        targets = chosen(("emea", "apac", "compliance", "hq-uat", "hq"), 1)
        routes = [route for route in story.declared.routes if route.target in targets]
        orgs = sorted({org for route in routes for org in (route.source, route.target)})
        first = story.stand(seen(estate, orgs), routes)
        prepare(estate, story, first)
        for _ in range(ROUNDS):
            picture = seen(estate, orgs)
            found = story.stand(picture, routes)
            plan, stages = story.plan(picture, found, answers(estate, found))
            if not plan.changes:
                break
            story.apply(plan)
        held = {name: step.waits for name, step in stages.items() if step.stage is Stage.HELD}
        assert all(step.stage in (Stage.DONE, Stage.HELD) for step in stages.values()), stages
        assert len(held) < len(stages) / 3, held
        tried = [knocked(estate, story, state) for state in found]
        assert sum(tried) >= len(stages) - len(held), held
        story.take_back()
        assert looks(story.stand(seen(estate, orgs), routes)) == looks(first)
    finally:
        launch.restore_snapshot(estate.folder, "before-all-routes")
        launch.delete_snapshot(estate.folder, "before-all-routes")


def looks(found: tuple[RouteState, ...]) -> Look:
    """What of a route a plan changes."""
    return {state.route: (state.presents, state.address, state.enforced) for state in found}


def prepare(estate: RunningEstate, story: Story, found: tuple[RouteState, ...]) -> None:
    """What the flow does for middleware: a key pair in its secret, signed, and nothing uses it yet."""
    for state in found:
        if state.holder is Holder.MIDDLEWARE and not state.pairs:
            route = next(r for r in story.declared.routes if r.name == state.route)
            request = gateway.ask_for(story.cloud, story.declared, route, 2048)
            gateway.keep_signed(story.cloud, route.credential, checked(sign(estate, request), request))


def answers(estate: RunningEstate, found: tuple[RouteState, ...]) -> dict[tuple[str, str], Chain]:
    """What the authority outside makes of the requests of orgs."""
    return {
        (state.route, pair.name): checked(sign(estate, pair.request), pair.request)
        for state in found
        if state.holder is Holder.ORG
        for pair in state.pairs
        if pair.request
    }


def knocked(estate: RunningEstate, story: Story, state: RouteState) -> bool:
    """As the route's caller, with what it really holds: whether its handshakes are as they should be."""
    if state.holder is Holder.ORG:
        pair = key_pair(estate, state.source, str(state.presents))
    else:
        secret = read_secret(story.cloud, state.credential)
        pair = secret["clientCertificate"], secret["clientKey"]
    with scanner_session(estate, state.target) as session:
        assert greet(session.connection, 8443, Pair(*pair)) is Answer.LET_IN, state
    try:
        app = app_of(estate, state.target, state.username)
    except StopIteration:
        # It signs in with a password, for which the estate hands out no client.
        return state.enforced
    assert sign_in(estate, app, 8443, pair)[0] == 200, state
    if not state.enforced:
        return False
    # The stolen key alone, with what else an intruder may bring along, opens nothing.
    assert sign_in(estate, app, 8443, None) == sign_in(estate, app, 443, None) == REFUSED, state
    assert sign_in(estate, app, 443, pair) == REFUSED, state
    return True
