"""The command ``tongbao evaluate``: scores a model on a gold folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..corpus.console import reported, say
from ..corpus.folder import HELDOUT


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
    html_out: Annotated[
        Path | None,
        typer.Option("--html", metavar="OUT.html", help="Write a page: figures, plots, every error and notice."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the draws for the intervals.")] = 0,
    n_boot: Annotated[int, typer.Option(min=0, help="Number of draws for the intervals; 0 for none.")] = 1000,
    gold_entities: Annotated[
        bool, typer.Option("--gold-entities", help="Score only how cases are made of gold's entities.")
    ] = False,
    predicted: Annotated[
        bool,
        typer.Option("--predicted", help="MODEL is a folder or file of marked notices, as --keep writes them."),
    ] = False,
    keep: Annotated[
        Path | None,
        typer.Option(metavar="OUT", help="Write what the model marked: a folder, or a file (.jsonl, .spacy)."),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(metavar="OTHER", help="Compare with another model, or with notices that it has marked."),
    ] = None,
    refuse_regression: Annotated[
        Path | None,
        typer.Option(
            "--refuse-regression", metavar="OTHER", help="As --against; exit status 1 when significantly worse."
        ),
    ] = None,
) -> None:
    """Score a model on gold notices: entities, case links, intervals, calibration, errors."""
    with reported():
        # What it needs takes seconds to import, which its help need not wait for.
        from .assess import assess

        worse = assess(
            model,
            gold,
            json_out=json_out,
            errors_out=errors_out,
            html_out=html_out,
            seed=seed,
            n_boot=n_boot,
            gold_entities=gold_entities,
            predicted=predicted,
            keep=keep,
            against=against,
            refuse_regression=refuse_regression,
        )
    if worse:
        say(worse)
        raise typer.Exit(1)
