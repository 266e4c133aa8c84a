"""How sure a figure is: percentile intervals over notices, and the difference between two models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from .scores import MACRO, MICRO, Counts, Tally, macro_rates, rates

Rate = Literal["precision", "recall", "f1"]
RATES: tuple[Rate, ...] = get_args(Rate)
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """Where a figure lies in 95 % of the draws."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class RateIntervals:
    """The intervals of a `Score`; each is None where no draw has anything to find or found."""

    precision: Interval | None
    recall: Interval | None
    f1: Interval | None


@dataclass(frozen=True, slots=True)
class Intervals:
    """The intervals of a tree of `Scores`."""

    labels: Mapping[str, RateIntervals]
    micro: RateIntervals
    macro: RateIntervals


@dataclass(frozen=True, slots=True)
class Difference:
    """How much better model a is than model b on the same notices.

    Parameters
    ----------
    value
        The figure of a minus the figure of b.
    interval
        Of the difference, by the paired bootstrap: the same notices are drawn for both. None where no draw
        has anything to find or found.
    p
        Two-sided, by approximate randomisation: the share of draws, with each notice's results swapped
        between the models at random, whose difference is at least as large; what was observed counts as one.
    """

    value: float
    interval: Interval | None
    p: float


def draw_weights(n: int, *, n_boot: int, seed: int) -> Counts:
    """Draw ``n`` notices out of ``n`` with replacement, ``n_boot`` times.

    Returns
    -------
    numpy.ndarray
        Shape ``(n_boot, n)``: how often each notice was drawn.
    """
    if n == 0:
        return np.zeros((n_boot, 0))
    return np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=n_boot).astype(np.float64)


def percentile_interval(draws: Counts) -> Interval | None:
    """Return the middle 95 % of the draws, shape ``(n_boot,)``; NaN draws do not count, None if all are."""
    known = draws[~np.isnan(draws)]
    if not known.size:
        return None
    low, high = np.quantile(known, ((1 - LEVEL) / 2, (1 + LEVEL) / 2)).tolist()
    return Interval(low, high)


def score_intervals(tally: Tally, *, n_boot: int = 1000, seed: int = 0) -> Intervals:
    """Say how far each score would vary with other notices of the same kind.

    Whole notices are drawn, with replacement and as many as there are, for the entities of one notice
    resemble each other. A draw in which a label occurs neither in gold nor in prediction does not count
    for that label.

    Parameters
    ----------
    tally
        The counts of each notice.
    n_boot
        Number of draws.
    seed
        Of numpy's generator: the same seed gives the same intervals.
    """
    draws = _draw_rates(tally, draw_weights(len(tally.counts), n_boot=n_boot, seed=seed))
    rows = [
        RateIntervals(*(percentile_interval(draws[:, row, rate]) for rate in range(len(RATES))))
        for row in range(draws.shape[1])
    ]
    return Intervals(dict(zip(tally.labels, rows[1:-1], strict=True)), rows[0], rows[-1])


def ratio_interval(parts: Counts, wholes: Counts, *, n_boot: int = 1000, seed: int = 0) -> Interval | None:
    """Do the same for the sum of ``parts`` over the sum of ``wholes``, shape ``(n,)`` each."""
    weights = draw_weights(len(parts), n_boot=n_boot, seed=seed)
    total = weights @ wholes
    return percentile_interval(np.divide(weights @ parts, total, out=np.full(total.shape, np.nan), where=total > 0))


def paired_difference(
    a: Tally, b: Tally, *, of: str = MICRO, rate: Rate = "f1", n_boot: int = 1000, seed: int = 0
) -> Difference:
    """Compare two models on the same notices.

    Parameters
    ----------
    a, b
        The counts of both models, notice by notice in the same order.
    of
        A label, ``micro`` or ``macro``.
    rate
        ``precision``, ``recall`` or ``f1``.
    n_boot, seed
        Number of draws, for the interval as for ``p``, and the generator's seed.

    Raises
    ------
    ValueError
        When the tallies are of different notices or labels, or there is no such label.
    """
    if a.labels != b.labels or len(a.counts) != len(b.counts):
        raise ValueError("only two tallies of the same labels over the same notices can be compared")
    names = (MICRO, *a.labels, MACRO)
    if of not in names:
        raise ValueError(f"no score is called {of!r}: it is one of {', '.join(names)}")
    place = (slice(None), names.index(of), RATES.index(rate))
    weights = draw_weights(len(a.counts), n_boot=n_boot, seed=seed)
    drawn = _difference(_draw_rates(a, weights), _draw_rates(b, weights))[place]
    whole = np.ones((1, len(a.counts)))
    value = float(np.nan_to_num(_difference(_draw_rates(a, whole), _draw_rates(b, whole))[place])[0])
    # Swapping notice i between the models is adding (b - a) to a and (a - b) to b.
    swaps = np.random.default_rng(seed + 1).integers(0, 2, size=(n_boot, len(a.counts))).astype(np.float64)
    shift = np.tensordot(swaps, b.counts - a.counts, axes=1)
    swapped = _difference(_all_rates(a.counts.sum(axis=0) + shift), _all_rates(b.counts.sum(axis=0) - shift))
    # The tiny allowance keeps a swap of everything from counting as smaller by a rounding error.
    as_large = np.abs(np.nan_to_num(swapped[place])) >= abs(value) - 1e-12
    return Difference(value, percentile_interval(drawn), float((as_large.sum() + 1) / (n_boot + 1)))


def _difference(of_a: Counts, of_b: Counts) -> Counts:
    """Subtract rates: NaN where neither model has anything; one that has nothing to do does it perfectly."""
    neither = np.isnan(of_a) & np.isnan(of_b)
    return np.where(neither, np.nan, np.nan_to_num(of_a, nan=1.0) - np.nan_to_num(of_b, nan=1.0))


def _draw_rates(tally: Tally, weights: Counts) -> Counts:
    return _all_rates(np.asarray(np.tensordot(weights, tally.counts, axes=1), dtype=np.float64))


def _all_rates(counts: Counts) -> Counts:
    """Turn counts of shape ``(draws, 1 + l, 3)`` into rates, with the macro average as one more row."""
    of_rows = rates(counts)
    return np.concatenate([of_rows, macro_rates(of_rows)[:, np.newaxis]], axis=1)
