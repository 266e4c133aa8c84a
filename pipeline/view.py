"""What the model sees of a text: normalised, without soft line breaks and bracketed pinyin."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ..corpus.offsets import Edit, MappedText
from .breaks import soft_breaks
from .normalize import normalize
from .pinyin import bracketed_pinyin
from .templates import SENTENCE_MARKS


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """The normalised copy of a text and the way back.

    Parameters
    ----------
    text
        The copy, ``m`` code points.
    places
        Shape ``(m,)``: ``text[i]`` stands for character ``places[i]`` of the original; None where ``m`` is its length.
    ends
        Shape ``(m,)``: where the original goes on after that character and its bracketed pinyin.
    """

    text: str
    places: NDArray[np.int32] | None
    ends: NDArray[np.int32] | None = None

    @classmethod
    def of(cls, text: str) -> View:
        """Make the model's copy of a text."""
        return _view(text)

    def outer(self, start: int, end: int) -> tuple[int, int]:
        """Return where ``self.text[start:end]`` stands in the original, with the pinyin after its last character."""
        if self.places is None or self.ends is None:
            return start, end
        return int(self.places[start]), int(self.ends[end - 1])

    def inner(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where the original's ``[start:end]`` stands in the copy, None where nothing of it is left."""
        if self.places is None:
            return start, end
        first, last = np.searchsorted(self.places, (start, end))
        return (int(first), int(last)) if first < last else None

    def sentences(self) -> list[tuple[int, int]]:
        """Cut the copy after each sentence mark and line end; together the pieces are the whole."""
        cuts = [i + 1 for i, character in enumerate(self.text) if character in SENTENCE_MARKS]
        bounds = sorted({0, *cuts, len(self.text)})
        return list(pairwise(bounds))

    def uncut_sentences(self, spans: Sequence[tuple[int, int, str]]) -> list[tuple[int, int]]:
        """Cut as `sentences` does, but nowhere inside one of ``(start, end, label)``."""
        crossed = set()
        pieces = self.sentences()
        borders = [end for _, end in pieces]
        for start, end, _ in spans:
            first = bisect_right(borders, start)
            while first < len(borders) and borders[first] < end:
                crossed.add(borders[first])
                first += 1
        joined = []
        begin = 0
        for _, end in pieces:
            if end not in crossed:
                joined.append((begin, end))
                begin = end
        return joined


@lru_cache(maxsize=128)
def _view(text: str) -> View:
    """Make a view; the components of a pipeline ask for the same one in turn."""
    mapped = MappedText(text)
    # A character takes its pinyin in, so that a span that ends with it ends after the bracket.
    mapped = mapped.edit(Edit(start - 1, end, text[start - 1]) for start, end, _ in bracketed_pinyin(text))
    mapped = mapped.edit(soft_breaks(mapped.text))
    return View(normalize(mapped.text), mapped.starts, mapped.ends)
