"""The least number of calls, worked out by hand."""

import pytest

from deployments.bench.minimum import minimum_calls


@pytest.mark.parametrize(
    ("rows", "calls"),
    [
        ({}, 2),
        ({"query:User": 0}, 3),
        ({"query:User": 2000}, 3),
        ({"query:User": 8001}, 2 + 1),
        ({"query:User": 10_001}, 2 + 2),
        ({"query:OauthToken": 2500}, 2 + 1),
        ({"query:OauthToken": 2501}, 2 + 2),
        ({"describe": 25}, 3),
        ({"describe": 26}, 4),
        ({"list": 6, "metadata:ConnectedApp": 11, "file": 2, "call": 1}, 2 + 2 + 2 + 2 + 1),
    ],
)
def test_pages_travel_five_to_a_call(rows: dict[str, int], calls: int) -> None:
    assert minimum_calls(rows) == calls
