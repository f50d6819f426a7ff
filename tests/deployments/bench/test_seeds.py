"""What was planted is found, whatever number the estate was made from, and nothing else is."""

import pytest

from deployments.bench.assessment import CONTROLS, measure
from tests.slices import chosen

USERS = 400
SEEDS = range(1, 21)


@pytest.mark.slow
@pytest.mark.parametrize("seed", chosen(SEEDS, 4))
def test_an_estate_of_any_seed_is_judged_right(seed: int) -> None:
    result = measure(seed, USERS)
    assert result.score.recall >= 0.99, sorted(result.score.missed)
    assert result.score.edge_recall >= 0.99
    assert not result.score.wrong_edges
    assert not result.score.flagged_decoys
    assert not result.score.clean_org_findings
    assert result.score.controls_judged == CONTROLS
    assert all(spent <= 1.5 * least for spent, least in result.calls.values()), result.calls
