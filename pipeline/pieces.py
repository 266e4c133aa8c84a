"""Cuts a very long text into pieces that are tagged one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST = 100_000
"""Characters of a piece at most: one token of spaCy takes some 200 bytes, and a character is a token."""

# From the best place to cut to the worst; each pattern ends where the piece ends.
_CUTS = tuple(map(re.compile, (r"\n+", r"[。！？!?][”’』」）)]*", r"[；;，,、：:]", r"\s+")))


def cut(text: str, *, longest: int = LONGEST) -> Iterator[tuple[int, int]]:
    """Cut a text at the ends of paragraphs, else of sentences, of clauses, at blanks, or anywhere.

    Parameters
    ----------
    longest
        Characters of a piece at most.

    Yields
    ------
    tuple
        ``start, end`` in code points; together the pieces are the text.
    """
    start = 0
    while len(text) - start > longest:
        end = _place(text, start + longest // 2, start + longest)
        yield start, end
        start = end
    yield start, len(text)


def _place(text: str, first: int, last: int) -> int:
    """Find the last good place to cut in ``first < place <= last``."""
    for pattern in _CUTS:
        place = first
        for match in pattern.finditer(text, first, last):
            place = match.end()
        if place > first:
            return place
    return last
