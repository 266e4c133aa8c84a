"""The tables of the model card, in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from statistics import mean

import yaml
from pydantic import BaseModel, ConfigDict

from ..corpus.notice import LABELS
from .curve_plot import mean_points
from .figures import difference
from .results import LEARNER, Agreed, Curve, FalseAlarms, Figures, Learner, Rate, Shipped
from .slices import LEAST_NOTICES, LEAST_SPANS

NOT_MEASURED = "—"
NOTHING_YET = "Not measured yet."
LEAST_GAP = 0.005
"""How far below the whole a part must be, to be listed among those that fail."""
SLICES_SHOWN = 8
PUBLISHED = Path(__file__).parent / "published.yaml"


class _Figure(BaseModel):
    model_config = ConfigDict(extra="forbid")
    model: str
    f: float
    source: str


class PublicSet(BaseModel):
    """A public set, its files, and what others published on it, in percent."""

    model_config = ConfigDict(extra="forbid")
    title: str
    learned: str
    scored: str
    source: str
    remark: str = ""
    published: list[_Figure]


@cache
def public_sets() -> dict[str, PublicSet]:
    """Read ``published.yaml``."""
    content = yaml.safe_load(PUBLISHED.read_text("utf-8"))
    return {name: PublicSet.model_validate(entry) for name, entry in content.items()}


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Lay out a table whose first column is text and whose others are figures."""
    rules = ["---", *("---:" for _ in head[1:])]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rules, *rows))


def accuracy_table(shipped: Shipped) -> str:
    """Rate the shipped model: by label, in all, on features, and its case links."""
    figures = shipped.figures
    rates: list[tuple[str, Rate | None]] = [
        *figures.labels.items(),
        ("**all, strict**", figures.micro),
        ("all, overlap", figures.overlap),
        ("feature articles alone", figures.features),
        ("case links, entities predicted", shipped.links.get("predicted")),
        ("case links, entities of gold", shipped.links.get("gold")),
    ]
    rows = [[name, *_prf(rate), interval(rate), str(rate.support)] for name, rate in rates if rate is not None]
    return table(("", "P", "R", "F1", "95 %", "to find"), rows)


def slice_table(figures: Figures) -> str:
    """List the parts of the held-out set that score below the whole, worst first."""
    parts = [
        part
        for part in figures.slices
        if part.notices >= LEAST_NOTICES
        and part.rate.support >= LEAST_SPANS
        and part.rate.f <= figures.micro.f - LEAST_GAP
    ]
    rows = [
        [f"{part.by}: {part.value}", str(part.notices), str(part.rate.support), *_prf(part.rate)]
        for part in sorted(parts, key=lambda part: part.rate.f)[:SLICES_SHOWN]
    ]
    return table(("part", "notices", "to find", "P", "R", "F1"), rows) if rows else "No part does."


def learner_table(learners: Sequence[Learner], default: Learner | None) -> str:
    """Compare learners by cross-validation and on the held-out notices, best first."""
    return _comparison(sorted(learners, key=_order), default)


def ablation_tables(learners: Sequence[Learner], default: Learner | None) -> str:
    """Compare the variants of each group with the default, which stands first."""
    groups = sorted({learner.group for learner in learners} - {LEARNER})
    if not groups:
        return NOTHING_YET
    shown = []
    for group in groups:
        members = [learner for learner in learners if learner.group == group and learner is not default]
        shown.append(f"### {group[0].upper()}{group[1:]}")
        shown.append(_comparison([*([default] if default else []), *sorted(members, key=_order)], default))
    return "\n\n".join(shown)


def label_table(learners: Sequence[Learner]) -> str:
    """Rate learners on the held-out notices, label by label."""
    rows = [
        [f"`{learner.name}`", *(_f(learner.heldout.labels.get(label)) for label in LABELS), _f(learner.heldout.overlap)]
        for learner in sorted(learners, key=_order)
        if learner.heldout is not None
    ]
    return table(("learner", *LABELS, "all, overlap"), rows) if rows else NOTHING_YET


def cost_table(learners: Sequence[Learner]) -> str:
    """Tell what learners cost."""
    rows = []
    for learner in sorted(learners, key=_order):
        cost = learner.cost
        if cost is None:
            continue
        ratio = cost.chars_per_second / cost.jieba_chars_per_second
        fit = NOT_MEASURED if cost.seconds_fit is None else f"{cost.seconds_fit:,.0f} s"
        size = f"{cost.model_bytes / 1e6:.1f} MB"
        rows.append([f"`{learner.name}`", fit, size, f"{cost.chars_per_second:,.0f}", f"{ratio:.2f}"])
    head = ("learner", "to fit", "on disk", "characters a second", "times jieba.posseg")
    return table(head, rows) if rows else NOTHING_YET


def public_tables(learners: Sequence[Learner]) -> str:
    """Put our figures on public sets beside published ones, lowest first."""
    shown = []
    for key, public in public_sets().items():
        ours = [(learner, learner.public[key]) for learner in learners if key in learner.public]
        rows = [(figure.f, [figure.model, f"{figure.f:.2f}", "", figure.source]) for figure in public.published]
        rows += [
            (100 * rate.f, [f"**tongbao `{learner.name}`**", f"{100 * rate.f:.2f}", _percent(rate), "measured here"])
            for learner, rate in ours
        ]
        if not ours:
            rows.append((0.0, ["tongbao", NOT_MEASURED, "", ""]))
        lines = [cells for _, cells in sorted(rows, key=lambda row: row[0])]
        remark = f" {public.remark}" if public.remark else ""
        shown.append(f"### {public.title}\n\n{public.source}.{remark}")
        shown.append(table(("model", "F1", "95 %", "figure by"), lines))
    return "\n\n".join(shown)


