"""Strings that return in a document, and where they end."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tongbao.pipeline.repeats import LENGTHS, Repeats
from tongbao.pipeline.templates import codes


def returning(text: str) -> set[str]:
    """The strings that are found to return, read off the bits at their starts."""
    found = Repeats.of(codes(text))
    return {
        text[place : place + length]
        for place in range(len(text))
        for length in LENGTHS
        if found.starts[place] & (1 << (length - 2))
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A name between other words each time.
        ("村主任苗春禾说。后来苗春禾走了。", {"苗春禾"}),
        # 苗春 always goes on with 禾, so it is no name of its own; 春禾 always follows 苗.
        ("苗春禾说，找苗春禾去，苗春禾不在", {"苗春禾"}),
        # What returns as a part of two longer strings stands for itself too.
        ("大苗春禾与小苗春禾，又苗春来，有苗春到", {"苗春", "苗春禾"}),
        # Once is not again, and marks and digits are in no name.
        ("苗春禾说", set()),
        ("甲，乙丙，乙丁，乙", set()),
        ("12年12月", set()),
        ("", set()),
        ("苗", set()),
    ],
)
def test_what_returns(text: str, expected: set[str]) -> None:
    assert returning(text) == expected


def test_three_times_is_often() -> None:
    found = Repeats.of(codes("苗禾甲苗禾乙苗禾"))
    assert found.starts[0] == 0b1001
    assert found.ends[1] == 0b1001
    assert Repeats.of(codes("苗禾甲苗禾")).starts[0] == 0b0001


@given(st.text(alphabet="苗春禾说，\n1", max_size=40))
def test_starts_and_ends_belong_together(text: str) -> None:
    found = Repeats.of(codes(text))
    for length in LENGTHS:
        bit = 1 << (length - 2)
        starts = np.flatnonzero(found.starts & bit)
        assert list(starts + length - 1) == list(np.flatnonzero(found.ends & bit))
        assert all(text.count(text[start : start + length]) >= 1 for start in starts)
        assert not any(set(text[start : start + length]) & set("，\n1") for start in starts)
