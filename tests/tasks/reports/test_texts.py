"""JSON, CSV, artifacts and files: stable, valid, and safe whatever the names are."""

import csv
import io
import json
import stat
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.audit.model import Verdict
from tasks.reports import artifacts, document, gateway, order
from tasks.reports.history import first_before, posture, run_of
from tasks.reports.html import render_html
from tests.tasks.reports.sample import sample

SCHEMA = Path(document.__file__).with_name("schema") / "assessment.schema.json"


def test_json_fits_its_schema_and_does_not_depend_on_the_order_of_findings() -> None:
    made = sample()
    text = document.render_json(posture(made))
    jsonschema.validate(json.loads(text), json.loads(SCHEMA.read_text()))
    turned = made.model_copy(update={"verdicts": made.verdicts[::-1]})
    assert document.render_json(posture(turned)) == text
    assert len(json.loads(text)["findings"]) == len(made.findings())


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1"])
def test_no_csv_cell_starts_a_formula(start: str) -> None:
    assert document.safe(start) == "'" + start


def test_csv_holds_every_finding_once() -> None:
    made = sample()
    rows = list(csv.DictReader(io.StringIO(document.render_csv(made))))
    assert {(r["control"], r["org"], r["resource"]) for r in rows} == {
        (f.control, f.org, f.resource) for f in made.findings()
    }
    assert len(rows) == len(made.findings())


def test_the_findings_table_is_worst_first_and_says_what_it_leaves_out() -> None:
    made = sample()
    rows = artifacts.findings_table(made, 5)
    assert rows[0]["severity"] == "critical"
    assert rows[0]["verdict"] == Verdict.FAIL
    assert rows[-1]["summary"].startswith(f"{len(made.findings()) - 5} more findings")


def test_blast_radius_is_worst_first() -> None:
    sensitive = [row["sensitive rows"] for row in artifacts.blast_radius_table(sample())]
    assert sensitive == sorted(sensitive, reverse=True)
    assert sensitive[0] == 47_000


@pytest.mark.parametrize("width", [60, 100, 200])
def test_the_terminal_scoreboard_keeps_its_width(width: int) -> None:
    lines = artifacts.scoreboard_text(sample(), width).splitlines()
    assert max(map(len, lines)) <= min(width, 100)
    assert any("latam could not be read" in line for line in lines)


def test_an_org_that_was_not_read_is_unknown_never_pass() -> None:
    board = artifacts.scoreboard_markdown(sample()).splitlines()
    rows = [line for line in board if line.startswith("| ZT-")]
    assert len(rows) == 22
    assert all(row.endswith("| ? |") for row in rows)


def test_the_scoreboard_shows_the_first_run_beside_this_one() -> None:
    now = sample()
    then = run_of(now).model_copy(
        update={"made_at": now.made_at - timedelta(days=30), "rows": 99_000, "sensitive_rows": 98_000}
    )
    later = then.model_copy(update={"made_at": now.made_at - timedelta(days=1)})
    alone = then.model_copy(update={"made_at": now.made_at - timedelta(days=60), "scores": {"hq": 1}})
    assert first_before(now, [later, alone, then, run_of(now)]) == then, (
        "the oldest that judged the same orgs"
    )
    assert first_before(now, [run_of(now), alone]) is None
    blind = alone.model_copy(update={"scores": dict.fromkeys(then.scores)})
    assert first_before(now, [blind, then]) == then, "nobody could see much then"
    board = artifacts.scoreboard_markdown(now, then)
    assert (
        f"since {then.made_at:%Y-%m-%d}" in board
        and "| sensitive rows among them | 98,000 | **47,000** |" in board
    )
    assert "Before and now" not in artifacts.scoreboard_markdown(now)


@pytest.mark.parametrize("blind", [["hq"], ["hq", "apac"]])
def test_runs_that_saw_other_orgs_are_not_compared(blind: list[str]) -> None:
    """Sums of five orgs beside sums of fewer would show what nobody looked at as what was mended."""
    now = sample()
    then = run_of(now).model_copy(update={"made_at": now.made_at - timedelta(days=30)})
    some = tuple(each for each in now.scores if each.org not in blind)
    unread = now.model_copy(
        update={"scores": some, "verdicts": tuple(v for v in now.verdicts if v.org not in blind)}
    )
    assert first_before(unread, [then]) is None, "fewer orgs were read"
    unscored = tuple(
        each.model_copy(update={"score": None}) if each.org in blind else each for each in now.scores
    )
    dim = now.model_copy(update={"scores": unscored})
    assert first_before(dim, [then]) is None, "of fewer orgs enough is known"
    both = run_of(dim).model_copy(update={"made_at": then.made_at})
    assert first_before(dim, [then, both]) == both
    assert first_before(unread, [both]) is None, "what was found where no score was counts in its sums"


def test_waivers_to_act_on_come_first_and_say_what_to_do() -> None:
    rows = artifacts.waiver_table(sample())
    assert [row["state"] for row in rows] == ["expired", "unused", "unjudged", "used"]
    assert rows[0]["days left"] == -24 and rows[0]["times used"] == 1 and rows[3]["times used"] == "unknown"
    for text in (artifacts.scoreboard_markdown(sample()), artifacts.waivers_text(sample())):
        assert "expired on 2026-11-01: 1 finding fails again" in text
        assert "take it out of policy.yaml" in text
    assert "1 expired, 1 unjudged, 1 unused, 1 used" in artifacts.scoreboard_text(sample())
    assert "leaves in May" in render_html(posture(sample()))


def test_no_waivers_no_chapter() -> None:
    bare = sample().model_copy(update={"waivers": ()})
    assert "Accepted risks" not in artifacts.scoreboard_markdown(bare)
    assert "aivers" not in artifacts.scoreboard_text(bare)


def test_names_cannot_break_a_markdown_cell() -> None:
    assert artifacts.cell("a|b\n# <img src=x> [x](y)") == r"a\|b # &lt;img src=x&gt; \[x\](y)"


def test_a_report_is_for_its_owner_only(tmp_path: Path) -> None:
    path = gateway.write(tmp_path / "reports" / "latest.html", "one")
    gateway.write(path, "two")
    assert path.read_text() == "two"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


@settings(max_examples=15, deadline=None)
@given(st.text(st.sampled_from("<>\"'&/={}%abc "), min_size=1, max_size=12))
def test_hostile_names_make_no_markup(text: str) -> None:
    hostile = f"<script>x</script>\"><img src=x onerror='a'>{text}"
    clean, dirty = render_html(posture(sample())), render_html(posture(sample(hostile)))
    assert dirty.count("<") == clean.count("<")
    assert "<img" not in dirty


def test_five_hundred_findings_stay_small() -> None:
    made = sample(findings_each=12)
    assert len(made.findings()) >= 500
    assert len(render_html(posture(made, made)).encode()) < 2_000_000


def test_all_orgs_are_in_one_order() -> None:
    assert order.orgs(sample()) == ["hq", "emea", "apac", "compliance", "hq-uat", "latam"]
