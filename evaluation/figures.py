"""Figures to keep: what is stored of a model's predictions on a gold set, and how two stored results compare."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from hashlib import sha256

import numpy as np

from ..corpus.agreement import agreement
from ..corpus.notice import Notice
from ..corpus.stats import stats
from .bootstrap import Difference, RateIntervals, paired_difference, score_intervals
from .negatives import count_negatives
from .pairs import Pair, pair_notices
from .results import Agreed, Counts, FalseAlarms, Figures, Part, Rate
from .scores import Score, Tally
from .slices import form_of, score_slices
from .spans import Match, tally_spans

# More than is shown, so that nothing is rounded twice.
DIGITS = 6
FEATURE = "feature"


def figures_of(
    gold: Sequence[Notice],
    predicted: Sequence[Notice],
    *,
    n_boot: int = 1000,
    seed: int = 0,
    folds: int | None = None,
    made_from: Mapping[str, str] | None = None,
    with_slices: bool = False,
    known_names: Collection[str] | None = None,
) -> Figures:
    """Measure predictions on a gold set of the guideline's labels.

    Raises
    ------
    AnnotationError
        When gold and prediction do not pair up.
    """
    pairs = pair_notices(sorted(gold, key=lambda notice: notice.id), predicted)
    strict = tally_spans(pairs, match="strict")
    scores, intervals = strict.scores(), score_intervals(strict, n_boot=n_boot, seed=seed)
    features = [pair for pair in pairs if form_of(pair[0]) == FEATURE]
    negatives = count_negatives(pairs, n_boot=n_boot, seed=seed)
    slices = score_slices(gold, predicted, known_names=known_names) if with_slices else ()
    return Figures(
        gold=digest(gold),
        notices=len(pairs),
        folds=folds,
        micro=_rate(scores.micro, intervals.micro),
        labels={label: _rate(score, intervals.labels[label]) for label, score in scores.labels.items()},
        overlap=micro_rate(pairs, match="overlap", n_boot=n_boot, seed=seed),
        features=micro_rate(features, n_boot=n_boot, seed=seed) if features else None,
        negatives=FalseAlarms(
            notices=negatives.notices,
            clean=negatives.clean,
            faultless=negatives.faultless,
            spurious=dict(negatives.spurious),
            interval=_rounded(asdict(negatives.interval)) if negatives.interval else None,
        ),
        counts=" ".join("/".join(map(str, map(int, row))) for row in strict.counts[:, 0].tolist()),
        slices=tuple(
            Part(by=part.by, value=part.value, notices=part.notices, rate=_rate(part.scores.micro))
            for part in slices
            if not part.scores.micro.is_empty
        ),
        made_from=None if made_from is None else dict(made_from),
    )


def micro_rate(pairs: Sequence[Pair], *, match: Match = "strict", n_boot: int = 1000, seed: int = 0) -> Rate:
    """Rate all labels together, whatever they are called."""
    return rate_of(tally_spans(pairs, match=match), n_boot=n_boot, seed=seed)


def rate_of(tally: Tally, *, n_boot: int = 1000, seed: int = 0) -> Rate:
    """Rate a tally, all its labels together."""
    return _rate(tally.scores().micro, score_intervals(tally, n_boot=n_boot, seed=seed).micro)


def agreed(a: Sequence[Notice], b: Sequence[Notice], *, note: str = "", n_boot: int = 1000, seed: int = 0) -> Agreed:
    """Measure how far two annotations agree on the notices that both have.

    Raises
    ------
    AnnotationError
        When they have no notice in common, or differ in a text.
    """
    found = agreement(a, b)
    in_b = {notice.id for notice in b}
    shared = [notice for notice in a if notice.id in in_b]
    ids = {notice.id for notice in shared}
    tally = tally_spans(pair_notices(shared, [notice for notice in b if notice.id in ids]))
    scores, intervals = tally.scores(), score_intervals(tally, n_boot=n_boot, seed=seed)
    return Agreed(
        notices=len(shared),
        note=note,
        micro=_rate(scores.micro, intervals.micro),
        labels={label: _rate(score, intervals.labels[label]) for label, score in scores.labels.items()},
        cases=round(found.cases.f1, DIGITS),
    )


def size_of(gold: Sequence[Notice]) -> Counts:
    """Count a gold set."""
    counted = stats(gold)
    return Counts(
        notices=counted.notices, characters=counted.characters, cases=counted.cases, spans=dict(counted.spans)
    )


def digest(gold: Sequence[Notice]) -> str:
    """Hash ids, texts and entities of a gold set, in whatever order its notices stand."""
    content = sha256()
    for notice in sorted(gold, key=lambda notice: notice.id):
        entities = [(e.start, e.end, e.label, e.cases) for e in notice.entities]
        content.update(repr((notice.id, notice.text, entities)).encode("utf-8", "surrogatepass"))
    return content.hexdigest()[:16]


def difference(a: Figures, b: Figures, *, n_boot: int = 1000, seed: int = 0) -> Difference | None:
    """Compare two models by the strict F1 of all labels together; None unless both were scored on the same gold."""
    if a.gold != b.gold or a.folds != b.folds:
        return None
    return paired_difference(_tally(a), _tally(b), n_boot=n_boot, seed=seed)


def _tally(figures: Figures) -> Tally:
    rows = [list(map(int, row.split("/"))) for row in figures.counts.split()]
    return Tally((), np.array(rows, dtype=np.float64)[:, np.newaxis])


def _rate(score: Score, intervals: RateIntervals | None = None) -> Rate:
    interval = intervals.f1 if intervals else None
    return Rate(
        p=round(score.precision, DIGITS),
        r=round(score.recall, DIGITS),
        f=round(score.f1, DIGITS),
        interval=_rounded(asdict(interval)) if interval else None,
        support=int(score.support),
    )


def _rounded(interval: Mapping[str, float]) -> tuple[float, float]:
    return round(interval["low"], DIGITS), round(interval["high"], DIGITS)
