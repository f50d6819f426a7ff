"""Who paused a job: a person, or we."""

import pytest

from deployments.catalog import catalog
from deployments.holding import HELD, Deployed, hold

OURS, PERSONS, GOES = (
    Deployed(True, frozenset({"scheduled", HELD})),
    Deployed(True, frozenset({"scheduled"})),
    Deployed(False, frozenset({"scheduled"})),
)
TIMED = [job.full_name for job in catalog() if job.schedules]
ONE = "assessment/assessment-weekly"


def held(before: dict[str, Deployed], *, schedules: bool) -> tuple[set[str], set[str]]:
    """What is paused, and what is marked as ours."""
    jobs = catalog()
    hold(jobs, before, schedules=schedules)
    return {job.full_name for job in jobs if job.paused}, {job.full_name for job in jobs if HELD in job.tags}


def test_new_jobs_start_where_schedules_are_wanted_and_wait_where_not() -> None:
    assert held({}, schedules=True) == (set(), set())
    assert held({}, schedules=False) == ({*TIMED}, {*TIMED})


@pytest.mark.parametrize("schedules", [True, False])
def test_what_a_person_paused_stays_so_and_theirs(schedules: bool) -> None:
    paused, ours = held({**dict.fromkeys(TIMED, GOES), ONE: PERSONS}, schedules=schedules)
    assert ONE in paused and ONE not in ours
    assert paused - {ONE} == ours == (set() if schedules else {*TIMED} - {ONE})


def test_of_what_we_paused_only_what_a_person_paused_before_stays() -> None:
    assert held({**dict.fromkeys(TIMED, OURS), ONE: PERSONS}, schedules=True) == ({ONE}, set())


def test_where_a_version_before_the_mark_paused_all_all_start() -> None:
    assert held(dict.fromkeys(TIMED, PERSONS), schedules=True) == (set(), set())
    assert held(dict.fromkeys(TIMED, PERSONS), schedules=False) == ({*TIMED}, {*TIMED})


def test_the_only_job_of_the_first_version_was_paused_by_a_person() -> None:
    assert held({ONE: PERSONS}, schedules=True) == ({ONE}, set())


def test_what_starts_only_by_hand_is_never_paused() -> None:
    paused, ours = held({}, schedules=False)
    assert {job.full_name for job in catalog() if not job.schedules}.isdisjoint(paused | ours)
