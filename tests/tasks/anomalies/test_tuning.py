"""detections.yaml: read whole, or refused with the place of the mistake."""

import pytest

from tasks.anomalies.tuning import document_of
from tasks.errors import ConfigurationError

WHOLE = """
allowances:
  - detection: unusual-volume
    org: hq
    actor: 005000000000M01
    reason: the archive is filled this weekend
    owner: integration team
    expires: 2026-12-01T00:00:00Z
without: [log-gap]
countries: {hq: [US, GB]}
hours: {hq: {opens: 6, closes: 22}}
indicators:
  - {kind: address, value: 192.0.2.66, source: GTIG, expires: 2027-01-01T00:00:00Z}
"""


def test_a_whole_file_is_read() -> None:
    found = document_of(WHOLE)
    assert found.tuning.allowances[0].owner == "integration team" and found.tuning.off == ("log-gap",)
    assert found.countries == {"hq": frozenset({"US", "GB"})} and found.hours["hq"].closes == 22
    assert found.indicators[0].value == "192.0.2.66"


def test_an_empty_file_allows_nothing() -> None:
    assert document_of("").tuning.allowances == ()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("allowances: [", "no YAML"),
        ("allowances: [{detection: log-gap}]", "reason"),
        (WHOLE.replace("reason: the archive is filled this weekend", "reason: x"), "at least 5"),
        (WHOLE.replace("expires: 2026-12-01T00:00:00Z", "expires: 2026-12-01T00:00:00"), "zone"),
        (WHOLE.replace("unusual-volume", "unusual-volumes"), "unusual-volumes"),
        ("withot: [log-gap]", "withot"),
        ("hours: {hq: {opens: 9, closes: 8}}", "opens"),
    ],
)
def test_half_a_file_is_refused_and_says_where(text: str, why: str) -> None:
    with pytest.raises(ConfigurationError, match=why):
        document_of(text)
