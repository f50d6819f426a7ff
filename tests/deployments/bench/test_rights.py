"""The benchmark of effective rights counts what it says, and counts the same every time."""

from deployments.bench.rights import as_text, measure_rights


def test_the_org_has_as_many_grants_as_were_asked_for() -> None:
    figures = measure_rights(20_000, seed=3)
    assert abs(figures.grants - 20_000) < 200
    assert 1 < figures.distinct < figures.users
    assert 0 < max(figures.may_delete.values()) <= figures.users
    assert figures.may_delete == measure_rights(20_000, seed=3).may_delete
    assert "MiB" in as_text(figures)
