"""Sealed values of a route's records: made column by column, opened again to be compared. Pure but for the keys it is given."""

from collections.abc import Callable, Sequence
from typing import cast

from tasks.encryption.keys import KeyRing, OpenKeys, announced
from tasks.encryption.sealed import Place, is_sealed, key_of, longest, open_sealed, seal
from tasks.errors import SealBroken, SecretUnavailable
from tasks.sync.model import Column, Record, Rules
from tasks.sync.quarantine import NOT_SEALABLE, TOO_LONG

Cells = list[str | None]


class Seals:
    """
    The keys of one run. `keep` writes the ring before values are sealed under it; `randoms` gives bytes nobody can guess.

    A record's place is named by its external id, which source and target share.
    """

    def __init__(
        self,
        rules: Rules,
        ring: KeyRing,
        keys: OpenKeys,
        keep: Callable[[KeyRing], None],
        randoms: Callable[[int], bytes],
    ) -> None:
        self._rules, self._keys = rules, keys
        self._ring, self._keep, self._randoms = ring, keep, randoms

    def unfit(self, record: Record) -> tuple[str, tuple[str, ...]] | None:
        """Why a record cannot be sealed, and which fields; None for one that can."""
        if not self._rules.sealed:
            return None
        if record.key is None or not record.key.isprintable():
            return NOT_SEALABLE, (self._rules.external_id,)
        long = tuple(
            column.name
            for column, value in zip(self._rules.columns, record.values, strict=True)
            if column.sealed and value is not None and len(value.encode()) > longest(column.length)
        )
        return (TOO_LONG, long) if long else None

    def announce(self, records: int) -> None:
        """Before so many records are sealed. Raises ConfigurationError, SecretUnavailable and CloudError."""
        if self._rules.sealed and records:
            self._ring = announced(self._ring, records * len(self._rules.sealed))
            self._keep(self._ring)

    def rows(self, records: Sequence[Record]) -> list[Cells]:
        """External id, then the columns in order; what was announced before."""
        if not records:
            return []
        names = [str(record.key) for record in records]
        columns: list[Cells] = [[*names]]
        for at, column in enumerate(self._rules.columns):
            values = [record.values[at] for record in records]
            columns.append(self._sealed(column, values, names) if column.sealed else values)
        return [list(row) for row in zip(*columns, strict=True)]

    def _sealed(self, column: Column, values: Cells, names: Sequence[str]) -> Cells:
        kept = self._ring.sealing
        if kept is None:
            raise SecretUnavailable(f"The key ring of {self._rules.route} has no key that seals. Run again.")
        key = self._keys.key(kept, len(values))
        return seal(key, self._place(column), values, names, randoms=self._randoms, letters=column.length)

    def opened(self, names: Sequence[str], rows: Sequence[Sequence[str | None]]) -> list[Cells | None]:
        """Rows of the target in the clear, columns in order; None for one of which something does not open, or is not sealed."""
        broken: set[int] = set()
        columns: list[Cells] = []
        for at, column in enumerate(self._rules.columns):
            texts = [row[at] for row in rows]
            columns.append(self._opened(column, texts, names, broken) if column.sealed else texts)
        if not columns:
            return [[] for _ in rows]
        whole = [list(row) for row in zip(*columns, strict=True)]
        return [None if place in broken else row for place, row in enumerate(whole)]

    def _opened(self, column: Column, texts: Cells, names: Sequence[str], broken: set[int]) -> Cells:
        place = self._place(column)
        counts: dict[str, int] = {}
        for each, text in enumerate(texts):
            if text is None:
                continue
            try:
                key_id = key_of(text) if is_sealed(text) else ""
            except ValueError:
                key_id = ""
            if key_id:
                counts[key_id] = counts.get(key_id, 0) + 1
            else:
                broken.add(each)
        good = [None if each in broken else text for each, text in enumerate(texts)]
        try:
            keys = self._keys.keys(self._ring, counts)
            return cast(Cells, open_sealed(keys, place, good, names))
        except (SealBroken, SecretUnavailable):
            return [
                self._one(place, text, name, each, broken)
                for each, (text, name) in enumerate(zip(good, names, strict=True))
            ]

    def _one(self, place: Place, text: str | None, name: str, each: int, broken: set[int]) -> str | None:
        if text is None:
            return None
        try:
            (value,) = open_sealed(self._keys.keys(self._ring, {key_of(text): 1}), place, [text], [name])
        except (SealBroken, SecretUnavailable, ValueError):
            broken.add(each)
            return None
        return cast(str | None, value)

    def _place(self, column: Column) -> Place:
        return Place(self._rules.source, self._rules.sobject, column.source)
