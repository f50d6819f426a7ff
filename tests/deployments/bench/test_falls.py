"""What the bench of least privilege calls good: one miss of any kind is none."""

from typing import Any

import pytest

from deployments.bench.falls import Result, RouteResult, as_text
from deployments.bench.reach import Cells

ROUTE = RouteResult(
    route="HQ_to_EMEA_Account_Sync",
    org="emea",
    user="sync@emea.meridian.example",
    changes=3,
    before=Cells(600, 300, 100),
    after=Cells(30, 20, 0),
    again=Cells(600, 300, 100),
    need=Cells(30, 20, 0),
    excess=(950, 0),
    users_reached=(1, 1),
    observed_days=90,
    replayed=270,
    failing=0,
    tried=6,
    refused=(),
)
GOOD = Result(seed=0, users=400, routes=(ROUTE,), clean={"A": 0}, article={"B": ()})


@pytest.mark.parametrize(
    "worse",
    [
        {"after": Cells(31, 20, 0)},
        {"excess": (950, 1)},
        {"again": Cells(600, 300, 99)},
        {"failing": 1},
        {"tried": 0},
        {"refused": ("query Account",)},
        {"stopped": "the org refused it"},
        {"different": ("Profile: 1 row",)},
    ],
    ids=lambda changes: ",".join(changes),
)
def test_a_route_with_one_miss_is_not_good(worse: dict[str, Any]) -> None:
    assert GOOD.good and "NOT GOOD" not in as_text(GOOD)
    bad = Result(**{**vars(GOOD), "routes": (ROUTE, RouteResult(**{**vars(ROUTE), **worse}))})
    assert not bad.good and "NOT GOOD" in as_text(bad)


@pytest.mark.parametrize(
    "worse",
    [
        {"routes": ()},
        {"clean": {"A": 1}},
        {"article": {}},
        {"article": {"B": ("AnnualRevenue: edit",)}},
        {"different": ("emea User: 1 row",)},
    ],
    ids=lambda changes: ",".join(changes),
)
def test_an_estate_with_one_miss_is_not_good(worse: dict[str, Any]) -> None:
    assert not Result(**{**vars(GOOD), **worse}).good
