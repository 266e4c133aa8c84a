"""The page and the picture of a `bench`: what docs/benchmarks.md shows."""

from __future__ import annotations

import os
import platform
from pathlib import Path

from .bench import LOCAL, Bench, Run

PICTURE = "benchmarks.svg"


def page_of(found: Bench, *, command: str) -> str:
    """Write the page in Markdown; ``command`` is the one that measured."""
    rate = found.taggers.per_second
    ours = rate["tongbao"]
    taggers = [
        [name, f"{value:,.0f}", f"{ours / value:.2f}"]
        for name, value in sorted(rate.items(), key=lambda item: -item[1])
    ]
    base = found.starts["import typer"]
    starts = [[f"`{name}`", f"{value:.2f}", f"{value / base:.2f}"] for name, value in found.starts.items()]
    return (
        "\n\n".join(
            (
                "# How fast tongbao is",
                f"Measured by `{command}` on {_machine()}. Other work on the machine slows all alike: runs take turns, "
                f"{found.rounds} of each, and the medians' ratio says more than the seconds.",
                f"![Characters a second, and memory by the size of the archive]({PICTURE})",
                "## Taggers on one core",
                f"The same {found.taggers.characters:,} characters of held-out notices, in memory. spaCy's recogniser "
                "has the weights it begins with, which take as long as learned ones. tongbao makes cases, norms and "
                "kinds of violations too.",
                _table(["tagger", "characters a second", "tongbao is so many times as fast"], taggers),
                "## `tongbao tag`, from a file to a file",
                "Start and loading included. An archive is the held-out notices over and over, as JSON lines; one of "
                "more than 10 MiB takes one turn of each. *Growth* is the speed beside that on the archive before: 1 "
                "where time grows as the archive does, more where starting still counts. The processes of Ray are no "
                "children of the command, so their memory is not seen.",
                _table(
                    [
                        "MiB",
                        "engine",
                        "workers",
                        "turns",
                        "seconds",
                        "characters a second",
                        "beside one process",
                        "growth",
                        "peak MiB of a process",
                    ],
                    [_run_row(run, found.runs) for run in found.runs],
                ),
                "## Start-up",
                _table(["what", "seconds", "beside `import typer`"], starts),
            )
        )
        + "\n"
    )


def draw(found: Bench, path: Path) -> None:
    """Draw the speed of the taggers and the memory by size as SVG."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "tongbao", "font.family": "sans-serif"}):
        figure = Figure(figsize=(9, 3.4), layout="constrained")
        speed, memory = figure.subplots(1, 2)
        rates = sorted(found.taggers.per_second.items(), key=lambda item: item[1])
        colours = ["#3b6fb6" if name == "tongbao" else "#b8b8b8" for name, _ in rates]
        speed.barh([name for name, _ in rates], [value / 1000 for _, value in rates], color=colours)
        speed.set_xlabel("thousand characters a second, one core")
        for engine, label, colour in (("local", "1 process", "#3b6fb6"), ("process", "2 processes", "#b5802c")):
            peaks = [
                (run.mebibytes, run.peak_mebibytes)
                for run in found.runs
                if run.engine == engine and run.peak_mebibytes is not None
            ]
            memory.plot(*zip(*peaks, strict=True), "o-", color=colour, label=label)
        memory.set_ylim(0, 1.1 * max(run.peak_mebibytes or 1 for run in found.runs))
        memory.set_xscale("log")
        memory.set_xlabel("MiB of the archive")
        memory.set_ylabel("peak MiB of a process")
        memory.legend(frameon=False)
        for axes in (speed, memory):
            axes.spines[["top", "right"]].set_visible(False)
        figure.savefig(path, format="svg", facecolor="white", metadata={"Date": None})


def _run_row(run: Run, runs: tuple[Run, ...]) -> list[str]:
    (alone,) = (other for other in runs if other.mebibytes == run.mebibytes and other.engine == LOCAL[0])
    smaller = [other for other in runs if other.engine == run.engine and other.mebibytes < run.mebibytes]
    before = max(smaller, key=lambda other: other.mebibytes, default=None)
    return [
        f"{run.mebibytes:.1f}",
        run.engine,
        str(run.workers),
        str(run.rounds),
        f"{run.seconds:.1f}",
        f"{run.per_second:,.0f}",
        f"{run.per_second / alone.per_second:.2f}",
        f"{run.per_second / before.per_second:.2f}" if before else "",
        "—" if run.peak_mebibytes is None else f"{run.peak_mebibytes:,.0f}",
    ]


def _machine() -> str:
    return f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}"


def _table(header: list[str], rows: list[list[str]]) -> str:
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
