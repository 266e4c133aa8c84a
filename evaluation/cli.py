"""The command ``tongbao evaluate``: scores a model on a gold folder."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ..corpus.console import reported
from ..corpus.errors import InputError
from ..corpus.folder import HELDOUT, TRAIN, read_gold, scan_gold
from ..corpus.notice import Notice
from .error_table import errors_tsv
from .evaluate import evaluate, marked_already, score_predictions
from .negatives import is_ours
from .report import Report
from .slices import names_of
from .tables import tables

STANDARD_OUTPUT = "-"


def evaluate_command(
    model: Annotated[
        Path | None,
        typer.Argument(
            metavar="[MODEL]",
            help="Folder of a trained model, or with --predicted of notices that a model has marked.",
            show_default="the shipped model",
        ),
    ] = None,
    gold: Annotated[
        Path,
        typer.Argument(metavar="[GOLD]", help="Folder or file of gold notices.", show_default="the held-out ones"),
    ] = HELDOUT,
    *,
    json_out: Annotated[
        str | None,
        typer.Option("--json", metavar="OUT", help="Write all figures as JSON; - for standard output, without tables."),
    ] = None,
    errors_out: Annotated[
        str | None,
        typer.Option("--errors", metavar="OUT.tsv", help="Write every error with its place and context."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the draws for the intervals.")] = 0,
    n_boot: Annotated[int, typer.Option(min=0, help="Number of draws for the intervals; 0 for none.")] = 1000,
    gold_entities: Annotated[
        bool, typer.Option("--gold-entities", help="Score only how cases are made of gold's entities.")
    ] = False,
    predicted: Annotated[
        bool,
        typer.Option("--predicted", help="MODEL is a folder or file of marked notices, as train --folds writes them."),
    ] = False,
) -> None:
    """Score a model on gold notices: entities, case links, intervals, errors."""
    with reported():
        from .. import load

        notices = read_gold(gold)
        if predicted:
            report = _score_marked(model, notices, n_boot=n_boot, seed=seed, gold=gold, gold_entities=gold_entities)
        else:
            report = evaluate(
                # Gold with labels of others is for a model that learned them.
                load() if model is None else load(model) if is_ours(notices) else load(model, any_labels=True),
                notices,
                n_boot=n_boot,
                seed=seed,
                gold_path=str(gold),
                # A broken training file is no reason not to score a model.
                known_names=names_of(scan_gold(TRAIN)[0]),
                gold_entities=gold_entities,
            )
        if json_out is not None:
            _write(json.dumps(report.as_json(), ensure_ascii=False, indent=2) + "\n", json_out)
        if errors_out is not None:
            _write(errors_tsv(report.errors), errors_out)
        if STANDARD_OUTPUT not in (json_out, errors_out):
            Console().print(tables(report))


def _score_marked(
    folder: Path | None, notices: list[Notice], *, n_boot: int, seed: int, gold: Path, gold_entities: bool
) -> Report:
    if folder is None:
        raise InputError("needs the folder of marked notices in the place of MODEL", where="--predicted")
    if gold_entities:
        raise InputError("needs a model that makes cases of gold's entities: leave --predicted out", where=str(folder))
    marked = read_gold(folder)
    # Notices of cross-validation are marked without their cases; there is nothing to score of links then.
    has_cases = any(entity.cases for notice in marked for entity in notice.entities)
    return score_predictions(
        notices,
        marked_already(marked),
        model=str(folder),
        has_cases=has_cases,
        n_boot=n_boot,
        seed=seed,
        gold_path=str(gold),
    )


def _write(content: str, out: str) -> None:
    """Write to a file as UTF-8, line feeds as they are, or to standard output."""
    if out == STANDARD_OUTPUT:
        sys.stdout.write(content)
        return
    try:
        Path(out).write_bytes(content.encode("utf-8"))
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", where=out) from None
