"""Lines that are no text, and lines that say what a text is."""

from __future__ import annotations

import pytest
from tongbao.corpus.offsets import MappedText
from tongbao.pipeline.furniture import Imprint, furniture, imprint


def kept(text: str) -> str:
    return MappedText(text).edit(furniture(text)).text


@pytest.mark.parametrize(
    "line",
    [
        "所在位置：首页 > 新闻 > 正文",
        "您现在的位置: 首页>>曝光台>>正文",
        "當前位置：首頁 > 正文",
        "首页 > 审查调查",
        "某县纪检网>>通报曝光>>正文",
        "^返回顶部^",
        "【打印】【关闭】",
        "字号：大 中 小　浏览：1206 次",
        "分享到：微信 微博",
        "上一篇：没有了",
        "【打印本页】 上一篇:某文   下一篇:没有了",
        "Last modified: 2020年6月1日",
        "Author",
        "版权所有 某县纪委监委 某ICP备12345号",
        "点击上方“某某清风”关注我们",
    ],
)
def test_furniture_goes(line: str) -> None:
    assert kept(f"{line}\n正文。\n{line}") == "正文。"


@pytest.mark.parametrize(
    "line",
    [
        "某甲收入 > 支出，被约谈。",
        "关于某甲违规问题的通报",
        "来源：某县纪委监委",
        "会上强调，要把分享经验作为常态。",
        "大",
        "微信群里的通报：某甲被免职",
        "一、基本情况",
        "某甲被关闭",
        "Author：某甲",
    ],
)
def test_text_stays(line: str) -> None:
    assert kept(f"正文。\n{line}\n正文。") == f"正文。\n{line}\n正文。"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("北渡县通报三起问题\n\n日前，有人被查。", Imprint("北渡县通报三起问题", None, None)),
        ("某日，县纪委通报。\n\n第二段。", Imprint()),
        ("只有一行", Imprint()),
        (
            "关于三起问题的通报\n发布时间：2021-08-20 来源：某县纪委监委\n正文。",
            Imprint("关于三起问题的通报", "2021-08-20", "某县纪委监委"),
        ),
        ("關於問題的通報\n來源:某縣紀檢網\n正文。", Imprint("關於問題的通報", None, "某縣紀檢網")),
        ("2016-08-12 11:20　来源：某网\n正文。", Imprint(None, "2016-08-12", "某网")),
        (
            "关于问题的通报\n\n正文。\n\n中共某县纪律检查委员会\n2023年6月9日",
            Imprint("关于问题的通报", "2023-06-09", "中共某县纪律检查委员会"),
        ),
        (
            "关于问题的通报\n\n正文。\n\n（某镇纪委　二〇二三年六月九日）",
            Imprint("关于问题的通报", "2023-06-09", "某镇纪委"),
        ),
        (
            "中共某县纪律检查委员会\n某纪〔2014〕31号\n关于问题的通报\n正文。",
            Imprint("关于问题的通报", None, None),
        ),
        ("关于问题的通报\n正文说，2023年6月9日，有人被查。\n完。", Imprint("关于问题的通报", None, None)),
    ],
)
def test_imprint(text: str, found: Imprint) -> None:
    assert imprint(text) == found
