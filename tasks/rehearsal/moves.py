"""Moves that several attacks make."""

from tasks.rehearsal.model import Caller

MUTUAL_TLS_PORT = 8443


def literal(text: str) -> str:
    """A text as a SOQL literal."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def sign_in(caller: Caller) -> str:
    caller.sign_in()
    return "a session"


def count(caller: Caller, soql: str) -> int:
    """How many rows a query gives away."""
    return int(caller.call("GET", "query", query={"q": soql})["totalSize"])


def replay(caller: Caller) -> str:
    """The session that was begun abroad, from another network."""
    caller.call("GET", "query", query={"q": "SELECT Id FROM Account LIMIT 1"}, network="office")
    return "a session that works anywhere"


def without_certificate(caller: Caller) -> str:
    caller.call("GET", "query", query={"q": "SELECT Id FROM Account LIMIT 1"}, port=MUTUAL_TLS_PORT)
    return "answers without a certificate"
