"""A notice holds no entity that its text does not."""

from __future__ import annotations

import pytest
from tongbao.corpus.errors import AnnotationError
from tongbao.corpus.notice import Entity, Notice


@pytest.mark.parametrize(
    "spans",
    [[(0, 0)], [(2, 1)], [(-1, 1)], [(0, 4)], [(0, 2), (1, 3)], [(1, 2), (0, 1)]],
    ids=["empty", "backwards", "before the text", "after the text", "overlap", "order"],
)
def test_impossible_entities_are_refused(spans: list[tuple[int, int]]) -> None:
    with pytest.raises(AnnotationError, match=r"^n: entity OFFICIAL"):
        Notice("n", "林某某", entities=tuple(Entity(start, end, "OFFICIAL") for start, end in spans))


def test_spans_may_touch() -> None:
    notice = Notice("n", "镇长林某", entities=(Entity(0, 2, "POSITION"), Entity(2, 4, "OFFICIAL")))
    assert [notice.span_text(entity) for entity in notice.entities] == ["镇长", "林某"]
