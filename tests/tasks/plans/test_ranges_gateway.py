"""Lists that the platform replaces as a whole, on a real wire: nothing that stood beside a change is lost."""

from collections.abc import Iterator
from contextlib import closing, nullcontext

import pytest

from deployments.sandbox import launch
from tasks.network.addresses import spelt
from tasks.network.model import EVERY_REQUEST, FULL_NAMES
from tasks.plans.apply import apply
from tasks.plans.branch import sawn_off
from tasks.plans.gateway import OrgHands, around
from tasks.plans.model import Change, ChangeClass, Resource, ResourceKind, State
from tasks.plans.rollback import rollback
from tasks.salesforce.metadata import read_metadata, update_metadata
from tasks.salesforce.writing import WritingSession
from tests.running import RunningEstate
from tests.tasks.conftest import Play
from tests.tasks.plans.worlds import NOW, World, plan_of
from tests.tasks.salesforce.scanner import enforcer_session, scanner_session
from tests.tasks.salesforce.script import scripted

ORG, PROFILE, OTHER, THIRD = "compliance", "Wealth Advisor", "Service Agent", "Read Only"
LOGIN, TRUSTED = ResourceKind.LOGIN_RANGES, ResourceKind.TRUSTED_RANGES
OLD, NEW = "192.0.2.1-192.0.2.9 data centre, old  one", "203.0.113.0-203.0.113.255 Office"


@pytest.fixture(scope="module")
def session(estate: RunningEstate) -> Iterator[WritingSession]:
    launch.save_snapshot(estate.folder, "before-ranges")
    with closing(enforcer_session(estate, ORG)) as opened:
        yield opened
    launch.restore_snapshot(estate.folder, "before-ranges")
    launch.delete_snapshot(estate.folder, "before-ranges")


def resource(kind: ResourceKind, profile: str) -> Resource:
    return Resource(
        org=ORG, kind=kind, key=f"profile:{profile}" if kind is LOGIN else "Security.networkAccess"
    )


def change(
    kind: ResourceKind, before: list[str], after: list[str], number: int = 1, profile: str = PROFILE
) -> Change:
    return Change(
        number=number,
        resource=resource(kind, profile),
        before={"ranges": [*before]},
        after={"ranges": [*after]},
        kind=ChangeClass.IDENTITY,
        control="ZT-14",
        why="because",
        effect="fewer addresses",
    )


def hands(session: WritingSession) -> OrgHands:
    return OrgHands(lambda alias: nullcontext(session))


def held(session: WritingSession, kind: ResourceKind, profile: str = PROFILE) -> State | None:
    wanted = resource(kind, profile)
    return hands(session).read([wanted])[wanted]


@pytest.mark.parametrize("kind", [LOGIN, TRUSTED])
def test_a_list_is_sent_whole_and_comes_back_as_it_was(session: WritingSession, kind: ResourceKind) -> None:
    start = held(session, kind)
    assert start is not None and isinstance(start["ranges"], list)
    first = [str(each) for each in start["ranges"]]
    both = sorted([*first, OLD, NEW])
    plan = plan_of([change(kind, first, both)])
    journal = World(states={})
    assert apply(plan, hands(session), journal, lambda: (), [ORG]).finished
    assert held(session, kind) == {"ranges": both}
    assert apply(
        plan_of([change(kind, both, [NEW])]), hands(session), World(states={}), lambda: (), [ORG]
    ).finished
    assert held(session, kind) == {"ranges": [NEW]}
    # Somebody put it back by hand; then the way back of the first plan empties what it found empty.
    assert apply(
        plan_of([change(kind, [NEW], both)]), hands(session), World(states={}), lambda: (), [ORG]
    ).finished
    back = rollback(plan, journal.history(), "eve", NOW)
    assert back is not None and apply(back, hands(session), World(states={}), lambda: (), [ORG]).finished
    assert held(session, kind) == start


