"""Case links scored against gold: who held which post, did what and received which measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from ..corpus.notice import Entity, Notice
from .bootstrap import Interval, Intervals, ratio_interval, score_intervals
from .case_match import LINKED, CaseLinks, Link, cases_of, match_cases
from .pairs import Pair, pair_notices
from .scores import Counts, Scores, Tally
from .spans import match_by_overlap

EntityMatch = Literal["strict", "overlap"]


@dataclass(frozen=True, slots=True)
class CaseScore:
    """How many cases were found and made up.

    Parameters
    ----------
    gold, predicted
        Number of cases.
    found
        Gold cases whose subject is found: matched with a predicted case that has at least one mention of the
        subject in common with it.
    false
        Predicted cases that match none.
    negatives, false_in_negatives
        Gold notices without a case, and the cases predicted in them.
    """

    gold: int
    predicted: int
    found: int
    false: int
    negatives: int
    false_in_negatives: int

    @property
    def recall(self) -> float | None:
        """Share of gold cases whose subject is found; None without gold cases."""
        return self.found / self.gold if self.gold else None

    @property
    def false_per_negative(self) -> float | None:
        """Cases predicted per gold notice that has none; None without such notices."""
        return self.false_in_negatives / self.negatives if self.negatives else None


@dataclass(frozen=True, slots=True)
class LinkScores:
    """The score of links, over all and by the label of the linked entity, and of cases."""

    links: Scores
    cases: CaseScore


@dataclass(frozen=True, slots=True)
class LinkIntervals:
    """The intervals of `LinkScores`."""

    links: Intervals
    case_recall: Interval | None
    false_per_negative: Interval | None


@dataclass(frozen=True, slots=True, eq=False)
class LinkTally:
    """What was linked rightly in each notice.

    Parameters
    ----------
    links
        Found, made up and missed links.
    cases
        Shape ``(n, 6)``: the fields of `CaseScore` for each notice.
    """

    links: Tally
    cases: Counts

    def scores(self) -> LinkScores:
        """Sum over the notices."""
        return LinkScores(self.links.scores(), CaseScore(*map(int, self.cases.sum(axis=0))))

    def intervals(self, *, n_boot: int = 1000, seed: int = 0) -> LinkIntervals:
        """Say how far the scores would vary with other notices of the same kind."""
        gold, _, found, _, negatives, false_in_negatives = self.cases.T
        return LinkIntervals(
            score_intervals(self.links, n_boot=n_boot, seed=seed),
            ratio_interval(found, gold, n_boot=n_boot, seed=seed),
            ratio_interval(false_in_negatives, negatives, n_boot=n_boot, seed=seed),
        )


def score_links(gold: Sequence[Notice], predicted: Sequence[Notice], *, entities: EntityMatch = "strict") -> LinkScores:
    """Score which entities belong to which subject.

    A case is a number of a notice and has a subject, its *subject key*: the longest text of the case's
    OFFICIAL mentions (the first of several); in a case without OFFICIAL the text of its first POSITION; in a
    case without either, as of a body, the text of its first entity. For each POSITION, SANCTION and VIOLATION
    of the case there is one *link* (subject key, label, start, end). An entity of two cases gives two links,
    one of no case none.

    The cases of gold and prediction are matched one to one, so that they have as many links in common as can
    be had (then as many mentions of the subject: its OFFICIAL entities, or POSITION, or any, by what gave the
    key). Two cases that both have an OFFICIAL may only match when their keys are the same text. A case whose
    OFFICIAL was not found may thus match by its links; it does not count as found then. A predicted link is
    right when the case it belongs to is matched and the gold case has a link to the same entity.

    Parameters
    ----------
    gold, predicted
        Notices, paired by their ids in any order. Numbers of predicted cases need not be those of gold.
    entities
        ``strict``: the same entity has the same start, end and label. ``overlap``: a predicted entity of the
        same label whose intersection with a gold one is at least half of their union is taken for it, name
        and all.

    Raises
    ------
    AnnotationError
        When gold and prediction do not pair up.
    """
    return tally_links(pair_notices(gold, predicted), entities=entities).scores()


def tally_links(pairs: Sequence[Pair], *, entities: EntityMatch = "strict") -> LinkTally:
    """Count links and cases of each notice; `score_links` explains what they are."""
    if entities not in get_args(EntityMatch):
        choices = ", ".join(get_args(EntityMatch))
        raise ValueError(f"no way to match the entities of links is called {entities!r}: it is one of {choices}")
    links = np.zeros((len(pairs), 1 + len(LINKED), 3))
    cases = np.zeros((len(pairs), 6))
    for i, (gold, predicted) in enumerate(pairs):
        stand_ins = _stand_ins(gold, predicted) if entities == "overlap" else {}
        gold_cases, predicted_cases = cases_of(gold), cases_of(predicted, stand_ins=stand_ins)
        matched = [(gold_cases[a], predicted_cases[b]) for a, b in match_cases(gold_cases, predicted_cases)]
        right = [link for a, b in matched for link in a.links & b.links]
        to_find, predicted_links = _links(gold_cases), _links(predicted_cases)
        for row, label in zip(links[i], (None, *LINKED), strict=True):
            tp, n_predicted, n_gold = (_count(side, label) for side in (right, predicted_links, to_find))
            row[:] = tp, n_predicted - tp, n_gold - tp
        n_gold, n_predicted = len(gold_cases), len(predicted_cases)
        found = sum(bool(a.mentions & b.mentions) for a, b in matched)
        is_negative = not n_gold
        cases[i] = (
            n_gold,
            n_predicted,
            found,
            n_predicted - len(matched),
            is_negative,
            is_negative * n_predicted,
        )
    return LinkTally(Tally(LINKED, links), cases)


def _stand_ins(gold: Notice, predicted: Notice) -> Mapping[Entity, Entity]:
    pairs = match_by_overlap(gold.entities, predicted.entities)
    return {predicted.entities[j]: gold.entities[i] for i, j in pairs}


def _links(cases: Sequence[CaseLinks]) -> list[Link]:
    return [link for case in cases for link in case.links]


def _count(links: Sequence[Link], label: str | None) -> int:
    return sum(label in (None, link.label) for link in links)
