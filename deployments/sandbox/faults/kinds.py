"""The kinds of trouble: where each strikes, unless a rule says otherwise, and what can be set."""

from dataclasses import dataclass, field
from typing import Literal

Place = Literal["request", "part", "job", "tls", "mail"]


@dataclass(frozen=True)
class Kind:
    """
    `place`: whole requests, parts of a composite or collection, bulk jobs, TLS handshakes, or mails.

    `path` is the pattern a rule gets when it names none; `options` the settings with their defaults.
    """

    does: str
    place: Place = "request"
    path: str = ""
    options: dict[str, object] = field(default_factory=dict)
    after_commit: bool = False


_TOKENS = r"/services/oauth2/token$"
KINDS: dict[str, Kind] = {
    "throttled": Kind("429 with Retry-After", options={"retry_after": 5}),
    "unavailable": Kind("503 with a page of HTML", options={"retry_after": 0}),
    "maintenance": Kind(
        "503 until so many minutes of the estate's time have passed", options={"minutes": 10}
    ),
    "lock": Kind("400 UNABLE_TO_LOCK_ROW", options={"record": ""}),
    "limit": Kind("403 REQUEST_LIMIT_EXCEEDED"),
    "error": Kind(
        "any status and code",
        options={"status": 500, "code": "UNKNOWN_EXCEPTION", "message": "An unexpected error occurred."},
    ),
    "expire": Kind("ends the org's sessions of clients, then goes on", options={"everybody": True}),
    "slow": Kind("waits, then goes on", options={"seconds": 5.0}),
    "hang": Kind("never answers; the connection is cut in the end", options={"seconds": 600.0}),
    "cut": Kind("cuts the connection without an answer, or within it", options={"within": False}),
    "lost_token": Kind(
        "a login succeeds and its answer is lost", path=_TOKENS, options={"within": False}, after_commit=True
    ),
    "truncate": Kind("half of the answer's body", options={"share": 0.5}),
    "query_cursor_lost": Kind("400 INVALID_QUERY_LOCATOR", path=r"/query(All)?/0r8|/query(All)?/01g"),
    "partial": Kind(
        "parts of a composite or collection fail by themselves",
        place="part",
        options={
            "code": "UNABLE_TO_LOCK_ROW",
            "message": "unable to obtain exclusive access to this record or 1 records",
        },
    ),
    "job_stuck": Kind("a bulk job stays InProgress", place="job"),
    "job_failed": Kind(
        "a bulk job ends as Failed",
        place="job",
        options={"message": "InternalServerError : unexpected error"},
    ),
    "tls_expired": Kind("the server shows an expired certificate", place="tls"),
    "mail_refused": Kind("451 from the mail sink", place="mail"),
}
ALIASES = {"429": "throttled", "503": "unavailable"}
