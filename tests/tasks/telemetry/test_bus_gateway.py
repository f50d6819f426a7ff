"""The event bus of the embedded estate, heard over its wire: the same rows as polling, once each, and whatever goes wrong is told."""

import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from deployments.sandbox import launch
from tasks.estate.model_telemetry import EventBusEntry
from tasks.salesforce.session import Session
from tasks.telemetry.bus import TOPICS, Told
from tasks.telemetry.bus_gateway import OrgBus
from tasks.telemetry.live import Look, look_live
from tasks.telemetry.masks import pseudonyms
from tasks.telemetry.model import BusPlace
from tasks.telemetry.org_gateway import OrgTelemetry
from tasks.telemetry.sources import Source
from tasks.telemetry.store import TelemetryStore
from tests.running import RunningEstate
from tests.tasks.salesforce.scanner import scanner_connection
from tests.tasks.telemetry.scripted import Memory

NAME = pseudonyms(b"k" * 32)
SUBSCRIBE, EVERY_CALL = "PubSub/Subscribe$", "eventbus.v1.PubSub"


class Polled(OrgTelemetry):
    """Notes what is polled; with `deaf` polling brings nothing of what the bus tells."""

    def __init__(self, session: Session, *, deaf: bool = False) -> None:
        super().__init__(session)
        self.asked: list[str] = []
        self.deaf = deaf

    def live(
        self, wanted: Mapping[str, tuple[Source, Sequence[str], datetime, datetime]]
    ) -> dict[str, list[dict[str, Any]] | str]:
        self.asked += wanted
        found = super().live(wanted)
        return {name: [] if self.deaf and name in TOPICS else rows for name, rows in found.items()}


class World:
    """One org, a store and a book."""

    def __init__(self, session: Session, folder: Path, *, deaf: bool = False, **entry: Any) -> None:
        self.session = session
        self.org, self.book = Polled(session, deaf=deaf), Memory()
        self.store = TelemetryStore(str(folder))
        self.bus = OrgBus(session, EventBusEntry(**entry), quiet=1.0)
        self.now = self.org.now()

    def hear(self) -> dict[str, Told]:
        return self.bus.listen(self.book.places(), self.org.now())

    def look(self, told: Mapping[str, Told], *, all_polled: bool = False) -> Look:
        self.now = self.org.now() + timedelta(seconds=1)
        return look_live(
            self.org, self.store, self.book, NAME, self.now,
            overlap=timedelta(), backfill=timedelta(days=2), told=told, all_polled=all_polled,
        )  # fmt: skip

    def rows(self, name: str = "ApiEvent") -> pl.DataFrame:
        since = self.now - timedelta(days=2)
        return self.store.rows(["hq"], name, since, self.now).collect().sort("EVENT_IDENTIFIER")

    def ask(self, times: int = 1) -> None:
        """Each query is an event."""
        for number in range(times):
            self.session.query(f"SELECT Id FROM Account WHERE Name = 'bus {number}' LIMIT 1")


@pytest.fixture
def world(
    estate: RunningEstate, org: Callable[[str], Session], tmp_path: Path
) -> Iterator[Callable[..., World]]:
    made: list[Path] = []

    def make(**how: Any) -> World:
        made.append(tmp_path / str(len(made)))
        return World(how.pop("session", None) or org("hq"), made[-1], **how)

    yield make
    launch.ask(estate.folder, "DELETE", "/faults")
    for name in ("stream_new_field", "stream_retention_hours"):
        turn(estate, name, None)


def turn(estate: RunningEstate, name: str, value: float | bool | None) -> None:
    launch.ask(estate.folder, "POST", "/switches", {"name": name, "value": value})


def strike(estate: RunningEstate, kind: str, **how: Any) -> dict[str, Any]:
    made: dict[str, Any] = launch.ask(estate.folder, "POST", "/faults", {"kind": kind, "org": "hq", **how})
    return made


def test_what_the_bus_tells_is_what_polling_reads(world: Callable[..., World]) -> None:
    heard, polled = world(deaf=True), world()
    heard.ask(7)
    told = heard.hear()
    heard.look(told)
    polled.now = heard.now
    look_live(
        polled.org,
        polled.store,
        polled.book,
        NAME,
        heard.now,
        overlap=timedelta(),
        backfill=timedelta(days=2),
    )
    for name in ("ApiEvent", "LoginEvent"):
        ours, theirs = heard.rows(name), polled.rows(name)
        # What the reading itself asks is an event, too, and comes after what was heard.
        both = theirs.join(ours.select("EVENT_IDENTIFIER"), on="EVENT_IDENTIFIER", how="semi")
        assert ours.height == both.height > 0
        assert set(ours.columns) == set(both.columns)
        # A stored row's own id is not on the bus, and a message says when it was made; the event is the same.
        same = [name for name in ours.columns if name not in ("ID", "CREATED_DATE")]
        assert ours.select(same).equals(both.select(same), null_equal=True)
    assert heard.rows().height >= 7 and not [name for name, one in told.items() if one.why]


def test_an_event_that_both_tell_is_there_once(world: Callable[..., World]) -> None:
    one = world()
    one.ask(5)
    one.look(one.hear(), all_polled=True)
    one.ask(3)
    one.look({}, all_polled=True)
    one.look(one.hear(), all_polled=True)
    rows = one.rows()
    assert rows.height == rows["EVENT_IDENTIFIER"].n_unique() >= 8


