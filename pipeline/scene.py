"""A text with each entity shrunk to one letter: what rules about who did what are read off."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from .view import View

OFFICIAL, POSITION, SANCTION, VIOLATION = "\ue001", "\ue002", "\ue003", "\ue004"
LETTERS = {"OFFICIAL": OFFICIAL, "POSITION": POSITION, "SANCTION": SANCTION, "VIOLATION": VIOLATION}
ANY = f"{OFFICIAL}-{VIOLATION}"
"""All letters, as the inside of a regular expression's brackets."""

_OTHERS = str.maketrans(dict.fromkeys(LETTERS.values(), "\ufffd"))
_BULLET = "▲△●◆◇★☆▪■□•○◎►➤※"
_NUMBER = "一二三四五六七八九十百0-9"
_HEAD = re.compile(
    rf"""^[\ \t>*\#&nbsp;“|\-]*(?:
        [（(【]?(?:案例|典型|病例|问题|序号|案件|之)?[{_NUMBER}]{{1,3}}[）)】、.．:：|\t\ 】]
      | 案[例件][{_NUMBER}甲乙丙丁]{{1,3}} | [①-⑳⒈-⒛㈠-㈩⑴-⒇] | 第[{_NUMBER}]{{1,2}}[，、起例个]
      | [{_NUMBER}]{{1,2}}是 | [{_NUMBER}]{{1,2}}号 | 其[一二三四五六七八九十]
      | [{_BULLET}] | [A-Z]-?\d{{1,2}}\b | [甲乙丙丁戊]、 )""",
    re.VERBOSE | re.MULTILINE,
)
_INLINE_HEAD = re.compile(
    rf"(?<=[。；：！])[ ]*(?:[{_NUMBER}]{{1,2}}是|[（(][{_NUMBER}]{{1,2}}[）)]|[{_NUMBER}]{{1,2}}[、.．](?!\d)"
    rf"|[①-⑳⒈-⒛㈠-㈩⑴-⒇]|其[一二三四五六七八九十][，是、]|案例[{_NUMBER}])"
)
_SENTENCE = re.compile(r"[。！？!?\n]+")
_CLAUSE = re.compile(r"[，。；：！？!?\n,;:]+")


LONGEST = 800
"""Code points of a scene after which a sentence or clause is cut: a text without marks is not read over and over."""


class Placed(NamedTuple):
    """An entity: its label's letter, its text in the model's view, and where its letter stands."""

    letter: str
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Scene:
    """A text whose entities are single letters of the private use area.

    Parameters
    ----------
    text
        The model's view of the notice, each entity shrunk to the letter of its label.
    entities
        In order of the text; their index is that of the document's entities.
    sentences, clauses, sections
        Starts of each, ascending, the first 0; code points of ``text``. No sentence or clause is longer than
        `LONGEST`. A section is an item of a numbered list; the first one is what stands before the list.
    lines
        Starts of the lines.
    gaps
        For each stretch of the text between entities its start in the scene and in the view, ascending.
    view
        The view of the notice.
    """

    text: str
    entities: tuple[Placed, ...]
    sentences: tuple[int, ...]
    clauses: tuple[int, ...]
    sections: tuple[int, ...]
    lines: tuple[int, ...]
    gaps: tuple[tuple[int, int], ...]
    view: View

    @classmethod
    def of(cls, text: str, spans: Sequence[tuple[int, int, str]]) -> Scene:
        """Shrink the spans of a text, given as (start, end, label) in order and without overlap."""
        view = View.of(text)
        # A page may have such characters of its own, as icons: here they would be entities.
        plain = view.text.translate(_OTHERS)
        pieces: list[str] = []
        placed: list[Placed] = []
        gaps: list[tuple[int, int]] = []
        at = length = 0
        edges = np.array([span[:2] for span in spans], dtype=np.int32).reshape(-1, 2)
        inside = edges.tolist() if view.places is None else np.searchsorted(view.places, edges).tolist()
        for inner, (_, _, label) in zip(inside, spans, strict=True):
            letter = LETTERS.get(label, "")
            gap = plain[at : inner[0]]
            gaps.append((length, at))
            length += len(gap)
            placed.append(Placed(letter, view.text[inner[0] : inner[1]], length))
            pieces += (gap, letter)
            length += len(letter)
            at = max(at, inner[1])
        gaps.append((length, at))
        pieces.append(plain[at:])
        shrunk = "".join(pieces)
        heads = {match.start() for match in _HEAD.finditer(shrunk)}
        heads |= {match.start() for match in _INLINE_HEAD.finditer(shrunk)}
        return cls(
            shrunk,
            tuple(placed),
            _starts((match.end() for match in _SENTENCE.finditer(shrunk)), heads, len(shrunk)),
            _starts((match.end() for match in _CLAUSE.finditer(shrunk)), heads, len(shrunk)),
            (0, *sorted(heads)),
            (0, *(match.end() for match in re.finditer("\n", shrunk))),
            tuple(gaps),
            view,
        )

    def outer(self, start: int, end: int) -> tuple[int, int]:
        """Return where ``self.text[start:end]``, which holds no entity, stands in the notice's text."""
        scene_at, view_at = self.gaps[bisect_right(self.gaps, (start, len(self.view.text))) - 1]
        shift = view_at - scene_at
        return self.view.outer(start + shift, end + shift)

    def sentence(self, at: int) -> int:
        """Return the number of the sentence that a place is in."""
        return bisect_right(self.sentences, at) - 1

    def clause(self, at: int) -> int:
        """Return the number of the clause that a place is in."""
        return bisect_right(self.clauses, at) - 1

    def section(self, at: int) -> int:
        """Return the number of the section that a place is in, 0 before the list."""
        return bisect_right(self.sections, at) - 1

    def line(self, at: int) -> int:
        """Return the number of the line that a place is in."""
        return bisect_right(self.lines, at) - 1

    def clause_start(self, at: int) -> int:
        """Return where the clause of a place begins."""
        return self.clauses[self.clause(at)]

    def sentence_start(self, at: int) -> int:
        """Return where the sentence of a place begins."""
        return self.sentences[self.sentence(at)]

    def sentence_end(self, at: int) -> int:
        """Return where the sentence of a place ends."""
        number = self.sentence(at) + 1
        return self.sentences[number] if number < len(self.sentences) else len(self.text)


def _starts(ends: Iterable[int], heads: Iterable[int], end: int) -> tuple[int, ...]:
    """Sort the starts of sentences or clauses, and add some where there would be none for too long."""
    starts = sorted({0, *ends, *heads})
    spans = pairwise((*starts, max(end, starts[-1] + 1)))
    return tuple(place for start, stop in spans for place in range(start, stop, LONGEST))
