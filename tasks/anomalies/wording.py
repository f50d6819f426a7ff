"""How a suspicion of volume is told, in the words of the article's alert."""

from tasks.anomalies.model import Suspicion

HEADLINE = "🚨 Security Alert: Anomalous Sync Detected"
DISABLED = "User auto-disabled pending review"
WATCHED = "Nothing was changed; review it now"
_AVERAGE = "volume-over-average"


def variance(seen: int, usual: int) -> str:
    """How much more than usual, in whole percent with its sign. Raises ValueError where nothing is usual: there is no share of that."""
    if usual <= 0:
        raise ValueError("There is no variance against a baseline of nothing.")
    return f"{(seen - usual) / usual:+.0%}"


def lines(suspicion: Suspicion, user: str, *, contained: bool) -> tuple[tuple[str, str], ...]:
    """
    Labels and values: user, records, baseline, variance, action. That somebody was disabled is said only once it was verified
    (`contained`).
    """
    usual = suspicion.usual or 0
    baseline = (
        "Baseline (30-day avg)" if suspicion.detection == _AVERAGE else "Baseline (expected of the day)"
    )
    told = [("Sync User", user), ("Records Processed", f"{suspicion.records:,}"), (baseline, f"{usual:,}")]
    if usual > 0:
        told.append(("Variance", variance(suspicion.records, usual)))
    return (*told, ("Action", DISABLED if contained else WATCHED))


def as_text(suspicion: Suspicion, user: str, *, contained: bool) -> str:
    """The same for channels without blocks."""
    return "\n".join(
        [HEADLINE, *(f"{label}: {value}" for label, value in lines(suspicion, user, contained=contained))]
    )
