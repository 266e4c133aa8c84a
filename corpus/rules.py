"""The guideline's mechanical rules for one marked span: its edges, and what it must not hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal
from unicodedata import category

from .notice import LABELS, Entity, Notice

Severity = Literal["error", "warning"]

_TONED = "a-züāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
NOISE = re.compile(rf"[\s\u200b\ufeff]+|&nbsp;|&#160;|[（(][{_TONED} ]+[)）]")
"""What may stand inside a word of a noisy source: white space, HTML spaces, bracketed pinyin."""

_OPENERS = dict(zip("）)》〉”’」』】〕", "（(《〈“‘「『【〔", strict=True))
_MASKS = "*＊#＃_＿"
_UNITS = "%％‰"
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n|\n[ \t]*[\u3000\u2003]{2}")
_CLAUSE_MARK = re.compile(r"[，。；：！？;!?]|(?<!\d)[,:]|[,:](?!\d)|(?<=[\u3400-\u9fff])\.(?!\d)")

_START = {
    "POSITION": r"时任|時任|现任|新任|曾任|历任|担任|身为|作为|其(?![他它余])",
    "SANCTION": r"给予|給予|予以|受到|被|接受|决定|判处|依法|责成|按规定|按照规定|在全[市县区省州旗]",
    "VIOLATION": r"(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日)?|同时|此外|在此期间|承认"
    r"|并(?![购联行轨])|还(?![款贷债钱])|[且却但]",
}
_END = {
    "OFFICIAL": r"同志|先生|女士|书记|主任|(?<=..)[局处科所院校站队县镇乡市区厅部]长",
    "POSITION": r"同志|[等的]|[（(][^（()）]{0,4}[级級][)）]",
    "SANCTION": r"的|等|决定",
    "VIOLATION": r"问题|問題|现象|現象|行为|行為|案|的",
}
# Objects of the deed, not words that close it: 【不如实说明问题】, 【伪造档案】.
_KEPT_END = re.compile(
    r"(?:(?:说明|說明|交代|交待|反映|掩盖|回避|隐瞒|发现|解决)[^，]{0,4}(?:问题|問題)"
    r"|(?:制止|放任|纵容|包庇|查处|处置|默许|查办)[^，]*(?:行为|行為|现象|案)"
    r"|[档檔报報办辦立断斷预預個个结結压壓翻撤瞒瞞方议議教教备備图圖查销銷破作涉提答文草法冤错旧积存串]案)$"
)
_POST_END = (
    r"(?:书记|書記|主任|主席|委员|委員|经理|經理|专员|成员|干部|会计"
    r"|[会局处科所院校站队股组县镇乡市区厅部州旗]长)"
)
_MEASURE_END = (
    r"(?:处分|處分|处理|處理|处罚|處罰|警告|记过|記過|大过|大過|降级|撤职|职务|党籍|公职|免职|谈话|談話|检查"
    r"|批评|教育|诫勉|约谈|措施|调查|起诉|[年月日]|元)"
)
_MEASURE_START = (
    r"(?:党内|政务|行政|开除|撤销|免去|诫勉|提醒|通报|批评|责令|留党|降|记|警告|罚款|并处|没收|追缴|缓刑"
    r"|有期徒刑|移送|停职|调离|取消)"
)
_JOINED = {
    "POSITION": re.compile(rf"{_POST_END}[^、（）()]{{0,2}}(?:、|以及|[和及兼暨])."),
    "SANCTION": re.compile(rf"{_MEASURE_END}[、和及并，,]{_MEASURE_START}"),
}
_NEVER = {
    "SANCTION": r"上缴国库|一并移送|另案处理|驳回上诉|严肃处理|受到处分|问责|被?查处|落马|公开通报",
    "VIOLATION": r"负有.{0,6}领导责任|造成.{0,6}影响|性质.{0,2}恶劣|情节.{0,2}严重|应予严肃处理",
    "POSITION": r"(?:中共)?党员|党员干部|(?:各级)?领导干部|记者|村民|居民|群众",
}
_LEFT_OUT = re.compile(r"(?:处分|处理|处罚|處分|處理|處罰)(?![决決条條通意建])")


@dataclass(frozen=True, slots=True, order=True)
class Remark:
    """What a rule finds at an offset of a notice's text, and the mend."""

    offset: int
    rule: str
    message: str
    severity: Severity = "warning"


