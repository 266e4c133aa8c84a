"""Draws the learning curve as an SVG picture that is the same for the same figures."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from statistics import mean

from ..corpus.errors import InputError, ModelError
from .results import Curve

COLOURS = {"OFFICIAL": "#3b6fb6", "POSITION": "#2f8f6b", "SANCTION": "#b5802c", "VIOLATION": "#b3424a"}


def draw_curve(curve: Curve, path: Path) -> None:
    """Draw F1 of each label and of all together against the number of notices; dots are single models.

    Raises
    ------
    ModelError
        When matplotlib is not installed.
    InputError
        When the picture cannot be written.
    """
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
    except ImportError:
        what = "the picture needs matplotlib: pip install 'tongbao[report]'"
        raise ModelError(what, where=str(path)) from None
    # Text stays text, and ids do not depend on the run.
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "tongbao", "font.family": "sans-serif"}):
        figure = Figure(figsize=(7, 4.4), layout="constrained")
        axes = figure.add_subplot()
        means = mean_points(curve)
        sizes = list(means)
        for label, colour in COLOURS.items():
            if all(label in means[size] for size in sizes):
                axes.plot(sizes, [means[size][label] for size in sizes], color=colour, linewidth=1.2, label=label)
        axes.plot(sizes, [means[size]["all"] for size in sizes], color="#444444", linewidth=2.4, label="all")
        axes.plot([p.notices for p in curve.points], [p.f for p in curve.points], ".", color="#444444", markersize=5)
        axes.set_xscale("log", base=2)
        axes.set_xticks(sizes, [str(size) for size in sizes])
        axes.minorticks_off()
        axes.set_xlabel("notices learned from")
        axes.set_ylabel("strict F1 on the held-out notices")
        axes.grid(color="#dddddd", linewidth=0.6)
        axes.legend(loc="lower right", frameon=False)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            figure.savefig(path, format="svg", facecolor="white", metadata={"Date": None, "Title": title_of(curve)})
        except OSError as error:
            raise InputError(f"cannot be written: {error.strerror}", where=str(path)) from None


def title_of(curve: Curve) -> str:
    """Return the picture's title, which tells of which figures it is."""
    return f"Learning curve {sha256(curve.model_dump_json().encode()).hexdigest()[:16]}"


def mean_points(curve: Curve) -> dict[int, dict[str, float]]:
    """Average the models of each size: size → label or ``all`` → mean F1, sizes ascending."""
    means = {}
    for size in sorted({point.notices for point in curve.points}):
        points = [point for point in curve.points if point.notices == size]
        labels = [label for label in points[0].labels if all(label in point.labels for point in points)]
        means[size] = {label: mean(point.labels[label] for point in points) for label in labels}
        means[size]["all"] = mean(point.f for point in points)
    return means