def test_what_stands_beside_the_list_stays(session: WritingSession) -> None:
    session.rouse()
    before = (
        read_metadata(session, "Profile", [OTHER])[OTHER],
        read_metadata(session, "SecuritySettings", ["Security"])["Security"],
    )
    changes = [change(LOGIN, [], [NEW], profile=OTHER), change(TRUSTED, _trusted(before[1]), [NEW], number=2)]
    assert apply(plan_of(changes), hands(session), World(states={}), lambda: (), [ORG]).finished
    profile = read_metadata(session, "Profile", [OTHER])[OTHER]
    settings = read_metadata(session, "SecuritySettings", ["Security"])["Security"]
    ranges = {"description": "Office", "endAddress": "203.0.113.255", "startAddress": "203.0.113.0"}
    assert profile == {**before[0], "loginIpRanges": ranges}
    assert {**settings, "networkAccess": None} == {**before[1], "networkAccess": None}


def _trusted(settings: dict[str, object]) -> list[str]:
    access = settings.get("networkAccess")
    if not isinstance(access, dict):
        return []
    one = access["ipRanges"]
    return [f"{one['start']}-{one['end']} {one['description']}"]


def test_a_list_that_somebody_changed_meanwhile_is_not_overwritten(session: WritingSession) -> None:
    planned = change(LOGIN, [], [NEW], profile=THIRD)
    session.rouse()
    theirs = {"loginIpRanges": [{"endAddress": "192.0.2.9", "startAddress": "192.0.2.1"}]}
    [done] = update_metadata(session, [("Profile", FULL_NAMES[THIRD], theirs)])
    assert not done.code
    refused = hands(session).write([planned])
    assert refused[1].code == "CHANGED_MEANWHILE" and not refused[1].passing
    assert held(session, LOGIN, THIRD) == {"ranges": ["192.0.2.1-192.0.2.9"]}


def test_where_our_own_sessions_come_from_is_seen(estate: RunningEstate, session: WritingSession) -> None:
    enforcer = f"bulkhead.enforcer@{ORG}.meridian.example"
    found = around(lambda alias: nullcontext(session), ORG, [enforcer])
    assert found.addresses == {enforcer: {"203.0.113.10"}}


def test_ranges_of_our_own_profiles_are_read_by_the_scanner_and_judged(
    estate: RunningEstate, session: WritingSession
) -> None:
    enforcer = f"bulkhead.enforcer@{ORG}.meridian.example"
    with closing(scanner_session(estate, ORG)) as reading:
        found = around(
            lambda alias: nullcontext(session), ORG, [enforcer], lambda alias: nullcontext(reading)
        )
        [profile] = found.ranges
        before = [spelt(each) for each in found.ranges[profile]]
        wider = [*before, "198.51.100.0-198.51.100.255"]
        session.rouse()
        narrow = change(LOGIN, before, sorted([*wider, NEW]), profile=profile)
        assert not hands(session).write([narrow])
        now = around(lambda alias: nullcontext(session), ORG, [enforcer], lambda alias: nullcontext(reading))
    assert found.holdings[enforcer] >= {f"profile:{profile}"}
    assert {spelt(each) for each in now.ranges[profile]} == {*wider, NEW}
    every = Change(
        number=1,
        resource=Resource(org=ORG, kind=ResourceKind.ORG_SETTING, key=EVERY_REQUEST),
        before={"on": False},
        after={"on": True},
        kind=ChangeClass.IDENTITY,
        control="ZT-14",
        why="because",
        effect="fewer addresses",
    )

    def judged(addresses: dict[str, frozenset[str]]) -> tuple[str, ...]:
        return sawn_off(
            plan_of([every]), ORG, {enforcer: "our enforcer"}, now.holdings, addresses, now.ranges
        )

    assert judged(now.addresses) == (), "it comes from the office"
    [why] = judged({enforcer: frozenset({"192.0.2.77"})})
    assert "our enforcer" in why and "comes from 192.0.2.77" in why


def test_ranges_that_the_org_does_not_show_are_not_known(session: WritingSession, play: Play) -> None:
    enforcer = f"bulkhead.enforcer@{ORG}.meridian.example"
    blind = play(scripted(lambda soql: [], fault="INSUFFICIENT_ACCESS"))
    found = around(lambda alias: nullcontext(session), ORG, [enforcer], lambda alias: nullcontext(blind))
    assert found.ranges == {} and found.users > 0
