"""What all commands share: an error is one line and an exit status, and no text steers the terminal."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from .errors import TongbaoError

if TYPE_CHECKING:
    from rich.console import Console

# Controls of C0 and C1, and the marks that turn the direction of a line; tabs and line ends are blanks.
_BLANKS = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")
# Columns.
_NO_TERMINAL = 160
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def plain(text: str) -> str:
    """Return a text in one line, without characters that a terminal would obey."""
    return _CONTROLS.sub("", _BLANKS.sub(" ", text))


def say(text: str) -> None:
    """Write one line on standard error."""
    # A path may hold bytes that are no characters, and a terminal may lack characters.
    encoding = sys.stderr.encoding or "utf-8"
    typer.echo(plain(text).encode(encoding, "backslashreplace").decode(encoding), err=True)


def table_console() -> Console:
    """Make a console for tables: a file or a pipe has no width, so nothing is cut there (``COLUMNS`` sets one)."""
    from rich.console import Console

    console = Console()
    return console if console.is_terminal or "COLUMNS" in os.environ else Console(width=_NO_TERMINAL)


@contextmanager
def reported() -> Iterator[None]:
    """Turn an error of ours into one line on standard error and exit status 2."""
    try:
        yield
    except TongbaoError as error:
        say(str(error))
        raise typer.Exit(2) from None
