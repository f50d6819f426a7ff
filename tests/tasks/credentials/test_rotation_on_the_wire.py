"""Rotation over the wire: staged credentials and two apps that take turns, with AWS and an org of the running estate."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import orjson
import pytest
from botocore.config import Config

from tasks.credentials.model import Order, Seen
from tasks.credentials.rotate import Occupied
from tasks.credentials.rotation import Act, End, Stop, Wait
from tasks.errors import CloudError, LoginRefused, OrgError, OrgUnavailable
from tasks.estate.model_rotation import RotationPolicy
from tests.tasks.credentials.lab import NOW_ONLY, ORG, READER, Bench
from tests.tasks.credentials.worlds import a_world


def read_as_consumer(bench: Bench) -> dict[str, Any]:
    client = boto3.Session(
        aws_access_key_id=READER, aws_secret_access_key="x", region_name="eu-central-1"
    ).client("secretsmanager", endpoint_url=bench.estate.env["aws_endpoint"], config=Config(proxies={}))
    value: dict[str, Any] = orjson.loads(client.get_secret_value(SecretId=bench.secret)["SecretString"])
    return value


TURNS = [pytest.param(each, marks=pytest.mark.slow) for each in ("paired", "password", "certificate")]


@pytest.mark.parametrize("kind", ["staged", *TURNS])
def test_both_sign_in_until_the_old_one_goes(kind: str, request: pytest.FixtureRequest) -> None:
    bench: Bench = request.getfixturevalue(kind)
    first = bench.current()
    assert isinstance(bench.run().step, Wait), "it is young enough"
    bench.order(Order.REQUESTED)
    bench.days = RotationPolicy()
    progress = bench.run()
    assert isinstance(progress.step, Wait) and progress.step.why == "both are valid", progress
    second = bench.current()
    assert second != first and bench.admitted(first) and bench.admitted(second)
    assert bench.labels() == ["AWSCURRENT", "AWSPREVIOUS"]
    assert [each.consumer for each in progress.proof.laggards][:1] == ["Lab"]
    bench.days = NOW_ONLY
    # The org tells its time in whole seconds.
    time.sleep(1.1)
    over = bench.run()
    assert isinstance(over.step, End), over
    assert not bench.admitted(first) and bench.admitted(second) and bench.current() == second


def test_whoever_has_read_the_new_version_is_no_laggard(staged: Bench) -> None:
    staged.order(Order.REQUESTED)
    staged.days = RotationPolicy()
    before = staged.run()
    assert [each.consumer for each in before.proof.laggards] == ["Lab"]
    assert before.proof.laggards[0].addresses == ("203.0.113.10/32",)
    assert read_as_consumer(staged) == staged.current()
    # A reading counts from five minutes after the label moved; the estate's time need not move for that.
    rotation = staged.book.open_rotation()
    assert rotation is not None and rotation.live is not None
    early = rotation.model_copy(update={"live": rotation.live - timedelta(minutes=6)})
    assert not staged.hands.proof(staged.hands.look(), early).laggards


@pytest.mark.slow
def test_what_was_taken_back_stays_revoked_in_an_emergency(paired: Bench) -> None:
    first = paired.current()
    paired.order(Order.REQUESTED)
    paired.days = RotationPolicy()
    paired.run()
    second = paired.current()
    paired.back()
    waits = paired.run()
    assert isinstance(waits.step, Wait) and "both are valid" in waits.step.why, waits
    assert paired.current() == first and paired.admitted(second)
    paired.order(Order.EMERGENCY)
    over = paired.run()
    assert isinstance(over.step, End), over
    third = paired.current()
    assert third not in (first, second) and paired.admitted(third)
    assert not paired.admitted(first) and not paired.admitted(second)


def test_sign_ins_are_found_by_the_label_of_the_app(staged: Bench) -> None:
    assert staged.admitted(staged.current())
    seen = staged.door.sign_ins(datetime.now(UTC) - timedelta(days=3650))
    assert seen and {each.app for each in seen} == {"Lab_Staged"}


def test_what_somebody_else_has_staged_stops_it(staged: Bench) -> None:
    staged.door.stage()
    staged.order(Order.REQUESTED)
    progress = staged.run()
    assert isinstance(progress.step, Stop) and "somebody else has staged" in progress.step.reason
    assert progress.acts == () and staged.labels() == ["AWSCURRENT"]


@pytest.mark.slow
def test_it_is_taken_back_after_it_was_live_and_goes_on_again(staged: Bench) -> None:
    first = staged.current()
    staged.order(Order.REQUESTED)
    staged.days = RotationPolicy()
    staged.run()
    staged.back()
    progress = staged.run()
    assert isinstance(progress.step, Wait) and "taken back" in progress.step.why
    assert staged.current() == first and staged.admitted(first)
    staged.order(Order.REQUESTED)
    forward = staged.run()
    assert isinstance(forward.step, Wait) and forward.step.why == "both are valid"
    assert staged.current() != first


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["staged", "paired", "password", "certificate"])
def test_an_emergency_leaves_no_overlap(kind: str, request: pytest.FixtureRequest) -> None:
    bench: Bench = request.getfixturevalue(kind)
    first = bench.current()
    bench.days = RotationPolicy()
    bench.order(Order.EMERGENCY)
    assert isinstance(bench.run().step, End)
    assert not bench.admitted(first) and bench.admitted(bench.current())


class Interrupted:
    """Hands whose answers to some step are lost, after or before it was done."""

    def __init__(self, hands: Any, number: int, *, after: bool) -> None:
        self._hands, self._number, self._after = hands, number, after

    def look(self) -> Seen:
        found: Seen = self._hands.look()
        return found

    def proof(self, *asked: Any) -> Any:
        return self._hands.proof(*asked)

    def carry_out(self, act: Act) -> None:
        self._number -= 1
        if self._number == 0 and not self._after:
            raise OrgUnavailable(ORG, "the connection failed", "Try again.")
        self._hands.carry_out(act)
        if self._number == 0:
            raise OrgUnavailable(ORG, "the connection failed", "Try again.")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["staged", "paired", "password", "certificate"])
def test_a_lost_answer_to_any_step_changes_nothing(kind: str, request: pytest.FixtureRequest) -> None:
    bench: Bench = request.getfixturevalue(kind)
    for number in range(1, 8):
        for after in (False, True):
            before = bench.current()
            bench.order(Order.EMERGENCY)
            first = bench.run(Interrupted(bench.hands, number, after=after))
            assert first.trouble or isinstance(first.step, End), (number, after, first)
            assert bench.admitted(bench.current()), (number, after)
            ended = first if isinstance(first.step, End) else bench.run()
            assert isinstance(ended.step, End), (number, after, ended)
            assert bench.current() != before and bench.admitted(bench.current())
            assert not bench.admitted(before), (number, after)


def observed(vault: Any, door: Any, first: dict[str, Any]) -> list[object]:
    """The same calls to a world; what came of each, without names that differ."""
    found: list[object] = []
    names = {"": ""}

    def labels() -> list[tuple[str, list[str]]]:
        return sorted((names.get(each.id, "first"), sorted(each.stages)) for each in vault.versions())

    def sets() -> list[object]:
        main, other = door.main(), door.other()
        keys.setdefault(main.key, len(keys))
        if other is not None:
            keys.setdefault(other.key, len(keys))
        return [keys[main.key], None if other is None else (keys[other.key], other.state)]

    def tried(what: str, work: Any) -> None:
        try:
            work()
        except (CloudError, OrgError, Occupied) as error:
            found.append((what, "Occupied" if isinstance(error, Occupied) else "refused"))
        else:
            found.append((what, "done"))
        found.append((labels(), sets(), [admits(value) for value in values]))

    def admits(value: dict[str, Any]) -> bool:
        try:
            door.sign_in(value)
        except LoginRefused:
            return False
        return True

    keys: dict[str, int] = {}
    values = [first]
    (start,) = [each.id for each in vault.versions() if "AWSCURRENT" in each.stages]
    token, second = "c" * 32, "d" * 32
    names |= {token: "new", second: "second"}
    tried("nothing", lambda: None)
    tried("rotate what is not there", lambda: door.rotate("no-such"))
    tried("discard what is not there", lambda: door.discard("no-such"))
    tried("stage", door.stage)
    staged = door.other()
    values.append({**first, "consumerKey": staged.key, "consumerSecret": staged.secret})
    tried("stage twice", door.stage)
    tried("keep", lambda: vault.put(token, values[1]))
    tried("keep the same again", lambda: vault.put(token, values[1]))
    tried("keep another under it", lambda: vault.put(token, first))
    tried("move what is elsewhere", lambda: vault.move("AWSCURRENT", token, token))
    tried("rotate", lambda: door.rotate(staged.id))
    tried("rotate twice", lambda: door.rotate(staged.id))
    tried("stage beside the old one", door.stage)
    tried("go live", lambda: vault.move("AWSCURRENT", token, start))
    tried("go live twice", lambda: vault.move("AWSCURRENT", token, start))
    tried("unlabel", lambda: vault.move("AWSPENDING", None, token))
    tried("unlabel twice", lambda: vault.move("AWSPENDING", None, token))
    found.append(vault.read(token) == values[1])
    tried("go back", lambda: vault.move("AWSCURRENT", start, token))
    tried("go forward", lambda: vault.move("AWSCURRENT", token, start))
    tried("keep the next", lambda: vault.put(second, first))
    tried("revoke", lambda: door.discard(staged.id))
    tried("revoke twice", lambda: door.discard(staged.id))
    found.append(vault.read("e" * 32) is None)
    return found


def test_the_world_in_memory_answers_as_the_estate_does(staged: Bench) -> None:
    """What the generated schedules rest on."""
    world = a_world()
    first = dict(world.vault.current[1])
    memory = observed(world.vault, world.portal, first)
    real = observed(staged.vault, staged.door, staged.current())
    assert memory == real
    assert ("stage twice", "Occupied") in real and ("rotate twice", "refused") in real
