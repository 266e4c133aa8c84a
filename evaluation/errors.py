"""What a model got wrong: every error with its place and context, their counts, confused labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from scipy.optimize import linear_sum_assignment

from ..corpus.notice import Entity, Notice
from .pairs import labels_of, overlapping, pair_notices

Kind = Literal["missed", "spurious", "wrong boundary", "wrong label"]
KINDS: tuple[Kind, ...] = get_args(Kind)
NOTHING = "–"
CONTEXT = 20


@dataclass(frozen=True, slots=True)
class Error:
    """One entity that was missed, made up or found with another extent or label.

    Parameters
    ----------
    kind
        ``missed``: nothing predicted stands for it; ``spurious``: it stands for nothing in gold; ``wrong
        boundary``: the label is right, the extent is not; ``wrong label``: the label is wrong, perhaps the
        extent too.
    label
        Gold's label; the predicted one where the entity is spurious.
    gold, predicted
        The marked texts, None on the side that has none.
    predicted_label
        None where the entity is missed.
    score
        The model's score of the predicted entity, None where it gives none.
    before, after
        Up to 20 characters on each side of the gold text (the predicted one of a spurious entity).
    notice_id
        The notice.
    line, column
        Where that text begins in the notice's text, both from 1.
    start, end
        From the first to the last character that either side marks, in code points of the text from 0, end excluded.
    """

    kind: Kind
    label: str
    gold: str | None
    predicted: str | None
    predicted_label: str | None
    score: float | None
    before: str
    after: str
    notice_id: str
    line: int
    column: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Confusion:
    """Which label was taken for which.

    Parameters
    ----------
    labels
        The ``l`` names of rows and columns; the last one is "nothing".
    counts
        ``l`` rows, what gold has, of ``l`` columns, what was predicted. An entity found with another extent
        stands under its label.
    """

    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


def find_errors(
    gold: Sequence[Notice],
    predicted: Sequence[Notice],
    *,
    scores: Mapping[str, Sequence[float | None]] | None = None,
) -> tuple[Error, ...]:
    """List all errors, in the order of the gold notices and of the text.

    Parameters
    ----------
    gold, predicted
        Notices, paired by their ids.
    scores
        The scores of a notice's predicted entities, in their order, by the notice's id.
    """
    errors: list[Error] = []
    for pair in pair_notices(gold, predicted):
        of_entity = (scores or {}).get(pair[1].id) or (None,) * len(pair[1].entities)
        score_of = dict(zip(pair[1].entities, of_entity, strict=True))
        errors += (
            _error(pair[0], wanted, found, score_of.get(found) if found else None)
            for wanted, found in align(*pair)
            if not _is_same(wanted, found)
        )
    return tuple(errors)


def count_errors(errors: Iterable[Error]) -> dict[str, dict[Kind, int]]:
    """Count the errors of each kind by label; labels without an error are left out."""
    counts = Counter((error.label, error.kind) for error in errors)
    labels = sorted({label for label, _ in counts})
    return {label: {kind: counts[label, kind] for kind in KINDS} for label in labels}


def group_errors(errors: Iterable[Error]) -> list[tuple[Error, int]]:
    """Put errors of the same texts and labels together: the first of each and how many, most first."""
    first: dict[tuple[str | None, ...], Error] = {}
    counts: Counter[tuple[str | None, ...]] = Counter()
    for error in errors:
        key = (error.kind, error.label, error.predicted_label, error.gold, error.predicted)
        first.setdefault(key, error)
        counts[key] += 1
    return [(first[key], count) for key, count in counts.most_common()]


def confusion(gold: Sequence[Notice], predicted: Sequence[Notice]) -> Confusion:
    """Count which label of gold stands against which predicted one, or against nothing."""
    # Takes a second to import, and only some evaluations want it.
    from sklearn.metrics import confusion_matrix

    pairs = pair_notices(gold, predicted)
    labels = (*labels_of(pairs), NOTHING)
    aligned = [
        (wanted.label if wanted else NOTHING, found.label if found else NOTHING)
        for pair in pairs
        for wanted, found in align(*pair)
    ]
    if not aligned:
        # Which scikit-learn refuses.
        return Confusion(labels, ((0,) * len(labels),) * len(labels))
    matrix = confusion_matrix(*zip(*aligned, strict=True), labels=labels)
    return Confusion(labels, tuple(tuple(int(count) for count in row) for row in matrix))


def align(gold: Notice, predicted: Notice) -> Iterator[tuple[Entity | None, Entity | None]]:
    """Pair each entity with its counterpart on the other side, or with None, in the order of the text.

    Only entities that overlap are paired, each once: as many of the same label as can be had, and then those
    with the largest sum of intersection over union.
    """
    overlaps = list(overlapping(gold.entities, predicted.entities))
    weights = np.zeros((len(gold.entities), len(predicted.entities)))
    for i, j, shared in overlaps:
        is_alike = gold.entities[i].label == predicted.entities[j].label
        # The sum of all intersections over union cannot outweigh one pair of the same label.
        weights[i, j] = shared + is_alike * (1 + min(weights.shape))
    rows, columns = linear_sum_assignment(weights, maximize=True)
    of_gold = {int(i): int(j) for i, j in zip(rows, columns, strict=True) if weights[i, j] > 0}
    aligned: list[tuple[Entity | None, Entity | None]] = [
        (entity, predicted.entities[of_gold[i]] if i in of_gold else None) for i, entity in enumerate(gold.entities)
    ]
    taken = set(of_gold.values())
    aligned += ((None, entity) for j, entity in enumerate(predicted.entities) if j not in taken)
    yield from sorted(aligned, key=lambda pair: _shown(*pair))


def _is_same(wanted: Entity | None, found: Entity | None) -> bool:
    if wanted is None or found is None:
        return False
    return (wanted.start, wanted.end, wanted.label) == (found.start, found.end, found.label)


def _error(notice: Notice, wanted: Entity | None, found: Entity | None, score: float | None) -> Error:
    shown = _shown(wanted, found)
    line_start = notice.text.rfind("\n", 0, shown.start) + 1
    return Error(
        kind=_kind(wanted, found),
        label=shown.label,
        gold=notice.span_text(wanted) if wanted else None,
        predicted=notice.span_text(found) if found else None,
        predicted_label=found.label if found else None,
        score=score,
        before=notice.text[max(0, shown.start - CONTEXT) : shown.start],
        after=notice.text[shown.end : shown.end + CONTEXT],
        notice_id=notice.id,
        line=notice.text.count("\n", 0, shown.start) + 1,
        column=shown.start - line_start + 1,
        start=min(entity.start for entity in (wanted, found) if entity),
        end=max(entity.end for entity in (wanted, found) if entity),
    )


def _kind(wanted: Entity | None, found: Entity | None) -> Kind:
    if found is None:
        return "missed"
    if wanted is None:
        return "spurious"
    return "wrong boundary" if wanted.label == found.label else "wrong label"


def _shown(wanted: Entity | None, found: Entity | None) -> Entity:
    shown = wanted or found
    if shown is None:
        raise ValueError("an aligned pair has an entity on at least one side")
    return shown
