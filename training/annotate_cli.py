"""The commands ``tongbao annotate push``, ``pull`` and ``status``."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ..corpus.console import plain as one_line
from ..corpus.console import reported, say, table_console
from ..corpus.errors import InputError

if TYPE_CHECKING:
    from ..pipeline.rejects import Reject
    from .doccano_server import Doccano, Project
    from .headway import Headway

app = typer.Typer(
    no_args_is_help=True,
    help="Correct notices on a doccano server: DOCCANO_URL, DOCCANO_USER and DOCCANO_PASSWORD say where; what is not "
    "set is asked for.",
)

Name = Annotated[str, typer.Option("--project", metavar="NAME", help="Name of the project on the server.")]
Seconds = Annotated[float, typer.Option("--timeout", min=0.1, help="Seconds that the server may take for an answer.")]


@app.command("push")
def push_command(
    inputs: Annotated[list[str], typer.Argument(metavar="NOTICES", help="Files, folders, patterns, or -.")],
    *,
    project: Name,
    order: Annotated[
        Literal["uncertain", "random", "diverse"], typer.Option(help="What annotators see first.")
    ] = "uncertain",
    limit: Annotated[int | None, typer.Option(min=1, help="Push the first so many of this order.")] = None,
    model: Annotated[
        str | None,
        typer.Option("--model", "-m", help="Folder of a trained model.", show_default="the shipped model"),
    ] = None,
    timeout: Seconds = 60,
) -> None:
    """Mark notices with a model and upload those that the project does not have."""
    with reported():
        from ..pipeline.load import load
        from ..pipeline.reading import read
        from ..pipeline.tagging import tag
        from .needs import in_order
        from .push import known_notices, make_project, new_ones, premarked, record_of, upload

        rejects: list[Reject] = []

        def set_aside(reject: Reject) -> None:
            rejects.append(reject)
            say(f"set aside: {reject}")

        notices = read(*inputs, on_reject=set_aside)
        nlp = load(model)
        with _session(timeout) as server:
            found = make_project(server, project)
            new = list(new_ones(notices, known_notices(server, found), on_reject=set_aside))
            tagged = in_order(list(tag(new, nlp=nlp, on_reject=set_aside)), order)[:limit]
            records = [record_of(each.annotated(), premarked=premarked(each)) for each in tagged]
            with _progress("uploaded", len(records)) as done:
                upload(server, found, records, done=done)
        say(f"{project}: {_count(len(records))} uploaded, {len(new) - len(records):,} more are new")
        raise typer.Exit(1 if rejects else 0)


@app.command("pull")
def pull_command(
    *,
    project: Name,
    to: Annotated[Path, typer.Option("--to", metavar="FOLDER", help="Folder for the inline notices.")],
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that were changed here.")] = False,
    timeout: Seconds = 60,
) -> None:
    """Bring confirmed notices back as inline gold; exit with 1 if some were set aside or kept."""
    with reported():
        from .pull import pull, rejects_path

        if to.exists() and not to.is_dir():
            raise InputError("not a folder: give a folder for the notices", where=str(to))
        with _session(timeout) as server, _progress("read", None) as done:
            pulled = pull(server, _existing(server, project), to, force=force, done=done)
        for remark in pulled.remarks:
            say(remark)
        for each in pulled.set_aside:
            say(f"set aside: {each['id']}: {each['reason']}")
        for kept in pulled.kept:
            say(f"kept: {to / kept}.md was changed here, and {project} says something new: --force overwrites it")
        rest = f"; see {rejects_path(to)}" if pulled.set_aside else ""
        say(
            f"{to}: {_count(len(pulled.written))} written, {len(pulled.unchanged):,} unchanged, "
            f"{len(pulled.kept):,} kept, {len(pulled.set_aside):,} set aside{rest}"
        )
        raise typer.Exit(1 if pulled.set_aside or pulled.kept else 0)


@app.command("status")
def status_command(*, project: Name, timeout: Seconds = 60) -> None:
    """Count what is confirmed, by whom, how right the model was, and how much it doubts the rest."""
    with reported():
        from .headway import headway

        with _session(timeout) as server:
            found = headway(server, _existing(server, project))
    _print_headway(project, found)


@contextmanager
def _session(seconds: float) -> Iterator[Doccano]:
    from .doccano_server import PASSWORD, Doccano, Login

    login = Login(_asked("DOCCANO_URL"), _asked("DOCCANO_USER"), _asked(PASSWORD, hidden=True))
    with Doccano(login, say=say, seconds=seconds) as server:
        yield server


def _asked(variable: str, *, hidden: bool = False) -> str:
    """Take a value from the environment, or ask for it where somebody can answer."""
    given = os.environ.get(variable)
    if given:
        return given
    if not sys.stdin.isatty():
        raise InputError("set it in the environment, for there is no terminal to ask in", where=variable)
    asked: str = typer.prompt(variable, hide_input=hidden, err=True)
    return asked


def _existing(server: Doccano, name: str) -> Project:
    from .push import find_project

    project = find_project(server, name)
    if project is None:
        raise InputError("there is no such project, or you are no member of it: push makes one", where=name)
    return project


@contextmanager
def _progress(what: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Show how many are done, in a terminal alone."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=total)
        yield lambda number: progress.update(task, completed=number)


def _count(number: int) -> str:
    return f"{number:,} notice" if number == 1 else f"{number:,} notices"


def _print_headway(project: str, found: Headway) -> None:
    from rich.table import Table
    from rich.text import Text

    console = table_console()
    typer.echo(one_line(f"{project}: {found.confirmed:,} of {_count(found.total)} confirmed"))
    by = Table("annotator", "confirmed", show_edge=False)
    for name, count in found.by_annotator.items():
        by.add_row(Text(one_line(name)), f"{count:,}")
    console.print(by)
    if found.model is not None:
        scores = Table("model's marks", "P", "R", "F1", show_edge=False)
        for label, score in {**found.model.labels, "all": found.model.micro}.items():
            scores.add_row(label, *(f"{share:.3f}" for share in (score.precision, score.recall, score.f1)))
        console.print(scores)
    waiting = found.total - found.confirmed
    typer.echo(
        f"{_count(waiting)} to do; by its own scores the model expects {found.doubtful:.1f} of its "
        f"{found.waiting_marks:,} marks there to be wrong"
    )
