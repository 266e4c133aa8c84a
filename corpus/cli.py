"""The commands ``tongbao corpus check``, ``stats`` and ``convert``, beside those that compare."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from .compare_cli import agreement_command, merge_command
from .console import plain as one_line
from .console import reported, say, table_console
from .errors import AnnotationError, InputError
from .folder import HELDOUT, TRAIN, is_heldout, read_gold, scan_gold

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from .notice import Notice

app = typer.Typer(no_args_is_help=True, help="Check, count, convert, compare and merge gold notices.")

Gold = Annotated[Path, typer.Argument(exists=True, help="A folder of inline notices, or a file of any format.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON instead of tables.")]


class Tokenizer(str, Enum):
    """Tokenizers whose edges gold can be checked against."""

    char = "char"
    jieba = "jieba"
    pkuseg = "pkuseg"


class To(str, Enum):
    """Formats that gold can be written in."""

    inline = "inline"
    doccano = "doccano"
    label_studio = "label-studio"
    spacy = "spacy"
    bio = "bio"
    bmes = "bmes"


class After(str, Enum):
    """What an empty line of columns stands after."""

    sentence = "sentence"
    paragraph = "paragraph"
    notice = "notice"


@app.command("check")
def check_command(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(exists=True, help="Folders or files of gold.", show_default="the shipped training notices"),
    ] = None,
    *,
    heldout: Annotated[
        Path | None,
        typer.Option(
            exists=True, help="Gold that none of it may resemble.", show_default="the shipped held-out notices"
        ),
    ] = None,
    tokenizer: Annotated[
        Tokenizer | None, typer.Option(help="List the spans whose edges are inside a token of this tokenizer.")
    ] = None,
    threshold: Annotated[
        float, typer.Option(min=0.01, max=1.0, help="Similarity from which on two notices count as duplicates.")
    ] = 0.5,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 for warnings as well.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check gold against the guideline's mechanical rules; exit with 1 if there are errors."""
    from .check import broken, check, misaligned

    with reported():
        notices: list[Notice] = []
        errors: list[AnnotationError] = []
        for path in paths or [TRAIN]:
            read, wrong = scan_gold(path)
            notices += read
            errors += wrong
        # What is held out resembles itself.
        outside = all(not is_heldout(path) for path in paths or [TRAIN])
        measured = read_gold(heldout) if heldout is not None else read_gold(HELDOUT) if outside else []
        findings = [broken(error) for error in errors]
        findings += check(notices, heldout=measured, threshold=threshold)
        if tokenizer is not None:
            findings += misaligned(notices, _tokenizer(tokenizer))
    failures = sum(finding.severity == "error" for finding in findings)
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            typer.echo(one_line(str(finding)))
        summary = f"{len(notices)} notices, {failures} errors, {len(findings) - failures} warnings"
        typer.echo(summary)
    raise typer.Exit(1 if failures or (strict and findings) else 0)


@app.command("stats")
def stats_command(
    path: Gold = TRAIN,
    *,
    write: Annotated[
        Path | None, typer.Option(metavar="README", exists=True, help="Refresh the coverage table in this file.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Count what gold covers."""
    from .stats import stats, write_table

    with reported():
        counted = stats(read_gold(path))
        if write is not None:
            changed = write_table(write, counted)
            typer.echo(f"{write}: {'refreshed' if changed else 'fresh already'}", err=True)
    if as_json:
        typer.echo(json.dumps(counted.as_dict(), ensure_ascii=False, indent=2))
    elif write is None:
        console = table_console()
        for title, counts in counted.tables().items():
            console.print(_counts(title, counts))


@app.command("convert")
def convert_command(
    source: Annotated[
        Path, typer.Argument(metavar="INPUT", exists=True, help="A folder of inline notices, or a file.")
    ],
    output: Annotated[Path, typer.Argument(help="A file, or a folder for inline notices.")],
    *,
    to: Annotated[To | None, typer.Option(help="Format of the output.", show_default="by its ending")] = None,
    split: Annotated[After, typer.Option(help="Columns: what an empty line stands after.")] = After.sentence,
    plain: Annotated[
        bool, typer.Option("--plain", help="Columns: characters and tags alone, which cannot be read back.")
    ] = False,
) -> None:
    """Convert gold: inline .md, doccano .jsonl, Label Studio .json, .spacy, columns .bio and .bmes.

    The zip of a doccano export is read as it is.

    Sets of others with labels of their own, as plain columns (BIO, BIOES, BMES) or CLUENER's JSON lines, become .spacy.
    """
    from .convert import format_of, read_convertible, write_gold
    from .foreign import ForeignSet, is_foreign, read_foreign

    with reported():
        form = format_of(output) if to is None else to.value
        if is_foreign(source):
            if form != "spacy":
                what = "columns without our header and CLUENER's JSON become .spacy alone: name the output so"
                raise InputError(what, where=str(output))
            found = read_foreign(source)
        else:
            found = ForeignSet(tuple(read_convertible(source)))
        write_gold(found.notices, output, to=form, split=split.value, plain=plain)
    typer.echo(f"{output}: {len(found.notices)} notices", err=True)
    for remark in found.remarks():
        say(f"{source}: {remark}")


app.command("agreement")(agreement_command)
app.command("merge")(merge_command)


def _tokenizer(name: Tokenizer) -> Callable[[str], Doc]:
    """Make a tokenizer; the segmenter that ships is the pipeline's, so it is only looked for when asked for."""
    made: Callable[[str], Doc]
    if name is Tokenizer.pkuseg:
        from ..pipeline.words import load_tokenizer

        made = load_tokenizer()
    else:
        from spacy.lang.zh import Chinese

        made = Chinese.from_config({"nlp": {"tokenizer": {"segmenter": name.value}}}).tokenizer
    return made


def _counts(title: str, counts: Mapping[str, int]) -> Table:
    table = Table("", "", title=title, title_justify="left", show_header=False)
    for kind, count in counts.items():
        table.add_row(Text(one_line(kind)), Text(f"{count:,}", justify="right"))
    return table