@dataclass(frozen=True, slots=True)
class Span:
    """A marked span as the rules see it: ``bare`` is its text without noise, ``label`` its label."""

    notice: Notice
    entity: Entity
    text: str
    bare: str

    @property
    def label(self) -> str:
        """The label of the entity."""
        return self.entity.label


def span_remarks(notice: Notice) -> Iterator[Remark]:
    """Apply the rules of `SPAN_RULES` to each entity."""
    for entity in notice.entities:
        text = notice.span_text(entity)
        span = Span(notice, entity, text, NOISE.sub("", text))
        for rule, (severity, find) in SPAN_RULES.items():
            message = find(span)
            if message is not None:
                yield Remark(entity.start, rule, f"{entity.label} {text!r} {message}", severity)


def _label(span: Span) -> str | None:
    return None if span.label in LABELS else f"has an unknown label: use one of {', '.join(LABELS)}"


def _edge(span: Span) -> str | None:
    first, last = span.text[0], span.text[-1]
    if _is_mark(first):
        return f"begins with {first!r}: begin it after the mark"
    allowed = last in _UNITS or (span.label == "OFFICIAL" and last in _MASKS) or _closes(span.text)
    return f"ends with {last!r}: end it before the mark" if _is_mark(last) and not allowed else None


def _paragraph(span: Span) -> str | None:
    return "crosses a paragraph break: mark each side by itself" if _PARAGRAPH.search(span.text) else None


def _clause(span: Span) -> str | None:
    mark = _CLAUSE_MARK.search(span.text) if span.label == "VIOLATION" else None
    return None if mark is None else f"crosses {mark[0]!r}: make each clause a span of its own"


def _start(span: Span) -> str | None:
    word = re.match(_START.get(span.label, "$."), span.bare)
    return None if word is None else f"begins with {word[0]!r}: begin it after this word"


def _end(span: Span) -> str | None:
    word = re.search(rf"(?:{_END.get(span.label, '$.')})$", span.bare)
    if word is None or word.start() == 0 or (span.label == "VIOLATION" and _KEPT_END.search(span.bare)):
        return None
    # 【水表读数是抄来的】。 ends with its own 的; 【防控不力的】主任 with one that belongs to what follows.
    after = span.notice.text[span.entity.end : span.entity.end + 1]
    if span.label == "VIOLATION" and word[0] == "的" and (not after or _is_mark(after)):
        return None
    return f"ends with {word[0]!r}: end it before this word"


def _joined(span: Span) -> str | None:
    pattern = _JOINED.get(span.label)
    join = None if pattern is None else pattern.search(span.bare)
    return None if join is None else f"joins two at {join[0]!r}: split it there into two spans"


def _never(span: Span) -> str | None:
    found = re.fullmatch(_NEVER.get(span.label, "$."), span.bare)
    return None if found is None else "is nothing that the guideline marks: take the mark off"


def _left_out(span: Span) -> str | None:
    after = NOISE.sub("", span.notice.text[span.entity.end : span.entity.end + 8])
    word = _LEFT_OUT.match(after) if span.label == "SANCTION" else None
    return None if word is None else f"stops before its closing {word[0]!r}: take it in"


def _former(span: Span) -> str | None:
    before = NOISE.sub("", span.notice.text[max(0, span.entity.start - 8) : span.entity.start])
    former = re.search(r"(?:^|[^\w])([原前])$", before) if span.label == "POSITION" else None
    return None if former is None else f"leaves {former[1]!r} outside: take it in"


def _closes(text: str) -> bool:
    last = text[-1]
    if last in "\"'":
        return text.count(last) % 2 == 0
    return last in _OPENERS and text.count(_OPENERS[last]) >= text.count(last)


def _is_mark(character: str) -> bool:
    return category(character)[0] in "PZC"


SPAN_RULES: dict[str, tuple[Severity, Callable[[Span], str | None]]] = {
    "label": ("error", _label),
    "edge": ("error", _edge),
    "paragraph": ("error", _paragraph),
    "clause": ("error", _clause),
    "start": ("error", _start),
    "end": ("warning", _end),
    "joined": ("warning", _joined),
    "never": ("warning", _never),
    "left-out": ("warning", _left_out),
    "former": ("warning", _former),
}
