"""Each attack of the catalogue on the embedded estate: through before hardening, stopped by the plans that name it, seen and told."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployments.bench.rehearsal.ground import Ground
from deployments.bench.rehearsal.playing import one_play
from deployments.bench.rehearsal.run import Rehearsal, until_friday, until_review
from deployments.bench.rehearsal.year import LEAKS
from deployments.sandbox import launch
from deployments.settings import Home
from tasks.rehearsal.attacks import attacks
from tasks.rehearsal.matrix import Matrix
from tasks.rehearsal.model import Attack, Layer, Played
from tests.product import Product
from tests.running import RunningEstate

ATTACKS = attacks()
OF_ALL = pytest.mark.parametrize("attack", ATTACKS, ids=lambda each: each.name)
BREACH = "stolen-key"


@pytest.fixture(scope="module")
def ground(estate: RunningEstate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    launch.save_snapshot(estate.folder, "before-attacks")
    made = Ground(estate.folder, Home(tmp_path_factory.mktemp("ground") / "home"))
    made.lay_out()
    launch.save_snapshot(estate.folder, "laid-out")
    yield made
    launch.delete_snapshot(estate.folder, "laid-out")
    launch.restore_snapshot(estate.folder, "before-attacks")
    launch.delete_snapshot(estate.folder, "before-attacks")


@OF_ALL
def test_it_succeeds_where_nothing_is_hardened(ground: Ground, attack: Attack) -> None:
    try:
        played = one_play(ground, attack, hardened=False, lost=None, watched=False)
    finally:
        launch.restore_snapshot(ground.folder, "laid-out")
    assert not played.stopped and played.where == "", played.outcomes
    assert all(outcome.at is not None for outcome in played.outcomes)
    if attack.name == BREACH:
        assert played.rows == 47_000


def test_loot_is_of_the_estate_alone_and_readable_by_nobody_else(estate: RunningEstate) -> None:
    file = estate.folder / "loot.json"
    assert file.stat().st_mode & 0o077 == 0
    canaries = set(json.loads((estate.folder / "answer-key.json").read_text())["canaries"])
    known = json.loads(file.read_text())["rehearsal"]["phished-admin"]
    assert {known["password"], known["security_token"]} <= canaries, "searches for leaked secrets know them"


ZONES = ("America/New_York", "Europe/London", "Asia/Singapore")


@given(minutes=st.integers(0, 3_000_000), zone=st.sampled_from(ZONES))
def test_the_breach_begins_on_friday_evening_and_is_found_on_monday_morning(minutes: int, zone: str) -> None:
    at = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    friday = at + until_friday(at, zone)
    assert timedelta(0) <= friday - at <= timedelta(days=7, hours=2)
    local = friday.astimezone(ZoneInfo(zone))
    assert local.weekday() == 4
    monday = friday + until_review(friday, zone)
    assert monday.astimezone(ZoneInfo(zone)).weekday() == 0
    assert timedelta(days=2) < monday - friday < timedelta(days=3)


@pytest.fixture(scope="module")
def rehearsed(product: Product, estate: RunningEstate) -> Matrix:
    """Hardened by the product's plans, and one layer lost; the estate is as it was afterwards."""
    lines: list[str] = []
    return Rehearsal(
        Ground(estate.folder, product.home),
        lines.append,
        layers=[Layer.NETWORK, Layer.MUTUAL_TLS, Layer.JUST_IN_TIME, Layer.ENCRYPTION],
        see_all=False,
    ).run()


def play_of(played: tuple[Played, ...], attack: Attack) -> Played:
    return next(each for each in played if each.attack == attack.name)


@pytest.mark.slow
@OF_ALL
def test_it_is_stopped_by_the_plans_that_name_it(rehearsed: Matrix, attack: Attack) -> None:
    assert not play_of(rehearsed.before, attack).stopped
    after = play_of(rehearsed.after, attack)
    assert after.stopped, after.outcomes
    assert after.where or after.contained, "somebody said no"


@pytest.mark.slow
def test_the_breach_of_october_2024(rehearsed: Matrix) -> None:
    before, after = rehearsed.before[0], rehearsed.after[0]
    assert before.attack == after.attack == BREACH
    assert before.rows == 47_000 and before.seen is not None and before.seen > timedelta(days=2)
    assert after.rows == 0 and after.seen is not None and after.seen < timedelta(minutes=15)


@pytest.mark.slow
def test_without_a_layer_the_others_hold_and_it_was_really_away(rehearsed: Matrix) -> None:
    assert rehearsed.failings == ()
    lost = rehearsed.without[Layer.NETWORK]
    again = [each for each in lost if Layer.NETWORK in _known(each).layers and each.rows]
    assert again, "with addresses open again somebody comes further than with all layers"
    assert any(each.contained for each in again), "and is contained"


@pytest.mark.slow
@pytest.mark.parametrize("layer", [Layer.MUTUAL_TLS, Layer.JUST_IN_TIME, Layer.ENCRYPTION])
def test_an_attack_that_one_layer_alone_stops_comes_through_without_it(
    rehearsed: Matrix, layer: Layer
) -> None:
    (only,) = (attack for attack in ATTACKS if attack.layers == (layer,))
    assert play_of(rehearsed.after, only).rows == 0
    assert play_of(rehearsed.without[layer], only).rows > 0


@pytest.mark.slow
def test_leaked_credentials_reach_nothing_any_more(rehearsed: Matrix) -> None:
    assert [each.attack for each in rehearsed.leaks_before if each.rows] == list(LEAKS)
    assert not any(each.rows for each in rehearsed.leaks_after) and len(rehearsed.leaks_after) == len(LEAKS)


@pytest.mark.slow
def test_the_result_is_a_page_in_prefect(product: Product, rehearsed: Matrix) -> None:
    page = str(product.prefect("GET", "/artifacts/rehearsal-matrix/latest")["data"])
    assert all(attack.title in page for attack in ATTACKS)
    assert f"{len(ATTACKS)} of {len(ATTACKS)} stopped" in page


def _known(played: Played) -> Attack:
    return next(attack for attack in ATTACKS if attack.name == played.attack)


def test_every_attack_has_its_loot_in_this_estate(estate: RunningEstate) -> None:
    loot = json.loads(Path(estate.folder / "loot.json").read_text())["rehearsal"]
    assert loot.keys() | {"copied-numbers"} == {attack.name for attack in ATTACKS}, "its reader is made first"
