"""A tagged notice: what the model found in it, and the record that callers get of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from ..corpus.docbin import to_doc
from ..corpus.notice import Entity, Notice
from .case import Case

_SCORE_DIGITS = 4


@dataclass(frozen=True, slots=True)
class TaggedEntity:
    """A span that the model marked: ``text[start:end]`` in code points from 0, end excluded.

    Parameters
    ----------
    start, end
        Where it stands in its notice's text.
    label
        One of `corpus.notice.LABELS`.
    score
        Probability of the span under the model, None where the model gives none.
    norm
        What it means, as the components that write ``span._.norm`` say it; None where none does.
    """

    start: int
    end: int
    label: str
    score: float | None = None
    norm: dict[str, Any] | None = field(default=None, hash=False)


@dataclass(frozen=True, slots=True)
class TaggedNotice:
    """A notice with its entities and cases.

    Parameters
    ----------
    notice
        The notice as it was read; its own entities, if any, are gold's and not the model's.
    entities
        What the model marked, sorted by ``start``, without overlap.
    cases
        Their indices count ``entities`` from 0.
    model
        Language, name and version of the pipeline.
    own_doc
        The pipeline's own Doc, where there is one; see `doc`.
    """

    notice: Notice
    entities: tuple[TaggedEntity, ...]
    cases: tuple[Case, ...]
    model: str
    own_doc: Doc | None = field(default=None, repr=False, compare=False)

    @property
    def doc(self) -> Doc:
        """The spaCy Doc with ``ents``, ``span._.score``, ``span._.norm`` and ``doc._.cases``.

        It is the pipeline's own where the notice was tagged in one piece in this process; else one of a token a
        character, made anew at each call.
        """
        if self.own_doc is not None:
            return self.own_doc
        doc = to_doc(self.annotated(), Vocab())
        for kind, name, default in ((Span, "score", None), (Span, "norm", None), (Doc, "cases", ())):
            if not kind.has_extension(name):
                kind.set_extension(name, default=default)
        for span, entity in zip(doc.ents, self.entities, strict=True):
            span._.score = entity.score
            span._.norm = entity.norm
        doc._.cases = self.cases
        return doc

    def annotated(self) -> Notice:
        """Return the notice with the model's entities in the form of gold: cases are numbered from 1."""
        numbers: list[set[int]] = [set() for _ in self.entities]
        for number, case in enumerate(self.cases, start=1):
            for index in (*case.mentions, *case.positions, *case.violations, *case.sanctions):
                numbers[index].add(number)
        entities = tuple(
            Entity(entity.start, entity.end, entity.label, tuple(sorted(of_entity)))
            for entity, of_entity in zip(self.entities, numbers, strict=True)
        )
        return replace(self.notice, entities=entities)

    def record(self) -> dict[str, Any]:
        """Return the record: plain values, as they go into a line of JSON; missing ones are None."""
        notice = self.notice
        return {
            "id": notice.id,
            "source": notice.source,
            "title": notice.meta.get("title") or None,
            "date": notice.meta.get("date") or None,
            "publisher": notice.meta.get("publisher") or None,
            "text": notice.text,
            "entities": [self._entity_record(entity) for entity in self.entities],
            "cases": [_case_record(case) for case in self.cases],
            "model": self.model,
        }

    def _entity_record(self, entity: TaggedEntity) -> dict[str, Any]:
        start, end = entity.start, entity.end
        offsets = self.notice.offsets
        source_start, source_end = (start, end) if offsets is None else offsets.source_span(start, end)
        return {
            "label": entity.label,
            "text": self.notice.text[start:end],
            "start": start,
            "end": end,
            "source_start": source_start,
            "source_end": source_end,
            "score": None if entity.score is None else round(entity.score, _SCORE_DIGITS),
            "norm": entity.norm,
        }


def shifted(case: Case, by: int) -> Case:
    """Return a case whose indices count from ``by`` entities further on."""

    def moved(indices: Sequence[int]) -> tuple[int, ...]:
        return tuple(index + by for index in indices)

    return replace(
        case,
        mentions=moved(case.mentions),
        positions=moved(case.positions),
        violations=moved(case.violations),
        sanctions=moved(case.sanctions),
    )


def _case_record(case: Case) -> dict[str, Any]:
    return {
        "official": case.official,
        "subject": case.subject,
        "positions": list(case.positions),
        "violations": list(case.violations),
        "sanctions": list(case.sanctions),
        "date": case.date,
        "organ": case.organ,
        "amounts": list(case.amounts),
        "stage": case.stage,
        "scores": {
            "positions": _rounded(case.position_scores),
            "violations": _rounded(case.violation_scores),
            "sanctions": _rounded(case.sanction_scores),
        },
        "four_forms": case.four_forms,
        "warnings": list(case.warnings),
    }


def _rounded(scores: Sequence[float]) -> list[float]:
    return [round(score, _SCORE_DIGITS) for score in scores]
