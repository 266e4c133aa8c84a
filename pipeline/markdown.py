"""Markdown's marks, which a reader does not see: headings, emphasis, links, images, quotations, rules."""

from __future__ import annotations

import re

from ..corpus.offsets import Edit
from .lexicon import characters

_ADDRESS = r"(?:https?://|mailto:|[./#])[^\s()]{0,2000}(?:\([^\s()]{0,200}\)[^\s()]{0,200})?"
_MARKS = re.compile(
    rf"""
      !\[[^\]\n]{{0,300}}\]\({_ADDRESS}[^()\n]{{0,200}}\)                           # an image
    | (?<!!)(?P<open>\[)(?=[^\[\]\n]{{1,300}}\]\({_ADDRESS})                          # before a link's words
    | (?P<close>\]\({_ADDRESS}(?:\s+["'“][^"'”\n]{{0,200}}["'”])?\))                  # behind them
    | ^[ ]{{0,3}}\#{{1,6}}[ \t]+                                                    # a heading
    | ^[ ]{{0,3}}(?:>[ \t]?){{1,9}}                                                # a quotation
    | ^[ ]{{0,3}}(?:(?:\*[ \t]?){{3,80}}|(?:-[ \t]?){{3,80}}|(?:_[ \t]?){{3,80}})$   # a rule
    | (?P<strong>\*\*|__)(?=\S)
    """,
    re.MULTILINE | re.VERBOSE,
)
_HINT = re.compile(r"[#>*_\[]|^ {0,3}---", re.MULTILINE)
_LONGEST_EMPHASIS = 1000


def markdown_marks(text: str) -> list[Edit]:
    """Find the marks of Markdown in a text that is no HTML.

    Emphasis goes only in pairs on one line, a link's brackets only with an address behind them; the
    bullets of lists stay, for a reader sees them too.
    """
    if _HINT.search(text) is None:
        return []
    edits: list[Edit] = []
    after = 0
    for mark in _MARKS.finditer(text):
        if mark.start() < after or (mark["close"] and not _has_opening(text, mark.start())):
            continue
        edits.append(Edit(mark.start(), mark.end()))
        if mark["strong"]:
            edits.pop()
            end = text.find(mark["strong"], mark.end(), mark.end() + _LONGEST_EMPHASIS)
            if end > mark.end() and _is_emphasis(text, mark.start(), end):
                edits += (Edit(mark.start(), mark.end()), Edit(end, end + 2))
                after = end + 2
    return sorted(edits)


def _is_emphasis(text: str, start: int, end: int) -> bool:
    inside = text[start + 2 : end]
    if "\n" in inside or inside[-1].isspace():
        return False
    # Asterisks mask names as well: 李**、王**.
    surnames = characters("surname")
    return text[start - 1 : start] not in surnames or inside[-1] not in surnames


def _has_opening(text: str, at: int) -> bool:
    opening = text.rfind("[", max(0, at - 301), at)
    return opening >= 0 and "\n" not in text[opening:at] and "]" not in text[opening:at]
