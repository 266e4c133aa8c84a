"""Fits how sure the links of cases are to the case numbers of the corpus, and measures it against the rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, f1_score
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from ..corpus.notice import Notice
from ..pipeline.attach import attach
from ..pipeline.cases import with_posts
from ..pipeline.dealing import Subjects
from ..pipeline.links import KINDS, Pairs, Weights
from ..pipeline.scene import Scene
from ..pipeline.subjects import Cast, cast

_LINKED = 0
"""Column of what the rules say."""


@dataclass(frozen=True, slots=True, eq=False)
class PairTable:
    """Pairs of a subject and an entity of gold.

    Parameters
    ----------
    rows
        Shape ``(n, len(FEATURES))``.
    gold
        Shape ``(n,)``: whether they belong to one case.
    kinds, hands
        Shape ``(n,)``: of `KINDS`' values, and the part of the notice's id before ``_``.
    """

    rows: NDArray[np.float64]
    gold: NDArray[np.bool_]
    kinds: NDArray[np.str_]
    hands: NDArray[np.str_]

    def of(self, kind: str) -> PairTable:
        """Return the pairs of a kind."""
        chosen = self.kinds == kind
        return PairTable(self.rows[chosen], self.gold[chosen], self.kinds[chosen], self.hands[chosen])


@dataclass(frozen=True, slots=True)
class LinkFigures:
    """How rules and regression find the pairs of gold that belong together.

    Parameters
    ----------
    n_links
        Pairs that the rules link.
    rules, learned
        F1 of the rules, and of a regression that links what it holds for more probable than not.
    brier, brier_of_rate
        Brier score of the probabilities of the links of the rules, and that of always saying their precision.
    """

    n_links: int
    rules: float
    learned: float
    brier: float
    brier_of_rate: float


def pair_table(notices: Sequence[Notice]) -> PairTable:
    """Gather every pair of a subject and a post, wrong or measure of gold notices."""
    rows: list[list[float]] = []
    facts: list[tuple[bool, str, str]] = []
    for notice in notices:
        scene = Scene.of(notice.text, [(entity.start, entity.end, entity.label) for entity in notice.entities])
        found = cast(scene)
        linked = with_posts(found, attach(scene, found))
        numbers = _case_numbers(notice, found, linked)
        pairs = Pairs(scene, found, linked)
        for index, entity in enumerate(scene.entities):
            if entity.letter not in KINDS:
                continue
            for who in pairs.subjects:
                rows.append(pairs.row(index, who))
                is_gold = numbers[who] in notice.entities[index].cases
                facts.append((is_gold, KINDS[entity.letter], notice.id.split("_")[0]))
    gold, kinds, hands = zip(*facts, strict=True)
    return PairTable(np.array(rows, dtype=np.float64), np.array(gold), np.array(kinds), np.array(hands))


def fit_links(table: PairTable) -> dict[str, Weights]:
    """Fit one regression a kind, its standardisation folded into the weights."""
    return {kind: _fit(table.of(kind)) for kind in sorted(set(KINDS.values()))}


def score_folds(table: PairTable, *, folds: int = 5) -> dict[str, LinkFigures]:
    """Measure by cross-validation, all notices of one hand in the same fold."""
    figures = {}
    for kind in sorted(set(KINDS.values())):
        part = table.of(kind)
        chances = np.zeros(len(part.gold))
        for train, test in GroupKFold(folds).split(part.rows, part.gold, part.hands):
            weights = _fit(PairTable(part.rows[train], part.gold[train], part.kinds[train], part.hands[train]))
            chances[test] = _probabilities(weights, part.rows[test])
        figures[kind] = _figures(part, chances)
    return figures


def score_on(weights: dict[str, Weights], table: PairTable) -> dict[str, LinkFigures]:
    """Measure weights on the pairs of other notices."""
    return {kind: _figures(table.of(kind), _probabilities(each, table.of(kind).rows)) for kind, each in weights.items()}


def _fit(table: PairTable) -> Weights:
    scaler = StandardScaler().fit(table.rows)
    model = LogisticRegression(max_iter=500).fit(scaler.transform(table.rows), table.gold)
    coefficients = model.coef_[0] / scaler.scale_
    intercept = float(model.intercept_[0] - coefficients @ scaler.mean_)
    return Weights(tuple(round(float(each), 5) for each in coefficients), round(intercept, 5))


def _probabilities(weights: Weights, rows: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.array([weights.probability(row) for row in rows.tolist()])


def _figures(table: PairTable, chances: NDArray[np.float64]) -> LinkFigures:
    linked = table.rows[:, _LINKED] > 0
    rate = np.full(int(linked.sum()), table.gold[linked].mean())
    return LinkFigures(
        int(linked.sum()),
        float(f1_score(table.gold, linked)),
        float(f1_score(table.gold, chances > 0.5)),
        float(brier_score_loss(table.gold[linked], chances[linked])),
        float(brier_score_loss(table.gold[linked], rate)),
    )


def _case_numbers(notice: Notice, found: Cast, linked: Sequence[Subjects]) -> list[int | None]:
    """Return the case of gold that each subject is, None for a bystander.

    It is that of most of the subject's mentions; of a body, which has none, that of most of what the rules link with
    it, among the cases that no person has.
    """
    numbers = [
        _commonest(number for index in (one.names or one.posts) for number in notice.entities[index].cases)
        for one in found.subjects
    ]
    taken = {number for entity in notice.entities if entity.label == "OFFICIAL" for number in entity.cases}
    taken |= {number for number in numbers if number is not None}
    for who, subject in enumerate(found.subjects):
        if subject.kind == "body":
            numbers[who] = _commonest(
                number
                for entity, subjects in zip(notice.entities, linked, strict=True)
                for number in entity.cases
                if who in subjects and number not in taken
            )
    return numbers


def _commonest(numbers: Iterable[int]) -> int | None:
    counted = Counter(numbers).most_common(1)
    return counted[0][0] if counted else None
