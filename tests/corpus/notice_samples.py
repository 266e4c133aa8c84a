"""Notices for the tests of the corpus tools: written ones, and any that hypothesis can think of."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import strategies as st
from tongbao.corpus.inline import parse
from tongbao.corpus.notice import LABELS, Entity, Notice


def notice(body: str, *, notice_id: str = "n1", **meta: str) -> Notice:
    """Return the notice of an inline body."""
    header = "".join(f"# {key}: {value}\n" for key, value in {"id": notice_id, **meta}.items())
    return parse(f"{header}\n{body}")


SHARED_VIOLATION = notice(
    "对[履行督办职责不力](VIOLATION 1,2)的[青石镇党委副书记](POSITION 1)、[镇长](POSITION 1)"
    "[林某](OFFICIAL 1)给予[党内警告处分](SANCTION 1)，"
    "给予[机关干部](POSITION 2)[周某](OFFICIAL 2)[诫勉谈话处理](SANCTION 2)。",
    notice_id="shared-violation",
    form="brief",
)
AWKWARD = [
    SHARED_VIOLATION,
    notice("", notice_id="empty"),
    notice("无人被处理。\n\n　　结束。", notice_id="unmarked", title="标题：“甲”"),
    notice("[陈某](OFFICIAL 1)", notice_id="one-entity-is-all"),
    notice("[陈某](OFFICIAL 3)[陈某](OFFICIAL 3)[林某](OFFICIAL 1)", notice_id="numbers-with-a-gap"),
    notice("[甲乙](VIOLATION 1,2)，[丙丁](SANCTION 1,2)", notice_id="two-cases-share-all"),
    notice(
        "😀𠮷[𠮷某😀](OFFICIAL 1)\r\n第二行\r[受贿](VIOLATION 1)\t \u2028\x85\u3000。",
        notice_id="beyond-the-bmp",
    ),
    notice(r"反斜杠\n\s\\ # id: x" + "\n# form: y\n\n\n[某](OFFICIAL)", notice_id="looks-like-a-header"),
]

_TEXT = st.text(alphabet=st.sampled_from("林某受贿、。，\n\r\t \\#:_\u3000\u2028😀𠮷aB1"), max_size=40) | st.text(
    max_size=30
)
_VALUES = st.text(alphabet=st.characters(exclude_characters="\n", codec="utf-8"), max_size=12)


@st.composite
def notices(draw: st.DrawFn) -> Notice:
    """Any notice: spans that touch, one-character spans, several cases, unordered case numbers."""
    text = draw(_TEXT)
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=12)))
    entities = []
    for start, end in pairwise(cuts):
        if draw(st.booleans()):
            cases = tuple(sorted(draw(st.sets(st.integers(1, 5), max_size=3))))
            entities.append(Entity(start, end, draw(st.sampled_from(LABELS)), cases))
    meta = draw(
        st.dictionaries(st.sampled_from(["form", "title", "cases", "meta", "text", "date"]), _VALUES, max_size=3)
    )
    return Notice(id=draw(_VALUES.filter(bool)), text=text, meta=meta, entities=tuple(entities))
