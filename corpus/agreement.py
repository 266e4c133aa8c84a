"""How far two annotations of the same notices agree: spans strictly, cases as memberships."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Literal

from .errors import AnnotationError
from .foreign import labels_of
from .notice import Entity, Notice

Kind = Literal["only-a", "only-b", "label", "edges", "label-and-edges", "cases"]
Membership = tuple[int, int]
"""The start of an entity that both mark, and the number of a case it is in."""

_CONTEXT = 12


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of what both have, and of all that ``a`` and ``b`` have; ``a`` is the one held for right."""

    both: int = 0
    a: int = 0
    b: int = 0

    @property
    def precision(self) -> float:
        """Share of ``b`` that ``a`` has as well; 1 where ``b`` has nothing."""
        return self.both / self.b if self.b else 1.0

    @property
    def recall(self) -> float:
        """Share of ``a`` that ``b`` has as well; 1 where ``a`` has nothing."""
        return self.both / self.a if self.a else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two, the same whichever is held for right; 1 where neither has anything."""
        return 2 * self.both / (self.a + self.b) if self.a + self.b else 1.0

    def as_dict(self) -> dict[str, float]:
        """Return counts and shares as plain values, for JSON."""
        return {**asdict(self), "precision": self.precision, "recall": self.recall, "f1": self.f1}

    def __add__(self, other: Score) -> Score:
        return Score(self.both + other.both, self.a + other.a, self.b + other.b)


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where the two part.

    Parameters
    ----------
    id
        The notice's.
    start
        Offset of the first character concerned.
    kind
        Marked by one alone, or by both with another label, other edges, other cases.
    a, b
        ``LABEL`` or ``LABEL 1,2`` and the text that each marks; empty where one marks nothing.
    context
        The text around it.
    """

    id: str
    start: int
    kind: Kind
    a: str
    b: str
    context: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """What `agreement` finds.

    Parameters
    ----------
    labels
        Label → score of its spans: the same label, the same start and end.
    micro
        Score of all spans.
    cases
        Score of memberships, of the spans that both mark alike. The cases of a notice are matched one to one by how
        many members they share, so that a case more in one annotation does not spoil the numbers of the rest.
    differences
        In order of notices and text.
    only_a, only_b
        Ids of notices that only one has.
    """

    labels: dict[str, Score]
    micro: Score
    cases: Score
    differences: tuple[Difference, ...]
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]

    def as_dict(self) -> dict[str, object]:
        """Return all as plain values, for JSON."""
        scores = {**self.labels, "micro": self.micro, "cases": self.cases}
        return {
            "scores": {name: score.as_dict() for name, score in scores.items()},
            "differences": [asdict(difference) for difference in self.differences],
            "only_a": list(self.only_a),
            "only_b": list(self.only_b),
        }


def agreement(a: Iterable[Notice], b: Iterable[Notice]) -> Agreement:
    """Compare two annotations; notices are matched by id.

    Raises
    ------
    AnnotationError
        When no id is in both, or the texts of an id differ.
    """
    first = {notice.id: notice for notice in a}
    second = {notice.id: notice for notice in b}
    shared = [identifier for identifier in first if identifier in second]
    if not shared:
        raise AnnotationError("the two have no notice in common: compare annotations of the same ids")
    labels = {label: Score() for label in labels_of([*first.values(), *second.values()])}
    cases = Score()
    differences: list[Difference] = []
    for identifier in shared:
        one, other = first[identifier], second[identifier]
        if one.text != other.text:
            raise AnnotationError("the texts of the two annotations differ: annotate the same text", where=identifier)
        for label in labels:
            labels[label] += _score(_spans(one, label), _spans(other, label))
        found, mapping = _match_cases(one, other)
        cases += found
        differences += sorted(_differences(one, other, mapping), key=lambda difference: difference.start)
    return Agreement(
        labels=labels,
        micro=sum(labels.values(), Score()),
        cases=cases,
        differences=tuple(differences),
        only_a=tuple(identifier for identifier in first if identifier not in second),
        only_b=tuple(identifier for identifier in second if identifier not in first),
    )


def _spans(notice: Notice, label: str) -> set[tuple[int, int]]:
    return {(entity.start, entity.end) for entity in notice.entities if entity.label == label}


def _score(a: set[tuple[int, int]], b: set[tuple[int, int]]) -> Score:
    return Score(len(a & b), len(a), len(b))


def _key(entity: Entity) -> tuple[int, int, str]:
    return entity.start, entity.end, entity.label


def _match_cases(a: Notice, b: Notice) -> tuple[Score, dict[int, int]]:
    """Score the memberships, and return number in ``b`` → number in ``a``."""
    alike = {_key(entity) for entity in a.entities} & {_key(entity) for entity in b.entities}
    in_a, in_b = (
        {(entity.start, number) for entity in notice.entities if _key(entity) in alike for number in entity.cases}
        for notice in (a, b)
    )
    overlap = Counter((m, n) for start, m in in_a for at, n in in_b if start == at)
    mapping: dict[int, int] = {}
    for m, n in sorted(overlap, key=lambda pair: (-overlap[pair], pair)):
        if n not in mapping and m not in mapping.values():
            mapping[n] = m
    return _score(in_a, {(start, mapping.get(number, -number)) for start, number in in_b}), mapping


def _differences(a: Notice, b: Notice, mapping: dict[int, int]) -> Iterator[Difference]:
    keys = {_key(entity) for entity in a.entities} & {_key(entity) for entity in b.entities}
    second = {_key(entity): entity for entity in b.entities}
    rest_b = [entity for entity in b.entities if _key(entity) not in keys]
    for entity in a.entities:
        if _key(entity) in keys:
            other = second[_key(entity)]
            if {mapping.get(number, -number) for number in other.cases} != set(entity.cases):
                yield _difference(a, "cases", entity, other)
            continue
        partner = next((o for o in rest_b if o.start < entity.end and entity.start < o.end), None)
        if partner is None:
            yield _difference(a, "only-a", entity, None)
            continue
        rest_b.remove(partner)
        same_edges = (entity.start, entity.end) == (partner.start, partner.end)
        kind: Kind = "label" if same_edges else "edges" if entity.label == partner.label else "label-and-edges"
        yield _difference(a, kind, entity, partner)
    for entity in rest_b:
        yield _difference(a, "only-b", None, entity)


def _difference(notice: Notice, kind: Kind, a: Entity | None, b: Entity | None) -> Difference:
    marked = [entity for entity in (a, b) if entity is not None]
    start, end = min(entity.start for entity in marked), max(entity.end for entity in marked)
    before, after = notice.text[max(0, start - _CONTEXT) : start], notice.text[end : end + _CONTEXT]
    context = f"{before}【{notice.text[start:end]}】{after}"
    return Difference(notice.id, start, kind, _shown(notice, a), _shown(notice, b), context)


def _shown(notice: Notice, entity: Entity | None) -> str:
    if entity is None:
        return ""
    numbers = " " + ",".join(map(str, entity.cases)) if entity.cases else ""
    return f"{entity.label}{numbers} {notice.span_text(entity)}"
