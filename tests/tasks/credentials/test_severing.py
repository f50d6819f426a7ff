"""An emergency ends what the old credential had opened, wherever the rotator dies, and says so only when it is so."""

from datetime import timedelta
from typing import Any

import pytest

from tasks.credentials.model import Order
from tasks.credentials.openings_gateway import OrgOpenings
from tasks.credentials.rotation import End, Sever, Wait, Witness
from tasks.credentials.severing import Actors, actors
from tasks.errors import OrgError
from tasks.estate.model import Estate, RotatedCredential, Route
from tests.tasks.credentials.faults import START, Faults
from tests.tasks.credentials.turning_worlds import TURNS
from tests.tasks.credentials.worlds import STAGED, Kind, World, a_world

KINDS = (STAGED, *TURNS)


def in_danger(kind: Kind) -> World:
    world = a_world(kind=kind)
    world.go_to(10)
    assert world.openings.open(world.vault.current[1])
    world.book.order(Order.EMERGENCY, world.clock.now)
    return world


@pytest.mark.parametrize("kind", KINDS)
def test_the_thief_is_out_and_who_is_new_stays_in(kind: Kind) -> None:
    world = in_danger(kind)
    old = world.vault.current[1]
    progress = world.run()
    assert progress is not None and isinstance(progress.step, End)
    steps = [type(act) for act in progress.acts]
    assert steps.index(Witness) < steps.index(Sever) == len(steps) - 1
    assert not world.openings.alive and not world.openings.open(old)
    world.go_to(11)
    assert world.openings.open(world.vault.current[1])
    world.run()
    assert world.openings.alive, "it is over, and ends nothing more"


@pytest.mark.parametrize("kind", KINDS)
def test_wherever_it_dies_the_next_run_ends_what_is_left(kind: Kind) -> None:
    deaths = 0
    for number in range(1, 60):
        for after in (False, True):
            world = in_danger(kind)
            old = world.vault.current[1]
            faults = Faults(deaths=frozenset({(number, after)}))
            deaths += world.run(faults) is None
            world.openings.open(old)
            world.clock.now += timedelta(hours=1)
            second = world.run()
            assert second is not None and isinstance(second.step, End | Wait), (number, after, second)
            assert world.steady and not world.openings.with_value(old), (number, after)
    assert deaths > 20


def test_what_an_org_only_says_is_not_believed() -> None:
    world = in_danger(STAGED)
    world.openings.deaf = True
    progress = world.run()
    assert progress is not None and isinstance(progress.step, Wait) and "let in still" in progress.trouble
    rotation = world.book.open_rotation()
    assert rotation is not None and rotation.severing is not None and rotation.severed is None
    assert not world.portal.accepts({"consumerKey": "key-0", "consumerSecret": "secret-0"}), "that waits not"
    world.openings.deaf = False
    again = world.run()
    assert again is not None and isinstance(again.step, End) and not world.openings.alive


class Blind:
    """An enforcer's session that lacks a right: the org shows it nothing of others, and says nothing of that."""

    alias = "hq"

    def rouse(self) -> None: ...

    def query(self, soql: str) -> list[dict[str, object]]:
        return [{"PermissionsManageUsers": True}] if "UserPermissionAccess" in soql else []


def test_who_cannot_see_them_does_not_say_that_there_are_none() -> None:
    blind: Any = Blind()
    openings = OrgOpenings(blind, blind, a_world().credential, Actors(), lambda value: None)
    with pytest.raises(OrgError, match="lacks Customize Application"):
        openings.end({}, START, START)


def test_who_acts_with_it_is_who_reads_it_has_a_copy_or_presents_it(estate_of_three: Estate) -> None:
    def of(**more: object) -> frozenset[str]:
        given = {"secret": "s/x", "org": "b", "kind": "client-secret", "apps": ["App"], **more}
        return actors(estate_of_three, RotatedCredential.model_validate(given), frozenset({"two@b"})).users

    consumers = [{"name": "Feed", "principal": "user/feed"}]
    assert of(consumers=consumers) == {"one@b"}
    assert of(secret="other", consumers=consumers) == frozenset()
    copy = {"org": "a", "named_credential": "Copy", "external_credential": "E", "principal": "P"}
    assert of(secret="other", deliveries=[{**copy, "addresses": ["192.0.2.1/32"]}]) == {"three@b"}
    presented = of(secret="other", consumers=consumers, kind="client-certificate", route="Two")
    assert presented == frozenset(), "our own and break-glass accounts are spared"
    twins = of(secret="other", consumers=consumers, kind="password", apps=[], users=["A@b", "Two@b"])
    assert twins == {"a@b"}


@pytest.fixture
def estate_of_three() -> Estate:
    def route(name: str, credential: str, user: str) -> Route:
        return Route.model_construct(name=name, source="a", target="b", credential=credential, sync_user=user)

    routes = (route("One", "s/x", "One@b"), route("Two", "s/y", "two@b"), route("Three", "Copy", "three@b"))
    return Estate.model_construct(routes=routes)
