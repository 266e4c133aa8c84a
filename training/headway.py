"""How far the annotation of a project is, how right the model was, and how much the rest may still teach it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..corpus.agreement import Agreement, agreement
from ..corpus.doccano import from_record
from ..corpus.errors import AnnotationError
from ..corpus.notice import Entity, Notice
from .doccano_server import Doccano, Example, Project
from .push import PREMARKED


@dataclass(frozen=True, slots=True)
class Headway:
    """State of a project.

    Parameters
    ----------
    total, confirmed
        Number of texts, and of those that somebody confirmed.
    by_annotator
        Name → number of texts that they confirmed.
    model
        How far the model's marks agree with the confirmed ones (``a`` are the confirmed, ``b`` the model's), None
        while none is confirmed that a model had marked.
    doubtful
        How many marks of the texts that wait are wrong, as the model itself expects: the sum of their improbabilities.
    waiting_marks
        How many marks that is of.
    """

    total: int
    confirmed: int
    by_annotator: dict[str, int]
    model: Agreement | None
    doubtful: float
    waiting_marks: int


def headway(server: Doccano, project: Project) -> Headway:
    """Ask a server how far a project is."""
    examples = server.examples(project.id)
    confirmed = [example for example in examples if example.is_confirmed]
    names = server.members(project.id)
    done: Counter[str] = Counter(dict.fromkeys(names.values(), 0))
    for example in confirmed:
        states = server.confirmations(project.id, example.id)
        done.update({names.get(state.user, f"user {state.user}") for state in states})
    doubts = [_doubt(example) for example in examples if not example.is_confirmed]
    return Headway(
        total=len(examples),
        confirmed=len(confirmed),
        by_annotator=dict(sorted(done.items())),
        model=_agreement(server.confirmed(project.id), project) if confirmed else None,
        doubtful=sum(wrong for wrong, _ in doubts),
        waiting_marks=sum(marks for _, marks in doubts),
    )


def _doubt(example: Example) -> tuple[float, int]:
    """Return how many marks of a text the model expects to be wrong, and how many it made."""
    told = example.meta.get(PREMARKED)
    if not isinstance(told, Mapping) or told.get("uncertainty") is None:
        return 0.0, 0
    marks = len(told["spans"])
    return told["uncertainty"] * marks, marks


def _agreement(records: Sequence[Mapping[str, Any]], project: Project) -> Agreement | None:
    gold: list[Notice] = []
    model: list[Notice] = []
    for record in records:
        told = record.get(PREMARKED)
        if not isinstance(told, Mapping):
            continue
        try:
            notice = from_record(record, where=project.name)
            spans = tuple(Entity(start, end, label) for start, end, label in told["spans"])
            model.append(replace(notice, entities=spans))
        except AnnotationError:
            continue  # pull tells what is wrong with it
        gold.append(notice)
    return agreement(gold, model) if gold else None
