"""What the trend's charts show: every org or, of many, three of them; gaps where nothing is known; days that have room."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tasks.reports.charts import MANY, STACK, days, score_chart, scores, verdict_chart
from tasks.reports.history import run_of
from tasks.reports.model import Run
from tests.tasks.reports.sample import NOW, sample

RUN = run_of(sample())


def runs(*each: dict[str, int | None]) -> tuple[Run, ...]:
    return tuple(
        RUN.model_copy(update={"made_at": NOW + timedelta(days=n), "scores": found})
        for n, found in enumerate(each)
    )


def test_an_org_that_came_later_and_one_that_could_not_be_judged_have_gaps() -> None:
    assert scores(runs({"hq": 40}, {"hq": None, "emea": 7})) == {"hq": [40, None], "emea": [None, 7]}


def test_of_many_orgs_three_lines_are_left() -> None:
    many = {f"org-{n:02d}": n for n in range(MANY + 1)}
    assert scores(runs(many, {})) == {"highest": [8, None], "middle": [4, None], "lowest": [0, None]}


@given(st.integers(2, 400))
def test_the_newest_day_is_always_named_and_no_more_than_have_room(count: int) -> None:
    named = days((RUN,) * count)
    assert named[-1] == count - 1 and 2 <= len(named) <= 5


def test_lines_are_named_with_their_last_score_and_wear_the_colours_of_the_page() -> None:
    drawn = score_chart(runs({"hq": 40, "a<b": None}, {"hq": 62}))
    assert ">hq 62</text>" in drawn and ">a&lt;b –</text>" in drawn
    assert {"var(--l0)", "var(--l1)", "var(--ink)", "var(--dim)"} <= {
        drawn[at : drawn.index(")", at) + 1] for at in range(len(drawn)) if drawn.startswith("var(", at)
    }
    assert "#01" not in drawn


def test_bars_are_named_with_what_the_newest_run_counted() -> None:
    drawn = verdict_chart(runs({}, {}))
    for verdict in STACK:
        assert f">{RUN.verdicts.get(verdict, 0)} {verdict.value}</text>" in drawn
