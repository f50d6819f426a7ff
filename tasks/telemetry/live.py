"""
One look at what an org tells live: rows since the last look, late ones too, each once; and what changed of tokens and grants.

Rows are in the store before the cursor moves, and rows that the store has are dropped by their ids, so that a look that is killed
is made again and adds nothing twice. What the event bus told is stored first, and what it told whole is not polled, but once an
hour: rows that it left out would be found then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Protocol

import polars as pl

from tasks.telemetry.bus import Told, place_after, record_of, spares_polling, unheard
from tasks.telemetry.changes import changes
from tasks.telemetry.columns import AT, snake
from tasks.telemetry.masks import Pseudonym
from tasks.telemetry.model import BusPlace, Cursor, Hidden, Taken, Tier
from tasks.telemetry.normal import rows_of
from tasks.telemetry.sources import LIVE, MOST_PARTS, NO_ROWS, Source, parts, start_of, unseen
from tasks.telemetry.store import TelemetryStore

TOKENS, GRANTS = "OauthToken", "PermissionSetAssignment"
TOKENS_CEILING = 2500
DEEP = timedelta(days=1)
"""How far a look reaches back once an hour, for rows that are later than the usual overlap."""
_DEEP_EVERY = timedelta(hours=1)
NOTHING_TOLD: Mapping[str, Told] = {}


class Org(Protocol):
    alias: str

    def sees(self) -> set[str]: ...
    def fields(self, sources: Sequence[Source]) -> dict[str, tuple[str, ...] | str]: ...
    def live(
        self, wanted: Mapping[str, tuple[Source, Sequence[str], datetime, datetime]]
    ) -> dict[str, list[dict[str, Any]] | str]: ...
    def tokens(self) -> list[dict[str, Any]] | str: ...
    def grants(self) -> list[dict[str, Any]] | str: ...
    def state_of_grants(self) -> str: ...


class Book(Protocol):
    def cursors(self) -> dict[str, Cursor]: ...
    def move(self, cursors: Mapping[str, Cursor]) -> None: ...
    def places(self) -> dict[str, BusPlace]: ...
    def settle(self, name: str, place: BusPlace | None) -> None: ...
    def state(self, name: str) -> str: ...
    def remember(self, name: str, text: str) -> None: ...


def long_ago(cursors: Mapping[str, Cursor], now: datetime) -> bool:
    """Whether no look of the last hour came to its end, so that none has reached back for what was late then."""
    ends = [cursors[source.name].at for source in LIVE if source.name in cursors]
    return bool(ends) and now - max(ends) > _DEEP_EVERY


@dataclass
class Look:
    """What one look brought."""

    taken: list[Taken] = field(default_factory=list)
    hidden: list[Hidden] = field(default_factory=list)


def look_live(
    org: Org, store: TelemetryStore, book: Book, pseudonym: Pseudonym, now: datetime,
    *, overlap: timedelta, backfill: timedelta, told: Mapping[str, Told] = NOTHING_TOLD, all_polled: bool = False,
) -> Look:  # fmt: skip
    """
    `now` is the org's own time in whole seconds; what bears it is left for the next look. `told` is what the event bus told before
    that, by source; with `all_polled` that is polled all the same. Raises what `org` and `book` raise.
    """
    look = Look(hidden=unheard(told))
    sees = org.sees()
    shown = org.fields(LIVE)
    cursors = book.cursors()
    came: dict[str, list[int]] = {}
    ended: dict[str, datetime] = {}
    waiting: dict[str, tuple[Source, Sequence[str], list[tuple[datetime, datetime]]]] = {}
    for source in LIVE:
        fields = shown[source.name]
        one = told.get(source.name)
        if one is not None:
            came[source.name] = _hear(org, store, book, pseudonym, source, fields, one, now)
            if one.whole:
                ended[source.name] = now
            if not all_polled and spares_polling(
                book.places().get(source.name), one, cursors.get(source.name), overlap
            ):
                continue
        if isinstance(fields, str) and one is not None and one.whole:
            continue
        if isinstance(fields, str):
            look.hidden.append(unseen(source.name, fields, source.needs))
        elif source.name == "LoginHistory" and source.name not in sees:
            look.hidden.append(
                unseen(source.name, "only our own sign-ins are shown, and nothing says so", source.needs)
            )
        else:
            before = cursors.get(source.name)
            since = start_of(None if before is None else before.at, now, min(source.first, backfill), overlap)
            waiting[source.name] = (source, fields, list(parts(since, now, source.part))[:MOST_PARTS])
    _take(look, org, store, book, pseudonym, waiting, came, ended)
    look.taken += [
        Taken(event_type=name, tier=Tier.LIVE, rows=rows, added=added, until=ended[name])
        for name, (rows, added) in came.items()
        if name in ended
    ]
    if "BulkApiResultEventStore" in waiting or "BulkApiResultEventStore" in ended:
        look.hidden.append(NO_ROWS)
    _snapshots(look, org, store, book, pseudonym, now, see_tokens=TOKENS in sees)
    return look


def _take(
    look: Look, org: Org, store: TelemetryStore, book: Book, pseudonym: Pseudonym,
    waiting: dict[str, tuple[Source, Sequence[str], list[tuple[datetime, datetime]]]],
    came: dict[str, list[int]], ended: dict[str, datetime],
) -> None:  # fmt: skip
    """The next part of every source that has one left goes out together with the others'."""
    for name in waiting:
        came.setdefault(name, [0, 0])
    while asked := {name: (s, f, *todo[0]) for name, (s, f, todo) in waiting.items() if todo}:
        cursors = {}
        for name, found in org.live(asked).items():
            source, _, since, until = asked[name]
            waiting[name][2].pop(0)
            if isinstance(found, str):
                look.hidden.append(unseen(name, found, source.needs))
                waiting[name][2].clear()
                continue
            rows = rows_of(found, source.time, org.alias, pseudonym)
            came[name][0] += rows.height
            came[name][1] += _keep(store, org.alias, source, rows, since, until)
            last = max((str(row[source.key]) for row in found), default="")
            cursors[name] = Cursor(at=until, id=last)
            ended[name] = until
        book.move(cursors)


