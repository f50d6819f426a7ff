"""
How a sign-in ended. Files carry codes, LoginHistory and LoginEvent English texts whose case varies; both become codes.

Which text is which code says LOGIN_CODES of what telemetry stores. A step on the way (a challenge, a second
factor asked for) is neither a success nor a failure.
"""

import polars as pl

SUCCESS = frozenset({"LOGIN_NO_ERROR"})
_STEPS = ("LOGIN_CHALLENGE_", "LOGIN_TWOFACTOR_REQ", "LOGIN_LIGHTNING_LOGIN")


def failed(status: pl.Expr) -> pl.Expr:
    """Everything but success and the steps on the way; null stays unknown and counts as no failure."""
    step = pl.any_horizontal([status.str.starts_with(prefix) for prefix in _STEPS])
    return (~status.is_in(sorted(SUCCESS)) & ~step).fill_null(False)
