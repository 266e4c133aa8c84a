"""Which blocks of a page are its article: trafilatura's judgement, widened to whole stretches of the page."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

from .blocks import Block

_BLANK = re.compile(r"\s+")
_FRAGMENT = re.compile(r"<(?:html|body)\b", re.IGNORECASE)
_CELL = re.compile(r"^- |\|")
_GRAM = 8
# Beyond this size trafilatura takes long, and hardly any page is.
_LARGEST, _MOST_BLOCKS = 1_000_000, 20_000


def article(blocks: Sequence[Block], source: str) -> list[Block]:
    """Return the blocks that belong to the article, in order.

    What trafilatura extracts is kept, with what stands between or beside it in the same element
    unless it looks like navigation. Where trafilatura finds nothing, or less than a third of the
    text that is neither navigation nor links, all but the navigation is kept; a fragment without
    any navigation is kept whole.
    """
    shown = [block for block in blocks if not block.hidden]
    furniture = _small_elements(shown)
    plain = [block for block in shown if furniture.isdisjoint(block.furniture)]
    body = [block for block in plain if block.linked * 2 < block.size] or plain or shown
    if len(body) == len(shown) and _FRAGMENT.search(source) is None:
        return body
    found = _extracted(body, source)
    if sum(block.size for block in found) * 3 < sum(block.size for block in body):
        return body
    numbers = {id(block) for block in found}
    # Some sites set every paragraph in a <div> or <section> of its own.
    rows = Counter(block.parent for block in found if block.bare)
    parents = {parent for parent, count in rows.items() if count > 1}
    homes = parents.union(block.home for block in found)
    first, last = found[0].start, found[-1].end
    return [
        block
        for block in body
        if id(block) in numbers
        or first < block.start < last
        or block.home in homes
        or (block.bare and block.parent in parents)
        or block.tag == "h1"
    ]


def _small_elements(blocks: Sequence[Block]) -> set[int]:
    """Return the elements named like navigation, but for those that hold most of the page or its headline."""
    total = sum(block.size for block in blocks)
    sizes: Counter[int] = Counter()
    headed: set[int] = set()
    for block in blocks:
        for number in block.furniture:
            sizes[number] += block.size
        if block.tag == "h1":
            headed.update(block.furniture)
    return {number for number, size in sizes.items() if size * 2 < total and number not in headed}


def _extracted(blocks: Sequence[Block], source: str) -> list[Block]:
    """Return the blocks whose text trafilatura extracts."""
    if len(source) > _LARGEST or len(blocks) > _MOST_BLOCKS:
        return []
    import trafilatura  # slow to load, and of no use to plain text

    _hush()
    page = source if _FRAGMENT.search(source) else f"<html><body>{source}</body></html>"
    try:
        extraction = trafilatura.extract(page, include_comments=False, include_tables=True, favor_recall=True)
    except (ValueError, TypeError, AttributeError, RecursionError, AssertionError):
        # Its parser gives up on some broken pages; the elements still say enough.
        return []
    if not extraction:
        return []
    lines = {_BLANK.sub("", cell) for line in extraction.splitlines() for cell in _CELL.split(line)}
    text = _BLANK.sub("", extraction)
    grams = {text[at : at + _GRAM] for at in range(max(1, len(text) - _GRAM + 1))}
    return [block for block in blocks if _matches(_BLANK.sub("", block.text(source)), lines, grams)]


def _matches(text: str, lines: set[str], grams: set[str]) -> bool:
    if len(text) < 2 * _GRAM:
        return text in lines or (len(text) >= _GRAM and text[:_GRAM] in grams and text[-_GRAM:] in grams)
    places = range(0, len(text) - _GRAM + 1, _GRAM // 2)
    return sum(text[at : at + _GRAM] in grams for at in places) * 5 >= len(places) * 4


@cache
def _hush() -> None:
    # It reports every page without an article as an error; here that is an answer like any other.
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())
    logging.getLogger("trafilatura").propagate = False