def _hear(
    org: Org, store: TelemetryStore, book: Book, pseudonym: Pseudonym,
    source: Source, fields: Sequence[str] | str, told: Told, now: datetime,
) -> list[int]:  # fmt: skip
    """Rows of what the bus told, and how many of them were new. They are in the store before the place on the bus moves."""
    shown = None if isinstance(fields, str) else fields
    rows = rows_of((record_of(each, shown) for each in told.events), source.time, org.alias, pseudonym)
    added = 0
    if rows.height and (moments := rows[AT].drop_nulls()).len():
        first, last = moments.min(), moments.max()
        assert isinstance(first, datetime) and isinstance(last, datetime)
        added = _keep(store, org.alias, source, rows, first, last + timedelta(microseconds=1))
    book.settle(source.name, place_after(book.places().get(source.name), told, now))
    return [rows.height, added]


def _keep(
    store: TelemetryStore, org: str, source: Source, rows: pl.DataFrame, since: datetime, until: datetime
) -> int:
    """Rows that the store has not; gives how many."""
    if not rows.height:
        return 0
    key = snake(source.key)
    timed = rows.filter(pl.col(AT).is_not_null()).unique(key, maintain_order=True)
    known = store.rows([org], source.name, since, until, Tier.LIVE)
    if key in known.collect_schema().names():
        timed = timed.join(known.select(key).collect(), on=key, how="anti", maintain_order="left")
    if not timed.height:
        return 0
    digest = sha256("\n".join(sorted(timed[key].to_list())).encode()).hexdigest()[:12]
    return store.keep(org, source.name, timed.sort(AT), f"{since:%Y%m%dT%H%M%S}-{digest}")


def _snapshots(
    look: Look, org: Org, store: TelemetryStore, book: Book, pseudonym: Pseudonym, now: datetime,
    *, see_tokens: bool,
) -> None:  # fmt: skip
    if see_tokens:
        _compare(
            look,
            org,
            store,
            pseudonym,
            now,
            TOKENS,
            org.tokens(),
            ("APP_NAME", "USER_ID_DERIVED", "CREATED_DATE"),
        )
    else:
        look.hidden.append(unseen(TOKENS, "only our own tokens are shown, and nothing says so", "Customize Application"))  # fmt: skip
    state = org.state_of_grants()
    if state == book.state(GRANTS):
        look.taken.append(Taken(event_type=GRANTS, tier=Tier.LIVE, until=now))
        return
    _compare(look, org, store, pseudonym, now, GRANTS, org.grants(), ("ID",))
    book.remember(GRANTS, state)


def _compare(
    look: Look, org: Org, store: TelemetryStore, pseudonym: Pseudonym, now: datetime,
    name: str, found: list[dict[str, Any]] | str, key: Sequence[str],
) -> None:  # fmt: skip
    """
    The state against the one before. The first one of all is kept as `new` rows, too: from it on it is known who had what.

    The changes are kept before the state: a run that is killed between the two finds them again, with another moment.
    """
    if isinstance(found, str):
        look.hidden.append(
            unseen(name, found, "Customize Application" if name == TOKENS else "View Setup and Configuration")
        )
        return
    if name == TOKENS and len(found) >= TOKENS_CEILING:
        look.hidden.append(
            Hidden(
                tier=Tier.LIVE,
                what="some OAuth tokens",
                why=f"OauthToken gives {TOKENS_CEILING:,} rows and no more",
            )
        )
    after = rows_of([_flat(row) for row in found], "SeenAt", org.alias, pseudonym)
    before = store.snapshot(org.alias, name)
    if not after.height and before is None:
        return
    told = changes(before, after if after.height or before is None else before.clear(), key)
    told = told.with_columns(pl.lit(now).cast(pl.Datetime("us", "UTC")).alias(AT))
    added = store.keep(org.alias, name, told, f"{now:%Y%m%dT%H%M%S}") if told.height else 0
    store.keep_snapshot(org.alias, name, after if after.height or before is None else before.clear())
    look.taken.append(Taken(event_type=name, tier=Tier.LIVE, rows=len(found), added=added, until=now))


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """Related fields beside the row's own."""
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, Mapping):
            flat |= {f"{name}.{inner}": each for inner, each in value.items() if inner != "attributes"}
        elif not (value is None and f"{name}Id" in row):
            flat[name] = value
    if "AssigneeId" in flat:
        flat["UserId"] = flat["AssigneeId"]
    return flat
