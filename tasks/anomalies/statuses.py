"""
How a sign-in ended. Files carry codes, LoginHistory and LoginEvent English texts whose case varies; both become codes.

Codes and texts: the LOGIN_STATUS values of the Login event type and of LoginHistory. A step on the way (a challenge, a second
factor asked for) is neither a success nor a failure.
"""

import polars as pl

SUCCESS = frozenset({"LOGIN_NO_ERROR"})
STATUS_TEXTS = {
    "success": "LOGIN_NO_ERROR",
    "invalid password": "LOGIN_ERROR_INVALID_PASSWORD",
    "invalid login": "LOGIN_ERROR_INVALID_USERNAME",
    "password lockout": "LOGIN_ERROR_PASSWORD_LOCKOUT",
    "user is frozen": "LOGIN_ERROR_USER_FROZEN",
    "user is inactive": "LOGIN_ERROR_USER_INACTIVE",
    "failed: api-only user": "LOGIN_ERROR_USER_API_ONLY",
    "restricted ip": "LOGIN_ERROR_RESTRICTED_DOMAIN",
    "restricted country": "LOGIN_ERROR_EXPORT_RESTRICTED",
    "restricted time": "LOGIN_ERROR_RESTRICTED_TIME",
    "login rate exceeded": "LOGIN_ERROR_RATE_EXCEEDED",
    "failed: api security token required": "LOGIN_ERROR_MUST_USE_API_TOKEN",
    "mutual authentication failed": "LOGIN_ERROR_MUTUAL_AUTHENTICATION",
    "login invalid": "LOGIN_ERROR_UNKNOWN_ERROR",
    "failed: computer activation required": "LOGIN_CHALLENGE_ISSUED",
    "failed: computer activation pending": "LOGIN_CHALLENGE_PENDING",
}
_STEPS = ("LOGIN_CHALLENGE_", "LOGIN_TWOFACTOR_REQ", "LOGIN_LIGHTNING_LOGIN")


def failed(status: pl.Expr) -> pl.Expr:
    """Everything but success and the steps on the way; null stays unknown and counts as no failure."""
    step = pl.any_horizontal([status.str.starts_with(prefix) for prefix in _STEPS])
    return (~status.is_in(sorted(SUCCESS)) & ~step).fill_null(False)
