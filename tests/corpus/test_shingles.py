"""Near-duplicates: the fast way finds what comparing all pairs finds."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tongbao.corpus.shingles import Pair, near_duplicates, shingles


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("甲乙丙丁戊己", {"甲乙丙丁戊", "乙丙丁戊己"}),
        ("甲乙 丙\n丁　戊", {"甲乙丙丁戊"}),
        ("甲乙", {"甲乙"}),
        (" \n", set()),
    ],
)
def test_shingles_do_not_see_white_space(text: str, expected: set[str]) -> None:
    assert shingles(text) == expected


def test_equal_texts_are_wholly_similar() -> None:
    assert near_duplicates(["甲乙丙丁戊己", "别的", "甲乙丙 丁戊己"], threshold=1.0) == [Pair(0, 2, 1.0)]


def test_empty_texts_resemble_nothing() -> None:
    assert near_duplicates(["", "", "甲"], threshold=0.1) == []


@given(st.lists(st.text("甲乙丙", max_size=14), max_size=8), st.sampled_from([0.1, 0.3, 0.5, 0.75, 1.0]))
def test_all_pairs_are_found(texts: list[str], threshold: float) -> None:
    expected = []
    for (left, a), (right, b) in combinations(enumerate(shingles(text, size=3) for text in texts), 2):
        if (a or b) and len(a & b) / len(a | b) >= threshold:
            expected.append(Pair(left, right, len(a & b) / len(a | b)))
    assert near_duplicates(texts, threshold=threshold, size=3) == expected
