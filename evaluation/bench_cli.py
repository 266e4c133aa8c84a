"""The command ``tongbao bench``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..corpus.console import reported


def bench_command(
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the page and its picture.")] = Path("docs"),
    *,
    sizes: Annotated[str, typer.Option(metavar="1,10,…", help="MiB of the archives to tag.")] = "1,10,100",
    rounds: Annotated[int, typer.Option(min=1, help="Turns of what is timed; one over 10 MiB.")] = 3,
) -> None:
    """Measure speed, memory, growth and start-up beside others, and write benchmarks.md."""
    with reported():
        from rich.console import Console

        from ..corpus.errors import InputError
        from ..corpus.folder import HELDOUT, read_gold
        from .bench import bench
        from .bench_report import PICTURE, draw, page_of

        try:
            mebibytes = [float(size) for size in sizes.split(",")]
        except ValueError:
            raise InputError("write sizes in MiB with commas between, such as 1,10,100", where=sizes) from None
        console = Console(stderr=True)
        found = bench(read_gold(HELDOUT), sizes=mebibytes, rounds=rounds, say=console.print)
        command = f"tongbao bench --sizes {sizes} --rounds {rounds}"
        page = page_of(found, command=command)
        try:
            output.mkdir(parents=True, exist_ok=True)
            (output / "benchmarks.md").write_text(page, "utf-8")
            draw(found, output / PICTURE)
        except OSError as error:
            raise InputError(f"cannot be written: {error.strerror}", where=str(output)) from None
        console.print(f"{output / 'benchmarks.md'}: written")
