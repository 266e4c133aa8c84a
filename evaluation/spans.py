"""Spans scored against gold: strict, by overlap, and by the schemes of SemEval-2013."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, get_args

import numpy as np

from ..corpus.notice import Entity, Notice
from .pairs import Pair, labels_of, overlapping, pair_notices
from .scores import Scores, Tally

Match = Literal["strict", "overlap", "exact", "partial", "type"]
MATCHES: tuple[Match, ...] = get_args(Match)


def score_spans(gold: Sequence[Notice], predicted: Sequence[Notice], *, match: Match = "strict") -> Scores:
    """Score the entities of predicted notices.

    Parameters
    ----------
    gold, predicted
        Notices, paired by their ids in any order.
    match
        When a predicted entity counts as found:

        - ``strict``: same start, end and label;
        - ``overlap``: same label, intersection over union at least one half, each entity matched once;
        - ``exact``: same start and end, whatever the label;
        - ``partial``: as ``exact``, and any other overlap earns half, whatever the label;
        - ``type``: same label and any overlap.

        ``strict`` and the last three are the schemes of SemEval-2013 task 9.1, counted as nervaluate 1.2
        does: it goes through the predictions from the left and uses each gold entity once. The score of
        one label sees the entities of that label alone, so ``exact`` is there the same as ``strict``.

    Raises
    ------
    AnnotationError
        When gold and prediction do not pair up.
    """
    return tally_spans(pair_notices(gold, predicted), match=match).scores()


def tally_spans(pairs: Sequence[Pair], *, match: Match = "strict") -> Tally:
    """Count the entities found and missed in each notice; `score_spans` explains ``match``."""
    if match not in _CREDIT:
        raise ValueError(f"no way to match spans is called {match!r}: it is one of {', '.join(MATCHES)}")
    credit = _CREDIT[match]
    labels = labels_of(pairs)
    counts = np.zeros((len(pairs), 1 + len(labels), 3))
    for notice_counts, (gold, predicted) in zip(counts, pairs, strict=True):
        for row, label in zip(notice_counts, (None, *labels), strict=True):
            to_find = [entity for entity in gold.entities if label in (None, entity.label)]
            found = [entity for entity in predicted.entities if label in (None, entity.label)]
            tp = credit(to_find, found)
            row[:] = tp, len(found) - tp, len(to_find) - tp
    return Tally(labels, counts)


def match_by_overlap(gold: Sequence[Entity], predicted: Sequence[Entity]) -> list[tuple[int, int]]:
    """Pair entities of the same label whose intersection is at least half of their union, each at most once.

    Taking pairs as they come gives as many as can be had: where two disjoint spans both have an
    intersection over union of one half or more with a third, they are its two halves and overlap
    nothing else, so that a choice between them costs no other pair.

    Returns
    -------
    list of (int, int)
        Indices into ``gold`` and ``predicted``, both ascending.
    """
    pairs: list[tuple[int, int]] = []
    for i, j, shared in overlapping(gold, predicted):
        is_free = not pairs or (pairs[-1][0] < i and pairs[-1][1] < j)
        if shared >= 0.5 and gold[i].label == predicted[j].label and is_free:
            pairs.append((i, j))
    return pairs


def _strict(gold: Sequence[Entity], predicted: Sequence[Entity]) -> float:
    return len({(e.start, e.end, e.label) for e in gold} & {(e.start, e.end, e.label) for e in predicted})


def _overlap(gold: Sequence[Entity], predicted: Sequence[Entity]) -> float:
    return len(match_by_overlap(gold, predicted))


def _exact(gold: Sequence[Entity], predicted: Sequence[Entity]) -> float:
    return len({(e.start, e.end) for e in gold} & {(e.start, e.end) for e in predicted})


def _partial(gold: Sequence[Entity], predicted: Sequence[Entity]) -> float:
    credit = 0.0
    last_gold = last_predicted = -1
    for i, j, shared in overlapping(gold, predicted):
        if i > last_gold and j > last_predicted:
            credit += 1.0 if shared == 1.0 else 0.5
            last_gold, last_predicted = i, j
    return credit


def _type(gold: Sequence[Entity], predicted: Sequence[Entity]) -> float:
    candidates: dict[int, list[int]] = {}
    for i, j, _ in overlapping(gold, predicted):
        candidates.setdefault(j, []).append(i)
    credit = 0
    used: set[int] = set()
    for j, overlapped in candidates.items():
        entity = predicted[j]
        free = [i for i in overlapped if i not in used]
        alike = [i for i in free if gold[i].label == entity.label]
        if alike:
            used.add(min(alike, key=lambda i: abs(gold[i].start - entity.start) + abs(gold[i].end - entity.end)))
            credit += 1
        elif free:
            # A prediction of another label uses its gold entity up.
            used.add(free[0])
    return credit


_CREDIT: Mapping[Match, Callable[[Sequence[Entity], Sequence[Entity]], float]] = {
    "strict": _strict,
    "overlap": _overlap,
    "exact": _exact,
    "partial": _partial,
    "type": _type,
}
