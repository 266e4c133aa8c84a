"""Which notices an annotator should see first: those the model is least sure of, or those that differ most."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import Literal

from ..corpus.errors import ModelError
from ..pipeline.tagged import TaggedNotice

SEED = 0
_NGRAMS = (1, 3)
Order = Literal["uncertain", "random", "diverse"]
"""What goes first."""


def uncertainty(tagged: TaggedNotice) -> float:
    """Return the mean improbability of the spans, 0 to 1: one minus their probability; 0 where there is none.

    Raises
    ------
    ModelError
        When the model gives its spans no probability.
    """
    scores = [entity.score for entity in tagged.entities]
    known = [1 - score for score in scores if score is not None]
    if len(known) < len(scores):
        what = "gives its spans no probability, by which to order: take --order random or diverse"
        raise ModelError(what, where=tagged.model)
    return math.fsum(known) / len(known) if known else 0.0


def in_order(notices: Sequence[TaggedNotice], order: Order) -> list[TaggedNotice]:
    """Put notices in order; the same notices always come out the same way."""
    if order == "uncertain":
        return sorted(notices, key=lambda tagged: -uncertainty(tagged))
    if order == "random":
        return random.Random(SEED).sample(notices, len(notices))  # noqa: S311
    return [notices[index] for index in _spread([tagged.notice.text for tagged in notices])]


def _spread(texts: Sequence[str]) -> list[int]:
    """Take from each cluster of texts in turn, the one nearest to its centre first."""
    from sklearn.cluster import KMeans
    from sklearn.feature_extraction.text import TfidfVectorizer

    if len(texts) < 3:
        return list(range(len(texts)))
    table = TfidfVectorizer(analyzer="char", ngram_range=_NGRAMS, sublinear_tf=True).fit_transform(texts)
    means = KMeans(math.isqrt(len(texts)) + 1, n_init=4, random_state=SEED).fit(table)
    distances = means.transform(table)
    clusters: dict[int, list[int]] = {}
    for index in sorted(range(len(texts)), key=lambda index: distances[index, means.labels_[index]]):
        clusters.setdefault(int(means.labels_[index]), []).append(index)
    rank = {index: place for members in clusters.values() for place, index in enumerate(members)}
    # The largest cluster speaks for most notices.
    size = {index: len(members) for members in clusters.values() for index in members}
    return sorted(rank, key=lambda index: (rank[index], -size[index], index))
