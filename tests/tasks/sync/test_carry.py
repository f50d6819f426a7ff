"""Batches under trouble: whatever dies wherever, the target becomes what the source is, and nothing is written without need."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from random import Random

import pytest

from tasks.errors import OrgUnavailable, SyncRefused, SyncStopped
from tasks.sync.carry import carry, replay
from tasks.sync.model import Record, Rules
from tests.slices import chosen
from tests.tasks.sync.worlds import NOW, OVERLAP, RULES, Killed, World, hands, in_clear, record, stamp

LIMIT = 5


def run(world: World, way: str = "collections", limit: int = LIMIT) -> None:
    """A whole run, as the flow makes it."""
    world.open_window()
    while not carry(hands(world), RULES, way, limit).last:  # type: ignore[arg-type]  # a text out of two
        pass


def expected(world: World) -> dict[str, list[str | None]]:
    return {str(r.key): list(r.values) for r in world.records.values() if not r.deleted}


def filled(count: int, at: timedelta = timedelta(hours=1)) -> World:
    world = World()
    for number in range(count):
        world.change(record(number, NOW - at - timedelta(seconds=number // 3)))
    return world


@pytest.mark.parametrize("way", ["collections", "bulk"])
def test_everything_arrives_sealed_where_it_should_be_and_once(way: str) -> None:
    world = filled(13)
    run(world, way)
    assert in_clear(world) == expected(world)
    assert Counter(world.writes) == Counter(expected(world).keys())
    assert all(str(cells[1]).startswith("AES256:") for _, cells, _ in world.target.values())
    assert [batch.counts.verified for batch in world.batches] == [5, 5, 3] and world.state.carried == NOW


def test_what_was_carried_is_not_carried_again_unless_it_changed() -> None:
    world = filled(4, at=timedelta(seconds=30))
    run(world)
    world.writes.clear()
    world.now += timedelta(minutes=1)
    world.change(record(2, world.now - timedelta(seconds=5), name="Grace"))
    run(world)
    assert world.writes == ["K2"] and world.batches[-1].counts.known == 3
    assert in_clear(world) == expected(world)


def test_what_a_late_transaction_brings_behind_the_window_is_found() -> None:
    world = filled(1)
    late = record(9, NOW - timedelta(seconds=40), name="Late")
    run(world)
    world.change(late)
    world.now += timedelta(minutes=2)
    run(world)
    assert in_clear(world) == expected(world), "it is older than the end of the last window"
    too_late = record(10, NOW - OVERLAP - timedelta(seconds=1))
    world.change(too_late)
    run(world)
    assert "K10" not in world.target, "the overlap is what bounds it"


def test_what_was_deleted_goes_unless_its_key_lives_on() -> None:
    world = filled(3)
    run(world)
    world.now += timedelta(hours=1)
    world.change(record(1, world.now - timedelta(minutes=1), deleted=True))
    world.change(record(2, world.now - timedelta(minutes=1), deleted=True))
    world.change(record(7, world.now - timedelta(seconds=30), name="Heir")._replace(key="K2"))
    run(world)
    assert set(world.target) == {"K0", "K2"} and in_clear(world)["K2"] == ["Heir", "123-45-6789"]
    assert world.batches[-1].counts.removed == 1


def test_a_record_that_is_refused_waits_with_its_reason_and_can_be_carried_again() -> None:
    world = filled(6)
    world.refuse["K3"] = "FIELD_CUSTOM_VALIDATION_EXCEPTION"
    run(world, limit=10)
    [waiting] = world.waiting.values()
    assert (waiting.id[-1], waiting.code, waiting.tries) == ("3", "FIELD_CUSTOM_VALIDATION_EXCEPTION", 1)
    assert "K3" not in world.target and len(world.target) == 5
    replay(hands(world), RULES)
    assert world.waiting[waiting.id].tries == 2
    world.refuse.clear()
    done = replay(hands(world), RULES)
    assert done is not None and done.counts.healed == 1 and world.waiting == {}
    assert in_clear(world) == expected(world)
    assert replay(hands(world), RULES) is None


def test_what_a_replay_carried_is_known_to_the_next_window() -> None:
    world = filled(3, at=timedelta(seconds=30))
    world.refuse["K1"] = "FIELD_CUSTOM_VALIDATION_EXCEPTION"
    run(world)
    world.refuse.clear()
    replay(hands(world), RULES)
    world.now += timedelta(minutes=1)
    run(world)
    assert world.writes.count("K1") == 1 and world.batches[-1].counts.known == 3


def test_what_a_job_finds_locked_goes_once_more_by_collections() -> None:
    world = filled(4)
    world.locked = {"K1"}
    run(world, "bulk")
    assert in_clear(world) == expected(world) and world.waiting == {}
    assert Counter(world.writes) == Counter(["K0", "K1", "K2", "K3"])


@pytest.mark.parametrize(
    ("spoilt", "code"),
    [
        (lambda r: r._replace(key=None), "NO_EXTERNAL_ID"),
        (lambda r: r._replace(values=("Ada", "x" * 400)), "TOO_LONG_ONCE_SEALED"),
        (lambda r: r._replace(key="K\n1"), "CANNOT_BE_SEALED"),
        (lambda r: r._replace(key="K0"), "TWO_OF_ONE_EXTERNAL_ID"),
    ],
)
def test_what_cannot_be_carried_is_held_and_keeps_nothing_back(
    spoilt: Callable[[Record], Record], code: str
) -> None:
    world = filled(5)
    world.change(spoilt(world.records[f"003{1:015d}"]))
    run(world)
    assert {each.code for each in world.waiting.values()} == {code}
    assert len(world.target) == 5 - len(world.waiting)


def test_what_the_target_makes_something_else_of_is_held() -> None:
    world = filled(3)
    world.alter = lambda key, cells: ["Altered", cells[1]] if key == "K1" else cells
    run(world)
    assert [each.code for each in world.waiting.values()] == ["NOT_AS_SENT"]
    assert world.writes.count("K1") == 2, "once more, for it may have been somebody else"


def test_a_value_in_the_clear_where_a_sealed_one_belongs_is_not_taken_for_right() -> None:
    world = filled(2)
    world.alter = lambda key, cells: [cells[0], "123-45-6789"]
    run(world)
    assert {each.code for each in world.waiting.values()} == {"NOT_AS_SENT"}


def test_many_refusals_are_about_the_org_and_stop_the_run() -> None:
    world = filled(60)
    world.refuse = {f"K{number}": "INSUFFICIENT_ACCESS_OR_READONLY" for number in range(30)}
    world.open_window()
    with pytest.raises(SyncStopped, match=r"30 of 60 .* INSUFFICIENT_ACCESS_OR_READONLY"):
        carry(hands(world), RULES, "collections", 100)
    assert world.waiting == {} and world.state.after is None
    world.refuse.clear()
    run(world, limit=100)
    assert in_clear(world) == expected(world)
    assert max(Counter(world.writes).values()) == 1, "what stood there already was not written again"


def test_a_broken_contract_sends_nothing() -> None:
    world = filled(3)
    world.open_window()
    with pytest.raises(SyncStopped, match=r"Name\.empty"):
        carry(hands(world, check=lambda profile: ("Name.empty",)), RULES, "collections", 10)
    assert world.writes == []


def test_values_that_look_like_a_persons_numbers_never_go_to_a_sandbox() -> None:
    rules = Rules.model_validate(
        RULES.model_dump() | {"columns": [{"name": "Note__c", "source": "Note__c", "length": 80}]}
    )
    world = World()
    world.change(record(1, NOW - timedelta(hours=1))._replace(values=("523-45-6781",)))
    world.open_window()
    with pytest.raises(SyncRefused, match=r"Contact\.Note__c look like it"):
        carry(hands(world, rules=rules, impersonal=True), rules, "collections", 10)
    assert world.writes == []
    carry(hands(world, rules=rules), rules, "collections", 10)
    assert world.writes == ["K1"], "production may have it"


STEPS = ("read", "before put", "after put", "before send", "after send", "read back", "before remove", "after remove", "settle",
         "before verified", "after verified")  # fmt: skip


@pytest.mark.parametrize("seed", chosen(range(2_000), 60))
def test_whatever_dies_wherever_the_target_becomes_what_the_source_is(seed: int) -> None:
    """Kills, lost replies, changes in between, deletions and late transactions; by both ways."""
    random = Random(seed)
    world = filled(random.randrange(1, 25))
    way = random.choice(["collections", "bulk"])

    def trouble(step: str) -> None:
        if random.random() < 0.08:
            raise Killed(step) if random.random() < 0.5 else OrgUnavailable("emea", step, "Try again.")

    for _ in range(6):
        world.trouble = trouble
        for _ in range(random.randrange(0, 4)):
            number = random.randrange(0, 30)
            at = world.now - timedelta(seconds=random.randrange(1, 200))
            before = world.records.get(f"003{number:015d}")
            if before is not None and before.stamp >= stamp(at):
                continue
            world.change(
                record(
                    number,
                    at,
                    name=f"N{random.randrange(99)}",
                    deleted=before is not None and random.random() < 0.3,
                )
            )
        with suppress(Killed, OrgUnavailable):
            run(world, way)
        world.now += timedelta(seconds=random.randrange(1, 60))
    world.trouble = lambda step: None
    run(world, way)
    world.now += timedelta(seconds=1)
    run(world, way)
    assert in_clear(world) == expected(world)
    writes = len(world.writes)
    run(world, way)
    assert len(world.writes) == writes, "nothing is written without need"
