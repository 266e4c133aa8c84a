"""Near-duplicates: which texts share most of their character n-grams."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

_BLANK = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, order=True)
class Pair:
    """Two texts that resemble each other: their indices, and the Jaccard similarity of their shingles."""

    left: int
    right: int
    similarity: float


def shingles(text: str, *, size: int = 5) -> frozenset[str]:
    """Return the runs of ``size`` characters of a text without white space; a shorter text is one run."""
    bare = _BLANK.sub("", text)
    return frozenset(bare[at : at + size] for at in range(max(1, len(bare) - size + 1))) - {""}


def near_duplicates(texts: Sequence[str], *, threshold: float, size: int = 5) -> list[Pair]:
    """Find all pairs of texts whose shingles have a Jaccard similarity of ``threshold`` or more.

    The result is exact. Two such sets must meet among the first ``n - ceil(threshold * n) + 1`` shingles when
    the shingles of each are sorted from the rarest on, so only texts that share a rare one are compared.

    Parameters
    ----------
    texts
        Pairs index them; ``left < right``.
    threshold
        Above 0, at most 1.
    size
        Characters in a shingle.
    """
    sets = [shingles(text, size=size) for text in texts]
    frequency = Counter(shingle for found in sets for shingle in found)
    holders: defaultdict[str, list[int]] = defaultdict(list)
    pairs: list[Pair] = []
    for right, found in enumerate(sets):
        prefix = len(found) - ceil(threshold * len(found)) + 1
        candidates: set[int] = set()
        for shingle in sorted(found, key=lambda shingle: (frequency[shingle], shingle))[:prefix]:
            candidates.update(holders[shingle])
            holders[shingle].append(right)
        for left in candidates:
            shared = len(found & sets[left])
            similarity = shared / (len(found) + len(sets[left]) - shared)
            if similarity >= threshold:
                pairs.append(Pair(left, right, similarity))
    return sorted(pairs)
