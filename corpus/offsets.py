"""Text that remembers where in its source each character came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Edit(NamedTuple):
    """Replace ``text[start:end]`` by ``replacement``; code points from 0, end excluded."""

    start: int
    end: int
    replacement: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class MappedText:
    """A text and, for each of its code points, the stretch of the source it stands for.

    Parameters
    ----------
    text
        The text as a reader sees it, ``n`` code points.
    starts, ends
        Shape ``(n,)`` each: ``source[starts[i]:ends[i]]`` became ``text[i]``.
        None where the text is its source, character by character.
    """

    text: str
    starts: NDArray[np.int32] | None = None
    ends: NDArray[np.int32] | None = None

    def edit(self, edits: Iterable[Edit]) -> MappedText:
        """Apply edits that are sorted and do not overlap; the map goes back to the first source."""
        n = len(self.text)
        old_starts = np.arange(n, dtype=np.int32) if self.starts is None else self.starts
        old_ends = old_starts + 1 if self.ends is None else self.ends
        texts: list[str] = []
        starts: list[NDArray[np.int32]] = []
        ends: list[NDArray[np.int32]] = []
        at = 0
        for start, end, replacement in edits:
            if start < at or end < start or end > n:
                raise ValueError(f"edits must be sorted and apart: {start}:{end} after {at} in {n} characters")
            texts.append(self.text[at:start])
            starts.append(old_starts[at:start])
            ends.append(old_ends[at:start])
            if replacement:
                if start == end:
                    raise ValueError(f"nothing at {start} to stand for {replacement!r}: an edit replaces or drops")
                texts.append(replacement)
                starts.append(np.full(len(replacement), old_starts[start], dtype=np.int32))
                ends.append(np.full(len(replacement), old_ends[end - 1], dtype=np.int32))
            at = end
        if not texts:
            return self
        texts.append(self.text[at:])
        starts.append(old_starts[at:])
        ends.append(old_ends[at:])
        return MappedText("".join(texts), np.concatenate(starts), np.concatenate(ends))

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Return where ``text[start:end]`` stands in the source, from its first to its last character."""
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"no span {start}:{end} in a text of {len(self.text)} characters")
        if self.starts is None or self.ends is None:
            return start, end
        return int(self.starts[start]), int(self.ends[end - 1])
