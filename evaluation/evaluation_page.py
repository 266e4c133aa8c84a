"""The report of an evaluation as a page: figures, plots, every error and notice, gold and prediction side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..corpus.notice import Entity, Notice
from .bootstrap import Interval
from .case_match import LINKED, CaseLinks, cases_of, match_cases
from .comparison import LINKS, Comparison
from .errors import KINDS, Error, count_errors, find_errors
from .evaluate import Prediction
from .page import render_page
from .pairs import pair_notices
from .plots import by_threshold, forest, reliability
from .report import Report
from .scores import MACRO, MICRO
from .slices import LEAST_NOTICES, LEAST_SPANS, form_of
from .spans import Match, tally_spans

NAMES = {MICRO: "all", MACRO: "mean of labels"}
_JUDGED = {MICRO: "all entities", LINKS: "case links"}
MEANINGS: Mapping[Match, str] = {
    "strict": "label and both ends are gold's",
    "overlap": "the label is gold's, and intersection over union at least half",
    "exact": "both ends are gold's, whatever the label",
    "partial": "as exact; any other overlap earns half",
    "type": "the label is gold's, and it overlaps",
}
_SHOWN_THRESHOLDS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99)


def evaluation_page(
    report: Report, gold: Sequence[Notice], predictions: Sequence[Prediction], *, other: Sequence[Notice] | None = None
) -> str:
    """Lay a report of entities out as HTML.

    Parameters
    ----------
    report
        With the entities scored.
    gold, predictions
        What it was made of.
    other
        What the model that it is compared with marked; errors are then told apart into new, shared and mended ones.

    Raises
    ------
    ModelError
        When matplotlib is not installed.
    """
    strict = report.spans[0]
    rows = [
        *((label, score, strict.intervals.labels[label]) for label, score in strict.scores.labels.items()),
        (NAMES[MICRO], strict.scores.micro, strict.intervals.micro),
        (NAMES[MACRO], strict.scores.macro, strict.intervals.macro),
    ]
    drawn = {name: (score.f1, of.f1) for name, score, of in rows if not score.is_empty}
    compared = report.comparison.rows if report.comparison else ()
    plots = {"forest": forest(drawn, others={NAMES.get(row.of, row.of): row.theirs for row in compared})}
    if report.calibration is not None:
        plots |= {"reliability": reliability(report.calibration), "threshold": by_threshold(report.calibration)}
    return render_page(
        "evaluation.html",
        scripts=("page.js", "evaluation.js"),
        data=_data(report, gold, predictions, other),
        report=report,
        gold="/".join(Path(report.gold).parts[-2:]) if report.gold else "a gold set",
        entities=sum(len(notice.entities) for notice in gold),
        cards=list(_cards(report)),
        verdict=_verdict(report.comparison) if report.comparison else "",
        names=NAMES,
        entity_rows=rows,
        labels=list(strict.scores.labels),
        meanings=MEANINGS,
        plots=plots,
        shown_thresholds=_SHOWN_THRESHOLDS,
        least_notices=LEAST_NOTICES,
        least_spans=LEAST_SPANS,
        kinds=KINDS,
        error_counts=count_errors(report.errors),
        forms=sorted({form_of(notice) for notice in gold}),
    )


def _cards(report: Report) -> Iterator[dict[str, str]]:
    """Choose the figures that a reader wants first, each with how sure it is."""
    for span in report.spans[:2]:
        yield _card(f"F1 of entities, {span.match}", span.scores.micro.f1, span.intervals.micro.f1)
    for links in report.links[:1]:
        yield _card("F1 of case links", links.scores.links.micro.f1, links.intervals.links.micro.f1)
        if links.scores.cases.recall is not None:
            yield _card("subjects found", links.scores.cases.recall, links.intervals.case_recall)
    if report.negatives is not None and report.negatives.share is not None:
        yield _card("texts without a case left clean", report.negatives.share, report.negatives.interval)
    if report.norms is not None:
        yield {
            "name": "measures normalised right",
            "value": f"{report.norms.right / report.norms.total:.3f}",
            "note": f"{report.norms.right} of {report.norms.total} of gold's",
        }
    if report.calibration is not None:
        yield {"name": "Brier score", "value": f"{report.calibration.brier:.3f}", "note": "of span scores; 0 is best"}


def _card(name: str, value: float, interval: Interval | None) -> dict[str, str]:
    note = f"{interval.low:.3f}–{interval.high:.3f}" if interval else ""
    return {"name": name, "value": f"{value:.3f}", "note": note}


def _verdict(comparison: Comparison) -> str:
    """Say in one sentence which model is better, by the figures that are judged."""
    worse, better = comparison.regressions, comparison.gains
    if not worse and not better:
        return "No significant difference."
    said = [
        f"{word} in F1 of {' and '.join(_JUDGED[row.of] for row in rows)}"
        for word, rows in (("better", better), ("worse", worse))
        if rows
    ]
    return f"This model is significantly {', and significantly '.join(said)}."


def _data(
    report: Report, gold: Sequence[Notice], predictions: Sequence[Prediction], other: Sequence[Notice] | None
) -> dict[str, Any]:
    scores = {prediction.notice.id: prediction.scores for prediction in predictions}
    n_errors = Counter(error.notice_id for error in report.errors)
    # Notices with the most errors first: they are what is looked for.
    worst_first = sorted(gold, key=lambda notice: -n_errors[notice.id])
    pairs = pair_notices(worst_first, [prediction.notice for prediction in predictions])
    notices = [
        {
            "id": notice.id,
            "form": form_of(notice),
            "text": notice.text,
            "gold": [_entity(entity) for entity in notice.entities],
            "found": [_entity(entity, score) for entity, score in zip(found.entities, scores[notice.id], strict=True)],
            "cases": list(_cases(notice, found)) if report.links else [],
            "errors": n_errors[notice.id],
            "f1": round(tally_spans([(notice, found)]).scores().micro.f1, 4),
        }
        for notice, found in pairs
    ]
    places = {notice.id: place for place, notice in enumerate(worst_first)}
    states = _states(report.errors, find_errors(gold, other)) if other is not None else dict.fromkeys(report.errors, "")
    errors = [{**_error(error, places[error.notice_id]), "state": state} for error, state in states.items()]
    if other is not None:
        for notice in other:
            notices[places[notice.id]]["other"] = [_entity(entity) for entity in notice.entities]
    return {"notices": notices, "errors": errors}


def _states(ours: Sequence[Error], theirs: Sequence[Error]) -> dict[Error, str]:
    """Tell errors that only one of two models makes from those that both make, whatever their scores."""
    of_ours, of_theirs = ({replace(error, score=None): error for error in errors} for errors in (ours, theirs))
    states = {error: "shared" if plain in of_theirs else "new" for plain, error in of_ours.items()}
    return states | {error: "mended" for plain, error in of_theirs.items() if plain not in of_ours}


def _entity(entity: Entity, score: float | None = None) -> list[Any]:
    return [entity.start, entity.end, entity.label, list(entity.cases), None if score is None else round(score, 4)]


def _error(error: Error, place: int) -> dict[str, Any]:
    return {
        "notice": place,
        "kind": error.kind,
        "label": error.label,
        "found": error.predicted_label,
        "score": error.score,
        "line": error.line,
        "start": error.start,
        "end": error.end,
    }


def _cases(gold: Notice, found: Notice) -> Iterator[tuple[dict[str, Any] | None, dict[str, Any] | None]]:
    """Put the cases of gold and those found for them side by side, and those found for none below."""
    ours, theirs = cases_of(gold), cases_of(found)
    of_ours = dict(match_cases(ours, theirs))
    for i, case in enumerate(ours):
        twin = theirs[of_ours[i]] if i in of_ours else None
        yield _case(case, gold), _case(twin, gold) if twin else None
    taken = set(of_ours.values())
    for j, case in enumerate(theirs):
        if j not in taken:
            yield None, _case(case, gold)


def _case(case: CaseLinks, notice: Notice) -> dict[str, Any]:
    links = sorted(case.links)
    texts = {label: [notice.text[link.start : link.end] for link in links if link.label == label] for label in LINKED}
    return {"subject": case.key, **texts}
