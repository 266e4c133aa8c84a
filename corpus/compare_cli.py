"""The commands ``tongbao corpus agreement`` and ``merge``, for two annotations of the same notices."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.table import Table
from rich.text import Text

from .console import plain as one_line
from .console import reported, say, table_console
from .errors import InputError

if TYPE_CHECKING:
    from .agreement import Agreement, Difference
    from .merge import Merge

Annotation = Annotated[Path, typer.Argument(exists=True, help="A folder of inline notices, or a file of any format.")]


def agreement_command(
    a: Annotation,
    b: Annotation,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON instead of tables.")] = False,
) -> None:
    """Compare two annotations of the same notices; exit with 1 if a notice is only in one of them."""
    from .agreement import agreement
    from .convert import read_convertible

    with reported():
        found = agreement(read_convertible(a), read_convertible(b))
    if as_json:
        typer.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=2))
    else:
        _print_agreement(found)
    raise typer.Exit(1 if found.only_a or found.only_b else 0)


def merge_command(
    a: Annotation,
    b: Annotation,
    *,
    to: Annotated[Path, typer.Option("--to", metavar="FOLDER", help="Folder for the inline notices.")],
    prefer: Annotated[
        Literal["a", "b"] | None, typer.Option(help="Whose version of a notice in conflict is taken.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that were changed in FOLDER.")] = False,
) -> None:
    """Write what two annotations of the same notices agree on, and list the conflicts of the rest.

    The conflicts are a table, and JSON lines in FOLDER.conflicts.jsonl. Exit with 1 if notices were set aside or kept.
    """
    with reported():
        from .convert import read_convertible
        from .merge import conflicts_path, merge, write_merge

        if to.exists() and not to.is_dir():
            raise InputError("not a folder: give a folder for the notices", where=str(to))
        if to.resolve() in (a.resolve(), b.resolve()):
            raise InputError("holds one of the two annotations: merge into another folder", where=str(to))
        found = merge(read_convertible(a), read_convertible(b), prefer=prefer)
        outcomes = write_merge(found, to, force=force)
        if found.conflicts:
            table_console().print(_differences("Conflicts", found.conflicts))
        _say_set_aside(found, to)
        for name in outcomes["kept"]:
            say(f"kept: {to / name}.md was changed, and the two annotations say something else: --force overwrites it")
        rest = f"; see {conflicts_path(to)}" if found.conflicts else ""
        counts = ", ".join(f"{len(names):,} {outcome}" for outcome, names in outcomes.items())
        say(f"{to}: {counts}, {len(found.set_aside):,} set aside{rest}")
        raise typer.Exit(1 if found.set_aside or outcomes["kept"] else 0)


def _say_set_aside(found: Merge, folder: Path) -> None:
    reasons = dict.fromkeys(found.set_aside, "the two annotations differ")
    reasons |= dict.fromkeys(found.only_a, "only A has it") | dict.fromkeys(found.only_b, "only B has it")
    files = {file.name: file for file in folder.glob("*.md")}
    for name, reason in reasons.items():
        file = files.get(f"{name}.md")
        say(f"set aside: {name}: {reason}" + (f"; {file} is left as it is" if file else ""))


def _print_agreement(found: Agreement) -> None:
    scores = Table("", "both", "A", "B", "P", "R", "F1", title="Spans, and memberships of cases", title_justify="left")
    for name, score in {**found.labels, "all spans": found.micro, "cases": found.cases}.items():
        shares = (f"{share:.3f}" for share in (score.precision, score.recall, score.f1))
        scores.add_row(name, str(score.both), str(score.a), str(score.b), *shares)
    console = table_console()
    console.print(scores)
    if found.differences:
        console.print(_differences("Differences", found.differences))
    for side, ids in (("A", found.only_a), ("B", found.only_b)):
        if ids:
            console.print(Text(one_line(f"Only in {side}: {', '.join(ids)}")))


def _differences(title: str, differences: Iterable[Difference]) -> Table:
    table = Table("notice", "at", "kind", "A", "B", "context", title=title, title_justify="left")
    for each in differences:
        cells = (each.id, str(each.start), each.kind, each.a, each.b, each.context)
        table.add_row(*(Text(one_line(cell)) for cell in cells))
    return table
