"""The commands ``tongbao tag`` and ``tongbao show``."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ..corpus.console import reported, say
from ..corpus.errors import InputError

# What reads, tags and writes is imported where it is used: it takes a second, and `--help` should not.
if TYPE_CHECKING:
    from ..corpus.notice import Notice
    from .output import Output
    from .rejects import Reject
    from .sources import Source
    from .tagged import TaggedNotice

_KEY_VARIABLE = "TONGBAO_MASK_KEY"

Inputs = Annotated[
    list[str], typer.Argument(metavar="INPUT", help="Files, folders, patterns, or - for standard input.")
]
Model = Annotated[
    str | None,
    typer.Option("--model", "-m", help="Folder of a trained model.", show_default="the shipped model"),
]
TextField = Annotated[
    str, typer.Option("--text-field", metavar="NAME", help="Field or column with the text of JSONL, CSV, Parquet.")
]


def tag_command(
    inputs: Inputs,
    *,
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT",
            help="File to write: .jsonl, .csv, .parquet, .spacy or .ftm.json; - for JSON lines on standard output.",
        ),
    ] = "-",
    rows: Annotated[
        Literal["cases", "notices"] | None,
        typer.Option(
            "--rows", help="What is a row or a line of the table.", show_default="cases in .csv, else notices"
        ),
    ] = None,
    headers: Annotated[
        Literal["en", "zh"], typer.Option("--headers", help="Language of the headers of rows of cases.")
    ] = "en",
    mask_names: Annotated[
        bool, typer.Option("--mask-names", help="Put pseudonyms in place of the names of persons.")
    ] = False,
    mask_key: Annotated[
        str | None,
        typer.Option(
            "--mask-key",
            metavar="KEY",
            envvar=_KEY_VARIABLE,
            help="Secret key of the pseudonyms, best set in the environment.",
            show_default="a new one each run",
            show_envvar=True,
        ),
    ] = None,
    model: Model = None,
    text_field: TextField = "text",
    workers: Annotated[int, typer.Option("--workers", "-w", min=1, help="Number of processes.")] = 1,
) -> None:
    """Tag notices and write one record each: entities, cases, their places in the source."""
    with reported():
        from .load import load
        from .masking import mask_key as key_of
        from .masking import masked
        from .output import Output
        from .sources import find_sources
        from .tagging import tag
        from .writers import writer_for

        written = _written(output)
        for given in inputs:
            if given != "-" and os.path.realpath(given) in written:
                raise InputError("is to be read and to be written: choose another --output", where=given)
        writer = writer_for(output, rows=rows, headers=headers)
        # A key that is in the environment for other runs is no wish to mask this one.
        if mask_key is not None and not mask_names and mask_key != os.environ.get(_KEY_VARIABLE):
            raise InputError("--mask-key masks nothing by itself: add --mask-names")
        key = key_of(mask_key) if mask_names else None
        sources = find_sources(tuple(inputs))
        with ExitStack() as stack:
            out = stack.enter_context(Output(output))
            nlp = load(model)
            tally = stack.enter_context(_Tally(output))
            notices = _read(sources, written, text_field, tally.set_aside)
            tagged = tag(notices, nlp=nlp, n_process=workers, on_reject=tally.set_aside)
            counted = tally.counted(tagged)
            writer(counted if key is None else (masked(each, key=key) for each in counted), out.stream)
            tally.keep_rejects()
            if not tally.notices:
                raise _nothing(tally.rejects)
            out.keep()
        say(tally.summary())
        raise typer.Exit(1 if tally.rejects else 0)


def show_command(
    inputs: Inputs,
    *,
    model: Model = None,
    text_field: TextField = "text",
    color: Annotated[
        bool | None, typer.Option("--color/--no-color", help="Colours, or the inline form of gold.")
    ] = None,
    svg: Annotated[Path | None, typer.Option(help="File for a picture of it, in place of the terminal.")] = None,
) -> None:
    """Show notices in the terminal: entities in colour and a table of the cases."""
    with reported():
        from rich.console import Console

        from .display import drawing_console, save_picture, show
        from .load import load
        from .sources import find_sources
        from .tagging import tag

        sources = find_sources(tuple(inputs))
        console = (
            drawing_console()
            if svg
            else Console(
                force_terminal=color, no_color=False if color else None, highlight=False, markup=False, emoji=False
            )
        )
        colour = console.is_terminal and not console.no_color if color is None else color
        tally = _Tally()
        notices = _read(sources, frozenset(), text_field, tally.set_aside)
        for tagged in tally.counted(tag(notices, nlp=load(model), batch_size=1, on_reject=tally.set_aside)):
            if tally.notices > 1:
                console.rule()
            show(tagged, console, colour=colour)
        if not tally.notices:
            raise _nothing(tally.rejects)
        if svg:
            save_picture(console, svg)
        raise typer.Exit(1 if tally.rejects else 0)


class _Tally:
    """Counts what is done, shows it as it grows, and keeps what is set aside.

    Parameters
    ----------
    output
        The file beside which rejects are kept, as ``OUT.rejected.jsonl``; None or ``-`` to keep none.
    """

    def __init__(self, output: str | None = None) -> None:
        self.notices = self.cases = self.characters = self.rejects = 0
        self._output = None if output in (None, "-") else output
        self._rejected: Output | None = None
        self._began = perf_counter()
        self._shown = 0.0
        # A progress line amid the records would spoil both.
        self._shows = output is not None and sys.stderr.isatty() and not (output == "-" and sys.stdout.isatty())

    def __enter__(self) -> _Tally:
        return self

    def __exit__(self, *error: object) -> None:
        self._wipe()
        if self._rejected is not None:
            self._rejected.__exit__(None, None, None)

    def counted(self, tagged: Iterator[TaggedNotice]) -> Iterator[TaggedNotice]:
        """Pass tagged notices on and count them."""
        for each in tagged:
            self.notices += 1
            self.cases += len(each.cases)
            self.characters += len(each.notice.text)
            self._show()
            yield each

    def set_aside(self, reject: Reject) -> None:
        """Report an input on standard error and keep it."""
        from .output import Output
        from .writers import json_line

        self.rejects += 1
        self._wipe()
        say(f"set aside: {reject}")
        if self._output is None:
            return
        if self._rejected is None:
            self._rejected = Output(f"{self._output}.rejected.jsonl", mark="rejected")
        record = {"source": reject.source, "where": reject.where, "reason": reject.reason}
        self._rejected.stream.write(json_line(record))

    def keep_rejects(self) -> None:
        """Put the file of rejects in its place, or remove the one of an earlier run."""
        if self._rejected is not None:
            self._rejected.keep()
        elif self._output is not None:
            Path(f"{self._output}.rejected.jsonl").unlink(missing_ok=True)

    def summary(self) -> str:
        """Say in one line what was done."""
        speed = self.characters / max(perf_counter() - self._began, 1e-9)
        to = f" → {self._output}" if self._output else ""
        return (
            f"{_count(self.notices, 'notice')}, {_count(self.cases, 'case')}, {self.rejects:,} set aside, "
            f"{speed:,.0f} characters a second{to}"
        )

    def _show(self) -> None:
        now = perf_counter()
        if self._shows and now - self._shown > 0.1:
            self._shown = now
            # Longer than the terminal is wide it could not be wiped.
            sys.stderr.write(f"\r\x1b[K{self.summary().partition(' →')[0]}")
            sys.stderr.flush()

    def _wipe(self) -> None:
        if self._shows and self._shown:
            self._shown = 0.0
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def _read(
    sources: Iterator[Source], written: frozenset[str], text_field: str, on_reject: Callable[[Reject], None]
) -> Iterator[Notice]:
    """Read all sources but those that this run writes, which may lie in a folder that it reads."""
    from .reading import read
    from .rejects import rejected

    for source in sources:
        if source.name != "-" and os.path.realpath(source.name) in written:
            continue
        try:
            notices = read(source.name, text_field=text_field, on_reject=on_reject)
        except InputError as error:  # gone since the folder was listed, or a link to nowhere
            on_reject(rejected(source.name, error))
            continue
        yield from notices


def _written(output: str) -> frozenset[str]:
    if output == "-":
        return frozenset()
    return frozenset(map(os.path.realpath, (output, f"{output}.rejected.jsonl")))


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _nothing(rejects: int) -> InputError:
    if rejects:
        return InputError(f"nothing could be tagged: all inputs ({rejects:,}) were set aside")
    return InputError("nothing to tag: the inputs hold no notice")
