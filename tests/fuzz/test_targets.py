"""A short walk through mutated files on every run; `make fuzz` goes on for as long as it is told."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from targets import TARGETS, seeds

SEEDS = seeds()
PIECES = (
    b"[",
    b"](",
    b"<",
    b"<!--",
    b"&#x110000;",
    b"\x00",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\r",
    b'"',
    b"{",
    b"1e999",
    b"---\n",
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """Cut, repeat, overwrite or fill a seed at some places."""
    data = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(data)))
        size = draw(st.integers(0, 40))
        piece = draw(st.one_of(st.sampled_from(PIECES), st.binary(max_size=8)))
        how = draw(st.sampled_from(("cut", "put", "over", "twice")))
        if how == "cut":
            del data[at : at + size]
        elif how == "put":
            data[at:at] = piece * (1 + size)
        elif how == "over":
            data[at : at + len(piece)] = piece
        else:
            data[at:at] = data[at : at + size * 4]
    return bytes(data)


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=mutated())
def test_mutated_files_are_read_or_refused(name: str, data: bytes) -> None:
    TARGETS[name](data)
