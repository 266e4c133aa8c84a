"""Mentions that were left unmarked although the same words are marked elsewhere in the notice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from .notice import Notice
from .offsets import Edit, MappedText
from .rules import NOISE, Remark

_AFTER_A_VERB = ("给予", "給予", "予以", "受到", "被")
_MASKED = re.compile(r"[某×*＊]$")
_MASK_GOES_ON = re.compile(r"[某×*＊甲乙丙丁戊]")
_COMRADE = "同志"


def repeat_remarks(notice: Notice) -> Iterator[Remark]:
    """Find names of officials, and measures of four or more characters behind 给予 or 受到, in no span.

    Noise inside a name does not hide it. A masked name that goes on (张某 in 张某某, 张某甲) is somebody
    else's; a name that is a word of the language (方向, 时节) counts only beside a post or 同志.
    """
    clean = MappedText(notice.text).edit(Edit(*noise.span()) for noise in NOISE.finditer(notice.text))
    marked = {offset for entity in notice.entities for offset in range(entity.start, entity.end)}
    post_ends = {entity.end for entity in notice.entities if entity.label == "POSITION"}
    texts = {(entity.label, NOISE.sub("", notice.span_text(entity))) for entity in notice.entities}
    for label, text in sorted(texts):
        if (label, len(text) >= 4) != ("SANCTION", True) and (label, len(text) >= 2) != ("OFFICIAL", True):
            continue
        for match in re.finditer(re.escape(text), clean.text):
            start, end = clean.source_span(*match.span())
            if not marked.isdisjoint(range(start, end)):
                continue
            if label == "SANCTION":
                if clean.text.endswith(_AFTER_A_VERB, 0, match.start()):
                    message = f"{text!r} is a SANCTION elsewhere and unmarked here: mark it"
                    yield Remark(start, "measure-repeat", message)
            elif _MASKED.search(text) and _MASK_GOES_ON.match(clean.text, match.end()):
                continue
            elif start in post_ends or clean.text.startswith(_COMRADE, match.end()) or not _is_word(text):
                message = f"{text!r} is an OFFICIAL elsewhere and unmarked here: mark it if it is the name"
                yield Remark(start, "name-repeat", message)


@cache
def _is_word(text: str) -> bool:
    """Say whether two characters that name somebody are a word as well; longer names hardly ever are."""
    if len(text) != 2:
        return False
    import jieba

    jieba.setLogLevel("ERROR")
    jieba.initialize()
    return bool(jieba.dt.FREQ.get(text))