def negatives_line(figures: Figures, *, of: str) -> str:
    """Tell in a sentence what was found in the texts without a case."""
    found = figures.negatives
    counts = ", ".join(f"{label} {count}" for label, count in found.spurious.items() if count) or "none"
    share = f" ({100 * found.clean / found.notices:.1f} %)" if found.notices else ""
    return (
        f"In {found.clean} of the {found.notices}{share} {of} texts without a case, neither SANCTION nor VIOLATION was "
        f"found; in {found.faultless} nothing was found that gold has not. Spurious entities in them: {counts}."
    )


def agreement_table(agreed: Agreed | None) -> str:
    """Tell how far annotators agree."""
    if agreed is None:
        return NOTHING_YET
    told = f"Strict F1 between two independent annotations of {agreed.notices} notices"
    rows = [[name, _f(rate), interval(rate)] for name, rate in (*agreed.labels.items(), ("**all**", agreed.micro))]
    rows.append(["memberships of cases", f"{agreed.cases:.3f}", ""])
    note = f" {agreed.note}" if agreed.note else ""
    return f"{told}.{note}\n\n{table(('', 'F1', '95 %'), rows)}"


def curve_table(curve: Curve | None) -> str:
    """Tell F1 on the held-out notices by the number of notices learned from."""
    if curve is None:
        return NOTHING_YET
    rows = []
    for size, means in mean_points(curve).items():
        of_size = [point.f for point in curve.points if point.notices == size]
        spread = f"{min(of_size):.3f}–{max(of_size):.3f}" if len(of_size) > 1 else ""
        labels = [f"{means[label]:.3f}" if label in means else NOT_MEASURED for label in LABELS]
        rows.append([str(size), str(len(of_size)), f"{mean(of_size):.3f}", spread, *labels])
    told = (
        f"Strict F1 of `{curve.config}` on the held-out notices, after learning from nested random subsets of the "
        "training notices in which every hand has its share; means over the models of a size."
    )
    return f"{told}\n\n{table(('notices', 'models', 'F1', 'lowest–highest', *LABELS), rows)}"


def interval(rate: Rate) -> str:
    """Write the interval of F1."""
    return "" if rate.interval is None else f"{rate.interval[0]:.3f}–{rate.interval[1]:.3f}"


def _comparison(learners: Sequence[Learner], default: Learner | None) -> str:
    if not learners:
        return NOTHING_YET
    head = ("learner", "folds F1", "to default", "held-out F1", "to default", "features", "clean")
    rows = []
    for learner in learners:
        other = default if default is not None and default.name != learner.name else None
        folds, heldout = learner.folds, learner.heldout
        # The training notices have many more texts without a case than the held-out ones.
        widest = folds or heldout
        rows.append(
            [
                _name(learner),
                _with_interval(folds.micro if folds else None),
                _to_default(folds, other.folds if other else None),
                _with_interval(heldout.micro if heldout else None),
                _to_default(heldout, other.heldout if other else None),
                _f(heldout.features if heldout else None),
                _clean(widest.negatives) if widest else NOT_MEASURED,
            ]
        )
    return table(head, rows)


def _order(learner: Learner) -> tuple[float, float, str]:
    folds, heldout = (figures.micro.f if figures else 0.0 for figures in (learner.folds, learner.heldout))
    return -folds, -heldout, learner.name


def _name(learner: Learner) -> str:
    changed = ", ".join(f"{key} = {value}" for key, value in learner.overrides.items())
    told = "; ".join(part for part in (learner.note, f"`{changed}`" if changed else "") if part)
    return f"`{learner.name}`{': ' if told else ''}{told}".replace("|", "\\|")


def _to_default(figures: Figures | None, default: Figures | None) -> str:
    if figures is None or default is None:
        return "" if figures is not None else NOT_MEASURED
    found = difference(figures, default)
    if found is None:
        return "other notices or folds"
    spread = "" if found.interval is None else f" ({found.interval.low:+.3f} to {found.interval.high:+.3f})"
    return f"{found.value:+.3f}{spread}, p {found.p:.3f}"


def _with_interval(rate: Rate | None) -> str:
    if rate is None:
        return NOT_MEASURED
    return f"{rate.f:.3f} ({interval(rate)})" if rate.interval else f"{rate.f:.3f}"


def _clean(found: FalseAlarms) -> str:
    return f"{found.clean} of {found.notices}" if found.notices else NOT_MEASURED


def _prf(rate: Rate) -> tuple[str, str, str]:
    return f"{rate.p:.3f}", f"{rate.r:.3f}", f"{rate.f:.3f}"


def _f(rate: Rate | None) -> str:
    return NOT_MEASURED if rate is None else f"{rate.f:.3f}"


def _percent(rate: Rate) -> str:
    return "" if rate.interval is None else f"{100 * rate.interval[0]:.2f}–{100 * rate.interval[1]:.2f}"
