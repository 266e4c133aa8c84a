"""Where the words of the lexicons stand in a text, as numbers a character."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import lexicon
from .templates import Ints


@dataclass(frozen=True, slots=True)
class LexiconFacts:
    """Where the words of each list stand; arrays of shape ``(n,)``."""

    tags: dict[str, Ints]
    surname: Ints
    given: Ints
    matches: lexicon.Matches

    @classmethod
    def of(cls, text: str) -> LexiconFacts:
        """Look all words up in a normalised text."""
        n = len(text)
        matches = lexicon.find(text)
        tags = {}
        for index, name in enumerate(lexicon.WORD_LISTS):
            chosen = matches.lists == index
            tags[name] = cover(n, matches.starts[chosen], matches.ends[chosen])
        surnames, given = lexicon.characters("surname"), lexicon.characters("given")
        surname = np.fromiter((character in surnames for character in text), dtype=np.int64, count=n)
        givens = np.fromiter((character in given for character in text), dtype=np.int64, count=n)
        return cls(tags, surname + 2 * (tags["surname"] > 0), givens, matches)


def cover(n: int, starts: Ints, ends: Ints) -> Ints:
    """Tag each position by the longest word that covers it: 0 none, else 4 * length class + place in the word."""
    tags = np.zeros(n, dtype=np.int64)
    lengths = ends - starts
    for length in np.unique(lengths):
        chosen = starts[lengths == length]
        size = 4 * int(min(length, 6))
        if length == 1:
            tags[chosen] = size + 3
            continue
        for place in range(1, int(length) - 1):
            tags[chosen + place] = size + 1
        tags[chosen] = size
        tags[chosen + length - 1] = size + 2
    return tags
