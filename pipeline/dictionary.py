"""Features of the dictionary words over and around a character: their places, lengths and word classes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import lexicon
from .facts import cover
from .templates import Columns, Ints

LENGTHS = (2, 3, 4)


@dataclass(frozen=True, slots=True)
class Words:
    """The dictionary words of a text; arrays of shape ``(n,)``, 0 where there is none.

    Parameters
    ----------
    roles
        Bits: 1 some word begins here, 2 some word ends here, 4 the character is inside of one.
    longest
        Length and place of the longest word over a character, see `facts.cover`.
    classes
        Word class of the longest word over a character, of the leftmost one among equals.
    places
        Length of that word and place in it.
    beginning, ending
        Length and class of the longest word that begins, or ends, here.
    """

    roles: Ints
    longest: Ints
    classes: Ints
    places: Ints
    beginning: Ints
    ending: Ints

    @classmethod
    def of(cls, text: str) -> Words:
        """Look them up in a normalised text."""
        n = len(text)
        starts, ends, tags = lexicon.find_words(text)
        roles, classes, places, beginning, ending = (np.zeros(n, dtype=np.int64) for _ in range(5))
        roles[starts] |= 1
        roles[ends - 1] |= 2
        for length in LENGTHS:
            chosen = ends - starts == length
            begin, tag = starts[chosen], tags[chosen]
            beginning[begin] = ending[begin + length - 1] = length + 8 * tag
            # By place, so that a character of two words of one length takes the leftmost.
            for place in range(length):
                classes[begin + place] = tag
                places[begin + place] = place * 8 + length
                if 0 < place < length - 1:
                    roles[begin + place] |= 4
        return cls(roles, cover(n, starts, ends), classes, places, beginning, ending)


def dictionary(columns: Columns, text: str) -> None:
    """Add which places of common words a character takes, the longest word over it, and the classes around it."""
    words = Words.of(text)
    at, roles, longest, beginning, ending = columns.at, words.roles, words.longest, words.beginning, words.ending
    for offset in (-1, 0, 1):
        columns.add(at(roles, offset))
        columns.add(at(longest, offset))
    columns.add(at(roles, -1), roles, at(roles, 1))
    columns.add(at(longest, -1), longest, at(longest, 1))
    columns.add(longest, columns.folded)
    columns.add(at(longest, 1), at(longest, 2), roles)
    for offset in (-2, -1, 0, 1, 2):
        columns.add(at(words.classes, offset), at(words.places, offset))
    columns.add(at(ending, -1), beginning)
    columns.add(at(ending, -1), at(beginning, 1))
    columns.add(at(beginning, 1), ending)
    for value in (beginning, at(beginning, 1), at(beginning, 2), ending, at(ending, -1)):
        columns.add(value)
