"""Whether the scores of spans are probabilities: reliability, Brier score, and what a threshold would keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss

from .pairs import Pair
from .scores import Score

N_BINS = 10
THRESHOLDS = (0.0, *(step / 20 for step in range(1, 20)), 0.98, 0.99)


@dataclass(frozen=True, slots=True)
class Bin:
    """The spans whose score lies in one tenth of the way from 0 to 1.

    Parameters
    ----------
    spans
        How many they are.
    mean_score
        What the model says on average.
    share_right
        Which share of them is strictly right.
    """

    spans: int
    mean_score: float
    share_right: float


@dataclass(frozen=True, slots=True)
class Threshold:
    """What is left, strictly scored, when only spans with at least this score are kept."""

    least: float
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far the scores of spans can be believed.

    Parameters
    ----------
    spans
        Predicted spans that have a score.
    brier
        Mean squared distance between score and truth (1 right, 0 wrong): 0 is best.
    gap
        Mean distance between score and share of right spans over the bins, each weighted by its spans
        (expected calibration error).
    bins
        Those that hold a span, ascending.
    thresholds
        One for each of `THRESHOLDS`.
    brier_of_labels
        The Brier score of the spans of each predicted label.
    """

    spans: int
    brier: float
    gap: float
    bins: tuple[Bin, ...]
    thresholds: tuple[Threshold, ...]
    brier_of_labels: Mapping[str, float]

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)


def calibrate(pairs: Sequence[Pair], scores: Mapping[str, Sequence[float | None]]) -> Calibration | None:
    """Hold the scores of predicted spans against what is right.

    Parameters
    ----------
    pairs
        Gold notices and what a model made of them.
    scores
        The scores of a notice's predicted entities from 0 to 1, in their order, by the notice's id.

    Returns
    -------
    None where no span has a score.
    """
    said, right, labels = [], [], []
    for gold, predicted in pairs:
        wanted = {(entity.start, entity.end, entity.label) for entity in gold.entities}
        for entity, score in zip(predicted.entities, scores[predicted.id], strict=True):
            if score is not None:
                # The sum of many paths can pass 1 by a rounding error.
                said.append(min(1.0, max(0.0, score)))
                right.append((entity.start, entity.end, entity.label) in wanted)
                labels.append(entity.label)
    if not said:
        return None
    of_spans, are_right, named = np.array(said), np.array(right), np.array(labels)
    bins = _bins(are_right, of_spans)
    return Calibration(
        spans=len(said),
        brier=_brier(are_right, of_spans),
        gap=sum(each.spans * abs(each.mean_score - each.share_right) for each in bins) / len(said),
        bins=bins,
        thresholds=_thresholds(are_right, of_spans, to_find=sum(len(gold.entities) for gold, _ in pairs)),
        brier_of_labels={
            label: _brier(are_right[named == label], of_spans[named == label]) for label in sorted(set(labels))
        },
    )


def _bins(right: NDArray[np.bool_], said: NDArray[np.float64]) -> tuple[Bin, ...]:
    shares, means = calibration_curve(right, said, n_bins=N_BINS, strategy="uniform")
    # The inner edges and the side they belong to are scikit-learn's, which does not tell the counts.
    places = np.searchsorted(np.linspace(0.0, 1.0, N_BINS + 1)[1:-1], said)
    counts = np.bincount(places, minlength=N_BINS)
    rows = zip(counts[counts > 0].tolist(), means.tolist(), shares.tolist(), strict=True)
    return tuple(Bin(*row) for row in rows)


def _thresholds(right: NDArray[np.bool_], said: NDArray[np.float64], *, to_find: int) -> tuple[Threshold, ...]:
    found = []
    for least in THRESHOLDS:
        kept = said >= least
        tp = int(right[kept].sum())
        score = Score.of(tp, int(kept.sum()) - tp, to_find - tp)
        found.append(Threshold(least, score.precision, score.recall, score.f1))
    return tuple(found)


def _brier(right: NDArray[np.bool_], said: NDArray[np.float64]) -> float:
    return float(brier_score_loss(right, said, pos_label=True))
