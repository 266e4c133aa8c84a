"""Plots as SVG that stands inside a page: its colours are those of the page, in light and dark."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from io import StringIO
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ..corpus.errors import ModelError
from .slices import LEAST_SPANS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .bootstrap import Interval
    from .calibration import Calibration

# Colours that matplotlib writes and that the page's own take the place of.
INK, LINE, ACCENT, OTHER = "#010101", "#020202", "#030303", "#040404"
_OF_PAGE = {INK: "currentColor", LINE: "var(--line)", ACCENT: "var(--accent)", OTHER: "var(--muted)"}
# Ids that nothing refers to, and that would stand twice in a page with several plots.
_IDS = re.compile(r' id="[\w.]+_\d+"')


def forest(rows: Mapping[str, tuple[float, Interval | None]], *, others: Mapping[str, float] | None = None) -> Markup:
    """Draw figures from 0 to 1 with their intervals, one under the other.

    Parameters
    ----------
    rows
        Name → figure and interval.
    others
        Name → the same figure of another model, a hollow mark.
    """

    def draw(axes: Axes) -> None:
        for place, (name, (value, interval)) in enumerate(rows.items()):
            if interval is not None:
                axes.plot([interval.low, interval.high], [place, place], color=ACCENT, linewidth=2)
            axes.plot([value], [place], "o", color=ACCENT, markersize=6)
            if others and name in others:
                axes.plot([others[name]], [place], "D", color=OTHER, markersize=6, fillstyle="none")
        axes.set_yticks(range(len(rows)), list(rows))
        axes.invert_yaxis()
        axes.set_xlabel("F1, strict")

    return _svg(draw, title="F1 of each label with its 95 % interval", size=(4.8, 0.6 + 0.36 * len(rows)))


def reliability(found: Calibration) -> Markup:
    """Draw the share of right spans over what their scores say; the larger the dot, the more spans; few are grey."""

    def draw(axes: Axes) -> None:
        means, shares = [each.mean_score for each in found.bins], [each.share_right for each in found.bins]
        axes.plot([0, 1], [0, 1], color=OTHER, linewidth=1, linestyle="--")
        axes.plot(means, shares, color=ACCENT, linewidth=1.4)
        sizes = [20 + 200 * each.spans / found.spans for each in found.bins]
        colours = [OTHER if each.spans < LEAST_SPANS else ACCENT for each in found.bins]
        axes.scatter(means, shares, s=sizes, c=colours, zorder=3)
        axes.set_xlim(0, 1.03)
        axes.set_ylim(0, 1.03)
        axes.set_xlabel("score")
        axes.set_ylabel("share that is right")

    return _svg(draw, title="Reliability: what scores say, and what is right", size=(4.4, 3.5))


def by_threshold(found: Calibration) -> Markup:
    """Draw precision, recall and F1 of the spans that a least score leaves."""

    def draw(axes: Axes) -> None:
        least = [each.least for each in found.thresholds]
        for name, values, style, colour in (
            ("precision", [each.precision for each in found.thresholds], "-", ACCENT),
            ("recall", [each.recall for each in found.thresholds], "--", ACCENT),
            ("F1", [each.f1 for each in found.thresholds], "-", INK),
        ):
            axes.plot(least, values, style, color=colour, linewidth=1.6, label=name)
        axes.set_ylim(0, 1.03)
        axes.set_xlabel("least score of a span that is kept")
        axes.legend(loc="lower left", frameon=False, labelcolor=INK)

    return _svg(draw, title="Precision, recall and F1 by least score", size=(4.4, 3.5))


def columns(counts: Mapping[str, int], *, title: str) -> Markup:
    """Draw counts as columns, left to right in the order they stand in; their names are years or months."""

    def draw(axes: Axes) -> None:
        places = range(len(counts))
        axes.bar(places, list(counts.values()), color=ACCENT, width=0.8)
        step = 1 + len(counts) // 13
        axes.set_xticks(list(places)[::step], list(counts)[::step])
        axes.grid(visible=False, axis="x")
        axes.locator_params(axis="y", integer=True)
        axes.set_ylabel("cases")

    return _svg(draw, title=title, size=(8.4, 2.6))


def _svg(draw: Callable[[Axes], None], *, title: str, size: Sequence[float]) -> Markup:
    """Return a drawing as mark-up; all of its text is ours, and matplotlib escapes it."""
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
    except ImportError:
        raise ModelError("the page's plots need matplotlib: pip install 'tongbao[report]'") from None
    # Its keys are spelled out in the types of some versions of matplotlib alone.
    settings: Any = {
        "svg.fonttype": "none",
        "svg.hashsalt": "tongbao",
        "font.family": "sans-serif",
        "axes.spines.top": False,
        "axes.spines.right": False,
        **dict.fromkeys(("axes.edgecolor", "grid.color"), LINE),
        **dict.fromkeys(("axes.labelcolor", "text.color", "xtick.color", "ytick.color"), INK),
    }
    with mpl.rc_context(settings):
        figure = Figure(figsize=(size[0], size[1]), layout="constrained")
        axes = figure.add_subplot()
        axes.grid(linewidth=0.8)
        axes.set_axisbelow(True)
        draw(axes)
        written = StringIO()
        figure.savefig(written, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return Markup(_as_part(written.getvalue(), title))  # noqa: S704


def _as_part(svg: str, title: str) -> str:
    """Take what stands before and around the drawing away, and the page's colours for ours."""
    drawing = _IDS.sub("", svg[svg.index("<svg") :])
    drawing = re.sub(r"<metadata>.*?</metadata>", "", drawing, flags=re.DOTALL)
    # A style in a drawing would hold for the whole page.
    drawing = re.sub(r"<style.*?</style>", "", drawing, flags=re.DOTALL)
    for ours, theirs in _OF_PAGE.items():
        drawing = drawing.replace(ours, theirs)
    return drawing.replace("<svg", f'<svg class="plot" role="img" aria-label="{title}"', 1)
