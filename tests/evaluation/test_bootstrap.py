"""Intervals over notices and the difference between two models."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tongbao.evaluation.bootstrap import (
    RATES,
    Interval,
    draw_weights,
    paired_difference,
    percentile_interval,
    ratio_interval,
    score_intervals,
)
from tongbao.evaluation.scores import Counts, Tally


def tally(*of_notices: tuple[int, int, int]) -> Tally:
    """One label; tp, fp and fn of each notice."""
    counts = np.array(of_notices, dtype=np.float64).reshape(-1, 1, 3)
    return Tally(("OFFICIAL",), np.repeat(counts, 2, axis=1))


def any_tally(counts: Counts) -> Tally:
    """Fill the row of all labels together."""
    return Tally(("OFFICIAL", "POSITION"), np.concatenate([counts.sum(axis=1, keepdims=True), counts], axis=1))


tallies = st.integers(1, 12).flatmap(
    lambda n: arrays(np.float64, (n, 2, 3), elements=st.integers(0, 6).map(float)).map(any_tally)
)

MIXED = tally((5, 1, 0), (3, 0, 2), (0, 2, 0), (8, 1, 1), (4, 4, 4), (1, 0, 0), (0, 0, 3), (6, 1, 0))


def test_a_draw_has_as_many_notices_as_the_set() -> None:
    weights = draw_weights(7, n_boot=50, seed=1)
    assert weights.shape == (50, 7)
    assert (weights.sum(axis=1) == 7).all()


def test_same_seed_same_intervals() -> None:
    assert score_intervals(MIXED, seed=3) == score_intervals(MIXED, seed=3)
    assert score_intervals(MIXED, seed=3) != score_intervals(MIXED, seed=4)


def test_draws_are_what_resampling_the_notices_one_by_one_gives() -> None:
    weights = draw_weights(len(MIXED.counts), n_boot=200, seed=0)
    f1 = []
    for drawn in weights.astype(int):
        resampled = Tally(MIXED.labels, np.repeat(MIXED.counts, drawn, axis=0))
        f1.append(resampled.scores().micro.f1)
    expected = Interval(*np.quantile(f1, [0.025, 0.975]).tolist())
    found = score_intervals(MIXED, n_boot=200, seed=0).micro.f1
    assert found is not None
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))


@given(tallies)
@settings(deadline=None)
def test_intervals_contain_the_figure(of_model: Tally) -> None:
    scores, intervals = of_model.scores(), score_intervals(of_model)
    for score, of_score in (
        (scores.micro, intervals.micro),
        *((scores.labels[label], intervals.labels[label]) for label in of_model.labels),
    ):
        for rate in RATES:
            interval = getattr(of_score, rate)
            if score.is_empty:
                assert interval is None
            else:
                assert interval.low - 1e-9 <= getattr(score, rate) <= interval.high + 1e-9


def test_perfect_is_sure_and_nothing_is_unknown() -> None:
    perfect = score_intervals(tally((3, 0, 0), (1, 0, 0)))
    assert perfect.micro.f1 == perfect.macro.recall == Interval(1.0, 1.0)
    nothing = score_intervals(tally((0, 0, 0), (0, 0, 0)))
    assert nothing.micro.f1 is nothing.macro.f1 is nothing.labels["OFFICIAL"].recall is None
    assert score_intervals(Tally(("OFFICIAL",), np.zeros((0, 2, 3)))).micro.f1 is None
    assert score_intervals(MIXED, n_boot=0).micro.f1 is None


def test_a_wider_set_is_surer() -> None:
    few = score_intervals(MIXED).micro.f1
    many = score_intervals(Tally(MIXED.labels, np.tile(MIXED.counts, (16, 1, 1)))).micro.f1
    assert few is not None
    assert many is not None
    assert many.high - many.low < (few.high - few.low) / 2


def test_draws_without_the_label_do_not_count() -> None:
    # One notice in thirty has the label: a third of the draws do not have it.
    rare = tally((1, 0, 0), *[(0, 0, 0)] * 29)
    assert score_intervals(rare).labels["OFFICIAL"].f1 == Interval(1.0, 1.0)


def test_percentiles() -> None:
    middle = percentile_interval(np.arange(1001, dtype=np.float64))
    assert middle is not None
    assert (middle.low, middle.high) == pytest.approx((25.0, 975.0))
    assert percentile_interval(np.array([np.nan, 2.0])) == Interval(2.0, 2.0)
    assert percentile_interval(np.array([np.nan])) is None


def test_ratio() -> None:
    found = ratio_interval(np.array([1.0, 2.0, 0.0]), np.array([1.0, 2.0, 4.0]))
    assert found == Interval(0.0, 1.0)
    assert ratio_interval(np.zeros(3), np.zeros(3)) is None


def test_a_model_does_not_differ_from_itself() -> None:
    same = paired_difference(MIXED, MIXED)
    assert (same.value, same.interval, same.p) == (0.0, Interval(0.0, 0.0), 1.0)


def test_a_clear_difference() -> None:
    good, bad = tally(*[(9, 1, 1)] * 30), tally(*[(3, 4, 7)] * 30)
    found = paired_difference(good, bad)
    assert found.value == pytest.approx(good.scores().micro.f1 - bad.scores().micro.f1)
    assert found.interval is not None
    assert found.interval.low > 0
    assert found.p == pytest.approx(1 / 1001)


def test_a_difference_of_one_notice_is_no_proof() -> None:
    a = tally((9, 0, 0), *[(5, 1, 1)] * 20)
    b = tally((8, 1, 1), *[(5, 1, 1)] * 20)
    assert paired_difference(a, b).p == 1.0


@pytest.mark.parametrize("of", ["micro", "macro", "OFFICIAL", "POSITION"])
@pytest.mark.parametrize("rate", RATES)
@given(st.data())
@settings(deadline=None, max_examples=15)
def test_differences_change_sign_with_the_sides(of: str, rate: str, data: st.DataObject) -> None:
    a = data.draw(tallies)
    b = Tally(a.labels, data.draw(arrays(np.float64, a.counts.shape, elements=st.integers(0, 6).map(float))))
    there, back = paired_difference(a, b, of=of, rate=rate), paired_difference(b, a, of=of, rate=rate)  # type: ignore[arg-type]
    assert there.value == pytest.approx(-back.value)
    assert there.p == back.p
    assert 0 < there.p <= 1


@pytest.mark.parametrize(
    ("other", "of"),
    [(tally((1, 0, 0)), "micro"), (MIXED, "GPE"), (Tally(("POSITION",), MIXED.counts), "micro")],
)
def test_what_cannot_be_compared(other: Tally, of: str) -> None:
    with pytest.raises(ValueError, match=r"compared|no score is called"):
        paired_difference(MIXED, other, of=of)
