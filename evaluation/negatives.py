"""False alarms in texts without a case: what a model marks where gold tells no wrong and no measure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ..corpus.notice import LABELS, Notice
from .bootstrap import Interval, ratio_interval
from .pairs import Pair, labels_of

BLAME = frozenset({"SANCTION", "VIOLATION"})
"""The labels that a text without a case has no span of."""


@dataclass(frozen=True, slots=True)
class Negatives:
    """What was found in the true negatives, the notices whose gold has neither SANCTION nor VIOLATION.

    Parameters
    ----------
    notices
        How many they are.
    clean
        Those of them in which neither SANCTION nor VIOLATION was found.
    faultless
        Those of them in which nothing was found that gold has not, of any label.
    spurious
        Label → spans found in them that gold has not.
    interval
        Of the share of clean ones; None without true negatives or draws.
    """

    notices: int
    clean: int
    faultless: int
    spurious: Mapping[str, int]
    interval: Interval | None = None

    @property
    def share(self) -> float | None:
        """Share of true negatives in which neither SANCTION nor VIOLATION was found; None without any."""
        return self.clean / self.notices if self.notices else None

    def as_json(self) -> dict[str, Any]:
        """Return counts and share as JSON values."""
        interval = None if self.interval is None else [self.interval.low, self.interval.high]
        return {**asdict(self), "share": self.share, "interval": interval}


def is_ours(gold: Iterable[Notice]) -> bool:
    """Say whether all that gold marks are labels of the guideline."""
    return all(entity.label in LABELS for notice in gold for entity in notice.entities)


def count_negatives(pairs: Sequence[Pair], *, n_boot: int = 1000, seed: int = 0) -> Negatives:
    """Count false alarms in the true negatives among pairs of gold and prediction.

    A span counts as spurious unless gold has the same start, end and label.
    """
    negatives = [pair for pair in pairs if not any(entity.label in BLAME for entity in pair[0].entities)]
    spurious: Counter[str] = Counter()
    clean = []
    faultless = 0
    for gold, predicted in negatives:
        right = {(entity.start, entity.end, entity.label) for entity in gold.entities}
        wrong = [e.label for e in predicted.entities if (e.start, e.end, e.label) not in right]
        spurious.update(wrong)
        clean.append(float(BLAME.isdisjoint(wrong)))
        faultless += not wrong
    return Negatives(
        notices=len(negatives),
        clean=int(sum(clean)),
        faultless=faultless,
        spurious={label: spurious[label] for label in labels_of(pairs)},
        interval=ratio_interval(np.array(clean), np.ones(len(clean)), n_boot=n_boot, seed=seed),
    )
