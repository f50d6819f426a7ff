"""What the benchmark of allow-listing prints, asserted for an estate of one number."""

import pytest

from deployments.bench.allow_listing import Result, as_text, measure
from tests.slices import chosen

USERS = 400
SEEDS = range(20)
GOOD = Result(
    seed=0,
    users=400,
    planted=5,
    planted_predicted=5,
    true=11,
    predicted=11,
    false=0,
    left=3,
    changes=8,
    replayed=865,
    failed=0,
    explained=1,
    failed_careful=0,
    attacker_before=4,
    attacker_tried=4,
    attacker_refused=4,
    stopped="",
    different=(),
)


@pytest.mark.parametrize(
    "worse",
    [
        {"planted_predicted": 4},
        {"planted": 0, "planted_predicted": 0},
        {"predicted": 10},
        {"false": 1},
        {"left": 0},
        {"failed": 1},
        {"failed_careful": 1},
        {"attacker_refused": 3},
        {"attacker_before": 3},
        {"attacker_before": 0, "attacker_tried": 0, "attacker_refused": 0},
        {"stopped": "the org refused it"},
        {"different": ("hq _metadata: 1 row",)},
    ],
    ids=lambda changes: ",".join(changes),
)
def test_one_miss_is_no_good_result(worse: dict[str, object]) -> None:
    assert GOOD.good
    bad = Result(**{**GOOD.__dict__, **worse})
    assert not bad.good and "NOT GOOD" in as_text(bad) and "NOT GOOD" not in as_text(GOOD)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", chosen(SEEDS, 1))
def test_every_lock_out_is_forecast_and_none_happens(seed: int) -> None:
    result = measure(seed, USERS)
    assert result.good, as_text(result)
