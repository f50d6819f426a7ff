"""What the benchmark of least privilege prints, asserted for an estate of one number."""

import pytest

from deployments.bench.falls import WANTED_FALL
from deployments.bench.least_privilege import measure
from tests.slices import chosen

USERS = 400
SEEDS = range(1, 21)


@pytest.mark.slow
@pytest.mark.parametrize("seed", chosen(SEEDS, 1))
def test_marked_routes_fall_to_their_need_and_clean_ones_stay(seed: int) -> None:
    result = measure(seed, USERS)
    assert result.routes and result.clean, "every estate has routes of both kinds"
    assert set(result.clean.values()) == {0}, result.clean
    for each in result.routes:
        assert each.changes and not each.stopped, each
        assert each.excess[0] > 0 and each.excess[1] == 0, (
            f"{each.route} reaches {each.excess} beyond its need"
        )
        assert each.after.beyond(each.need) == 0 and each.users_reached[1] == 1, each
        # Where an org has no logs, nothing is known of its calls, and the plan says so.
        assert bool(each.replayed) == (each.observed_days >= 89) and each.failing == 0, each
        assert each.fall >= WANTED_FALL, f"{each.route} falls by {each.fall:.1%}"
        assert each.tried and not each.refused, each.refused
        assert each.again == each.before and not each.different, each.different
    assert not result.different, result.different
    assert result.article and not any(result.article.values()), result.article
