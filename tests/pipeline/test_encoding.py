"""Which bytes are text, in which encoding, and why others are refused."""

from __future__ import annotations

import codecs

import opencc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tongbao.corpus.errors import InputError
from tongbao.pipeline.encoding import decode

NOTICE = (
    "北渡县纪委监委通报两起典型问题\n\n日前，北渡县纪委监委对两起问题进行通报。经查，水利站站长某甲虚列开支，"
    "受到党内严重警告处分；镇财政所会计某乙坐收坐支，被诫勉谈话。\r\n各级党组织要引以为戒，“严”字当头。\n"
)
TO_TRADITIONAL = opencc.OpenCC("s2tw")
TRADITIONAL = TO_TRADITIONAL.convert(NOTICE)
SENTENCES = (
    "经研究，给予某甲党内警告处分。",
    "县纪委监委通报：",
    "2021年8月，",
    "镇长、副镇长",
    "\n",
    "“履职不力”问题；",
    "收受礼金3.5万元",
)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030")
TEXTS = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=20).map("".join).filter(str.strip)


@pytest.mark.parametrize("encoding", [*ENCODINGS, "gbk", "gb2312", "utf-32"])
def test_simplified_notice(encoding: str) -> None:
    assert decode(NOTICE.encode(encoding), where="a") == NOTICE


@pytest.mark.parametrize("encoding", [*ENCODINGS, "gbk", "big5", "big5hkscs", "cp950"])
def test_traditional_notice(encoding: str) -> None:
    assert decode(TRADITIONAL.encode(encoding), where="a") == TRADITIONAL


@settings(deadline=None)
@given(
    TEXTS,
    st.sampled_from(ENCODINGS),
)
def test_what_was_encoded_comes_back(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), where="a") == text


@settings(deadline=None)
@given(TEXTS)
def test_what_was_encoded_in_big5_comes_back(text: str) -> None:
    traditional = TO_TRADITIONAL.convert(text)
    assert decode(traditional.encode("big5"), where="a") == traditional


def test_a_page_may_say_what_it_is() -> None:
    page = '<html><head><meta charset="gb2312"></head><body><p>某甲</p></body></html>'
    assert decode(page.encode("gb18030"), where="a") == page


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (codecs.BOM_UTF8, "empty"),
        (b"\x00" * 64, "empty"),
        (b"%PDF-1.4\n%\xe2\xe3", "PDF"),
        (b"PK\x03\x04\x14\x00", "office document"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "image"),
        (bytes(range(256)) * 8, "binary"),
        (b"\x01\x02\x03\x04abc" * 20, "binary"),
        (NOTICE.encode()[:200] + b"\xff\xfe" + NOTICE.encode()[200:], "broken UTF-8 at byte"),
        (NOTICE.encode()[:-3] + b"\xe4", "broken UTF-8 at byte"),
        (codecs.BOM_UTF16_LE + NOTICE.encode("utf-16-le") + b"\xd8", "broken UTF-16"),
        (b"\xff\xfe\xfd\xfc" * 9 + b"\xa1", "encoding|UTF-16"),
        ("Größe façade naïve déjà".encode("latin-1"), "no encoding"),
        (NOTICE.encode().decode("gb18030", "replace").encode(), "mojibake"),
        (NOTICE.encode().decode("latin-1").encode(), "mojibake"),
        (TRADITIONAL.encode("big5").decode("gb18030", "replace").encode(), "mojibake"),
    ],
)
def test_refused_with_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason) as caught:
        decode(data, where="inbox/a.txt")
    assert caught.value.where == "inbox/a.txt"


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_decode_or_are_refused(data: bytes) -> None:
    try:
        text = decode(data, where="a")
    except InputError:
        return
    assert "\x00" not in text


@pytest.mark.parametrize(
    "text",
    ["Plain English only.", "Le café est fermé à côté.", "ئۇيغۇر تىلى", "བོད་ཡིག", "ひらがなカタカナ" * 9],
)
def test_other_languages_in_utf8_are_text(text: str) -> None:
    assert decode(text.encode(), where="a") == text
