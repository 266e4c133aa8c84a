"""The report of an evaluation as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from .bootstrap import Interval
from .calibration import Calibration
from .comparison import Comparison
from .errors import KINDS, Confusion, count_errors
from .negatives import Negatives
from .report import LinkReport, Report
from .scores import MACRO, MICRO, Score

NONE = "–"
_NAMES = {MICRO: "all", MACRO: "mean of labels"}


def tables(report: Report) -> RenderableType:
    """Lay a report out; print it with ``rich.console.Console``."""
    return Group(*_parts(report))


def _parts(report: Report) -> Iterator[RenderableType]:
    yield Text(f"{report.model} on {report.gold or 'gold'}, {report.notices} notices (tongbao {report.version})")
    if report.n_boot:
        yield Text(f"95 % intervals over notices, {report.n_boot} draws, seed {report.seed}", style="dim")
    if report.comparison is not None:
        yield _comparison(report.comparison)
    if report.spans:
        yield _entities(report)
        yield _matches(report)
    if report.negatives is not None and report.negatives.notices:
        yield Text("\n".join(_negative_lines(report.negatives)))
    for links in report.links:
        yield _links(links, gold_entities=report.gold_entities)
        yield Text("\n".join(_case_lines(links)))
    if report.norms is not None:
        norms = report.norms
        yield Text(
            f"Norms of gold's measures: {norms.right} of {norms.total} right, {norms.total - norms.coded} without"
        )
    if report.calibration is not None:
        yield _calibration(report.calibration)
        yield Text(
            f"Scores: Brier {report.calibration.brier:.3f}, mean gap to what is right {report.calibration.gap:.3f}"
        )
    if report.slices:
        yield _slices(report)
    if report.errors:
        yield _errors(report)
    if report.confusion is not None:
        yield _confusion(report.confusion)


def _entities(report: Report) -> Table:
    strict = report.spans[0]
    table = _table(f"Entities, {strict.match}", "", "P", "R", "F1", "95 %", "gold", "found", "right")
    of_labels = strict.scores.labels
    for label, score in of_labels.items():
        table.add_row(label, *_rates(score, strict.intervals.labels[label].f1), *_counts(score))
    table.add_section()
    for name, score, interval in (
        ("all", strict.scores.micro, strict.intervals.micro.f1),
        ("mean of labels", strict.scores.macro, strict.intervals.macro.f1),
    ):
        table.add_row(name, *_rates(score, interval), *_counts(score))
    return table


def _matches(report: Report) -> Table:
    labels = list(report.spans[0].scores.labels)
    table = _table("Entities, by what counts as found", "", "P", "R", "F1", "mean", *labels)
    for span in report.spans:
        scores = span.scores
        of_labels = (NONE if scores.labels[label].is_empty else _rate(scores.labels[label].f1) for label in labels)
        mean = _rates(scores.macro, None)[2]
        table.add_row(span.match, *_rates(scores.micro, None)[:3], mean, *of_labels)
    return table


def _comparison(comparison: Comparison) -> Table:
    table = _table(f"F1, strict, beside {escape(comparison.other)}", "", "this", "other", "more", "95 %", "p")
    for row in comparison.rows:
        if row.of == MICRO:
            table.add_section()
        found = row.difference
        name = _NAMES.get(row.of, row.of)
        rates = (f"{row.ours:.3f}", f"{row.theirs:.3f}", f"{found.value:+.3f}")
        table.add_row(name, *rates, _interval(found.interval, signed=True), f"{found.p:.3f}")
    return table


def _calibration(found: Calibration) -> Table:
    table = _table("Spans by their score", "scores", "spans", "mean", "right")
    for each in found.bins:
        low = min(int(each.mean_score * 10), 9) / 10
        table.add_row(f"{low:.1f}–{low + 0.1:.1f}", str(each.spans), _rate(each.mean_score), _rate(each.share_right))
    return table


def _links(report: LinkReport, *, gold_entities: bool) -> Table:
    made_of = "gold entities" if gold_entities else f"entities {report.entities}"
    table = _table(f"Case links, {made_of}", "", "P", "R", "F1", "95 %", "gold", "found", "right")
    scores, intervals = report.scores.links, report.intervals.links
    for label, score in scores.labels.items():
        table.add_row(label, *_rates(score, intervals.labels[label].f1), *_counts(score))
    table.add_section()
    table.add_row("all", *_rates(scores.micro, intervals.micro.f1), *_counts(scores.micro))
    return table


def _case_lines(report: LinkReport) -> Iterator[str]:
    cases = report.scores.cases
    recall = f"{_rate(cases.recall)} {_interval(report.intervals.case_recall)}".strip()
    yield f"Subjects found: {cases.found} of {cases.gold} cases, {recall}"
    in_negatives = (
        f", {cases.false_in_negatives} of them in the {cases.negatives} notices without a case"
        if cases.negatives
        else ""
    )
    yield f"False cases: {cases.false} of {cases.predicted} predicted{in_negatives}"


def _negative_lines(found: Negatives) -> Iterator[str]:
    share = f"{_rate(found.share)} {_interval(found.interval)}".strip()
    yield f"Texts without a case: no SANCTION or VIOLATION found in {found.clean} of {found.notices}, {share}"
    counts = ", ".join(f"{label} {count}" for label, count in found.spurious.items() if count)
    yield f"Nothing found that gold has not in {found.faultless}; spurious: {counts or 'none'}"


def _slices(report: Report) -> Table:
    table = _table("Entities, strict, by kind of notice", "", "", "notices", "P", "R", "F1", "gold")
    before = ""
    for part in report.slices:
        if part.by != before:
            table.add_section()
        micro = part.scores.micro
        rates = [NONE if micro.is_empty else _rate(rate) for rate in (micro.precision, micro.recall, micro.f1)]
        by = part.by if part.by != before else ""
        cells = (by, escape(part.value), str(part.notices), *rates, _count(micro.support))
        table.add_row(*cells, style="dim" if part.is_small else None)
        before = part.by
    return table


def _errors(report: Report) -> Table:
    table = _table("Errors", "", *KINDS)
    for label, of_kind in count_errors(report.errors).items():
        table.add_row(label, *(str(of_kind[kind]) for kind in KINDS))
    return table


def _confusion(confusion: Confusion) -> Table:
    table = _table("Gold (rows) found as (columns)", "", *confusion.labels)
    for label, counts in zip(confusion.labels, confusion.counts, strict=True):
        table.add_row(label, *(str(count) if count else "" for count in counts))
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for i, column in enumerate(columns):
        is_name = i == 0 or not column
        table.add_column(column, justify="left" if is_name else "right", no_wrap=True)
    return table


def _rates(score: Score, interval: Interval | None) -> tuple[str, str, str, str]:
    if score.is_empty:
        return NONE, NONE, NONE, ""
    return _rate(score.precision), _rate(score.recall), _rate(score.f1), _interval(interval)


def _counts(score: Score) -> tuple[str, str, str]:
    return _count(score.support), _count(score.tp + score.fp), _count(score.tp)


def _rate(rate: float | None) -> str:
    return NONE if rate is None else f"{rate:.3f}"


def _interval(interval: Interval | None, *, signed: bool = False) -> str:
    if interval is None:
        return ""
    low, high = (f"{end:+.3f}" if signed else f"{end:.3f}" for end in (interval.low, interval.high))
    return f"{low} to {high}" if signed else f"{low}–{high}"


def _count(count: float) -> str:
    return f"{count:g}"
