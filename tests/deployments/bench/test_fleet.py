"""The curve of many small orgs: what one further org costs is taken from slopes, and an org that is not judged is no cheap one."""

import os
import subprocess
import sys
import time
from dataclasses import replace
from typing import Any

import pytest

from deployments.bench.fleet import Curve, Point, as_text, judged, measure_fleet, sizes
from deployments.bench.weight import Weight, cpu_seconds
from tasks.audit.model import Assessment, OrgScore


def curve(*cpu: float) -> Curve:
    orgs = (25, 50, 100, 200, 400)
    return Curve(tuple(Point(n, n, 1, s, s, 500.0, 300.0) for n, s in zip(orgs, cpu, strict=True)))


def test_what_is_there_for_one_org_already_counts_for_none() -> None:
    steady = curve(110, 120, 140, 180, 260)
    assert [steady.marginal(n) for n in range(1, 5)] == pytest.approx([0.4] * 4)
    assert steady.ratio == pytest.approx(1) and steady.good


def test_a_curve_that_grows_steeper_misses_the_goal() -> None:
    assert curve(110, 120, 140, 180, 275).ratio == pytest.approx(1.1875)
    assert curve(110, 120, 140, 180, 275).good
    steep = curve(110, 120, 140, 180, 277)
    assert not steep.good and "NOT GOOD" in as_text(steep)


def test_an_org_that_was_not_judged_is_no_cheap_one() -> None:
    steady = curve(110, 120, 140, 180, 260)
    lame = Curve((*steady.points[:-1], replace(steady.points[-1], judged=399)))
    assert lame.ratio == steady.ratio and not lame.good


def test_cost_that_falls_with_more_orgs_is_no_good_figure() -> None:
    assert curve(260, 220, 200, 180, 140).ratio < 1.2
    for falling in ((260, 220, 200, 180, 140), (110, 120, 140, 180, 175), (110, 110, 120, 140, 180)):
        assert not curve(*falling).good and "NOT GOOD" in as_text(curve(*falling))


def test_an_org_counts_as_judged_with_a_score_and_without_gaps() -> None:
    def scored(org: str, score: int | None) -> OrgScore:
        return OrgScore(
            org=org, score=score, coverage=90, passed=1, failed=0, unknown=0, not_applicable=0, waived=0
        )

    construct: Any = Assessment.model_construct
    made = construct(
        scores=(scored("whole", 80), scored("dark", None), scored("half", 70), scored("lost", 60)),
        gaps={"half": {"fields": "it was not read in this run"}, "whole": {}, "cloud": {"buckets": "none"}},
        unreadable={"lost": "why"},
    )
    assert judged(made) == 1


def test_half_of_the_first_number_is_measured_too() -> None:
    assert sizes([400, 50, 100]) == (25, 50, 100, 400)
    for few in ([50], [50, 50], [2, 50]):
        with pytest.raises(ValueError, match="two numbers"):
            sizes(few)


def test_memory_and_time_of_a_process_and_its_children_are_seen() -> None:
    hold = "import time; held = bytearray(64 << 20); end = time.process_time() + 0.3\nwhile time.process_time() < end: pass\ntime.sleep(3)"
    child = subprocess.Popen([sys.executable, "-c", hold])
    weight = Weight([os.getpid()])
    alone = Weight([child.pid])
    deadline = time.monotonic() + 60
    while cpu_seconds(child.pid) < 0.3 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert cpu_seconds(child.pid) >= 0.3
    time.sleep(0.5)
    assert weight.stop() >= alone.stop() >= 60
    assert weight.largest >= alone.largest >= 60
    child.kill()
    child.wait()


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_small_orgs_are_all_judged_and_counted() -> None:
    told: list[str] = []
    measured = measure_fleet([4, 6], told.append, repeated=1)
    assert [(point.orgs, point.judged) for point in measured.points] == [(2, 2), (4, 4), (6, 6)]
    assert all(
        point.cpu_seconds > 1 and 50 < point.largest_mib <= point.peak_mib for point in measured.points
    )
    assert len(told) > 3
