"""Assembles the entities of a document into cases."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc

from .attach import attach
from .case import Case
from .factory import factory
from .scene import SANCTION, VIOLATION, Scene
from .subjects import cast

Doc.set_extension("cases", default=(), force=True)


@factory("tongbao.cases", requires=("doc.ents",), assigns=("doc._.cases",))
def create_cases(nlp: Language, name: str) -> Cases:  # noqa: ARG001
    """Make the component; see `Cases`."""
    return Cases(name)


class Cases:
    """Writes ``doc._.cases``, a tuple of `Case` by first mention of the subject."""

    def __init__(self, name: str = "cases") -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Assemble the cases of one document."""
        doc._.cases = assemble(doc)
        return doc


def assemble(doc: Doc) -> tuple[Case, ...]:
    """Group ``doc.ents`` into cases."""
    spans = [(span.start_char, span.end_char, span.label_) for span in doc.ents]
    return assemble_spans(doc.text, spans)


def assemble_spans(text: str, spans: Sequence[tuple[int, int, str]]) -> tuple[Case, ...]:
    """Group spans, given as (start, end, label) in order and without overlap, into cases."""
    scene = Scene.of(text, spans)
    found = cast(scene)
    attached = attach(scene, found)
    acts: dict[int, dict[str, list[int]]] = {}
    for index, who in enumerate(attached):
        for number in who:
            acts.setdefault(number, {SANCTION: [], VIOLATION: []})[scene.entities[index].letter].append(index)
    cases = []
    for number in sorted(acts, key=lambda number: found.subjects[number].start):
        subject, of = found.subjects[number], acts[number]
        cases.append(
            Case(
                official=subject.text if subject.names else None,
                subject=subject.text,
                mentions=tuple(sorted(subject.names)),
                positions=tuple(sorted(subject.posts)),
                violations=tuple(of[VIOLATION]),
                sanctions=tuple(of[SANCTION]),
            )
        )
    return tuple(cases)
