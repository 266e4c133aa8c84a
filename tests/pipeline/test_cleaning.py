"""The whole way from a source to its clean text, and back by the map."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tongbao.corpus.offsets import MappedText
from tongbao.pipeline.cleaning import clean

MIXED = """\

---
title: '北渡县通报'
date: Fri, 20 Aug 2021 14:56:47 GMT
---

<div>
<p>日前，县<b>纪</b>委监&nbsp;委对某甲进行<span>审查
调查</span>。</p><p>某甲受到党內(nèi)嚴(yán)重警告處分，被責令</p><p>作出檢(jiǎn)查。</p>
</div>
"""


def test_front_matter_html_pinyin_and_breaks_in_one_file() -> None:
    cleaned = clean(MIXED)
    assert cleaned.text.text == "日前，县纪委监 委对某甲进行审查调查。\n\n某甲受到党內嚴重警告處分，被責令作出檢查。"
    assert dict(cleaned.meta) == {"title": "北渡县通报", "date": "2021-08-20"}
    start = cleaned.text.text.index("党內嚴重警告處分")
    source = MIXED[slice(*cleaned.text.source_span(start, start + 8))]
    assert source == "党內(nèi)嚴(yán)重警告處分"
    start = cleaned.text.text.index("作出檢查")
    assert MIXED[slice(*cleaned.text.source_span(start, start + 4))] == "作出檢(jiǎn)查"
    start = cleaned.text.text.index("县纪委")
    assert MIXED[slice(*cleaned.text.source_span(start, start + 3))] == "县<b>纪</b>委"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("甲\r\n\r\n\r\n\r\n乙\r丙", "甲\n\n乙\n丙"),
        ("\ufeff　　甲\u200b乙。  \n", "　　甲乙。"),
        ("# 通报\n\n给予**党内警告**处分。", "通报\n\n给予党内警告处分。"),
        ("首页 > 正文\n通报\n【打印】", "通报"),
        ("甲。\n \n \n \n乙。", "甲。\n\n乙。"),
        ('+++\nid = "n"\n+++\n甲。', "甲。"),
        ("", ""),
        (" \n ", ""),
    ],
)
def test_clean(source: str, text: str) -> None:
    assert clean(source).text.text == text


def test_untouched_text_has_no_map() -> None:
    assert clean("经研究，给予某甲党内警告处分。").text.starts is None


def test_what_the_front_matter_says_counts_more() -> None:
    meta = clean("---\ntitle: 甲题目\npublisher: 某报\n---\n# 乙题目在此\n\n来源：某网\n\n正文。").meta
    assert (meta["title"], meta["publisher"]) == ("甲题目", "某报")


HAN = st.text("县纪委监督某甲受到党内警告处分", min_size=1, max_size=6)
UNITS = st.one_of(
    HAN.map(lambda text: (text, text)),
    HAN.map(lambda text: (f"<b class='x'>{text}</b>", text)),
    HAN.map(lambda text: ("".join(f"&#{ord(char)};" for char in text), text)),
    HAN.map(lambda text: (f"{text}（jiān）", text)),
    HAN.map(lambda text: (f"<!-- {text} -->", "")),
    HAN.map(lambda text: (f"，\r\n{text}", f"，{text}")),
    st.sampled_from([("&ldquo;", "“"), ("&amp;", "&"), ("，", "，"), ("<br>", "\n"), (" ", " "), ("&nbsp;", " ")]),
)
STRIPPED = re.compile(r"<!--.*?-->|<[^<>]*>|（jiān）|\s+")


def bare(text: str) -> str:
    return re.sub(r"\s+", "", html.unescape(STRIPPED.sub("", text)))


@settings(deadline=None)
@given(st.lists(UNITS, min_size=1, max_size=12), st.booleans(), st.data())
def test_every_span_maps_to_the_source_it_was(units: list[tuple[str, str]], page: bool, data: st.DataObject) -> None:
    inside = "".join(source for source, _ in units)
    source = f"<p>开头{inside}。</p>" if page else f"开头{inside}。"
    mapped = clean(source).text
    assert bare(mapped.text) == bare(source)
    start = data.draw(st.integers(0, len(mapped.text) - 1))
    end = data.draw(st.integers(start + 1, len(mapped.text)))
    assert bare(source[slice(*mapped.source_span(start, end))]) == bare(mapped.text[start:end])


@settings(deadline=None)
@given(st.text(alphabet="甲乙，。“”（）*_#[]()<>/!&;pbrdivnsa =\"'-+:：\n\r\t　\u200b\xa0", max_size=120))
def test_any_text_cleans_with_a_map_that_ascends(source: str) -> None:
    mapped = clean(source).text
    assert isinstance(mapped, MappedText)
    places = [mapped.source_span(at, at + 1) for at in range(len(mapped.text))]
    assert places == sorted(places)
    assert all(0 <= start < end <= len(source) for start, end in places)
