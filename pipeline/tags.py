"""HTML as a row of tokens with their places: linear in time, whatever is left open."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

_KNOWN = re.compile(
    r"a|abbr|acronym|address|applet|area|article|aside|audio|b|base|basefont|bdi|bdo|big|blink|"
    r"blockquote|body|br|button|canvas|caption|center|cite|code|col|colgroup|data|dd|del|details|dfn|"
    r"dialog|dir|div|dl|dt|em|embed|fieldset|figcaption|figure|font|footer|form|frame|frameset|h[1-6]|"
    r"head|header|hgroup|hr|html|i|iframe|img|input|ins|kbd|label|legend|li|link|main|map|mark|"
    r"marquee|math|menu|meta|meter|nav|nobr|noembed|noframes|noscript|object|ol|optgroup|option|"
    r"output|p|param|picture|pre|progress|q|rb|rp|rt|rtc|ruby|s|samp|script|section|select|small|"
    r"source|span|strike|strong|style|sub|summary|sup|svg|table|tbody|td|template|textarea|tfoot|th|"
    r"thead|time|title|tr|track|tt|u|ul|var|video|wbr|xmp"
    r"|\w[\w.]*[:-][\w:.-]*"
)
_UNSEEN = re.compile(
    r"script|style|textarea|iframe|noscript|template|svg|math|select|button|object|applet|canvas|audio|video|xmp"
    r"|noembed|noframes|rp|rt|rtc|datalist"
)
_OPENING = re.compile(r"<(?=[A-Za-z/!?])")
_NAME = re.compile(r"/?([A-Za-z][\w:.-]{0,40})")
_STOP = re.compile(r"[<>\"']")
_ATTRIBUTE = re.compile(r"([A-Za-z_:][\w:.-]*)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_LONGEST_TAG = 4000
_BLANKS = str.maketrans(dict.fromkeys("\xa0\u2002\u2003\u2009", " "))

ENTITY = (
    r"&amp;(?:nbsp|ensp|emsp|quot|lt|gt|ldquo|rdquo|mdash|middot|hellip);"
    r"|&(?:\#\d{1,7}|\#[xX][\da-fA-F]{1,6}|[a-zA-Z][a-zA-Z\d]{1,30});|&(?:nbsp|ensp|emsp|lt|gt|amp|quot)(?![\w;])"
)
"""A character reference, escaped twice now and then, as a regular expression."""


class Token(NamedTuple):
    """A stretch of HTML: text, a tag with its name in small letters, or the inside of ``<title>``."""

    kind: Literal["text", "start", "end", "title"]
    start: int
    end: int
    name: str = ""


def tokens(source: str) -> Iterator[Token]:
    """Split HTML into text and tags, in order.

    Comments, declarations, scripts and other elements that a reader does not see are passed over. A
    ``<`` that begins no known tag is text, so ``a < b`` and ``<某>`` stay.
    """
    missing: set[str] = set()
    text_start = at = 0
    while (opening := _OPENING.search(source, at)) is not None:
        token, end = _read(source, opening.start(), missing)
        if end < 0:
            at = opening.end()
            continue
        if text_start < opening.start():
            yield Token("text", text_start, opening.start())
        if token is not None:
            yield token
        text_start = at = end
    if text_start < len(source):
        yield Token("text", text_start, len(source))


def attributes(source: str, token: Token) -> dict[str, str]:
    """Return the attributes of a start tag, names in small letters, entities resolved."""
    inside = source[token.start + 1 + len(token.name) : min(token.end, token.start + _LONGEST_TAG)]
    found: dict[str, str] = {}
    for name, *values in _ATTRIBUTE.findall(inside):
        found.setdefault(name.lower(), html.unescape("".join(values)))
    return found


def unescape(entity: str) -> str:
    """Return what a character reference stands for; any blank is a plain one, a control character nothing."""
    once = html.unescape(entity)
    plain = html.unescape(once) if len(once) > 1 and once[0] == "&" else once
    return "" if len(plain) == 1 and plain < " " and plain not in "\t\n" else plain.translate(_BLANKS)


def _read(source: str, at: int, missing: set[str]) -> tuple[Token | None, int]:
    """Read what begins with the ``<`` at ``at``: a token, if it is one, and its end; -1 where it is text."""
    if source.startswith("<!--", at):
        end = _find(source, "-->", at + 2, missing)
        return None, end + 3 if end >= 0 else at + 4
    if source[at + 1] in "!?":
        if not re.match(r"[A-Za-z\[]", source[at + 2 : at + 3]):
            return None, -1
        return None, _find(source, ">", at + 2, missing) + 1 or -1
    name = _NAME.match(source, at + 1)
    if name is None:
        return None, -1
    tag = name[1].lower()
    if _KNOWN.fullmatch(tag) is None:
        return None, -1
    if name[0][0] == "/":
        stop = _STOP.search(source, name.end())
        end = stop.end() if stop and stop[0] == ">" else name.end()
        return Token("end", at, end, tag), end
    end = _tag_end(source, name.end(), missing)
    if end < 0:
        return None, -1
    if tag == "title" or (_UNSEEN.fullmatch(tag) and source[end - 2] != "/"):
        closing = _find(source, f"</{tag}", end, missing)
        if closing >= 0:
            after = _find(source, ">", closing, missing) + 1 or len(source)
            return (Token("title", end, closing, tag) if tag == "title" else None), after
        if tag in ("script", "style"):
            return None, len(source)
    return Token("start", at, end, tag), end


def _tag_end(source: str, at: int, missing: set[str]) -> int:
    """Find the end of a start tag behind its name; -1 where a text merely looks like one."""
    begin = at
    quoted = False
    while (stop := _STOP.search(source, at)) is not None:
        if stop[0] == ">":
            return stop.end()
        if stop[0] == "<":
            # Left open: with attributes it is a broken tag, without them a comparison.
            return stop.start() if quoted else -1
        at = stop.end()
        if source[max(begin, at - 9) : at - 1].rstrip().endswith("="):
            closing = _find(source, stop[0], at, missing)
            if closing >= 0:
                at = closing + 1
                quoted = True
    return len(source) if quoted else -1


def _find(source: str, what: str, start: int, missing: set[str]) -> int:
    """Find a string, but search the rest only once for what does not come any more."""
    if what in missing:
        return -1
    if what.startswith("</"):
        match = re.compile(re.escape(what) + r"(?![\w-])", re.IGNORECASE).search(source, start)
        place = match.start() if match else -1
    else:
        place = source.find(what, start)
    if place < 0:
        missing.add(what)
    return place
