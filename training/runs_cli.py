"""The command ``tongbao runs``: lists runs of training, or compares two."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.markup import escape
from rich.table import Table

from ..corpus.console import reported, table_console
from ..corpus.errors import InputError
from .runs import ALL, StoredRun, differences, find_run, read_runs


def runs_command(
    one: Annotated[
        str | None, typer.Argument(metavar="[RUN]", help="Id of a run, or a part of it.", show_default=False)
    ] = None,
    other: Annotated[
        str | None, typer.Argument(metavar="[OTHER]", help="Another one, to compare them.", show_default=False)
    ] = None,
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder that train wrote.")] = Path("training"),
) -> None:
    """List the runs of training, or say in what two of them differ: figures, config, corpus, code, versions."""
    with reported():
        if one is None:
            table_console().print(_list(read_runs(output)))
        elif other is None:
            raise InputError("compares with what? Give a second run", where=one)
        else:
            runs = find_run(output, one), find_run(output, other)
            table_console().print(_scores(*runs))
            table_console().print(_differences(output, *runs))


def _list(runs: list[StoredRun]) -> Table:
    labels = list(dict.fromkeys(label for run in runs for label in run.scores if label != ALL))
    table = _table("run", "F1", *labels, "folds", "seconds", "corpus", "code")
    for run in runs:
        made_from = run.made_from or {}
        table.add_row(
            escape(run.id),
            *(_rate(run, label) for label in (ALL, *labels)),
            str(run.folds or "–"),
            f"{run.seconds:.0f}",
            *(made_from.get(part, "–")[:6] for part in ("corpus", "code")),
        )
    return table


def _scores(one: StoredRun, other: StoredRun) -> Table:
    table = _table("F1", escape(one.id), escape(other.id), "difference")
    for label in dict.fromkeys((*one.scores, *other.scores)):
        both = one.scores.get(label), other.scores.get(label)
        change = f"{both[1].f - both[0].f:+.4f}" if both[0] and both[1] else "–"
        table.add_row(escape(label), _rate(one, label), _rate(other, label), change)
    return table


def _differences(output: Path, one: StoredRun, other: StoredRun) -> Table:
    table = _table("differs", escape(one.id), escape(other.id))
    for row in differences(output, one, other):
        table.add_row(*map(escape, row))
    return table


def _rate(run: StoredRun, label: str) -> str:
    return f"{run.scores[label].f:.4f}" if label in run.scores else "–"


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    for i, column in enumerate(columns):
        table.add_column(column, justify="right" if i else "left", overflow="fold")
    return table
