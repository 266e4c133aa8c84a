"""Which marks of Markdown go."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tongbao.corpus.offsets import MappedText
from tongbao.pipeline.markdown import markdown_marks


def shown(text: str) -> str:
    return MappedText(text).edit(markdown_marks(text)).text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("# 通报\n\n## 一、基本情况", "通报\n\n一、基本情况"),
        ("给予**党内警告**处分", "给予党内警告处分"),
        ("__处理情况__", "处理情况"),
        ("见[通报](https://example.org/a_(b).html)。", "见通报。"),
        ("![图](a/b.png)见[通报](/a)。", "![图](a/b.png)见通报。"),
        ("![图](./b.png)甲", "甲"),
        ("> 引文\n> > 再引", "引文\n再引"),
        ("甲\n\n* * *\n\n乙\n---\n", "甲\n\n\n\n乙\n\n"),
        ("- 甲\n- 乙", "- 甲\n- 乙"),
    ],
)
def test_marks_go(text: str, plain: str) -> None:
    assert shown(text) == plain


@pytest.mark.parametrize(
    "text",
    [
        "某**",
        "** 甲 **",
        "李**、王**二人",
        "#纪律提醒",
        "[2021]3号（附件）",
        "[甲](乙)",
        "2*3*4",
        "a_b_c",
        "某[1]",
        "陈×[党员](POSITION)",
    ],
)
def test_text_stays(text: str) -> None:
    assert shown(text) == text


@settings(deadline=None)
@given(st.text(alphabet="*_[]()# >!甲/a\n-", max_size=60))
def test_edits_fit(text: str) -> None:
    assert len(shown(text)) <= len(text)
