"""What the tagger sees of each character: hashed features, computed for a whole text at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from . import lexicon

Keys = NDArray[np.uint64]
Ints = NDArray[np.int64]

CLAUSE_MARKS = "，。；：！？,;:!?\n"
SENTENCE_MARKS = "。！？!?\n"

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)


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
    columns = _Columns(text)
    _characters(columns)
    facts = _LexiconFacts.of(text)
    if options.lexicons:
        _lexicons(columns, facts)
    if options.clauses:
        _clauses(columns, facts)
    if options.repeats:
        _repeats(columns, text, facts)
    if options.words:
        _dictionary(columns, text)
    if options.words and words is not None:
        _words(columns, words)
    return np.stack(columns.keys, axis=1)


class _Columns:
    """The columns under construction; knows how to look left and right."""

    def __init__(self, text: str) -> None:
        raw = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.int64)
        self.raw = raw
        self.n = len(raw)
        self.types = _types(raw)
        folded = raw.copy()
        folded[self.types == _DIGIT] = ord("0")
        folded[self.types == _LATIN] = ord("a")
        self.folded = folded
        self.keys: list[Keys] = []

    def at(self, values: Ints, offset: int) -> Ints:
        """Return ``values`` seen from ``offset`` characters away; -1 beyond the ends."""
        if offset == 0:
            return values
        shifted = np.full(self.n, -1, dtype=np.int64)
        if abs(offset) < self.n:
            if offset > 0:
                shifted[:-offset] = values[offset:]
            else:
                shifted[-offset:] = values[:offset]
        return shifted

    def add(self, *parts: Ints) -> None:
        """Add a template: the combination of ``parts``."""
        key = np.full(self.n, len(self.keys) + 1, dtype=np.uint64) * _MULTIPLIER
        for part in parts:
            key ^= part.astype(np.uint64)
            key *= _MULTIPLIER
            key ^= key >> _SHIFT
        key |= np.uint64(1)
        self.keys.append(key)


_HAN, _DIGIT, _LATIN, _NUMERAL, _SPACE, _CLAUSE, _OTHER = range(7)


def _types(raw: Ints) -> Ints:
    table = _type_table()
    return table[np.minimum(raw, len(table) - 1)]


@cache
def _type_table() -> Ints:
    table = np.full(0x30000, _OTHER, dtype=np.int64)
    table[0x3400:0xA000] = _HAN
    table[0x20000:] = _HAN
    table[ord("0") : ord("9") + 1] = _DIGIT
    for first, last in (("a", "z"), ("A", "Z")):
        table[ord(first) : ord(last) + 1] = _LATIN
    for character in "〇零一二三四五六七八九十百千万亿两":
        table[ord(character)] = _NUMERAL
    for character in " \t\u3000":
        table[ord(character)] = _SPACE
    for character in CLAUSE_MARKS:
        table[ord(character)] = _CLAUSE
    return table


def _characters(columns: _Columns) -> None:
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


@dataclass(frozen=True, slots=True)
class _LexiconFacts:
    """Where the words of each list stand."""

    tags: dict[str, Ints]
    surname: Ints
    given: Ints
    matches: lexicon.Matches

    @classmethod
    def of(cls, text: str) -> _LexiconFacts:
        n = len(text)
        matches = lexicon.find(text)
        tags = {}
        for index, name in enumerate(lexicon.WORD_LISTS):
            chosen = matches.lists == index
            tags[name] = _cover(n, matches.starts[chosen], matches.ends[chosen])
        surnames, given = lexicon.characters("surname"), lexicon.characters("given")
        surname = np.fromiter((character in surnames for character in text), dtype=np.int64, count=n)
        givens = np.fromiter((character in given for character in text), dtype=np.int64, count=n)
        return cls(tags, surname + 2 * (tags["surname"] > 0), givens, matches)


def _cover(n: int, starts: Ints, ends: Ints) -> Ints:
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


def _lexicons(columns: _Columns, facts: _LexiconFacts) -> None:
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


def _clauses(columns: _Columns, facts: _LexiconFacts) -> None:
    n, folded, raw = columns.n, columns.folded, columns.raw
    position = np.arange(n, dtype=np.int64)
    mark = np.isin(raw, _codes(CLAUSE_MARKS))
    number: Ints = np.cumsum(mark) - mark
    count = int(number[-1]) + 1
    starts = np.searchsorted(number, np.arange(count))
    ends = np.append(starts[1:], n)
    last_mark = np.where(mark[ends - 1], raw[ends - 1], 0)
    ends_inside = ends - mark[ends - 1]
    from_start = position - starts[number]
    to_end = ends_inside[number] - position
    length = np.minimum(ends_inside - starts, 40) // 4

    def char(places: Ints) -> Ints:
        inside = (places >= starts) & (places < ends_inside)
        return np.where(inside, folded[np.clip(places, 0, n - 1)], -2)

    flags = np.zeros(n, dtype=np.int64)
    for bit, name in enumerate(("place", "body", "post", "measure", "blame")):
        flags |= (facts.tags[name] > 0).astype(np.int64) << bit
    flags |= (columns.types == _DIGIT).astype(np.int64) << 5
    flags |= (raw == ord("“")).astype(np.int64) << 6
    flags |= np.isin(raw, _codes("未不没无")).astype(np.int64) << 7
    clause_flags = np.bitwise_or.reduceat(flags, starts)
    telling = np.int64(0b10011000) & clause_flags

    first = char(starts) * 0x30000 + char(starts + 1)
    last = char(ends_inside - 2) * 0x30000 + char(ends_inside - 1)
    blame_first, blame_last = _edge_words(facts, "blame", number, count)
    measure_first, _ = _edge_words(facts, "measure", number, count)
    before = np.concatenate(([-1], np.arange(count - 1)))
    after = np.concatenate((np.arange(1, count), [-1]))

    def neighbour(values: Ints, index: Ints) -> Ints:
        return np.where(index >= 0, values[index], -3)

    near_start = np.minimum(from_start, 9)
    near_end = np.minimum(to_end, 9)
    columns.add(near_start)
    columns.add(near_end)
    columns.add(near_start, clause_flags[number])
    columns.add(near_end, clause_flags[number])
    inside = np.minimum(from_start, 2) * 4 + np.minimum(to_end, 3)
    for values in (first, last, blame_first, blame_last, measure_first):
        columns.add(values[number], inside)
    columns.add(clause_flags[number], last_mark[number], length[number])
    columns.add(neighbour(last_mark, before)[number], last_mark[number], telling[number], near_start)
    columns.add(neighbour(clause_flags, before)[number], telling[number])
    columns.add(neighbour(clause_flags, after)[number], telling[number])
    _passages(columns, facts, raw, telling[number])


def _edge_words(facts: _LexiconFacts, name: str, number: Ints, count: int) -> tuple[Ints, Ints]:
    """Return the first and the last word of a list in each clause, 0 where there is none."""
    chosen = facts.matches.lists == lexicon.WORD_LISTS.index(name)
    starts, words = facts.matches.starts[chosen], facts.matches.words[chosen]
    order = np.lexsort((facts.matches.ends[chosen], starts))
    starts, words = starts[order], words[order]
    first = np.zeros(count, dtype=np.int64)
    last = np.zeros(count, dtype=np.int64)
    clauses = number[starts]
    last[clauses] = words
    first[clauses[::-1]] = words[::-1]
    return first, last


def _passages(columns: _Columns, facts: _LexiconFacts, raw: Ints, telling: Ints) -> None:
    """Add what the sentence, the paragraph and the document hold in measures and blame."""
    measure = (facts.tags["measure"] >= 8).astype(np.int64)
    blame = (facts.tags["blame"] >= 8).astype(np.int64)
    for marks in ("。！？!?\n", "\n"):
        mark = np.isin(raw, _codes(marks))
        number: Ints = np.cumsum(mark) - mark
        starts = np.searchsorted(number, np.arange(int(number[-1]) + 1))
        holds = np.bitwise_or.reduceat(measure, starts)[number] * 2 + np.bitwise_or.reduceat(blame, starts)[number]
        columns.add(holds, telling)
    words = len(np.unique(facts.matches.words[facts.matches.lists == lexicon.WORD_LISTS.index("measure")]))
    density = min(8, int(measure.sum() * 40 / columns.n))
    columns.add(np.full(columns.n, density * 16 + min(words, 15), dtype=np.int64), telling)


def _repeats(columns: _Columns, text: str, facts: _LexiconFacts) -> None:
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


def _dictionary(columns: _Columns, text: str) -> None:
    """Add which places of common words a character takes: begin, middle or end, and the longest word over it."""
    starts, ends = lexicon.find_words(text)
    longest = _cover(columns.n, starts, ends)
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


def _words(columns: _Columns, words: NDArray[np.int8]) -> None:
    edges = words.astype(np.int64)
    for offset in (-1, 0, 1):
        columns.add(columns.at(edges, offset))
    columns.add(columns.at(edges, -1), edges, columns.at(edges, 1))
    columns.add(edges, columns.folded)


def _codes(characters: str) -> Ints:
    return np.array([ord(character) for character in characters], dtype=np.int64)
