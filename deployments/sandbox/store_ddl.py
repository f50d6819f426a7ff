"""The SQLite statements that lay an org's tables."""

from collections.abc import Iterator

from deployments.sandbox.schema import SObject
from deployments.sandbox.schema.fields import FOLDED

HIDDEN_TABLES = (
    "CREATE TABLE IF NOT EXISTS _org (alias TEXT PRIMARY KEY, host TEXT, org_id TEXT)",
    "CREATE TABLE IF NOT EXISTS _counter (prefix TEXT PRIMARY KEY, last INTEGER)",
    "CREATE TABLE IF NOT EXISTS _setting (name TEXT PRIMARY KEY, value TEXT)",
    """CREATE TABLE IF NOT EXISTS _metadata (
        kind TEXT COLLATE NOCASE, full_name TEXT COLLATE NOCASE, body TEXT, PRIMARY KEY (kind, full_name))""",
    "CREATE TABLE IF NOT EXISTS _app (consumer_key TEXT PRIMARY KEY, body TEXT)",
    """CREATE TABLE IF NOT EXISTS _credential (
        user_id TEXT PRIMARY KEY, password_hash TEXT, token TEXT, changed_at TEXT)""",
    "CREATE TABLE IF NOT EXISTS _job (id TEXT PRIMARY KEY, kind TEXT, body TEXT)",
    """CREATE TABLE IF NOT EXISTS _event (
        id INTEGER PRIMARY KEY, at TEXT, kind TEXT, cells TEXT, hourly INTEGER DEFAULT 0, daily INTEGER DEFAULT 0)""",
    "CREATE TABLE IF NOT EXISTS _log_recipe (id TEXT PRIMARY KEY, recipe TEXT, rows INTEGER)",
    "CREATE TABLE IF NOT EXISTS _process (id TEXT PRIMARY KEY, kind TEXT, body TEXT)",
    """CREATE TABLE IF NOT EXISTS _job_part (
        job_id TEXT, part TEXT, first INTEGER, count INTEGER, content BLOB, PRIMARY KEY (job_id, part, first))""",
)
_AFFINITY = {
    "boolean": "INTEGER NOT NULL DEFAULT 0",
    "int": "INTEGER",
    "double": "REAL",
    "currency": "REAL",
    "percent": "REAL",
}
_AFFINITY |= {"percent": "REAL", "long": "INTEGER"}


def table_statement(target: SObject) -> str:
    if target.view is not None:
        return f'CREATE VIEW IF NOT EXISTS "{target.name}" AS {target.view}'
    columns = ", ".join(column_statement(target, name) for name in target.stored)
    return f'CREATE TABLE IF NOT EXISTS "{target.name}" ({columns})'


def column_statement(target: SObject, name: str) -> str:
    if name == "Id":
        return '"Id" TEXT PRIMARY KEY'
    field = target.fields[name]
    kind = field.type
    # Queries compare text without regard to case, ids with it.
    folded = " COLLATE NOCASE" if kind in FOLDED else ""
    worked_out = f" GENERATED ALWAYS AS ({field.sql}) VIRTUAL" if field.sql is not None else ""
    return f'"{name}" {_AFFINITY.get(kind, "TEXT")}{folded}{worked_out}'


def index_statements(target: SObject) -> Iterator[str]:
    if target.view is not None:
        return
    keys = tuple((name,) for name, each in target.fields.items() if each.external_id)
    for number, names in enumerate((*target.indexes, *keys)):
        columns = ", ".join(f'"{name}"' for name in names)
        yield f'CREATE INDEX IF NOT EXISTS "_{target.name}_{number}" ON "{target.name}" ({columns})'
