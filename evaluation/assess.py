"""Does what ``tongbao evaluate`` is asked: marks gold notices, scores and compares what was marked, and writes it."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

from ..corpus.console import table_console
from ..corpus.errors import InputError
from ..corpus.folder import TRAIN, read_gold, scan_gold
from ..corpus.notice import Notice
from .comparison import Comparison
from .error_table import errors_tsv
from .evaluate import evaluate, score_predictions
from .marked import Marked, compare_marked, keep_marked, load_for, mark, mark_or_read, read_marked
from .report import Report
from .slices import names_of
from .tables import tables

STANDARD_OUTPUT = "-"


def assess(
    model: Path | None,
    gold: Path,
    *,
    json_out: str | None,
    errors_out: str | None,
    html_out: Path | None,
    seed: int,
    n_boot: int,
    gold_entities: bool,
    predicted: bool,
    keep: Path | None,
    against: Path | None,
    refuse_regression: Path | None,
) -> str:
    """Score a model on gold notices and write all that is asked for; the options are those of the command.

    Returns
    -------
    In one line, which figures are significantly worse than those of ``refuse_regression``; empty where none is.

    Raises
    ------
    InputError, ModelError, AnnotationError
        When the options do not fit together, or something cannot be read, scored or written.
    """
    other = _other(against, refuse_regression, gold_entities=gold_entities, n_boot=n_boot)
    if gold_entities and (html_out or keep):
        raise InputError("shows what a model marks: leave --gold-entities out", where=str(html_out or keep))
    notices = read_gold(gold)
    if gold_entities:
        report = _score_cases(model, notices, predicted=predicted, n_boot=n_boot, seed=seed, gold=gold)
    else:
        marked = _marked(model, notices, predicted=predicted)
        # Names of the training set are seen by a model that learned from it; of marked notices nobody knows.
        # A broken training file is no reason not to score a model.
        known_names = None if predicted else names_of(scan_gold(TRAIN)[0])
        report = score_predictions(
            notices,
            marked.predictions,
            model=marked.name,
            has_cases=marked.has_cases,
            n_boot=n_boot,
            seed=seed,
            gold_path=str(gold),
            known_names=known_names,
        )
        theirs = None if other is None else mark_or_read(other, notices)
        if theirs is not None:
            if theirs.name == marked.name:
                # As all models that are trained here are called.
                theirs = replace(theirs, name=str(other))
            comparison = compare_marked(notices, marked, theirs, n_boot=n_boot, seed=seed)
            report = replace(report, comparison=comparison)
        if keep is not None:
            keep_marked(marked, keep)
        if html_out is not None:
            # Plots take a second to load, and only the page has any.
            from .evaluation_page import evaluation_page
            from .page import write_page

            compared = None if theirs is None else theirs.notices
            write_page(evaluation_page(report, notices, marked.predictions, other=compared), html_out)
    if json_out is not None:
        _write(json.dumps(report.as_json(), ensure_ascii=False, indent=2) + "\n", json_out)
    if errors_out is not None:
        _write(errors_tsv(report.errors), errors_out)
    if STANDARD_OUTPUT not in (json_out, errors_out):
        table_console().print(tables(report))
    if refuse_regression is None or report.comparison is None:
        return ""
    return _worse(report.comparison)


def _other(against: Path | None, refuse: Path | None, *, gold_entities: bool, n_boot: int) -> Path | None:
    """Find the model to compare with, and refuse what cannot be compared."""
    if against and refuse and against != refuse:
        raise InputError("is another model than that of --against: give one of the two", where=str(refuse))
    other = against or refuse
    if other is not None and gold_entities:
        raise InputError("compares what models mark: leave --gold-entities out", where=str(other))
    if other is not None and not n_boot:
        raise InputError("cannot be compared without draws: leave --n-boot 0 out", where=str(other))
    return other


def _marked(model: Path | None, notices: list[Notice], *, predicted: bool) -> Marked:
    if not predicted:
        return mark(model, notices)
    if model is None:
        raise InputError("needs the folder of marked notices in the place of MODEL", where="--predicted")
    return read_marked(model)


def _score_cases(
    model: Path | None, notices: list[Notice], *, predicted: bool, n_boot: int, seed: int, gold: Path
) -> Report:
    if predicted:
        raise InputError("needs a model that makes cases of gold's entities: leave --predicted out", where=str(model))
    nlp = load_for(model, notices)
    return evaluate(nlp, notices, n_boot=n_boot, seed=seed, gold_path=str(gold), gold_entities=True)


def _worse(comparison: Comparison) -> str:
    worse = [
        f"{row.of} {row.ours:.4f} instead of {row.theirs:.4f} (p {row.difference.p:.3f})"
        for row in comparison.regressions
    ]
    return f"{comparison.other}: significantly better than this model: F1 of {', '.join(worse)}" if worse else ""


def _write(content: str, out: str) -> None:
    """Write to a file as UTF-8, line feeds as they are, or to standard output."""
    if out == STANDARD_OUTPUT:
        sys.stdout.write(content)
        return
    try:
        Path(out).write_bytes(content.encode("utf-8"))
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", where=out) from None
