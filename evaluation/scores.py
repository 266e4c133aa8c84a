"""Precision, recall and F1 from counts: of each label, of all together, and their mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.float64]

MICRO = "micro"
MACRO = "macro"


@dataclass(frozen=True, slots=True)
class Score:
    """How well one kind of thing was found.

    Parameters
    ----------
    tp, fp, fn
        Found, found wrongly, missed. Halves occur where a match earns partial credit.
    precision, recall, f1
        Between 0 and 1. All three are 1 where there was nothing to find and nothing was found
        (see `is_empty`), and 0 where only one of the sides is empty.
    """

    tp: float
    fp: float
    fn: float
    precision: float
    recall: float
    f1: float

    @classmethod
    def of(cls, tp: float, fp: float, fn: float) -> Score:
        """Work out the rates of three counts."""
        precision, recall, f1 = np.nan_to_num(rates(np.array([tp, fp, fn], dtype=np.float64)), nan=1.0).tolist()
        return cls(float(tp), float(fp), float(fn), precision, recall, f1)

    @property
    def support(self) -> float:
        """How many there were to find."""
        return self.tp + self.fn

    @property
    def is_empty(self) -> bool:
        """Whether there was nothing to find and nothing was found."""
        return not (self.tp or self.fp or self.fn)


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of a gold set.

    Parameters
    ----------
    labels
        The score of each label.
    micro
        All labels counted together.
    macro
        Its rates are the means over the labels that occur in gold or prediction, its counts their sums.
    """

    labels: Mapping[str, Score]
    micro: Score
    macro: Score


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """What was found and missed in each notice: all that scores and their intervals are made of.

    Parameters
    ----------
    labels
        The ``l`` labels.
    counts
        Shape ``(n, 1 + l, 3)``: of each of the ``n`` notices, first of all labels together and then of each
        label, what was found, found wrongly and missed (tp, fp, fn).
    """

    labels: tuple[str, ...]
    counts: Counts

    def scores(self) -> Scores:
        """Sum over the notices."""
        totals = self.counts.sum(axis=0)
        rows = [Score.of(*row) for row in totals.tolist()]
        macro = Score(*totals[1:].sum(axis=0).tolist(), *np.nan_to_num(macro_rates(rates(totals)), nan=1.0).tolist())
        return Scores(dict(zip(self.labels, rows[1:], strict=True)), rows[0], macro)


def rates(counts: Counts) -> Counts:
    """Turn counts into rates.

    Parameters
    ----------
    counts
        Shape ``(..., 3)``: tp, fp, fn.

    Returns
    -------
    numpy.ndarray
        Shape ``(..., 3)``: precision, recall, F1. NaN where all three counts are 0; else 0 where a rate's
        denominator is 0.
    """
    tp, fp, fn = counts[..., 0], counts[..., 1], counts[..., 2]
    result = np.full(counts.shape, np.nan)
    for i, (part, whole) in enumerate(((tp, tp + fp), (tp, tp + fn), (2 * tp, 2 * tp + fp + fn))):
        filled = np.where(tp + fp + fn > 0, 0.0, np.nan)
        result[..., i] = np.divide(part, whole, out=filled, where=whole > 0)
    return result


def macro_rates(label_and_micro_rates: Counts) -> Counts:
    """Take the mean over labels, without those that do not occur.

    Parameters
    ----------
    label_and_micro_rates
        Shape ``(..., 1 + l, 3)`` from `rates`; the first row, of all labels together, is left out.

    Returns
    -------
    numpy.ndarray
        Shape ``(..., 3)``, NaN where no label occurs.
    """
    of_labels = label_and_micro_rates[..., 1:, :]
    occurs = ~np.isnan(of_labels)
    how_many = occurs.sum(axis=-2)
    total = np.where(occurs, of_labels, 0.0).sum(axis=-2)
    means: Counts = np.divide(total, how_many, out=np.full(total.shape, np.nan), where=how_many > 0)
    return means
