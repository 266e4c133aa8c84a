"""The report of an evaluation: every figure, how sure it is, and of which model on which gold it is."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from .bootstrap import LEVEL, RATES, Interval, Intervals, RateIntervals
from .calibration import Calibration
from .comparison import Comparison
from .errors import Confusion, Error, count_errors
from .links import EntityMatch, LinkIntervals, LinkScores
from .negatives import Negatives
from .norms import NormScore
from .scores import Score, Scores
from .slices import Slice
from .spans import Match


@dataclass(frozen=True, slots=True)
class SpanReport:
    """The scores of entities by one way of matching."""

    match: Match
    scores: Scores
    intervals: Intervals


@dataclass(frozen=True, slots=True)
class LinkReport:
    """The scores of case links by one way of matching their entities."""

    entities: EntityMatch
    scores: LinkScores
    intervals: LinkIntervals


@dataclass(frozen=True, slots=True)
class Report:
    """What an evaluation found.

    Parameters
    ----------
    model
        Name and version of the pipeline.
    gold
        Where the gold notices are from, None where nobody said.
    notices
        How many they are.
    version
        Of tongbao, which counted.
    n_boot, seed
        Draws of the intervals and the seed they were drawn with.
    gold_entities
        Whether the cases were made of gold entities; there is nothing to say about entities then.
    spans
        One for each way of matching; empty with gold entities.
    links
        ``strict`` and ``overlap``, with gold entities only ``strict``; empty where the pipeline makes no
        cases.
    slices
        Strict scores of parts of the gold set; empty with gold entities.
    errors
        Every entity that is not strictly right.
    confusion
        Which label was taken for which, None with gold entities.
    norms
        How often gold's measures get the right code, None where they have no labels.
    negatives
        False alarms in texts without a case, None with gold entities or labels that are not the guideline's.
    calibration
        How far the scores of spans can be believed, None with gold entities or a model without scores.
    comparison
        The model held against another one, None where none was asked for.
    """

    model: str
    gold: str | None
    notices: int
    version: str
    n_boot: int
    seed: int
    gold_entities: bool
    spans: tuple[SpanReport, ...]
    links: tuple[LinkReport, ...]
    slices: tuple[Slice, ...] = ()
    errors: tuple[Error, ...] = ()
    confusion: Confusion | None = None
    negatives: Negatives | None = None
    norms: NormScore | None = None
    calibration: Calibration | None = None
    comparison: Comparison | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the report as JSON values: rates from 0 to 1, None where there is nothing to rate.

        Every score is ``{tp, fp, fn, support, precision, recall, f1}``; where intervals were drawn it has
        ``interval`` as well, a pair [low, high] for each rate. The errors are only counted here.
        """
        return {
            "model": self.model,
            "gold": self.gold,
            "notices": self.notices,
            "tongbao": self.version,
            "gold_entities": self.gold_entities,
            "intervals": {"level": LEVEL, "n_boot": self.n_boot, "seed": self.seed},
            "spans": {report.match: _scores_json(report.scores, report.intervals) for report in self.spans},
            "links": {report.entities: _links_json(report) for report in self.links},
            "slices": [
                {
                    "by": part.by,
                    "value": part.value,
                    "notices": part.notices,
                    "small": part.is_small,
                    **_scores_json(part.scores, None),
                }
                for part in self.slices
            ],
            "errors": count_errors(self.errors),
            "confusion": asdict(self.confusion) if self.confusion else None,
            "negatives": self.negatives.as_json() if self.negatives else None,
            "norms": self.norms.as_json() if self.norms else None,
            "calibration": self.calibration.as_json() if self.calibration else None,
            "comparison": self.comparison.as_json() if self.comparison else None,
        }


def _scores_json(scores: Scores, intervals: Intervals | None) -> dict[str, Any]:
    return {
        "micro": _score_json(scores.micro, intervals.micro if intervals else None),
        "macro": _score_json(scores.macro, intervals.macro if intervals else None),
        "labels": {
            label: _score_json(score, intervals.labels[label] if intervals else None)
            for label, score in scores.labels.items()
        },
    }


def _score_json(score: Score, intervals: RateIntervals | None) -> dict[str, Any]:
    counts = {"tp": score.tp, "fp": score.fp, "fn": score.fn, "support": score.support}
    values: dict[str, Any] = {name: int(count) if count == int(count) else count for name, count in counts.items()}
    values |= {rate: None if score.is_empty else getattr(score, rate) for rate in RATES}
    if intervals is not None:
        values["interval"] = {rate: _interval_json(getattr(intervals, rate)) for rate in RATES}
    return values


def _links_json(report: LinkReport) -> dict[str, Any]:
    cases = report.scores.cases
    return {
        **_scores_json(report.scores.links, report.intervals.links),
        "cases": {
            **asdict(cases),
            "recall": cases.recall,
            "recall_interval": _interval_json(report.intervals.case_recall),
            "false_per_negative": cases.false_per_negative,
            "false_per_negative_interval": _interval_json(report.intervals.false_per_negative),
        },
    }


def _interval_json(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [interval.low, interval.high]
