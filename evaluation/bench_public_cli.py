"""The command ``tongbao bench-public``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..corpus.console import reported, say, table_console
from ..corpus.errors import InputError

if TYPE_CHECKING:
    from rich.table import Table

    from .card_tables import PublicSet
    from .results import Rate


def bench_public_command(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Where the sets lie: resume/train.char.bmes, cluener/train.json, …")],
    only: Annotated[str | None, typer.Option("--set", help="One set alone: resume or cluener.")] = None,
    config: Annotated[str, typer.Option(help="A spaCy config, or the name of one that ships.")] = "crf",
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for converted sets and models.")] = Path(
        "build/public"
    ),
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    n_boot: Annotated[int, typer.Option(min=0, help="Number of draws for the intervals.")] = 1000,
) -> None:
    """Train on public NER sets and put the strict F1 beside published ones.

    Every further option overrides a value of the config, as for train. The sets are no part of tongbao.
    """
    with reported():
        from .bench_public import bench_public, files_of
        from .card_tables import public_sets

        sets: Mapping[str, PublicSet] = public_sets()
        if only is not None:
            if only not in sets:
                raise InputError(f"no such set: it is one of {', '.join(sets)}", where=only)
            sets = {only: sets[only]}
        # Before a set is trained on for minutes.
        for public in sets.values():
            files_of(folder, public)
        found = {}
        for name, public in sets.items():
            say(f"{name}: training")
            found[name] = bench_public(
                folder, public, output / name, config=config, overrides=context.args, n_boot=n_boot, say=say
            )
        if as_json:
            rates = {
                name: {"p": rate.p, "r": rate.r, "f": rate.f, "interval": rate.interval} for name, rate in found.items()
            }
            typer.echo(json.dumps({"config": config, "sets": rates}, indent=2))
        else:
            for name, rate in found.items():
                table_console().print(_table(sets[name], rate, config))


def _table(public: PublicSet, rate: Rate, config: str) -> Table:
    from rich.table import Table

    rows = [(figure.f, figure.model, "", figure.source) for figure in public.published]
    interval = f"{100 * rate.interval[0]:.2f}–{100 * rate.interval[1]:.2f}" if rate.interval else ""
    rows.append((100 * rate.f, f"tongbao {config}", interval, "measured here"))
    shown = Table("model", "F1", "95 %", "figure by", title=public.title, title_justify="left", caption=public.remark)
    for f, *cells in sorted(rows):
        shown.add_row(cells[0], f"{f:.2f}", *cells[1:])
    return shown
