"""What the tagger sees of each character: hashed features, computed for a whole text at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .clauses import clauses
from .dictionary import dictionary
from .facts import LexiconFacts
from .repeats import repeats
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
        Strings that stand more than once in the document.
    words
        Words of jieba's dictionary and their classes, and edges of segmented words where they are given from outside.
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
        repeats(columns, facts)
    if options.words:
        dictionary(columns, text)
    if options.words and words is not None:
        _words(columns, words)
    return columns.keys()


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


def _words(columns: Columns, words: NDArray[np.int8]) -> None:
    edges = words.astype(np.int64)
    for offset in (-1, 0, 1):
        columns.add(columns.at(edges, offset))
    columns.add(columns.at(edges, -1), edges, columns.at(edges, 1))
    columns.add(edges, columns.folded)
