"""One query from its text to its result."""

from dataclasses import dataclass, field
from sqlite3 import OperationalError

from deployments.sandbox.caller import Caller
from deployments.sandbox.expiry import expire_assignments
from deployments.sandbox.rights import note_access
from deployments.sandbox.schema import Schema
from deployments.sandbox.sharing import access, user_access
from deployments.sandbox.soql.aggregates import count, groups, is_aggregate_query, is_bare_count
from deployments.sandbox.soql.big import check as check_big
from deployments.sandbox.soql.errors import Fault, SoqlError
from deployments.sandbox.soql.parse import parse
from deployments.sandbox.soql.rows import records
from deployments.sandbox.soql.select import Asking
from deployments.sandbox.store import OrgStore
from deployments.sandbox.telemetry.files import publish

__all__ = ["QueryResult", "SoqlError", "run_query"]


@dataclass(frozen=True)
class QueryResult:
    """A whole result in wire shape; pages are cut from it.

    `total_size` may exceed len(records): COUNT() has no records, and some objects stop at a ceiling.
    `sobject` is the object of FROM, for the Tooling API's entityTypeName.
    """

    total_size: int
    records: list[dict[str, object]] = field(default_factory=list)
    aggregate: bool = False
    page_size: int = 2000
    sobject: str = ""


def run_query(
    store: OrgStore,
    schema: Schema,
    soql: str,
    caller: Caller,
    *,
    tooling: bool = False,
    include_deleted: bool = False,
    version: str = "67.0",
) -> QueryResult:
    """Answer one query as `caller`, on the estate clock. Raises SoqlError with Salesforce's code."""
    asking = Asking(store, schema, caller, tooling, include_deleted, store.clock.now(), version)
    try:
        return _answer(asking, soql)
    except Fault as fault:
        raise fault.placed(soql) from None
    except OperationalError as error:
        if "no such" in str(error):
            raise
        # SQLite's own bounds (parameters, joins, depth) stand for those of the platform.
        reason = f"This query is too complicated for the org to run ({error}). Split it into smaller queries."
        raise SoqlError("QUERY_TOO_COMPLICATED", reason) from error


def _answer(asking: Asking, soql: str) -> QueryResult:
    query = parse(soql)
    store, target = asking.store, asking.schema.get(query.source.names[-1])
    named = target.name if target else ""
    if "permissionsetassignment" in soql.lower():
        expire_assignments(store, asking.now)
    if target is not None and (named == "EventLogFile" or target.big):
        publish(store)
        if target.big:
            check_big(query, target)
    if named == "UserPermissionAccess":
        note_access(store, asking.caller)
    if named == access.NAME:
        access.note(store, asking.caller, query)
    if named in user_access.NAMES:
        user_access.note(store, asking.caller, query, named)
    if is_bare_count(query):
        return QueryResult(count(asking, query), sobject=named)
    if is_aggregate_query(query):
        made = groups(asking, query)
        return QueryResult(len(made), made, aggregate=True, sobject=named)
    total, shown = records(asking, query)
    return QueryResult(total, shown, page_size=target.page_size if target else 2000, sobject=named)
