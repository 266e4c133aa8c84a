"""The command line: finds the command that is asked for and loads no other."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Annotated, Any, NamedTuple

import typer
from typer.core import TyperGroup
from typer.main import get_command


class Command(NamedTuple):
    """Where a command lives: ``module:name`` in this package, a function or a Typer app; and its line of help."""

    home: str
    help: str
    passes_on: bool = False
    """Whether it takes options that it does not name, such as overrides of a config."""


COMMANDS = {
    "tag": Command("pipeline.cli:tag_command", "Tag notices and write one record each."),
    "show": Command("pipeline.cli:show_command", "Show notices in the terminal: entities in colour, table of cases."),
    "train": Command("training.cli:train_command", "Train a model from gold notices.", passes_on=True),
    "runs": Command("training.runs_cli:runs_command", "List runs of training, or compare two."),
    "package": Command("training.package_cli:package_command", "Make an installable wheel of a trained model."),
    "evaluate": Command("evaluation.cli:evaluate_command", "Score a model on gold notices."),
    "report": Command("evaluation.report_cli:report_command", "Make a page of a tagged batch."),
    "card": Command("evaluation.card_cli:app", "Measure learners for the model card, and write it."),
    "bench": Command("evaluation.bench_cli:bench_command", "Measure speed, memory and start-up beside others."),
    "bench-public": Command(
        "evaluation.bench_public_cli:bench_public_command",
        "Train on public NER sets, beside published figures.",
        passes_on=True,
    ),
    "corpus": Command("corpus.cli:app", "Check, count, convert, compare and merge gold notices."),
    "annotate": Command("training.annotate_cli:app", "Correct notices on a doccano server, and bring them back."),
}


# Frames and colours of a help would take longer to import than all else that it needs.
_PLAIN = None


class LazyGroup(TyperGroup):
    """A group whose commands are imported when they are called; its help knows them by their line."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Load the command that the arguments begin with."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, load_command(name) if name in COMMANDS else command, rest


def load_command(name: str) -> Any:
    """Import a command of `COMMANDS`."""
    command = COMMANDS[name]
    module, _, attribute = command.home.partition(":")
    found = getattr(import_module(f".{module}", __package__), attribute)
    if not isinstance(found, typer.Typer):
        settings = {"allow_extra_args": True, "ignore_unknown_options": True} if command.passes_on else {}
        app = typer.Typer(add_completion=False)
        app.command(name, context_settings=settings)(found)
        found = app
    found.rich_markup_mode = _PLAIN
    loaded = get_command(found)
    loaded.name = name
    return loaded


app = typer.Typer(cls=LazyGroup, no_args_is_help=True, rich_markup_mode=_PLAIN, pretty_exceptions_enable=False)


def _version(asked: bool) -> None:
    if asked:
        from . import __version__

        typer.echo(f"tongbao {__version__}")
        raise typer.Exit


@app.callback()
def tongbao(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Turn Chinese discipline-inspection notices into data: who held which post, did what, received which measure."""


def _stand_in() -> None:
    """Hold the place of a command in the help."""


for _name, _command in COMMANDS.items():
    app.command(_name, help=_command.help)(_stand_in)


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that lacks a character shows its escape instead of a traceback.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    app(prog_name="tongbao")


if __name__ == "__main__":
    main()
