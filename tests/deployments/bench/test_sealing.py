"""The benchmark of sealing measures what works, and says what it is measured against."""

from deployments.bench.sealing import SealingFigures, as_text, measure_sealing


def test_both_are_measured_in_one_run() -> None:
    figures = measure_sealing(batch=50, rounds=3)
    assert figures.bare > figures.sealed > 0 and figures.opened > 0
    assert 0 < figures.ratio < 1
    assert "the bare cipher" in as_text(figures)


def test_less_than_half_is_not_good() -> None:
    figures = SealingFigures(values=1, bare=100.0, sealed=49.0, opened=1.0, ratio=0.49)
    assert not figures.good and "NOT GOOD, 50% is asked for" in as_text(figures)
    assert SealingFigures(values=1, bare=100.0, sealed=50.0, opened=1.0, ratio=0.5).good
