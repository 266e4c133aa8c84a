"""The command ``tongbao train``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from ..corpus.console import reported, table_console

CONTEXT = {"allow_extra_args": True, "ignore_unknown_options": True}


def train_command(
    context: typer.Context,
    config: Annotated[str, typer.Option(help="A spaCy config, or the name of one that ships.")] = "crf",
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for model-best, model-last, metrics.")] = Path(
        "training"
    ),
    *,
    folds: Annotated[int, typer.Option(min=0, help="Cross-validate over so many folds instead; 0 trains.")] = 0,
    curve: Annotated[
        str | None,
        typer.Option(
            metavar="45,90,…", help="Instead, learn from so many notices each and score on the held-out ones."
        ),
    ] = None,
    curve_seeds: Annotated[int, typer.Option(min=1, help="At most so many subsets of each size of --curve.")] = 5,
    seed: Annotated[int | None, typer.Option(help="Short for --system.seed.")] = None,
    mlflow: Annotated[
        str | None, typer.Option(metavar="EXPERIMENT", help="Tell MLflow of the run too, in this experiment.")
    ] = None,
    segmenter: Annotated[bool, typer.Option("--segmenter", help="Train the word segmenter instead.")] = False,
    kinds: Annotated[bool, typer.Option("--kinds", help="Fit the classifier of violations instead.")] = False,
    links: Annotated[bool, typer.Option("--links", help="Fit how sure links of cases are instead.")] = False,
) -> None:
    """Train a model from gold notices.

    Every further option overrides a value of the config, as in spaCy: --paths.train my/notices.
    """
    with reported():
        from spacy.cli._util import parse_config_overrides
        from spacy.util import load_config

        from ..corpus.errors import InputError
        from ..corpus.folder import TRAIN, read_gold
        from .run import describe_run, write_run
        from .runs import ALL, keep_run
        from .train import PACKAGES, cross_validate, dev_scores, find_config, train

        console = Console(stderr=True)
        overrides = _overrides(parse_config_overrides, context.args)
        if seed is not None:
            overrides["system.seed"] = seed
        if mlflow is not None and (folds or curve is not None or segmenter or kinds or links):
            raise InputError("follows the training of a model alone: leave the other options out", where="--mlflow")
        if segmenter:
            from .segmenter import train_segmenter

            corpus = Path(str(overrides.get("paths.train", TRAIN)))
            count = train_segmenter(read_gold(corpus), output)
            console.print(f"segmenter trained on {count:,} characters: {output}")
            return
        if kinds:
            _fit_kinds(output, console)
            return
        if links:
            _fit_links(output, console)
            return
        path = find_config(config)
        if curve is not None:
            from .curve import learning_curve

            learning_curve(path, output, sizes=_sizes(curve), seeds=curve_seeds, overrides=overrides, say=console.print)
            console.print(f"all points in {output / 'curve.json'}")
            return
        run, started = describe_run(path, overrides=overrides, folds=folds), datetime.now(timezone.utc)
        with console.status("training"):
            if folds:
                result = cross_validate(path, output, folds=folds, overrides=overrides)
            else:
                metrics = train(path, output, overrides=overrides, experiment=mlflow)
        write_run(output, run, seconds=(datetime.now(timezone.utc) - started).total_seconds())
        scores = {ALL: result["micro"], **result["labels"]} if folds else dev_scores(metrics)
        config_used = load_config(path, overrides=overrides, interpolate=False)
        kept = keep_run(output, run, config_used, scores=scores, started=started, packages=PACKAGES)
        if folds:
            table_console().print(_table(result))
            gold = overrides.get("paths.train", "corpus/train")
            console.print(f"intervals: tongbao evaluate {output / 'predicted'} {gold} --predicted")
        else:
            console.print(f"{output / 'model-best'}: strict F {metrics['dev']['ents_f']:.4f} on the dev part")
            console.print(f"{metrics['seconds']:.0f} s; all figures in {output / 'metrics.json'}")
        console.print(f"kept as {kept.name}: tongbao runs --output {output}")


def _fit_kinds(output: Path, console: Console) -> None:
    from ..corpus.folder import HELDOUT, TRAIN, read_gold
    from ..pipeline.kinds import to_bytes
    from .kinds import KINDS, fit_kinds, macro_f, read_kinds

    with console.status("fitting"):
        tasks = fit_kinds(read_kinds(KINDS / "train.tsv", read_gold(TRAIN)))
    output.write_bytes(to_bytes(tasks))
    figures = macro_f(tasks, read_kinds(KINDS / "heldout.tsv", read_gold(HELDOUT)))
    for task, figure in figures.items():
        console.print(f"{task}: held-out macro F {figure['macro_f1']:.3f}, accuracy {figure['accuracy']:.3f}")


def _fit_links(output: Path, console: Console) -> None:
    from ..corpus.folder import HELDOUT, TRAIN, read_gold
    from ..pipeline.links import to_json
    from .links import fit_links, pair_table, score_folds, score_on

    with console.status("fitting"):
        table = pair_table(read_gold(TRAIN))
        weights = fit_links(table)
        output.write_text(to_json(weights), "utf-8")
        parts = {"folds": score_folds(table), "held-out": score_on(weights, pair_table(read_gold(HELDOUT)))}
    for part, figures in parts.items():
        for kind, each in figures.items():
            console.print(
                f"{part}, {kind}: F {each.rules:.4f} by rules, {each.learned:.4f} learned; Brier score of "
                f"{each.n_links} links {each.brier:.4f}, without features {each.brier_of_rate:.4f}"
            )


def _overrides(parse: Callable[[list[str]], dict[str, Any]], arguments: list[str]) -> dict[str, Any]:
    from ..corpus.errors import InputError

    try:
        return dict(parse(arguments))
    except (SystemExit, ValueError) as error:
        raise InputError(f"write overrides as --section.key VALUE ({error})", where=" ".join(arguments)) from None


def _sizes(given: str) -> list[int]:
    from ..corpus.errors import InputError

    try:
        return [int(size) for size in given.split(",")]
    except ValueError:
        raise InputError("write numbers of notices with commas between, such as 45,90,175", where=given) from None


def _table(result: dict[str, Any]) -> Table:
    table = Table(title=f"{result['folds']} folds, strict")
    for column in ("label", "P", "R", "F"):
        table.add_column(column, justify="left" if column == "label" else "right")
    for name, row in (*result["labels"].items(), ("micro", result["micro"])):
        table.add_row(name, *(f"{row[key]:.4f}" for key in "prf"))
    return table
