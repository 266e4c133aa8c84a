"""The command ``tongbao package``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..corpus.console import reported, say


def package_command(
    model: Annotated[
        Path | None, typer.Argument(help="Folder of a trained model.", show_default="the shipped one")
    ] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the wheel.")] = Path("dist"),
    *,
    name: Annotated[str | None, typer.Option(help="Name of the package, without zh_.")] = None,
    version: Annotated[str | None, typer.Option(help="Version of the package.")] = None,
) -> None:
    """Make an installable wheel of a trained model, with its card."""
    with reported():
        from .package import package

        say(f"{package(model, output, name=name, version=version)}: written")
