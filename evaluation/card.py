"""Writes the model card from stored figures; nothing in it is typed by hand but the text of its template."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ..corpus.errors import InputError
from .card_tables import (
    LEAST_GAP,
    ablation_tables,
    accuracy_table,
    agreement_table,
    cost_table,
    curve_table,
    label_table,
    learner_table,
    negatives_line,
    public_tables,
    slice_table,
    table,
)
from .results import (
    AGREEMENT,
    CURVE,
    LEARNER,
    RESULTS,
    SHIPPED,
    Agreed,
    Counts,
    Curve,
    Learner,
    Shipped,
    read_learners,
    read_result,
)
from .slices import LEAST_NOTICES, LEAST_SPANS

TEMPLATE = Path(__file__).parent / "card_template.md"
PICTURE = "docs/learning_curve.svg"
DEFAULT = "crf"
"""The name of the learner that ships, to which the others are compared."""

_FIELD = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True, slots=True)
class Stored:
    """All that is stored in a folder of results; None and empty where nothing is."""

    shipped: Shipped
    learners: tuple[Learner, ...] = ()
    agreement: Agreed | None = None
    curve: Curve | None = None


def read_stored(folder: Path = RESULTS) -> Stored:
    """Read a folder of results.

    Raises
    ------
    InputError
        When a file is broken, or the figures of the shipped model are missing.
    """
    shipped, agreement, curve = (folder / f"{name}.json" for name in (SHIPPED, AGREEMENT, CURVE))
    if not shipped.is_file():
        what = "the figures of the shipped model are not stored yet: run `tongbao card shipped`"
        raise InputError(what, where=str(shipped))
    return Stored(
        shipped=read_result(shipped, Shipped),
        learners=tuple(read_learners(folder)),
        agreement=read_result(agreement, Agreed) if agreement.is_file() else None,
        curve=read_result(curve, Curve) if curve.is_file() else None,
    )


def render(stored: Stored) -> str:
    """Write the card: the same text for the same figures."""
    shipped = stored.shipped
    learners = [learner for learner in stored.learners if learner.group == LEARNER]
    default = next((learner for learner in stored.learners if learner.name == DEFAULT), None)
    fields = {
        "model": shipped.model,
        "default": DEFAULT,
        "train": _size(shipped.train),
        "heldout": _size(shipped.heldout),
        "accuracy": accuracy_table(shipped),
        "subjects": (
            f"{shipped.subjects_found} of {shipped.subjects} subjects were found; {shipped.false_cases} of the "
            "predicted cases are of nobody who is held to account."
        ),
        "negatives": _negatives(shipped, default),
        "slices": slice_table(shipped.figures),
        "least_gap": f"{100 * LEAST_GAP:g}",
        "least_notices": str(LEAST_NOTICES),
        "least_spans": str(LEAST_SPANS),
        "learners": learner_table(learners, default),
        "labels": label_table(learners),
        "cost": cost_table(learners),
        "ablations": ablation_tables(stored.learners, default),
        "public": public_tables(stored.learners),
        "agreement": agreement_table(stored.agreement),
        "curve": f"{_picture(stored.curve)}{curve_table(stored.curve)}",
        "made_from": table(("", "digest"), [[part, f"`{value}`"] for part, value in shipped.made_from.items()]),
    }
    return _FIELD.sub(lambda field: fields[field[1]], TEMPLATE.read_text("utf-8"))


def _size(counts: Counts) -> str:
    spans = sum(counts.spans.values())
    return f"{counts.notices:,} notices ({counts.characters:,} characters, {spans:,} entities, {counts.cases:,} cases)"


def _negatives(shipped: Shipped, default: Learner | None) -> str:
    sentences = []
    if shipped.figures.negatives.notices:
        sentences.append(negatives_line(shipped.figures, of="held-out"))
    if default is not None and default.folds is not None:
        sentences.append("In cross-validation over the training notices: ")
        sentences.append(negatives_line(default.folds, of="training"))
    return " ".join(map(str.strip, sentences)) or "What it finds in texts without a case is not measured yet."


def _picture(curve: Curve | None) -> str:
    if curve is None:
        return ""
    return f"![F1 against the number of notices learned from]({PICTURE})\n\n"
