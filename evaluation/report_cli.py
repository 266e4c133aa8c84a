"""The command ``tongbao report``: a page of a tagged batch."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..corpus.console import reported
from ..corpus.errors import InputError


def report_command(
    records: Annotated[Path, typer.Argument(metavar="OUT.jsonl", help="Records that tongbao tag has written.")],
    *,
    html_out: Annotated[Path, typer.Option("--html", metavar="PAGE.html", help="The page to write.")],
) -> None:
    """Make a page of a tagged batch: cases over time, measures, organs, a table of cases."""
    with reported():
        from .batch import read_batch
        from .batch_page import batch_page
        from .page import write_page

        batch = list(read_batch(records))
        if not batch:
            raise InputError("holds no record: tag some notices first", where=str(records))
        write_page(batch_page(batch, title=records.name), html_out)
