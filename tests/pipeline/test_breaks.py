"""Which line breaks are inside a sentence; ``↵`` marks those that go."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tongbao.pipeline.breaks import soft_breaks

COLUMNS = """\
　　柳塘镇的水渠修了三年，通水那天来了许多人，镇长↵
邬某某却没有到场。村里人后来才知道，他因为虚报工↵
程款受到党内严重警告处分，镇水利站站长和会计也被↵
约谈
。
　　第二年春天，水渠漏了两次，新来的站长带着人补好↵
了。"""


def joined(marked: str) -> str:
    text = marked.replace("↵", "")
    for edit in reversed(soft_breaks(text)):
        assert text[edit.start : edit.end].strip() == ""
        assert "\n" in text[edit.start : edit.end]
        text = text[: edit.start] + edit.replacement + text[edit.end :]
    return text


@pytest.mark.parametrize(
    "marked",
    [
        COLUMNS.replace("约谈\n。", "约谈↵\n。"),
        "会议要求各单位把整改责任落到人头。目前全部问题已经办结，有关干部正在↵\n\n接受批评教育。",
        "督查组认为，个别干部存在应付心态，工作中只求过得去、不求过得硬，一些部门相互推↵\n\n诿，影响了进度。",
        "调查发现，该站把“阳光↵\n公示”当成摆设。",
        "经研究，决定给予北渡镇副镇长↵\n某甲党内警告处分，",
        "查实后，责令该校退还费用，↵\n并向县教育局作出检查。",
        "镇纪委对其给予↵\n党内警告处分。",
        "北渡镇通报两起案例\n\n1.站长甲某虚列开支问题.2019年3月,甲某受到党内↵\n警告处分.\n\n2.会计乙某坐收坐支问题.乙某被",
    ],
)
def test_breaks_inside_a_sentence_go(marked: str) -> None:
    assert joined(marked) == marked.replace("↵\n\n", "").replace("↵\n", "")


@pytest.mark.parametrize(
    "text",
    [
        "一段话没有换行，自然没有什么可接。",
        "北渡县纪委监委通报三起典型问题\n\n日前，北渡县纪委监委通报三起问题。",
        "严字当头，实字托底，步步深入\n\n没有规矩，不成方圆；没有法治，就没有秩序。",
        "丢人！北渡县这几名干部受到处分\n\n据北渡县纪委监委消息，近日有人被查。",
        "经查，甲某违规收受礼金；\n2018年至2020年，违规接受宴请。",
        "现将情况通报如下：\n一、镇长甲某违规用车问题。\n二、站长乙某脱岗问题。",
        "甲某任职期间，多次违规\n　　另据介绍，乙某已退休。",
        "大家齐心协力，工作落到了实处。记者 某甲 通讯员 某乙 文/图\n\n聚焦重点 提升实效，再创佳绩。",
        "序号 单位 职务 处理\n1 水利站 站长 失职，失察 警告\n2 林业站 站长 失职，失察 诫勉",
        "|单位|职务|处理|\n|水利站，林业站|站长|诫勉，警告|",
        "中共北渡县纪律检查委员会\n2023年6月9日",
        "甲某　北渡镇水利站站长\n乙某　北渡镇林业站站长",
        "责任编辑：某丙，某丁\n上一篇：我县召开会议，部署工作。",
    ],
)
def test_other_breaks_stay(text: str) -> None:
    assert joined(text) == text


def test_blanks_around_a_break_go_and_latin_words_stay_apart() -> None:
    assert joined("他说，这叫作 \n 一票否决，没有商量。") == "他说，这叫作 \n 一票否决，没有商量。"
    assert joined("他在会上说，大家把“两个 \n 责任”扛起来。") == "他在会上说，大家把“两个责任”扛起来。"
    assert joined("公司引进了“Green\nValley”项目。") == "公司引进了“Green Valley”项目。"


def test_windows_line_ends_go_as_a_whole() -> None:
    assert joined("查实后，责令该校退还费用，\r\n并作出检查。") == "查实后，责令该校退还费用，并作出检查。"


@settings(deadline=None)
@given(st.text(alphabet="镇长，。“”（）、；：a1 \n\r\t　", max_size=200))
def test_edits_are_sorted_apart_and_take_only_white_space(text: str) -> None:
    at = 0
    for edit in soft_breaks(text):
        assert at <= edit.start < edit.end
        assert not text[edit.start : edit.end].strip()
        at = edit.end
