"""One authenticated call of the data API, as every room behind it sees it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, unquote

import orjson

from deployments.sandbox.orgs import Org
from deployments.sandbox.rest.errors import ApiError, not_found
from deployments.sandbox.rest.releases import known
from deployments.sandbox.rights import Caller
from deployments.sandbox.schema import Schema, SObject
from deployments.sandbox.store import OrgStore

DEEPEST = 100


@dataclass(frozen=True)
class Call:
    """
    `parts` is the path below `/services/data/vXX.X`, without `tooling`, split at slashes and percent-decoded.
    """

    org: Org
    caller: Caller
    version: str
    method: str
    parts: tuple[str, ...]
    query: dict[str, str]
    body: bytes
    tooling: bool = False
    options: str = ""
    """The Sforce-Query-Options header."""
    session_id: str = ""
    """The AuthSession of this request."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Of the request as a whole, names in lower case."""
    notes: dict[str, Any] = field(default_factory=dict)
    """What a room tells about this call: `entity`, `job`, `rows`, `soql`, `operation`."""
    hold: bool = False
    """Leave the transaction open: a composite as a whole decides."""

    @property
    def store(self) -> OrgStore:
        return self.org.store

    @property
    def schema(self) -> Schema:
        return self.org.store.schema

    @property
    def base(self) -> str:
        return f"/services/data/v{self.version}" + ("/tooling" if self.tooling else "")

    def document(self) -> Any:
        """The JSON body. Raises ApiError when it is none, or nests deeper than any resource's does."""
        try:
            found = orjson.loads(self.body)
            if self.body.count(b"[") + self.body.count(b"{") > DEEPEST and _depth(found) > DEEPEST:
                raise ApiError("JSON_PARSER_ERROR", f"The request body nests more than {DEEPEST} levels deep")
            return found
        except orjson.JSONDecodeError as error:
            raise ApiError(
                "JSON_PARSER_ERROR", f"Unexpected character in the request body: {error.msg}"
            ) from error

    def mapping(self) -> dict[str, Any]:
        document = self.document()
        if not isinstance(document, dict):
            raise ApiError("JSON_PARSER_ERROR", "The request body must be a JSON object")
        return document

    def text(self, name: str) -> str:
        """One text of the JSON body. Raises ApiError when it is missing."""
        value = self.mapping().get(name)
        if not isinstance(value, str) or not value:
            raise ApiError("REQUIRED_FIELD_MISSING", f"Required fields are missing: [{name}]", [name])
        return value

    def sobject(self, name: str) -> SObject:
        """The object as this caller sees it. Raises ApiError when it is hidden or served elsewhere."""
        target = self.schema.get(name)
        if target is None or ("tooling" if self.tooling else "rest") not in target.api:
            raise not_found()
        if not self.caller.sees(target):
            raise not_found()
        return target

    def within(self, method: str, url: str, body: object) -> "Call":
        """A part of a composite or batch: `url` with or without `/services/data`. Raises ApiError."""
        path, _, query_string = url.partition("?")
        parts = tuple(unquote(part) for part in path.split("/") if part)
        if parts[:2] == ("services", "data"):
            parts = parts[2:]
        if not parts or not parts[0].startswith("v"):
            raise not_found()
        version, parts = parts[0][1:], parts[1:]
        if not known(version):
            raise not_found()
        tooling = parts[:1] == ("tooling",)
        return replace(
            self,
            version=version,
            method=method.upper(),
            parts=parts[1:] if tooling else parts,
            query=dict(parse_qsl(query_string, keep_blank_values=True)),
            body=b"" if body is None else orjson.dumps(body),
            tooling=tooling,
        )


def _depth(document: Any) -> int:
    """How deep lists and objects nest, found level by level: recursion is what has to be kept from."""
    depth, level = 0, [document]
    while level := [each for each in level if isinstance(each, list | dict) and each]:
        depth += 1
        level = [inner for each in level for inner in (each.values() if isinstance(each, dict) else each)]
    return depth
