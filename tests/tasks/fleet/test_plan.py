"""How an estate is cut: always the same way, and a new org moves nobody but its neighbours in a shard that is too full."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.fleet.model import Seen, Shard
from tasks.fleet.plan import (
    LARGEST,
    REUSED,
    chosen_shards,
    given_up,
    idempotency_key,
    joined,
    reusable,
    shards,
    unseen,
)

ALIASES = st.sets(st.from_regex(r"[a-z0-9-]{1,12}", fullmatch=True), min_size=1, max_size=120)
DUE = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)


def by_name(made: tuple[Shard, ...]) -> dict[str, tuple[str, ...]]:
    return {shard.name: shard.orgs for shard in made}


@settings(deadline=None)
@given(ALIASES, st.integers(1, 20))
def test_every_org_is_in_one_shard_and_none_is_too_large(aliases: set[str], largest: int) -> None:
    made = shards(aliases, largest)
    assert sorted(org for shard in made for org in shard.orgs) == sorted(aliases)
    assert all(0 < len(shard.orgs) <= largest for shard in made)
    assert len(by_name(made)) == len(made)
    assert made == shards(sorted(aliases, reverse=True), largest)


@settings(deadline=None)
@given(ALIASES, st.from_regex(r"[a-z0-9-]{1,12}", fullmatch=True), st.integers(1, 20))
def test_a_new_org_leaves_all_but_its_own_shard_as_they_are(
    aliases: set[str], new: str, largest: int
) -> None:
    before, after = by_name(shards(aliases - {new}, largest)), by_name(shards(aliases | {new}, largest))
    touched = [orgs for name, orgs in before.items() if after.get(name) != orgs]
    assert len(touched) <= 1
    if touched:
        (orgs,) = touched
        moved = {name: set(after[name]) for name in after if after[name] != before.get(name)}
        assert set().union(*moved.values()) == {*orgs, new}
        assert len(moved) == 1 or len(orgs) == largest, "only a full shard is cut"


def test_fifty_orgs_are_one_shard_and_four_hundred_a_dozen_or_less() -> None:
    assert [shard.name for shard in shards(f"org-{n}" for n in range(50))] == ["all"]
    made = shards(f"org-{n:03d}" for n in range(400))
    assert 7 <= len(made) <= 14, [len(shard.orgs) for shard in made]
    assert max(len(shard.orgs) for shard in made) <= LARGEST


def test_some_of_the_orgs_stay_where_they_would_be_with_all() -> None:
    every = [f"org-{n:03d}" for n in range(400)]
    whole = by_name(shards(every))
    wanted = every[::3]
    some = by_name(chosen_shards(every, wanted))
    assert sorted(org for orgs in some.values() for org in orgs) == wanted
    assert all(set(orgs) <= set(whole[name]) for name, orgs in some.items())


def test_a_shard_without_room_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one org"):
        shards(["hq"], 0)


def test_the_same_work_has_the_same_key_and_other_work_another() -> None:
    shard, asker = Shard(name="01", orgs=("apac", "emea")), UUID(int=7)
    key = idempotency_key("assessment", shard, asker)
    assert key == idempotency_key("assessment", shard.model_copy(), asker)
    others = {
        idempotency_key("quick-wins", shard, asker),
        idempotency_key("assessment", shard, UUID(int=8)),
        idempotency_key("assessment", shard.model_copy(update={"name": "10"}), asker),
        idempotency_key("assessment", shard.model_copy(update={"orgs": ("apac",)}), asker),
    }
    assert len(others | {key}) == 5


def test_what_was_read_an_hour_ago_is_read_again() -> None:
    assert reusable(DUE, DUE + REUSED - timedelta(seconds=1))
    assert not reusable(DUE, DUE + REUSED) and not reusable(None, DUE)


def test_time_in_the_queue_is_not_the_time_to_read() -> None:
    minute = timedelta(minutes=1)
    assert not given_up(100, None, 159, minute) and given_up(100, None, 160, minute)
    assert not given_up(100, 150, 209, minute) and given_up(100, 150, 210, minute)
    assert given_up(100, None, 100, timedelta())


def test_parts_come_together_and_none_is_counted_twice() -> None:
    lost = unseen(Shard(name="0", orgs=("apac",)), "why")
    read = Seen(evidence={}, unreadable={"emea": "dead"}, calls={"hq": 3})
    assert joined([lost, read]).unreadable == {"apac": "why", "emea": "dead"}
    assert joined([lost, read]).calls == {"hq": 3}
    with pytest.raises(ValueError, match="apac"):
        joined([lost, lost])