def test_what_the_bus_told_whole_is_not_polled_but_once_an_hour(world: Callable[..., World]) -> None:
    one = world()
    one.ask()
    one.look(one.hear())
    assert set(one.org.asked) >= set(TOPICS)
    one.org.asked.clear()
    one.ask(4)
    before = one.rows().height
    look = one.look(one.hear())
    assert not set(one.org.asked) & set(TOPICS) and "LoginHistory" in one.org.asked
    taken = next(each for each in look.taken if each.event_type == "ApiEvent")
    assert taken.added >= 4 and taken.until == one.now and one.rows().height >= before + 4
    assert any(each.what == "rows taken by Bulk API 2.0" for each in look.hidden)
    one.look(one.hear(), all_polled=True)
    assert set(one.org.asked) >= set(TOPICS)


def test_a_look_that_is_killed_before_its_place_moved_hears_the_same_again(
    world: Callable[..., World], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = world(deaf=True)
    one.ask(3)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    told = one.hear()
    with monkeypatch.context() as patch:
        patch.setattr(one.book, "settle", killed)
        with pytest.raises(KeyboardInterrupt):
            one.look(told)
    stored = one.rows().height
    assert stored >= 3 and not one.book.places()
    one.ask(2)
    one.look(one.hear())
    rows = one.rows()
    assert rows.height == rows["EVENT_IDENTIFIER"].n_unique() >= stored + 2
    assert len(one.hear()["ApiEvent"].events) < stored


@pytest.mark.parametrize("lost", ["old", "corrupted"])
def test_a_place_that_is_lost_is_named_and_polling_does_the_work(
    world: Callable[..., World], estate: RunningEstate, lost: str
) -> None:
    one = world()
    one.ask()
    one.look(one.hear())
    if lost == "old":
        time.sleep(2)
        turn(estate, "stream_retention_hours", 1 / 3600)
    else:
        garbage = BusPlace(
            replay=b64encode(b"garbage").decode(), heard=one.now, looked=one.now, since=one.now
        )
        one.book.settle("ApiEvent", garbage)
    told = one.hear()
    assert told["ApiEvent"].lost
    one.org.asked.clear()
    one.ask(2)
    before = one.rows().height
    look = one.look(told)
    assert "ApiEvent" in one.org.asked and one.rows().height >= before + 2
    named = next(each for each in look.hidden if each.what.startswith("the event bus on ApiEvent"))
    assert "its place is lost" in named.why and "polled" in named.why
    turn(estate, "stream_retention_hours", None)
    again = one.hear()["ApiEvent"]
    assert again.whole and len(again.events) >= 3


def test_a_session_that_ended_is_replaced(world: Callable[..., World], estate: RunningEstate) -> None:
    one = world()
    one.ask()
    fault = strike(estate, "expire", path=EVERY_CALL, times=1)
    assert one.hear()["ApiEvent"].events
    (found,) = [each for each in launch.ask(estate.folder, "GET", "/faults") if each["id"] == fault["id"]]
    assert found["hits"] == 1


def test_a_bus_that_goes_away_is_named_and_nothing_of_it_is_lost(
    world: Callable[..., World], estate: RunningEstate
) -> None:
    one = world()
    one.ask()
    one.look(one.hear())
    strike(estate, "cut", path=SUBSCRIBE)
    one.ask(60)
    time.sleep(1.1)
    # It goes after its first batch, of which all is from before the look.
    told = one.hear()
    assert told["ApiEvent"].why == "the event bus did not answer"
    assert any("ApiEvent" in each.what for each in one.look(told).hidden)
    launch.ask(estate.folder, "DELETE", "/faults")
    assert len(one.hear()["ApiEvent"].events) >= 60


def test_a_bus_that_cannot_be_reached_or_trusted_costs_a_look_little(
    world: Callable[..., World], estate: RunningEstate
) -> None:
    elsewhere = world(address="api.pubsub.salesforce.com:9999")
    connection = scanner_connection(estate, "hq")
    client_ca = estate.folder / "keys" / "client-ca.pem"
    untrusted = world()
    untrusted.bus._session.connection = replace(connection, ca_bundle=str(client_ca))
    for one in (elsewhere, untrusted):
        began = time.monotonic()
        told = one.hear()
        assert {each.why for each in told.values()} == {"the event bus did not answer"}
        assert time.monotonic() - began < 15
        look = one.look(told)
        (named,) = [each for each in look.hidden if each.what.startswith("the event bus")]
        assert "did not answer. Instead: the stored events are polled" in named.why
        assert one.rows().height > 0


def test_a_new_field_on_the_bus_changes_nothing_for_rows(
    world: Callable[..., World], estate: RunningEstate
) -> None:
    one = world(deaf=True)
    one.ask()
    one.look(one.hear())
    columns, before = one.rows().columns, one.rows().height
    turn(estate, "stream_new_field", True)
    one.ask(2)
    told = one.hear()
    assert all("ReleaseNote" in event for event in told["ApiEvent"].events)
    one.look(told)
    assert one.rows().columns == columns and one.rows().height >= before + 2


def test_a_look_takes_no_more_than_its_bounds(world: Callable[..., World]) -> None:
    one = world(most=100, seconds=1)
    one.ask(130)
    told = one.hear()["ApiEvent"]
    # A batch that has come is not thrown away.
    assert 100 <= len(told.events) < 200 and not told.whole
    one.look({"ApiEvent": told})
    assert one.book.places()["ApiEvent"].tip and one.rows()["EVENT_IDENTIFIER"].n_unique() >= 130
    began = time.monotonic()
    one.hear()
    assert time.monotonic() - began < 5
