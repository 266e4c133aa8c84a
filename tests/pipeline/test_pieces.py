"""Long texts: where they are cut, and that nothing of them is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tongbao.pipeline.pieces import cut


def pieces(text: str, longest: int) -> list[str]:
    return [text[start:end] for start, end in cut(text, longest=longest)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [""]),
        ("林某受到警告。", ["林某受到警告。"]),
        ("一二三四五六。\n七八。九十。", ["一二三四五六。\n", "七八。九十。"]),
        ("一二三四五六。”七八九十", ["一二三四五六。”", "七八九十"]),
        ("一二三四五，六七八九十", ["一二三四五，", "六七八九十"]),
        ("一二三四五 六七八九十", ["一二三四五 ", "六七八九十"]),
        ("一二三四五六七八九十百", ["一二三四五六七八九十", "百"]),
        ("一。二三四五六七八九十百", ["一。二三四五六七八九", "十百"]),
    ],
)
def test_the_best_place_in_the_latter_half(text: str, expected: list[str]) -> None:
    assert pieces(text, 10) == expected


@given(st.text(alphabet="镇长林某。，\n ", max_size=200), st.integers(1, 30))
def test_pieces_are_the_text(text: str, longest: int) -> None:
    found = pieces(text, longest)
    assert "".join(found) == text
    assert all(0 < len(piece) <= longest for piece in found) or text == ""
