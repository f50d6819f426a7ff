"""The calculator: the article's inputs, its claims put right, and sums that anybody can follow."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from deployments.cli.main import app
from tasks.errors import ConfigurationError
from tasks.reports import gateway
from tasks.reports.history import posture
from tasks.reports.html import render_html
from tasks.reports.model import RoiInputs
from tasks.reports.roi import ARTICLE, corrections, lines, percent, reckon
from tests.tasks.reports.sample import sample

AMOUNTS = st.dictionaries(st.sampled_from("abc"), st.integers(0, 10**9), max_size=3)


def test_the_article_is_put_right() -> None:
    made = reckon(ARTICLE)
    assert (made.first_year, made.cost) == (322_000, 566_000)
    assert (made.breach, made.saved, made.benefit) == (2_900_000, 360_000, 3_260_000)
    assert made.percent == 476
    assert percent(3_360_000, 322_000) == 943, "how the article came to its figure"
    told = " ".join(corrections(made))
    assert "3,260,000 USD, not to 3,360,000 USD" in told
    assert "244,000 USD that recur" in told and "476 %, not 943 %" in told


def test_a_breach_need_not_be_certain() -> None:
    made = reckon(ARTICLE)
    assert made.break_even == pytest.approx(206_000 / 2_900_000)
    at = reckon(ARTICLE.model_copy(update={"breach_probability": made.break_even}))
    assert abs(at.net) <= 1
    assert dict(made.at_probabilities)[1.0] == made.percent


def test_no_claim_no_correction() -> None:
    silent = ARTICLE.model_copy(update={"claimed_benefit": None, "claimed_percent": None})
    assert corrections(reckon(silent)) == []
    right = ARTICLE.model_copy(update={"claimed_benefit": 3_260_000, "claimed_percent": 476})
    assert corrections(reckon(right)) == []


def test_edges() -> None:
    free = reckon(RoiInputs(name="free", breach={"a": 10}))
    assert free.percent is None and free.break_even == 0
    never = reckon(RoiInputs(name="never", one_time={"a": 100}, breach={"a": 10}))
    assert never.break_even is None and never.percent == -90
    assert reckon(RoiInputs(name="no breach", one_time={"a": 1})).break_even is None


@settings(deadline=None)
@given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS, st.integers(1, 20), st.floats(0, 1))
def test_every_sum_is_the_sum_of_what_is_shown(
    recurring: dict[str, int],
    one_time: dict[str, int],
    breach: dict[str, int],
    savings: dict[str, int],
    years: int,
    probability: float,
) -> None:
    inputs = RoiInputs(
        name="any",
        years=years,
        recurring=recurring,
        one_time=one_time,
        breach=breach,
        savings=savings,
        breach_probability=probability,
    )
    made = reckon(inputs)
    shown = lines(made)
    names = [name for name, _, _ in shown]
    cost = names.index("Cost")
    assert sum(amount for _, amount, _ in shown[:cost]) == made.cost == shown[cost][1]
    start = names.index("Breach prevented")
    assert sum(amount for _, amount, _ in shown[start:-2]) == made.benefit == shown[-2][1]
    assert made.net == made.benefit - made.cost == shown[-1][1]


def test_inputs_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "roi.yaml"
    file.write_text(gateway.roi_text(ARTICLE))
    assert gateway.read_roi(file) == ARTICLE == gateway.roi_of(tmp_path)
    assert gateway.roi_of(tmp_path / "elsewhere") is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name: [", "is no YAML"),
        ("years: 3", "name: Field required"),
        ("name: x\nyaers: 3", "yaers"),
        ("- 1", "the file"),
    ],
)
def test_a_bad_file_says_what_is_wrong(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "roi.yaml"
    file.write_text(text)
    with pytest.raises(ConfigurationError, match=told):
        gateway.read_roi(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"nowhere\.yaml"):
        gateway.read_roi(tmp_path / "nowhere.yaml")


def test_the_chapter_says_whose_figures_they_are() -> None:
    assert "These are not your figures" in render_html(posture(sample()))
    ours = render_html(posture(sample(), roi=ARTICLE.model_copy(update={"name": "Our own"})))
    assert "These are not your figures" not in ours and "Our own" in ours


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BULKHEAD_HOME", str(tmp_path))
    run = CliRunner().invoke
    answer = run(app, ["roi"])
    assert (
        answer.exit_code == 0
        and "Return: 476 %" in answer.output
        and "more likely than 7.1%" in answer.output
    )
    (tmp_path / "roi.yaml").write_text(run(app, ["roi", "--example"]).output.replace("years: 3", "years: 1"))
    assert '"cost": 322000' in run(app, ["roi", "--json"]).output
