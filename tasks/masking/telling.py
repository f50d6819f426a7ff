"""Which alerts say that a sandbox may hold data of real people."""

from tasks.alerts.model import Alert, Severity

UNPROVEN = "sandbox-unproven:"
"""How keys of these alerts begin."""


def unproven(org: str, why: str) -> Alert:
    """Open until a scan of all of the sandbox finds nothing."""
    return Alert(
        key=f"{UNPROVEN}{org}",
        org=org,
        severity=Severity.WARNING,
        title=f"{org} may hold data of real people",
        detail=f"Nobody has proven since that it holds none: {why}. No route may write there until somebody has.",
        next_step="Run prepare-sandbox, let two people approve its plans, apply them, then run scan-sandbox.",
    )
