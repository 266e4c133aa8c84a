"""The word lists of the field, and one automaton that finds all their words in one pass."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import ahocorasick
import numpy as np
from numpy.typing import NDArray

from ..corpus.errors import ModelError

CHARACTER_LISTS = ("surname", "given")
WORD_LISTS = ("surname", "place", "body", "post", "measure", "blame")


@dataclass(frozen=True, slots=True)
class Matches:
    """Words found in a text, in no particular order; each array has shape ``(m,)``.

    Parameters
    ----------
    starts, ends
        Code points from 0 in the text, end excluded.
    lists
        Index into `WORD_LISTS`.
    words
        Number of the word among all words of all lists.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    lists: NDArray[np.int64]
    words: NDArray[np.int64]


@cache
def words(name: str) -> tuple[str, ...]:
    """Return the words of one list that have two characters or more, longest first, without repeats."""
    return tuple(sorted({word for word in _entries(name) if len(word) > 1}, key=lambda word: (-len(word), word)))


@cache
def characters(name: str) -> frozenset[str]:
    """Return the single characters of a list: those of a run of characters, or its one-character words."""
    runs = _entries(name)
    if name == "surname":
        return frozenset(runs[0])
    if name == "given":
        return frozenset("".join(runs))
    return frozenset(word for word in runs if len(word) == 1)


def find(text: str) -> Matches:
    """Find every word of every list in a normalised text, overlapping ones too."""
    automaton = _automaton()
    packed = np.fromiter((value + end * _END for end, value in automaton.iter(text)), dtype=np.int64)
    ends = packed // _END + 1
    value = packed % _END
    lengths = value % _LENGTH
    lists = value // _LENGTH % _LIST
    return Matches(ends - lengths, ends, lists, value // (_LENGTH * _LIST))


def find_words(text: str) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Find every common word of two to four characters in a normalised text, overlapping ones too.

    Returns
    -------
    Starts, ends and word classes, shape ``(m,)`` each: code points from 0, end excluded; a class is the tag of jieba's
    dictionary (``v``, ``ns``) as a number.
    """
    packed = np.fromiter((value + (end << _TAG_AND_LENGTH) for end, value in _common_words().iter(text)), np.int64)
    ends = (packed >> _TAG_AND_LENGTH) + 1
    value = packed & ((1 << _TAG_AND_LENGTH) - 1)
    return ends - value % 8, ends, value // 8


@cache
def _common_words() -> ahocorasick.Automaton:
    """Build an automaton of jieba's dictionary: words that are no names and have a count of ten or more."""
    automaton = ahocorasick.Automaton()
    # Found without importing jieba, which takes long.
    package = find_spec("jieba")
    if package is None or package.origin is None:
        raise ModelError("its dictionary is a feature: install jieba, which tongbao depends on", where="jieba")
    content = Path(package.origin).with_name("dict.txt").read_text("utf-8")
    for line in content.splitlines():
        word, count, tag = line.split(" ")
        if 2 <= len(word) <= 4 and len(count) > 1 and tag not in _NAME_TAGS:
            automaton.add_word(word, len(word) + 8 * int.from_bytes(tag.encode("ascii")[:4], "big"))
    automaton.make_automaton()
    return automaton


_TAG_AND_LENGTH = 35
_NAME_TAGS = frozenset(("nr", "nrt", "nrfg"))
_LENGTH = 32
_LIST = 16
_END = _LENGTH * _LIST * (1 << 16)


@cache
def _automaton() -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    number = 0
    values: dict[str, int] = {}
    for index, name in enumerate(WORD_LISTS):
        singles = () if name in CHARACTER_LISTS else tuple(sorted(characters(name)))
        for word in (*words(name), *singles):
            number += 1
            # A word of two lists counts in the later one, which is the more telling.
            values[word] = len(word) + index * _LENGTH + number * _LENGTH * _LIST
    for word, value in values.items():
        automaton.add_word(word, value)
    automaton.make_automaton()
    return automaton


@cache
def _entries(name: str) -> tuple[str, ...]:
    content = (files(__package__) / "lexicon" / f"{name}.txt").read_text("utf-8")
    return tuple(word for line in content.splitlines() if not line.startswith("#") for word in line.split())
