"""What the tagger sees of each character: hashed features, computed for a whole text at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from . import lexicon
from .clauses import clauses
from .facts import LexiconFacts, cover
from .templates import Columns, Keys


@dataclass(frozen=True, slots=True)
class FeatureOptions:
    """Which groups of features a tagger uses; each can be ablated.

    Parameters
    ----------
    lexicons
        Words of the lists in `lexicon`.
    clauses
        Facts of the clause a character stands in and of its neighbours.
    repeats
        Name-like strings that stand more than once in the document.
    words
        Edges of segmented words, given from outside.
    """

    lexicons: bool = True
    clauses: bool = True
    repeats: bool = True
    words: bool = True


def extract(text: str, *, words: NDArray[np.int8] | None = None, options: FeatureOptions | None = None) -> Keys:
    """Compute the feature keys of every character.

    Parameters
    ----------
    text
        Normalised text of ``n`` code points.
    words
        Shape ``(n,)``: 0 begin, 1 inside, 2 end, 3 alone, -1 unknown, where a segmenter has seen the text.
    options
        Groups of features; all by default.

    Returns
    -------
    Array of shape ``(n, t)``: one 64-bit key, never 0, for each of ``t`` templates.
    """
    options = options or FeatureOptions()
    if not text:
        return np.zeros((0, 1), dtype=np.uint64)
    columns = Columns(text)
    _characters(columns)
    facts = LexiconFacts.of(text)
    if options.lexicons:
        _lexicons(columns, facts)
    if options.clauses:
        clauses(columns, facts)
    if options.repeats:
        _repeats(columns, text, facts)
    if options.words:
        _dictionary(columns, text)
    if options.words and words is not None:
        _words(columns, words)
    return np.stack(columns.keys, axis=1)


def _characters(columns: Columns) -> None:
    at, folded, types = columns.at, columns.folded, columns.types
    near = {offset: at(folded, offset) for offset in range(-5, 6)}
    kinds = {offset: at(types, offset) for offset in range(-2, 3)}
    for offset in range(-4, 5):
        columns.add(near[offset])
    for offset in range(-4, 4):
        columns.add(near[offset], near[offset + 1])
    for offset in range(-4, 3):
        columns.add(near[offset], near[offset + 1], near[offset + 2])
    for offset in range(-3, 1):
        columns.add(near[offset], near[offset + 1], near[offset + 2], near[offset + 3])
    columns.add(near[-1], near[1])
    columns.add(*kinds.values())
    columns.add(kinds[-1], kinds[0], kinds[1])


def _lexicons(columns: Columns, facts: LexiconFacts) -> None:
    at = columns.at
    for name in ("place", "body", "post", "measure", "blame"):
        tag = facts.tags[name]
        for offset in (-2, -1, 0, 1, 2):
            columns.add(at(tag, offset))
        columns.add(at(tag, -1), tag, at(tag, 1))
        columns.add(tag, columns.folded)
    post, body, measure = facts.tags["post"], facts.tags["body"], facts.tags["measure"]
    columns.add(post, body, facts.tags["place"])
    columns.add(at(post, -1), at(body, -1), at(facts.tags["place"], -1), post, body)
    columns.add(measure, facts.tags["blame"])
    surname, given, kinds = facts.surname, facts.given, columns.types
    for offset in (-2, -1, 0, 1):
        columns.add(at(surname, offset), at(given, offset + 1), at(given, offset + 2), at(kinds, offset + 2))
        columns.add(at(surname, offset), at(post, offset - 1))
        columns.add(at(surname, offset), at(columns.folded, offset - 1))
        columns.add(at(surname, offset), at(post, offset - 1), at(columns.folded, offset + 2))
        columns.add(at(surname, offset), at(post, offset - 1), at(columns.folded, offset + 3))


def _repeats(columns: Columns, text: str, facts: LexiconFacts) -> None:
    """Add whether a character lies in a string that looks like a name and stands elsewhere in the text too."""
    n = columns.n
    tags = np.zeros(n, dtype=np.int64)
    after_post = columns.at(facts.tags["post"] % 4, -1)
    post_ends = (columns.at(facts.tags["post"], -1) > 0) & (after_post >= 2)
    likely = np.flatnonzero((facts.surname > 0) & post_ends & (facts.tags["post"] == 0))
    seen: set[str] = set()
    for start in likely:
        for length in (2, 3, 4):
            candidate = text[start : start + length]
            if len(candidate) == length and not set(candidate) & _NOT_NAME:
                seen.add(candidate)
    for candidate in sorted(seen, key=len):
        if text.count(candidate) < 2:
            continue
        size = len(candidate) * 4
        at = text.find(candidate)
        while at >= 0:
            tags[at] = size
            tags[at + 1 : at + len(candidate) - 1] = size + 1
            tags[at + len(candidate) - 1] = size + 2
            at = text.find(candidate, at + len(candidate))
    for offset in (-1, 0, 1):
        columns.add(columns.at(tags, offset))
    columns.add(columns.at(tags, -1), tags, columns.at(tags, 1))
    columns.add(tags, columns.at(facts.tags["post"], -1))


_NOT_NAME = frozenset("，。；：！？、,.;:!?（）()“”《》\n 　")


def _dictionary(columns: Columns, text: str) -> None:
    """Add which places of common words a character takes: begin, middle or end, and the longest word over it."""
    starts, ends = lexicon.find_words(text)
    longest = cover(columns.n, starts, ends)
    roles = np.zeros(columns.n, dtype=np.int64)
    roles[starts] |= 1
    roles[ends - 1] |= 2
    for offset in (1, 2):
        inside = starts[ends - starts > offset + 1] + offset
        roles[inside] |= 4
    for offset in (-1, 0, 1):
        columns.add(columns.at(roles, offset))
        columns.add(columns.at(longest, offset))
    columns.add(columns.at(roles, -1), roles, columns.at(roles, 1))
    columns.add(columns.at(longest, -1), longest, columns.at(longest, 1))
    columns.add(longest, columns.folded)
    columns.add(columns.at(longest, 1), columns.at(longest, 2), roles)


def _words(columns: Columns, words: NDArray[np.int8]) -> None:
    edges = words.astype(np.int64)
    for offset in (-1, 0, 1):
        columns.add(columns.at(edges, offset))
    columns.add(columns.at(edges, -1), edges, columns.at(edges, 1))
    columns.add(edges, columns.folded)
