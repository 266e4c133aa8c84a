"""Windows are whole sentences where they can be, and never cut a span."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tongbao.pipeline.windows import batches, windows


@pytest.mark.parametrize(
    ("pieces", "size", "packed"),
    [
        ([], 10, []),
        ([(0, 4), (4, 9)], 10, [(0, 9)]),
        ([(0, 4), (4, 9), (9, 12)], 10, [(0, 9), (9, 12)]),
        ([(0, 25)], 10, [(0, 10), (10, 20), (20, 25)]),
        ([(0, 3), (3, 25)], 10, [(0, 3), (3, 13), (13, 23), (23, 25)]),
    ],
)
def test_sentences_are_packed_and_long_ones_cut(
    pieces: list[tuple[int, int]], size: int, packed: list[tuple[int, int]]
) -> None:
    assert windows(pieces, size) == packed


def test_a_long_sentence_stays_whole_up_to_most() -> None:
    assert windows([(0, 4), (4, 22)], 10, most=20) == [(0, 4), (4, 22)]


def test_a_cut_goes_before_the_span_it_would_hit() -> None:
    assert windows([(0, 15)], 10, spans=[(8, 12, "POSITION")]) == [(0, 8), (8, 15)]


@given(st.lists(st.integers(1, 30), min_size=1), st.integers(1, 40))
def test_windows_are_the_whole_and_no_longer_than_asked(lengths: list[int], size: int) -> None:
    ends = np.cumsum([0, *lengths]).tolist()
    packed = windows(list(pairwise(ends)), size)
    assert [start for start, _ in packed] == [0, *(end for _, end in packed[:-1])]
    assert packed[-1][1] == ends[-1]
    assert all(0 < end - start <= size for start, end in packed)


@given(st.lists(st.integers(1, 60)), st.integers(1, 200), st.booleans())
def test_batches_have_each_window_once_and_the_longest_first(lengths: list[int], size: int, shuffled: bool) -> None:
    groups = batches(lengths, size, rng=np.random.default_rng(0) if shuffled else None)
    assert sorted(index for group in groups for index in group) == list(range(len(lengths)))
    for group in groups:
        inside = [lengths[index] for index in group]
        assert inside == sorted(inside, reverse=True)
        assert len(group) == 1 or inside[0] * len(group) <= size
