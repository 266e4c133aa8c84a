"""Hard line breaks inside a sentence: newspaper columns, wrapped mail, pages that end in mid-sentence."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from ..corpus.offsets import Edit

_BLANKS = " \t\r"
_CLOSERS = r"”’』」\"'）)】》\]"
_FINAL = re.compile(rf"[。！？…!?；;：:~～][{_CLOSERS}]*$|[^\d.]\.[{_CLOSERS}]*$|[>|]$|[）)】]$|&[a-z]+;$")
# A headline may hold an exclamation or a question, but hardly a full stop.
_INNER_FINAL = re.compile(rf"。[{_CLOSERS}]*(?=[^{_CLOSERS}])|(?<=[^\d.A-Za-z])\.(?=[^.{_CLOSERS}])|；")
_CLAUSE = re.compile(r"，|,(?!\d)")
_MARK = re.compile(r"[。！？…!?；;，]|,(?!\d)|(?<![\d.A-Za-z])\.|\.$")
_COMMA_END = re.compile(r"[，、,]$")
_NEVER_FIRST = re.compile(r"[。，、；：！？”’』」）》】,;:!?)]|\.(?:\D|$)")
# Words after which no heading and no sentence can end.
_HANGING = re.compile(
    r"(?:的|在|于|於|(?<![应面核校])(?:对|對)|给予|給予|予以|受到|遭到|被|和|(?<!参)(?:与|與)|以及|并|並|因|(?<![行作])(?:为|為)"
    r"|责令|責令|责成|責成|判处|判處|处以|處以|将|將|(?<![方动志])向|从|從|由|把|该|該|时任|時任"
    r"|关于|按照|根据|通过|进行|進行|作出|免去|筑起|都是|必将|必將|不得)$"
)
# Words with which a sentence begins, but hardly a headline.
_SENTENCE_START = re.compile(r"经(?:研究|查|核|审|县|市|省|区)|經|日前|近日|据|據|同时|同時|随后|目前|其中|此外|截至")
_HEADING_END = re.compile(
    r"(?:问题|問題|案例|案件|案|通报|通報|通知|情况|情況|处分|處分|处理|處理|简历|纪实|侧记|见闻)$"
)
_BYLINE = re.compile(
    r"[（(【\s]*(?:本报|全媒体|首席|见习|实习|特约|责任|責任|本版)*"
    r"(?:记者|記者|通讯员|通訊員|编辑|編輯|责编|作者|来源|來源|摄影|审核|供稿|文/图)[\s：:|｜/丨]?[^，,。]{0,40}$"
)
_META = re.compile(
    r"[（(【\[]?\s*(?:责任编辑|責任編輯|责编|编辑|編輯|作者|来源|來源|信息来源|发布时间|發佈時間|发布日期|时间|時間|日期"
    r"|发布单位|浏览|点击|字号|分享|关键词|标签|上一篇|下一篇|相关|返回|打印|关闭|附件|注|备注|说明|审核|校对|监制|记者|通讯员)"
    r"[^，。]{0,6}[：:】\])）]"
    r"|Last modified|Author\b|[（(]?\d{4}年\d{1,2}月\d{1,2}日[)）]?$|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}"
)
_OPENS_PARAGRAPH = re.compile(
    r"[\u3000\xa0\u2002\u2003]|&(?:nbsp|ensp|emsp);|[（(][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十]{1,3}[、.．]"
    r"|\d{1,3}(?:[、)）]|[.．](?!\d))|[①-⑳㈠-㈩]|[-*+•●■□◆◇▲△▼○★☆※►▶◎|#<>【]|——|──|第[一二三四五六七八九十\d]{1,3}[条章编]\s"
)
_CELL = re.compile(r"(?<=[^\s，。、；：,.;:])[ \t\u3000]+(?=[^\s，。、；：,.;:])")
_PAIRS = {"“": "”", "「": "」", "『": "』", "（": "）", "(": ")", "《": "》", "【": "】"}
_OPENERS = re.compile("[“”「」『』（）()《》【】]")
_WINDOW = 240
_SHORT, _MIDDLE, _LONG, _LONGEST_TITLE = 12, 18, 30, 36
_COLUMN = range(14, 61)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that is not empty: its number, and ``text[start:end]`` without blanks on either side."""

    number: int
    start: int
    end: int
    indent: int
    text: str


class _Layout(NamedTuple):
    """How the text is set: the width of its column, or its longest line where it is ragged; else 0."""

    column: int
    ragged: int


def soft_breaks(text: str) -> list[Edit]:
    """Find the line breaks that a reader would not see, those that stand inside a sentence.

    Newspaper columns are known by their nearly constant width, other breaks by the line that cannot
    end there: a quotation left open, a comma or a preposition at its end, a sentence begun after
    another. Paragraphs, headings, list items, table rows and signatures keep their breaks. Each edit
    takes the break, empty lines and the half-width blanks around it; between two Latin words it
    leaves a blank.
    """
    if "\n" not in text.strip():
        return []
    lines = _lines(text)
    pairs = [(a, b, text.count("\n", a.end, b.start)) for a, b in pairwise(lines)]
    sure = [_goes_on(*pair, _Layout(0, 0)) for pair in pairs]
    layout = _layout(lines, pairs, sure)
    if layout.column or layout.ragged:
        sure = [known or _goes_on(a, b, breaks, layout) for known, (a, b, breaks) in zip(sure, pairs, strict=True)]
    return [
        Edit(a.end, b.start, " " if _latin(a.text[-1:]) and _latin(b.text[:1]) else "")
        for joined, (a, b, _) in zip(sure, pairs, strict=True)
        if joined
    ]


