"""The commands ``tongbao tag`` and ``tongbao show``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from ..corpus.console import reported, say
from ..corpus.errors import InputError

# What reads, tags and writes is imported where it is used: it takes a second, and `--help` should not.
if TYPE_CHECKING:
    from .rejects import Reject

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
            help="File to write: .jsonl, .csv, .parquet, .spacy or .ftm.json; - for JSON lines on standard output; "
            "NAME/ for a folder of Parquet parts; an address such as s3://bucket/cases.jsonl.",
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
    engine: Annotated[
        Literal["local", "process", "ray"] | None,
        typer.Option("--engine", help="What runs the workers.", show_default="local for one worker, else process"),
    ] = None,
    workers: Annotated[int, typer.Option("--workers", "-w", min=1, help="Number of processes.")] = 1,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a run that did not come to its end, if there is one.")
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace an output that is there, or an unfinished one.")
    ] = False,
    max_rejects: Annotated[
        int | None,
        typer.Option("--max-rejects", metavar="N", min=0, help="Stop when more inputs than N are set aside."),
    ] = None,
    json_out: Annotated[
        str | None,
        typer.Option("--json", metavar="FILE", help="Write the summary as JSON; - for standard output."),
    ] = None,
) -> None:
    """Tag notices and write one record each: entities, cases, their places in the source."""
    with reported():
        from .batch import Batch, run
        from .masking import mask_key as key_of
        from .stopping import Stopped, stoppable
        from .tally import Tally

        # A key that is in the environment for other runs is no wish to mask this one.
        if mask_key is not None and not mask_names and mask_key != os.environ.get(_KEY_VARIABLE):
            raise InputError("--mask-key masks nothing by itself: add --mask-names")
        if json_out == "-" and output == "-":
            raise InputError("--json - and the records would mix on standard output: name a file for one of them")
        batch = Batch(
            inputs=tuple(inputs),
            output=output,
            model=model,
            rows=rows,
            headers=headers,
            text_field=text_field,
            mask_key=key_of(mask_key) if mask_names else None,
            mask_kept=mask_key is not None,
            engine=engine or ("local" if workers == 1 else "process"),
            workers=workers,
            resume=resume,
            overwrite=overwrite,
            max_rejects=max_rejects,
        )
        tally = Tally(output)
        try:
            with stoppable():
                run(batch, tally)
        except Stopped as stopped:
            tally.wipe()
            say(f"stopped: {tally.summary()}" + ("" if batch.is_stream else " (unfinished: --resume goes on)"))
            raise typer.Exit(128 + stopped.number) from None
        finally:
            tally.wipe()
        if json_out is not None:
            _write_json(tally.as_json(), json_out)
        if json_out != "-":
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

        from .batch import nothing_to_tag
        from .display import drawing_console, save_picture, show
        from .load import load
        from .reading import read
        from .tagging import tag

        rejects: list[Reject] = []

        def set_aside(reject: Reject) -> None:
            rejects.append(reject)
            say(f"set aside: {reject}")

        notices = read(*inputs, text_field=text_field, on_reject=set_aside)
        console = (
            drawing_console()
            if svg
            else Console(
                force_terminal=color, no_color=False if color else None, highlight=False, markup=False, emoji=False
            )
        )
        colour = console.is_terminal and not console.no_color if color is None else color
        shown = 0
        for shown, tagged in enumerate(tag(notices, nlp=load(model), batch_size=1, on_reject=set_aside), start=1):
            if shown > 1:
                console.rule()
            show(tagged, console, colour=colour)
        if not shown:
            raise nothing_to_tag(len(rejects))
        if svg:
            save_picture(console, svg)
        raise typer.Exit(1 if rejects else 0)


def _write_json(summary: dict[str, Any], out: str) -> None:
    from .output import Output
    from .writers import json_line

    with Output(out) as file:
        file.stream.write(json_line(summary))
        file.keep()
