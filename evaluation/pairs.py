"""Gold notices side by side with what a model made of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..corpus.errors import AnnotationError
from ..corpus.notice import LABELS, Entity, Notice

Pair = tuple[Notice, Notice]


def pair_notices(gold: Sequence[Notice], predicted: Sequence[Notice]) -> list[Pair]:
    """Find each gold notice's prediction by its id, in the order of gold.

    Raises
    ------
    AnnotationError
        When an id stands twice or on one side only, or a prediction is about another text.
    """
    of_id = _by_id(predicted, "predicted")
    strangers = of_id.keys() - _by_id(gold, "gold").keys()
    if strangers:
        raise AnnotationError("there is a prediction but no gold notice of this id", where=min(strangers))
    pairs = []
    for notice in gold:
        twin = of_id.get(notice.id)
        if twin is None:
            raise AnnotationError("there is no prediction for this gold notice", where=notice.id)
        if twin.text != notice.text:
            raise AnnotationError("the prediction is about another text than the gold notice", where=notice.id)
        pairs.append((notice, twin))
    return pairs


def labels_of(pairs: Sequence[Pair]) -> tuple[str, ...]:
    """Return the guideline's labels and, after them, any others that the notices have."""
    used = {entity.label for pair in pairs for notice in pair for entity in notice.entities}
    return LABELS + tuple(sorted(used.difference(LABELS)))


def overlapping(gold: Sequence[Entity], predicted: Sequence[Entity]) -> Iterator[tuple[int, int, float]]:
    """Yield which entities share characters, as both indices and their intersection over union.

    Both sequences are sorted and free of overlap in themselves, as a `Notice` has them.
    """
    i = j = 0
    while i < len(gold) and j < len(predicted):
        a, b = gold[i], predicted[j]
        shared = min(a.end, b.end) - max(a.start, b.start)
        if shared > 0:
            yield i, j, shared / (max(a.end, b.end) - min(a.start, b.start))
        if a.end <= b.end:
            i += 1
        if b.end <= a.end:
            j += 1


def _by_id(notices: Sequence[Notice], side: str) -> dict[str, Notice]:
    of_id: dict[str, Notice] = {}
    for notice in notices:
        if notice.id in of_id:
            raise AnnotationError(f"the id stands twice among the {side} notices", where=notice.id)
        of_id[notice.id] = notice
    return of_id
