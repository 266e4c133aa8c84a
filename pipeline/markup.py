"""From mark-up to what a reader sees: HTML pages, fragments, and texts with leftovers of HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..corpus.offsets import Edit
from .blocks import Block, read_blocks
from .boilerplate import article
from .dates import iso_date

_MARKUP = re.compile(r"<[A-Za-z/!?]|&(?:#|[A-Za-z])")
# A closing block tag tells a page or a fragment from a text with leftovers.
_PAGE = re.compile(
    r"<(?:!doctype|html|body)\b|</(?:p|div|body|html|table|td|h[1-6]|article|section|ul|ol)\s*>",
    re.IGNORECASE,
)
_SITE = re.compile(r"\s*(?:[_|｜]|\s[-—–]+\s|--|——)\s*")
_CELL_WIDTH = 60
_TITLE = ("articletitle", "og:title", "dc.title", "title")
_DATE = ("pubdate", "publishdate", "article:published_time", "dc.date", "date", "datepublished", "<time>")
_PUBLISHER = ("contentsource", "publisher", "source", "author", "og:site_name", "sitename")


@dataclass(frozen=True, slots=True)
class Page:
    """What cleans a text of mark-up, and what the mark-up says of it.

    Parameters
    ----------
    edits
        Sorted and apart, to be applied to the source.
    title, date, publisher
        None where the page does not say; the date is ISO 8601.
    collapsed
        Whether it was HTML, so that paragraphs are set by elements and not by lines.
    """

    edits: Sequence[Edit]
    title: str | None = None
    date: str | None = None
    publisher: str | None = None
    collapsed: bool = False


def read_markup(source: str) -> Page:
    """Find the edits that leave of a source what a reader sees.

    The content decides: with closing block tags it is HTML, its white space collapses and its boiler
    plate goes; otherwise stray tags and entities alone are resolved. Paragraphs are parted by an
    empty line, list items and ``<br>`` by a line feed, cells of a row by a tabulator.
    """
    if _MARKUP.search(source) is None:
        return Page(())
    is_page = _PAGE.search(source) is not None
    read = read_blocks(source, page=is_page)
    blocks = read.blocks
    inside = sum(block.size for block in blocks if block.home or block.tag)
    if is_page and inside * 2 > sum(block.size for block in blocks):
        blocks = article(blocks, source)
    title = _first(read.meta, _TITLE) or _headline(blocks, source)
    if title is None and read.meta.get("<title>"):
        title = _SITE.split(read.meta["<title>"])[0] or None
    date = _first(read.meta, _DATE)
    return Page(
        edits=_edits(blocks, source),
        title=title,
        date=iso_date(date) if date else None,
        publisher=_first(read.meta, _PUBLISHER),
        collapsed=is_page,
    )


def _first(meta: dict[str, str], names: Sequence[str]) -> str | None:
    return next((meta[name] for name in names if meta.get(name)), None)


def _headline(blocks: Sequence[Block], source: str) -> str | None:
    headlines = [block for block in blocks if block.tag == "h1"]
    return " ".join(headlines[0].text(source).split()) if len(headlines) == 1 else None


def _edits(blocks: Sequence[Block], source: str) -> list[Edit]:
    edits: list[Edit] = []
    at = 0
    before: Block | None = None
    for block in blocks:
        gap = "" if before is None else _gap(before, block)
        for start, end, shown in block.pieces:
            if at < start:
                edits.append(Edit(at, start, gap))
            if shown is not None:
                edits.append(Edit(start, end, shown))
            at, gap = end, ""
        before = block
    if at < len(source):
        edits.append(Edit(at, len(source)))
    return edits


def _gap(a: Block, b: Block) -> str:
    if a.row and a.row == b.row and a.cell != b.cell and max(a.size, b.size) <= _CELL_WIDTH:
        return "\t"
    return "\n" if (a.tight and b.tight) or (a.row and b.row) else "\n\n"
