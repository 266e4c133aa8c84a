"""Assembles the entities of a document into cases."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc, Span

from .amounts import parse_yuan
from .attach import attach
from .case import Case
from .dealing import Subjects
from .factory import factory
from .fields import date_of, dates, organ_of
from .links import Pairs
from .scene import SANCTION, VIOLATION, Scene
from .stages import furthest
from .subjects import Cast, Subject, cast

_SPACE = re.compile(r"\s+")
# Of an item of a list, before the body that it begins with: （一）, 三是, a bracket's end.
_NUMBER = re.compile(r"^\s*(?:[（(]?[一二三四五六七八九十\d]{0,3}[）)]|[一二三四五六七八九十]{1,3}(?:是|、))\s*")
_ACTS = ("SANCTION", "VIOLATION")
"""Without one of these nobody is held to account."""


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
        scores = [span._.score for span in doc.ents] if Span.has_extension("score") else []
        found = assemble(doc)
        doc._.cases = tuple(_weighed(case, scores) for case in found) if scores and None not in scores else found
        return doc


def assemble(doc: Doc) -> tuple[Case, ...]:
    """Group ``doc.ents`` into cases."""
    spans = [(span.start_char, span.end_char, span.label_) for span in doc.ents]
    return assemble_spans(doc.text, spans)


def assemble_spans(text: str, spans: Sequence[tuple[int, int, str]]) -> tuple[Case, ...]:
    """Group spans, given as (start, end, label) in order and without overlap, into cases."""
    if not any(label in _ACTS for _, _, label in spans):
        return ()
    scene = Scene.of(text, spans)
    found = cast(scene)
    attached = attach(scene, found)
    pairs = Pairs(scene, found, with_posts(found, attached))
    acts: dict[int, dict[str, list[int]]] = {}
    for index, who in enumerate(attached):
        for number in dict.fromkeys(who):
            acts.setdefault(number, {SANCTION: [], VIOLATION: []})[scene.entities[index].letter].append(index)
    cases = []
    when = dates(scene.text) if acts else []
    for number in sorted(acts, key=lambda number: found.subjects[number].start):
        subject, of = found.subjects[number], acts[number]
        posts = sorted(subject.posts)
        written = _written(text, spans, scene, subject)
        told = [scene.entities[index].text for index in sorted((*of[VIOLATION], *of[SANCTION]))]
        cases.append(
            Case(
                official=written if subject.names else None,
                subject=written,
                mentions=tuple(sorted(subject.names)),
                positions=tuple(posts),
                violations=tuple(of[VIOLATION]),
                sanctions=tuple(of[SANCTION]),
                date=date_of(scene, when, of[SANCTION]),
                organ=organ_of(scene, subject.text, of[SANCTION]),
                amounts=tuple(amount for words in told for amount in parse_yuan(_SPACE.sub("", words))),
                stage=furthest(_SPACE.sub("", scene.entities[index].text) for index in of[SANCTION]),
                position_scores=tuple(pairs.probability(index, number) for index in posts),
                violation_scores=tuple(pairs.probability(index, number) for index in of[VIOLATION]),
                sanction_scores=tuple(pairs.probability(index, number) for index in of[SANCTION]),
            )
        )
    return tuple(cases)


def with_posts(found: Cast, attached: Sequence[Subjects]) -> list[Subjects]:
    """Return the subjects of each entity: those that it is attached to, or who hold the post and have a case."""
    linked = list(attached)
    for number in sorted({who for subjects in attached for who in subjects}):
        for index in found.subjects[number].posts:
            linked[index] = (*linked[index], number)
    return linked


def _weighed(case: Case, scores: Sequence[float]) -> Case:
    """Multiply the scores of links with those of the entities that they link."""
    subject = max((scores[index] for index in case.mentions), default=1.0)

    def weighed(indices: Sequence[int], links: Sequence[float]) -> tuple[float, ...]:
        return tuple(float(subject * scores[index] * link) for index, link in zip(indices, links, strict=True))

    return replace(
        case,
        position_scores=weighed(case.positions, case.position_scores),
        violation_scores=weighed(case.violations, case.violation_scores),
        sanction_scores=weighed(case.sanctions, case.sanction_scores),
    )


def _written(text: str, spans: Sequence[tuple[int, int, str]], scene: Scene, subject: Subject) -> str:
    """Return a subject's name as the notice writes it, without the white space inside."""
    if subject.kind == "body":
        at = scene.text.find(subject.text, subject.start)
        start, end = scene.outer(at, at + len(subject.text)) if at >= 0 else (0, 0)
        name = _NUMBER.sub("", text[start:end] if at >= 0 else subject.text) or subject.text
    else:
        indices = subject.names or subject.posts[:1]
        name = max((_SPACE.sub("", text[spans[index][0] : spans[index][1]]) for index in indices), key=len)
    return _SPACE.sub("", name)
