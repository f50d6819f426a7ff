"""The article's alert, with its own numbers, through the plain rule that it describes."""

import pytest

from tasks.anomalies.detect import detect
from tasks.anomalies.detections.volume_over_average import DETECTION
from tasks.anomalies.examples import CONTEXT, MACHINE, daily, event, frames
from tasks.anomalies.model import Suspicion, Tuning
from tasks.anomalies.wording import as_text, lines, variance

USER = "hq_emea_account_sync@company.com"


@pytest.fixture
def suspicion() -> Suspicion:
    events = [*daily(MACHINE, 30, ROWS_PROCESSED=42_180), event(MACHINE, ROWS_PROCESSED=89_420)]
    judged = detect(frames({"RestApi": events}), CONTEXT, Tuning(on=("volume-over-average",)), (DETECTION,))
    (found,) = judged.suspicions
    return found


def test_the_articles_alert(suspicion: Suspicion) -> None:
    assert lines(suspicion, USER, contained=True) == (
        ("Sync User", USER),
        ("Records Processed", "89,420"),
        ("Baseline (30-day avg)", "42,180"),
        ("Variance", "+112%"),
        ("Action", "User auto-disabled pending review"),
    )
    assert (
        as_text(suspicion, USER, contained=True).splitlines()[0]
        == "🚨 Security Alert: Anomalous Sync Detected"
    )


def test_nobody_is_said_to_be_disabled_before_that_is_verified(suspicion: Suspicion) -> None:
    assert "disabled" not in as_text(suspicion, USER, contained=False)


def test_there_is_no_share_of_nothing() -> None:
    with pytest.raises(ValueError, match="baseline of nothing"):
        variance(5, 0)
