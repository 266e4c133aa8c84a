"""A text that was edited still knows where each character came from."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tongbao.corpus.offsets import Edit, MappedText


def test_an_edited_text_points_back_to_its_source() -> None:
    source = "監(jiān)督　员"
    mapped = MappedText(source).edit([Edit(1, 7), Edit(8, 9, " ")])
    assert mapped.text == "監督 员"
    assert [mapped.source_span(i, i + 1) for i in range(4)] == [(0, 1), (7, 8), (8, 9), (9, 10)]
    assert mapped.source_span(0, 2) == (0, 8)


def test_edits_of_edits_point_back_to_the_first_source() -> None:
    mapped = MappedText("a--b--c").edit([Edit(1, 3)]).edit([Edit(2, 4, "…")])
    assert mapped.text == "ab…c"
    assert mapped.source_span(2, 3) == (4, 6)
    assert mapped.source_span(0, 4) == (0, 7)


def test_no_edit_gives_the_same_map_back() -> None:
    mapped = MappedText("文")
    assert mapped.edit([]) is mapped
    assert mapped.source_span(0, 1) == (0, 1)


@pytest.mark.parametrize("edits", [[Edit(2, 3), Edit(0, 1)], [Edit(0, 2), Edit(1, 3)], [Edit(2, 1)], [Edit(0, 9)]])
def test_edits_out_of_order_are_refused(edits: list[Edit]) -> None:
    with pytest.raises(ValueError, match="sorted and apart"):
        MappedText("abcd").edit(edits)


def test_an_insertion_is_refused() -> None:
    with pytest.raises(ValueError, match="replaces or drops"):
        MappedText("ab").edit([Edit(1, 1, "x")])


@pytest.mark.parametrize("span", [(0, 0), (1, 0), (-1, 1), (0, 3)])
def test_a_span_outside_the_text_is_refused(span: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no span"):
        MappedText("ab").source_span(*span)


@given(st.text(max_size=30), st.data())
def test_kept_characters_point_to_themselves(source: str, data: st.DataObject) -> None:
    mapped = MappedText(source)
    for _ in range(2):
        cuts = sorted(data.draw(st.sets(st.integers(0, len(mapped.text)), max_size=6)))
        edits = [
            Edit(a, b, data.draw(st.text("\ue000\ue001", max_size=3)))
            for a, b in zip(cuts[::2], cuts[1::2], strict=False)
        ]
        mapped = mapped.edit(edits)
    spans = [mapped.source_span(i, i + 1) for i in range(len(mapped.text))]
    assert all(0 <= start < end <= len(source) for start, end in spans)
    assert all(a[0] <= b[0] and a[1] <= b[1] for a, b in pairwise(spans))
    for character, (start, end) in zip(mapped.text, spans, strict=True):
        if character not in "\ue000\ue001":
            assert source[start:end] == character
