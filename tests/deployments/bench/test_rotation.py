"""What the rotation bench calls good."""

from dataclasses import replace

from deployments.bench.rotation import CERTIFICATE, Figures

GOOD = Figures(
    days=730,
    routes=3,
    credentials={"one": "key-pair", "two": "password", CERTIFICATE: "client-certificate"},
    not_rotated={"third": "a person has to sign in"},
    rotations=5,
    late=1,
)


def test_every_route_counts_once_and_the_certificate_on_top_does_not() -> None:
    assert GOOD.good
    assert not replace(GOOD, not_rotated={}).good
    assert not replace(GOOD, credentials={"one": "key-pair", CERTIFICATE: "client-certificate"}).good


def test_nothing_fails_stops_or_outlives_unseen() -> None:
    for bad in ({"failed": 1}, {"unexplained": 1}, {"stopped": ["day 90"]}, {"rotations": 0}, {"late": 0}):
        assert not replace(GOOD, **bad).good
