"""One writing of each character, one character for each."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tongbao.pipeline.normalize import normalize


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("監督執紀問責", "监督执纪问责"),
        ("２０２１年８月，Ａ區", "2021年8月，A区"),
        ("甲某,乙某;丙某:丁某?戊某!", "甲某，乙某；丙某：丁某？戊某！"),
        ("罚款3,000元,于12:30执行", "罚款3,000元，于12:30执行"),
        ("“四風”(新問題)", "“四风”（新问题）"),
        ("「一崗雙責」『示例』", "“一岗双责”“示例”"),
        ('落实"两个责任"不力,"走过场"', "落实“两个责任”不力，“走过场”"),
        ("don’t", "don't"),
        ("甲　乙\u00a0丙\t丁\n戊", "甲 乙 丙 丁\n戊"),
        ("甲某受到警告.乙某被约谈.", "甲某受到警告。乙某被约谈。"),
        ("艾山.买买提被约谈。", "艾山.买买提被约谈。"),
        ("买买提•艾山・某", "买买提·艾山·某"),
    ],
)
def test_variants_become_one(text: str, plain: str) -> None:
    assert normalize(text) == plain


HAN_TEXT = st.text(
    st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF) | st.sampled_from("，。,.:;\"'()“”「」 \n\u3000０Ａ1a")
)


@settings(deadline=None)
@given(st.text() | HAN_TEXT)
def test_length_is_kept(text: str) -> None:
    assert len(normalize(text)) == len(text)


@settings(deadline=None)
@given(HAN_TEXT)
def test_a_second_pass_changes_nothing(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)
