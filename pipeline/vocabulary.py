"""The characters that an encoder knows, by number."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

BLANK = "\u2581"
"""What stands for white space in the vocabularies of SentencePiece."""


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Numbers of characters, and of pairs of characters where the encoder reads them too.

    Parameters
    ----------
    characters
        Number of each.
    unknown
        Number of any other.
    padding
        Number of what fills a row up.
    edges
        Numbers of what the encoder wants before and after a window; None where it wants nothing.
    pairs
        Number of each pair, 1 being any other and 0 padding; None where the encoder reads none.
    """

    characters: Mapping[str, int]
    unknown: int
    padding: int
    edges: tuple[int, int] | None = None
    pairs: Mapping[str, int] | None = None

    @classmethod
    def of_texts(cls, texts: Iterable[str], *, least: int = 2) -> Vocabulary:
        """Give a number to what stands at least ``least`` times in some texts; 0 is padding, 1 is unknown."""
        singles: Counter[str] = Counter()
        doubles: Counter[str] = Counter()
        for text in texts:
            singles.update(text)
            doubles.update(map("".join, pairwise(text)))
        characters, pairs = (
            {key: number for number, key in enumerate(sorted(k for k, n in counts.items() if n >= least), start=2)}
            for counts in (singles, doubles)
        )
        return cls(characters, unknown=1, padding=0, pairs=pairs)

    def numbers(self, text: str) -> NDArray[np.int64]:
        """Look each character up: shape ``(n, 1)``, or ``(n, 2)`` with the pair that begins at it."""
        single = np.array([self._seen[character] for character in text], dtype=np.int64)
        if self.pairs is None:
            return single[:, None]
        double = [self.pairs.get(text[at : at + 2], 1) for at in range(len(text))]
        return np.stack((single, np.array(double, dtype=np.int64)), axis=1)

    def to_dict(self) -> dict[str, Any]:
        """Return what a JSON file can hold; `from_dict` is the way back."""
        return {
            "characters": dict(self.characters),
            "unknown": self.unknown,
            "padding": self.padding,
            "edges": None if self.edges is None else list(self.edges),
            "pairs": None if self.pairs is None else dict(self.pairs),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Vocabulary:
        """Make a vocabulary of what `to_dict` gave."""
        edges = values["edges"]
        return cls(
            values["characters"],
            values["unknown"],
            values["padding"],
            None if edges is None else (edges[0], edges[1]),
            values["pairs"],
        )

    @cached_property
    def _seen(self) -> _Lookup:
        return _Lookup(self)


class _Lookup(dict[str, int]):
    """Remembers the number of each character once it was asked for."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__()
        self._vocabulary = vocabulary

    def __missing__(self, character: str) -> int:
        known = self._vocabulary.characters
        # Vocabularies differ in what they fold: width, case, kinds of white space.
        plain = unicodedata.normalize("NFKC", character)
        tries = (character, plain, plain.lower(), *((BLANK,) if character.isspace() else ()))
        number = next((known[key] for key in tries if key in known), self._vocabulary.unknown)
        self[character] = number
        return number