def _lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    at = 0
    for raw in text.split("\n"):
        bare = raw.lstrip(_BLANKS).rstrip()
        if bare:
            indent = len(raw) - len(raw.lstrip(_BLANKS))
            lines.append(_Line(len(lines), at + indent, at + indent + len(bare), indent, bare))
        at += len(raw) + 1
    return lines


def _layout(lines: list[_Line], pairs: list[tuple[_Line, _Line, int]], sure: list[bool]) -> _Layout:
    """Measure the column from the lines that are followed by another one of the same paragraph."""
    followed = [a.text for a, b, breaks in pairs if breaks <= 2 and not _starts_paragraph(a, b)]
    counts = Counter(len(line) for line in followed if len(line) in _COLUMN)
    if counts.total() >= 3:
        near = {width: sum(counts[width - less] for less in range(4)) for width in _COLUMN}
        column = max(_COLUMN, key=lambda width: (near[width], counts[width]))
        full = [line for line in followed if column - 4 < len(line) <= column]
        over = sum(len(line.text) > column + 1 for line in lines)
        broken = sum(not _FINAL.search(line[-_WINDOW:]) for line in full)
        if 3 <= len(full) <= 2 * broken and 2 * len(full) >= counts.total() and over * 8 <= len(lines):
            return _Layout(column, 0)
    joined = [len(a.text) for known, (a, _, breaks) in zip(sure, pairs, strict=True) if known and breaks == 1]
    if len(joined) >= 2 and max(joined) <= 50:
        over = sum(len(line.text) > max(joined) + 4 for line in lines)
        return _Layout(0, max(joined) if over * 6 <= len(lines) else 0)
    return _Layout(0, 0)


def _starts_paragraph(a: _Line, b: _Line) -> bool:
    return b.indent >= a.indent + 2 or bool(_OPENS_PARAGRAPH.match(b.text) or _META.match(b.text))


def _goes_on(a: _Line, b: _Line, breaks: int, layout: _Layout) -> bool:
    """Say whether the sentence at the end of ``a`` goes on in ``b``, ``breaks`` line feeds later."""
    if breaks > 3 or _starts_paragraph(a, b):
        return False
    tail, head = a.text[-_WINDOW:], b.text[:_WINDOW]
    if a.text[0] in "#<" or tail.count("|") > 1 or _META.match(a.text) or _rows(tail, head):
        return False
    size = len(a.text)
    full = bool(layout.column) and layout.column - 4 < size <= layout.column + 1
    if _NEVER_FIRST.match(head):
        return True
    if full and breaks == 1:
        return not (_FINAL.search(tail) and head[0] in "（(")
    if _FINAL.search(tail) and not (tail[-1] in "）)】" and _INNER_FINAL.search(tail) and full):
        return False
    if layout.ragged and breaks == 1 and size * 4 >= layout.ragged * 3 and _HEADING_END.search(b.text):
        # A headline of two lines, where the text below is wrapped as well.
        return len(b.text) <= size
    inner = _last(_INNER_FINAL, tail)
    if _BYLINE.match(tail[inner:]) or not (_MARK.search(head) or len(b.text) > _WINDOW):
        return full and bool(_MARK.search(head))
    if full or _closes(tail, head):
        return True
    if _COMMA_END.search(tail):
        return size >= 8
    if b.indent >= 2:
        return False
    if _HANGING.search(tail):
        return size >= (_SHORT if breaks > 1 else _SHORT // 2)
    if _HEADING_END.search(tail) and not inner:
        return False
    if inner:
        return breaks == 1 or size >= 20
    if layout.ragged and breaks == 1 and size * 20 >= layout.ragged * 9:
        return True
    if not _CLAUSE.search(tail):
        return False
    if breaks > 1:
        return size >= (_LONGEST_TITLE if a.number == 0 else _LONG)
    enough = _SHORT if _SENTENCE_START.match(a.text) else _MIDDLE
    return size >= _LONG or (size >= enough and len(b.text) <= size + 2)


def _rows(tail: str, head: str) -> bool:
    return len(_CELL.findall(tail)) >= 3 and len(_CELL.findall(head)) >= 3


def _last(mark: re.Pattern[str], tail: str) -> int:
    end = 0
    for match in mark.finditer(tail):
        end = match.end()
    return end


def _closes(tail: str, head: str) -> bool:
    """Say whether a quotation or bracket opened in the tail is closed in the head before another opens."""
    depth: list[str] = []
    for mark in _OPENERS.findall(tail):
        if mark in _PAIRS:
            depth.append(mark)
        elif depth and _PAIRS[depth[-1]] == mark:
            depth.pop()
    if not depth:
        return False
    first = _OPENERS.search(head)
    return first is not None and first[0] == _PAIRS[depth[-1]]


def _latin(char: str) -> bool:
    return char.isascii() and char.isalpha()
