"""Small notices by hand and at random."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import strategies as st
from tongbao.corpus.inline import parse
from tongbao.corpus.notice import LABELS, Entity, Notice


def notice(marked: str, *, id: str = "n1", form: str = "multicase") -> Notice:  # noqa: A002
    return parse(f"# id: {id}\n# form: {form}\n\n{marked}")


def bare(gold: Notice) -> Notice:
    return replace(gold, entities=())


@st.composite
def entities(draw: st.DrawFn, length: int, *, with_cases: bool = False) -> tuple[Entity, ...]:
    """Disjoint entities in a text of ``length`` characters."""
    cuts = sorted(draw(st.sets(st.integers(0, length), max_size=length)))
    found = []
    for start, end in pairwise(cuts):
        label = draw(st.sampled_from((*LABELS, None)))
        if label is not None:
            cases = sorted(draw(st.sets(st.integers(1, 3), max_size=3))) if with_cases else ()
            found.append(Entity(start, end, label, tuple(cases)))
    return tuple(found)


@st.composite
def pairs(draw: st.DrawFn, *, with_cases: bool = False) -> tuple[Notice, Notice]:
    """One text annotated twice."""
    text = draw(st.text("甲乙\n", max_size=24))
    name = draw(st.uuids()).hex
    sides = [draw(entities(len(text), with_cases=with_cases)) for _ in range(2)]
    gold, predicted = (Notice(name, text, entities=side) for side in sides)
    return gold, predicted


def pair_lists(*, with_cases: bool = False) -> st.SearchStrategy[list[tuple[Notice, Notice]]]:
    return st.lists(pairs(with_cases=with_cases), max_size=5)
