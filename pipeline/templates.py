"""The columns of feature keys under construction, and the kinds of characters."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
Ints = NDArray[np.int64]

CLAUSE_MARKS = "，。；：！？,;:!?\n"
SENTENCE_MARKS = "。！？!?\n"

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)
_AT_ONCE = 1 << 15


class Columns:
    """The columns under construction; knows how to look left and right."""

    def __init__(self, text: str) -> None:
        raw = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.int64)
        self.raw = raw
        self.n = len(raw)
        self.types = _types(raw)
        folded = raw.copy()
        folded[self.types == DIGIT] = ord("0")
        folded[self.types == LATIN] = ord("a")
        self.folded = folded
        self._templates: list[tuple[Ints, ...]] = []

    def at(self, values: Ints, offset: int) -> Ints:
        """Return ``values`` seen from ``offset`` characters away; -1 beyond the ends."""
        if offset == 0:
            return values
        shifted = np.empty(self.n, dtype=np.int64)
        if abs(offset) >= self.n:
            shifted.fill(-1)
        elif offset > 0:
            shifted[:-offset] = values[offset:]
            shifted[-offset:] = -1
        else:
            shifted[-offset:] = values[:offset]
            shifted[:-offset] = -1
        return shifted

    def add(self, *parts: Ints) -> None:
        """Add a template: the combination of ``parts``."""
        self._templates.append(parts)

    def keys(self) -> Keys:
        """Hash the templates: shape ``(n, t)``, never 0, in the order in which they were added; in Fortran order."""
        hashed = np.empty((len(self._templates), self.n), dtype=np.uint64)
        for parts in sorted({len(template) for template in self._templates}):
            alike = [number for number, template in enumerate(self._templates) if len(template) == parts]
            # So many at once as a processor's cache holds: on a short text a call costs more than its work.
            step = max(1, _AT_ONCE // max(1, self.n))
            for first in range(0, len(alike), step):
                some = alike[first : first + step]
                key = np.repeat((np.array(some, dtype=np.uint64) + np.uint64(1)) * _MULTIPLIER, self.n)
                key = key.reshape(len(some), self.n)
                for part in range(parts):
                    key ^= np.stack([self._templates[number][part] for number in some]).view(np.uint64)
                    key *= _MULTIPLIER
                    key ^= key >> _SHIFT
                hashed[some] = key | np.uint64(1)
        return hashed.T


HAN_TYPE, DIGIT, LATIN, NUMERAL, SPACE, CLAUSE, OTHER = range(7)


def _types(raw: Ints) -> Ints:
    table = _type_table()
    types: Ints = table[np.minimum(raw, len(table) - 1)]
    return types


@cache
def _type_table() -> Ints:
    table = np.full(0x30000, OTHER, dtype=np.int64)
    table[0x3400:0xA000] = HAN_TYPE
    table[0x20000:] = HAN_TYPE
    table[ord("0") : ord("9") + 1] = DIGIT
    for first, last in (("a", "z"), ("A", "Z")):
        table[ord(first) : ord(last) + 1] = LATIN
    for character in "〇零一二三四五六七八九十百千万亿两":
        table[ord(character)] = NUMERAL
    for character in " \t\u3000":
        table[ord(character)] = SPACE
    for character in CLAUSE_MARKS:
        table[ord(character)] = CLAUSE
    return table


def codes(characters: str) -> Ints:
    """Return the code points of some characters."""
    return np.array([ord(character) for character in characters], dtype=np.int64)
