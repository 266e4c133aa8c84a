"""Strings that return in a document between ever other neighbours: most are names, posts and bodies.

What follows and precedes a string each time tells where it ends: a string that always goes on with the same character
is a part of a longer one (accessor variety, Feng et al. 2004, Computational Linguistics 30(1)).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .facts import LexiconFacts
from .templates import Columns, Ints, codes

LENGTHS = (2, 3, 4)
_OFTEN = 3
_NOT_INSIDE = "，。；：！？、,.;:!?（）()“”‘’《》【】[]\n 　\t|/·-—0123456789"


@dataclass(frozen=True, slots=True)
class Repeats:
    """Where strings that return begin, go on and end; arrays of shape ``(n,)``.

    Parameters
    ----------
    starts, ends
        Bits: 1, 2, 4 for a string of 2, 3, 4 characters; 8, 16, 32 where it stands three times or more.
    inside
        Bits 1, 2, 4: a character after the first of such a string.
    """

    starts: Ints
    ends: Ints
    inside: Ints

    @classmethod
    def of(cls, raw: Ints) -> Repeats:
        """Find them in the code points of a text."""
        n = len(raw)
        starts, ends, inside = (np.zeros(n, dtype=np.int64) for _ in range(3))
        free = ~np.isin(raw, codes(_NOT_INSIDE))
        letters = _numbered(raw)
        size = int(letters.max(initial=0)) + 2
        grams = letters
        for length in LENGTHS:
            count = n - length + 1
            if count <= 1:
                break
            grams = _numbered(grams[:count] * size + letters[length - 1 :])
            plain = np.logical_and.reduce([free[place : place + count] for place in range(length)])
            before = np.concatenate(([-1], letters[: count - 1]))
            after = np.append(letters[length:], -1)
            times = np.bincount(grams)
            # A string between two edges of the document has the edge for a neighbour.
            kept = (times >= 2) & (_variety(grams, before, size) > 1) & (_variety(grams, after, size) > 1)
            for bit, chosen in ((0, kept), (len(LENGTHS), kept & (times >= _OFTEN))):
                value = 1 << (bit + length - LENGTHS[0])
                places = np.flatnonzero(plain & chosen[grams])
                starts[places] |= value
                ends[places + length - 1] |= value
                for place in range(1, length if bit == 0 else 0):
                    inside[places + place] |= value
        return cls(starts, ends, inside)


def repeats(columns: Columns, facts: LexiconFacts) -> None:
    """Add the strings that return around a character, alone and with what looks like a name."""
    found = Repeats.of(columns.raw)
    at, surname, given = columns.at, facts.surname, facts.given
    starts, ends, inside = found.starts, found.ends, found.inside
    columns.add(starts, ends, inside)
    for offset in (-1, 1):
        columns.add(at(starts, offset), at(ends, offset))
    columns.add(starts, surname)
    columns.add(starts, surname, at(ends, 1), at(ends, 2))
    columns.add(starts & 7, surname, at(given, 1), at(given, 2))
    columns.add(ends, at(surname, -1), at(surname, -2))
    columns.add(at(starts, -1), at(surname, -1), inside, ends)
    columns.add(at(starts, -2), at(surname, -2), inside, ends)
    columns.add(at(starts, 1), at(surname, 1))
    columns.add(at(ends, -1), starts)
    columns.add(at(ends, -1), at(surname, -2), at(surname, -3))


def _numbered(values: Ints) -> Ints:
    """Give equal values equal numbers, from 0."""
    return np.unique(values, return_inverse=True)[1].astype(np.int64).reshape(-1)


def _variety(grams: Ints, neighbours: Ints, size: int) -> Ints:
    """Count the different neighbours of each numbered string."""
    pairs = np.unique(grams * size + neighbours + 1)
    return np.bincount(pairs // size, minlength=int(grams.max()) + 1)
