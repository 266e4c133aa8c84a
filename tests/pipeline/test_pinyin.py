"""Which brackets repeat the sound of the character before them."""

from __future__ import annotations

import pytest
from tongbao.pipeline.pinyin import bracketed_pinyin


def dropped(text: str) -> str:
    for edit in reversed(bracketed_pinyin(text)):
        text = text[: edit.start] + text[edit.end :]
    return text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("監(jiān)督", "監督"),
        ("違紀（jì）違法", "違紀違法"),
        ("縣(xiàn)紀(jì)委通報(bào)了(le)問題", "縣紀委通報了問題"),
        ("網(wǎnɡ)上舉報(bao4)", "網上舉報"),
        ("綠(lǜ)色", "綠色"),
        ("監(jia\u0304n)督", "監督"),
        ("監(ㄐㄧㄢ)督", "監督"),
    ],
)
def test_pinyin_goes(text: str, clean: str) -> None:
    assert dropped(text) == clean


@pytest.mark.parametrize(
    "text",
    [
        "方案(an)",
        "表(a)和表(b)",
        "党员(CPC)",
        "讲话(ppt)",
        "监督(jiān",
        "(jiān)督",
        "青石镇（原东镇）",
        "约谈（2人）",
    ],
)
def test_other_brackets_stay(text: str) -> None:
    assert dropped(text) == text
