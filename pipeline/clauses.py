"""Features of the clause, the sentence and the passage a character stands in."""

from __future__ import annotations

import numpy as np

from . import lexicon
from .facts import LexiconFacts
from .templates import CLAUSE_MARKS, DIGIT, Columns, Ints, codes


def clauses(columns: Columns, facts: LexiconFacts) -> None:
    """Add the edges, marks, words and neighbours of the clause, and what its passage holds."""
    n, folded, raw = columns.n, columns.folded, columns.raw
    position = np.arange(n, dtype=np.int64)
    mark = np.isin(raw, codes(CLAUSE_MARKS))
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
    flags |= (columns.types == DIGIT).astype(np.int64) << 5
    flags |= (raw == ord("“")).astype(np.int64) << 6
    flags |= np.isin(raw, codes("未不没无")).astype(np.int64) << 7
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


def _edge_words(facts: LexiconFacts, name: str, number: Ints, count: int) -> tuple[Ints, Ints]:
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


def _passages(columns: Columns, facts: LexiconFacts, raw: Ints, telling: Ints) -> None:
    """Add what the sentence, the paragraph and the document hold in measures and blame."""
    measure = (facts.tags["measure"] >= 8).astype(np.int64)
    blame = (facts.tags["blame"] >= 8).astype(np.int64)
    for marks in ("。！？!?\n", "\n"):
        mark = np.isin(raw, codes(marks))
        number: Ints = np.cumsum(mark) - mark
        starts = np.searchsorted(number, np.arange(int(number[-1]) + 1))
        holds = np.bitwise_or.reduceat(measure, starts)[number] * 2 + np.bitwise_or.reduceat(blame, starts)[number]
        columns.add(holds, telling)
    words = len(np.unique(facts.matches.words[facts.matches.lists == lexicon.WORD_LISTS.index("measure")]))
    density = min(8, int(measure.sum() * 40 / columns.n))
    columns.add(np.full(columns.n, density * 16 + min(words, 15), dtype=np.int64), telling)
