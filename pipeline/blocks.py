"""The blocks of an HTML page: paragraphs, headings, cells, each character with its place in the source."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import NamedTuple

from .tags import ENTITY, Token, attributes, tokens, unescape

_CONTAINER = re.compile(
    "html|body|div|section|article|main|aside|nav|header|footer|form|table|tbody|thead|tfoot|td|th|ul|ol|dl"
    "|blockquote|fieldset|details|center|figure|dialog"
)
_PARAGRAPH = re.compile("p|h[1-6]|li|dt|dd|tr|pre|address|caption|figcaption|legend|summary|hr|option")
_TIGHT = re.compile("li|dt|dd|tr|option")
_FURNITURE = re.compile("nav|header|footer|aside|form")
_FURNITURE_NAME = re.compile(
    r"(?<![A-Za-z])(?:nav|navbar|menu|foot|footer|sidebar|side|share|related|recommend|copyright|breadcrumbs?|crumbs?"
    r"|comments?|pager|pagination|toolbar|hot|advert|ads?|login|search|banner|weizhi|position|location)(?![A-Za-z])",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_PARTS = re.compile(rf"({ENTITY})|([ \t\n\r\f\xa0]+)|(\u3000+)|[^ \t\n\r\f\xa0\u3000&]+|&")
_INDENT = re.compile("\xa0|\u3000|&[a-z]+;")
_ENTITIES = re.compile(ENTITY)
_WIDE = re.compile(
    "[\u2014\u2018-\u201d\u2026\u2e80-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\U00020000-\U0003ffff]"
)
_DEEPEST = 4
_META = re.compile(r"[\w:.-]{2,40}")


class Piece(NamedTuple):
    """``source[start:end]`` is shown as ``shown``, or as it is where that is None."""

    start: int
    end: int
    shown: str | None = None


@dataclass(slots=True)
class Block:
    """A stretch of text that a browser sets apart.

    Parameters
    ----------
    tag
        What it is: ``p``, ``h1``, ``td``, … or the element its bare text stands in.
    home, parent
        Numbers of the element that holds it and of the one around that; blocks of one article share
        the home, or where each is bare text in an element of its own, the parent.
    furniture
        Numbers of the elements around it that look like navigation, the outermost first.
    hidden
        Whether a browser does not show it at all.
    row, cell
        Numbers of its table row and cell, 0 outside tables.
    tight
        Whether it follows its neighbour without an empty line.
    size, linked
        Its characters without blanks, and those of them in links.
    """

    tag: str
    home: int
    parent: int
    furniture: tuple[int, ...]
    hidden: bool
    row: int
    cell: int
    tight: bool
    pieces: list[Piece] = field(default_factory=list)
    size: int = 0
    linked: int = 0

    @property
    def bare(self) -> bool:
        """Whether it is text right in a container, such as ``<div>``, and no paragraph."""
        return not self.tag or _CONTAINER.fullmatch(self.tag) is not None

    @property
    def start(self) -> int:
        """Where it begins in the source."""
        return self.pieces[0].start

    @property
    def end(self) -> int:
        """Where it ends in the source."""
        return self.pieces[-1].end

    def text(self, source: str) -> str:
        """Return what a reader sees of it."""
        return "".join(source[start:end] if shown is None else shown for start, end, shown in self.pieces)


@dataclass(slots=True)
class Blocks:
    """What a page holds: its blocks in order, and what its head says of it (names in small letters)."""

    blocks: list[Block]
    meta: dict[str, str]


def read_blocks(source: str, *, page: bool) -> Blocks:
    """Read HTML into blocks.

    Parameters
    ----------
    source
        A page, a fragment, or a text with leftovers of mark-up.
    page
        Whether white space collapses as in a browser. Text outside all elements keeps its line
        breaks in any case, for it may be Markdown.
    """
    reader = _Reader(source, page)
    for token in tokens(source):
        reader.feed(token)
    reader.finish()
    return Blocks(reader.blocks, reader.meta)


class _Open(NamedTuple):
    """An open element; ``furniture`` and ``hidden`` hold for those around it too."""

    name: str
    number: int
    furniture: tuple[int, ...]
    hidden: bool


_OUTSIDE = _Open("", 0, (), False)


class _Reader:
    """Builds blocks from tokens; knows which elements are open and what white space is owed."""

    def __init__(self, source: str, page: bool) -> None:
        self.source = source
        self.page = page
        self.blocks: list[Block] = []
        self.meta: dict[str, str] = {}
        self.open: list[_Open] = []
        self.counts: dict[str, int] = {}
        self.number = self.row = self.cell = 0
        self.tag = ""
        self.tight = self.linked = self.verbatim = False
        self.block: Block | None = None
        self.owed: tuple[int, int] | None = None

    def feed(self, token: Token) -> None:
        name = token.name
        if token.kind == "text":
            inside = self.tag or len(self.open) > self.counts.get("html", 0)
            (self._text if self.page and inside and not self.verbatim else self._verbatim_text)(token)
        elif token.kind == "title":
            title = html.unescape(self.source[token.start : token.end])
            self.meta.setdefault("<title>", " ".join(title.split()))
        elif name == "br":
            self._line_break(token)
        elif name == "a":
            self.linked = token.kind == "start"
        elif _CONTAINER.fullmatch(name):
            self.finish()
            (self._enter if token.kind == "start" else self._leave)(token)
        elif _PARAGRAPH.fullmatch(name):
            self.finish()
            self.tight = _TIGHT.fullmatch(name) is not None
            self.linked = False
            self.tag = name if token.kind == "start" and name != "hr" else ""
            self.verbatim = self.tag == "pre"
            if name == "tr":
                self.row = self.number = self.number + 1
        elif name == "meta":
            self._head(attributes(self.source, token))
        elif name == "time" and token.kind == "start":
            self.meta.setdefault("<time>", attributes(self.source, token).get("datetime", ""))

    def finish(self) -> None:
        """End the block that is being read."""
        if self.block is not None and self.block.size:
            while self._ends_line(self.block):
                self.block.pieces.pop()
            self.blocks.append(self.block)
        self.block = None
        self.owed = None

    def _enter(self, token: Token) -> None:
        name, found = token.name, attributes(self.source, token)
        self.number += 1
        look = f"{found.get('class', '')} {found.get('id', '')} {found.get('role', '')}"
        around = self.open[-1] if self.open else _OUTSIDE
        furniture = around.furniture
        # A few levels are enough; all of them would make deep nesting slow.
        if len(furniture) < _DEEPEST and (_FURNITURE.fullmatch(name) or _FURNITURE_NAME.search(look)):
            furniture = (*furniture, self.number)
        hidden = around.hidden or "hidden" in found or bool(_HIDDEN.search(found.get("style", "")))
        self.open.append(_Open(name, self.number, furniture, hidden))
        self.counts[name] = self.counts.get(name, 0) + 1
        self.tag, self.verbatim, self.tight = "", False, False
        if name in ("td", "th"):
            self.cell = self.number

    def _leave(self, token: Token) -> None:
        self.tag, self.verbatim, self.tight, self.linked = "", False, False, False
        if not self.counts.get(token.name):
            return
        while True:
            gone = self.open.pop()
            self.counts[gone.name] -= 1
            if gone.name == "table":
                self.row = self.cell = 0
            if gone.name == token.name:
                return

    def _head(self, found: dict[str, str]) -> None:
        name = found.get("name") or found.get("property") or found.get("itemprop") or ""
        if _META.fullmatch(name) and found.get("content"):
            self.meta.setdefault(name.lower(), " ".join(found["content"].split()))

    def _current(self) -> Block:
        if self.block is None:
            around = self.open[-1] if self.open else _OUTSIDE
            self.block = Block(
                tag=self.tag or around.name,
                home=around.number,
                parent=self.open[-2].number if len(self.open) > 1 else 0,
                furniture=around.furniture,
                hidden=around.hidden,
                row=self.row if self.cell else 0,
                cell=self.cell,
                tight=self.tight,
            )
        return self.block

    def _show(self, start: int, end: int, shown: str | None = None) -> None:
        block = self._current()
        visible = self.source[start:end] if shown is None else shown
        if self.owed is not None:
            blank_start, blank_end = self.owed
            if block.pieces and self._ends_line(block):
                if len(_INDENT.findall(self.source, blank_start, blank_end)) > 1:
                    self._indent(blank_end)
            elif block.pieces and not self._melts(block, visible):
                block.pieces.append(Piece(blank_start, blank_end, " "))
            self.owed = None
        block.pieces.append(Piece(start, end, shown))
        block.size += len(visible)
        block.linked += len(visible) * self.linked

    def _text(self, token: Token) -> None:
        for part in _PARTS.finditer(self.source, token.start, token.end):
            entity, blanks, indent = part.groups()
            shown = unescape(entity) if entity else None
            if blanks or (shown is not None and not shown.strip()):
                self.owed = (self.owed[0] if self.owed else part.start(), part.end())
            elif indent and (self.block is None or self._ends_line(self.block)):
                self._indent(part.end())
            else:
                self._show(part.start(), part.end(), shown)

    def _indent(self, end: int) -> None:
        """Pass over an indent; one behind a line break makes it the end of a paragraph."""
        self.owed = None
        if self.block is not None:
            start, _, _ = self.block.pieces[-1]
            self.block.pieces[-1] = Piece(start, end, "\n\n")

    def _verbatim_text(self, token: Token) -> None:
        at = token.start
        for entity in _ENTITIES.finditer(self.source, token.start, token.end):
            self._as_it_is(at, entity.start())
            self._current().pieces.append(Piece(entity.start(), entity.end(), unescape(entity[0])))
            at = entity.end()
        self._as_it_is(at, token.end)

    def _as_it_is(self, start: int, end: int) -> None:
        if start < end:
            block = self._current()
            block.pieces.append(Piece(start, end))
            size = end - start if not self.source[start:end].isspace() else 0
            block.size += size
            block.linked += size * self.linked

    def _line_break(self, token: Token) -> None:
        self.owed = None
        block = self.block
        if block is None or not block.pieces:
            return
        if self._ends_line(block):
            start, _, _ = block.pieces[-1]
            block.pieces[-1] = Piece(start, token.end, "\n\n")
        elif self.page or not re.match(r"[ \t]{0,9}\n", self.source[token.end : token.end + 10]):
            block.pieces.append(Piece(token.start, token.end, "\n"))

    def _ends_line(self, block: Block) -> bool:
        shown = block.pieces[-1].shown
        return shown is not None and shown[:1] == "\n"

    def _melts(self, block: Block, visible: str) -> bool:
        """Say whether a line feed in the source vanishes, because wide characters stand on both sides."""
        start, end, shown = block.pieces[-1]
        before = (self.source[start:end] if shown is None else shown)[-1:]
        blank = self.source[slice(*self.owed)] if self.owed else ""
        return "\n" in blank and bool(_WIDE.match(before)) and bool(_WIDE.match(visible))
