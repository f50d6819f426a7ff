"""
The session of a sync in its target org: writes records of one object, by an external id.

Such a write may come twice and leaves the same record, so it is repeated like a read. That is why this is no WritingSession.
"""

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from simple_salesforce.api import Salesforce

from tasks.errors import ConfigurationError, OrgError
from tasks.salesforce.classify import classify
from tasks.salesforce.connection import Connection
from tasks.salesforce.handshakes import Pair
from tasks.salesforce.pages import Row
from tasks.salesforce.session import Session
from tasks.salesforce.tokens import TokenManager
from tasks.salesforce.writing import COLLECTION, RecordResult, result_of

RETRIEVED = 2_000
"""Records of one request by ids (REST API guide, sObject Collections, retrieve by POST)."""
GONE = frozenset({"ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY"})


class CarryingSession(Session):
    def __init__(self, connection: Connection, tokens: TokenManager | None = None, **options: Any) -> None:
        if connection.role != "courier" or not connection.carries:
            raise ConfigurationError(f"{connection.alias}: only a courier carries records.")
        super().__init__(connection, tokens, **options)

    def upsert(self, external_id: str, records: Sequence[Row]) -> list[RecordResult]:
        """One result per record, in order. Each record carries its external id; at most COLLECTION of them."""
        sobject = self.connection.carries
        typed = [{"attributes": {"type": sobject}, **record} for record in records]
        path = f"composite/sobjects/{sobject}/{external_id}"
        return self._results("PATCH", path, {"allOrNone": False, "records": typed}, len(records))

    def update(self, records: Sequence[Row]) -> list[RecordResult]:
        """One result per record, in order. Each record carries its `id`; what is not there is not made. At most COLLECTION."""
        typed = [{"attributes": {"type": self.connection.carries}, **record} for record in records]
        return self._results(
            "PATCH", "composite/sobjects", {"allOrNone": False, "records": typed}, len(records)
        )

    def remove(self, ids: Sequence[str]) -> list[RecordResult]:
        """One result per id, in order; what is gone already is done."""
        path = f"composite/sobjects?ids={','.join(ids)}&allOrNone=false"
        found = self._results("DELETE", path, None, len(ids))
        return [
            RecordResult(id=name) if each.code in GONE else each
            for name, each in zip(ids, found, strict=True)
        ]

    def retrieve(self, ids: Sequence[str], fields: Sequence[str]) -> list[Row]:
        """Those that are there, in no order. At most RETRIEVED ids."""
        body = {"ids": [*ids], "fields": [*fields]}
        found = self._sent("POST", f"composite/sobjects/{self.connection.carries}", body)
        return [row for row in found if row is not None]

    def _results(self, method: str, path: str, body: Any, size: int) -> list[RecordResult]:
        if not 1 <= size <= COLLECTION:
            raise ValueError(f"a collection holds 1 to {COLLECTION} records, not {size}")
        answer = self._sent(method, path, body)
        if not isinstance(answer, list) or len(answer) != size:
            raise OrgError(self.alias, "the answer to a collection is not whole", "Run again.")
        return [result_of(item) for item in answer]

    def _sent(self, method: str, path: str, body: Any) -> Any:
        def send(sf: Salesforce) -> Any:
            answer = self.send_raw(sf, method, path, body)
            if answer.status_code >= 300:
                raise classify(self.alias, answer.status_code, _body(answer), answer.headers)
            return answer.json()

        return self.once_patiently(send)


@contextmanager
def shown(pair: Pair | None) -> Iterator[tuple[str, str] | None]:
    """
    A client certificate as TLS libraries take it: by the names of two files.

    On Linux they are in memory alone and gone with the process, however that ends. Elsewhere they are files of this user for
    the length of the block.
    """
    if pair is None:
        yield None
        return
    parts: Mapping[str, str] = {"chain": pair.chain, "key": pair.key}
    if hasattr(os, "memfd_create"):
        handles = [os.memfd_create(name, os.MFD_CLOEXEC) for name in parts]
        try:
            for handle, content in zip(handles, parts.values(), strict=True):
                os.write(handle, content.encode())
            chain, key = (f"/proc/self/fd/{handle}" for handle in handles)
            yield chain, key
        finally:
            for handle in handles:
                os.close(handle)
        return
    with tempfile.TemporaryDirectory(prefix="bulkhead-") as folder:
        for name, content in parts.items():
            file = Path(folder) / name
            file.touch(mode=0o600)
            file.write_text(content)
        yield str(Path(folder) / "chain"), str(Path(folder) / "key")


def _body(answer: requests.Response) -> object:
    try:
        return answer.json()
    except ValueError:
        return None
