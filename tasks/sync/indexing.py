"""Blind indexes of a route: made the moment a record is read, so that from there on nothing tells them from any other text. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from tasks.encryption.matching import blind_index
from tasks.sync.hands import Source
from tasks.sync.model import Record, Rules, Way


class IndexedSource(NamedTuple):
    """
    A source whose indexed columns hold the index of the value. The key outlives data keys: with another one, no index would meet
    those that stand in the target.
    """

    source: Source
    key: bytes

    def read(self, rules: Rules, where: str, limit: int, way: Way) -> list[Record]:
        """Raises as the source does."""
        return self._indexed(rules, self.source.read(rules, where, limit, way))

    def read_again(self, rules: Rules, ids: Sequence[str]) -> list[Record]:
        """Raises as the source does."""
        return self._indexed(rules, self.source.read_again(rules, ids))

    def _indexed(self, rules: Rules, records: Sequence[Record]) -> list[Record]:
        return [
            record._replace(
                values=tuple(
                    blind_index(self.key, rules.sobject, column.source, value)
                    if column.indexed and value is not None
                    else value
                    for column, value in zip(rules.columns, record.values, strict=True)
                )
            )
            for record in records
        ]
