"""The facts of an alert about more records than usual, and the buttons that belong to it."""

from tasks.alerts.model import Alert, Containment, Fact, Link, Severity

RE_ENABLE, RUN = "Re-enable User", "View Run"


def volume_alert(
    key: str,
    org: str,
    *,
    user: str,
    records: int,
    baseline: float,
    days: int = 30,
    severity: Severity = Severity.CRITICAL,
    containment: Containment = Containment.NONE,
    re_enable: str = "",
    run: str = "",
) -> Alert:
    """
    `records` were processed where `baseline` records are usual over `days` days. `re_enable` and `run` are addresses; the
    first is shown only once containment is verified.
    """
    facts = (
        Fact(key="user", label="Sync User", text=user),
        Fact(key="records", label="Records Processed", text=f"{records:,}"),
        Fact(key="baseline", label=f"Baseline ({days}-day avg)", text=f"{round(baseline):,}"),
        Fact(key="variance", label="Variance", text=variance(records, baseline)),
    )
    links = [Link(label=RE_ENABLE, url=re_enable, once_contained=True)] if re_enable else []
    links += [Link(label=RUN, url=run)] if run else []
    return Alert(
        key=key,
        org=org,
        severity=severity,
        title="Anomalous Sync Detected",
        facts=facts,
        containment=containment,
        links=tuple(links),
    )


def variance(seen: float, baseline: float) -> str:
    """Of what was seen against the baseline, in whole per cent with its sign; against nothing there is none."""
    return f"{(seen - baseline) / baseline:+.0%}" if baseline > 0 else "no baseline"
