"""A notice: its text, what is known about it, and the entities marked in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from .errors import AnnotationError
from .offsets import MappedText

Label = Literal["OFFICIAL", "POSITION", "SANCTION", "VIOLATION"]
LABELS: tuple[Label, ...] = get_args(Label)


@dataclass(frozen=True, slots=True, order=True)
class Entity:
    """A marked span: ``text[start:end]`` in code points from 0, end excluded.

    Parameters
    ----------
    start, end
        Where it stands in its notice's text.
    label
        One of `LABELS`.
    cases
        Numbers of the cases it belongs to, from 1, ascending; empty for an entity of no case.
    """

    start: int
    end: int
    label: str
    cases: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """One document, raw or annotated.

    Parameters
    ----------
    id
        Stable identifier.
    text
        The text as a reader sees it.
    meta
        What is known beside the text: ``form`` of a gold notice, ``title``, ``date`` and ``publisher`` of a read one.
    entities
        Sorted by ``start``, without overlap.
    source
        Path or URL it was read from, None for a plain string.
    offsets
        The map from ``text`` back to the decoded source, None where the text is its own source.

    Raises
    ------
    AnnotationError
        When an entity lies outside the text, overlaps another or is out of order.
    """

    id: str
    text: str
    meta: Mapping[str, str] = field(default_factory=dict)
    entities: tuple[Entity, ...] = ()
    source: str | None = None
    offsets: MappedText | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        before = 0
        for entity in self.entities:
            if not before <= entity.start < entity.end <= len(self.text):
                raise AnnotationError(
                    f"entity {entity.label} {entity.start}:{entity.end} is empty, overlaps its neighbour, is out of "
                    f"order or outside the text ({len(self.text)} characters)",
                    where=self.id,
                )
            before = entity.end

    def span_text(self, entity: Entity) -> str:
        """Return the characters an entity marks."""
        return self.text[entity.start : entity.end]
