"""HTML as tokens, each at its place."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tongbao.pipeline.tags import Token, attributes, tokens, unescape


def seen(source: str) -> list[str]:
    return [source[token.start : token.end] for token in tokens(source)]


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ("甲<b>乙</b>", ["甲", "<b>", "乙", "</b>"]),
        ("<p class='a>b' id=x>甲", ["<p class='a>b' id=x>", "甲"]),
        ("甲<!-- <p>不见</p> -->乙", ["甲", "乙"]),
        ("<!DOCTYPE html><?xml version='1.0'?>甲", ["甲"]),
        ("<script>if (a < b) { x('<p>') }</script>甲", ["甲"]),
        ("<style>p{}</STYLE >甲<button>点</button>", ["甲"]),
        ("<title>甲&amp;乙</title>", ["甲&amp;乙"]),
        ("<script>没有结尾", []),
        ("a < b，c<d 且 5<6", ["a < b，c<d 且 5<6"]),
        ("《某》<某>〈某〉", ["《某》<某>〈某〉"]),
        ("<o:p>甲</o:p>", ["<o:p>", "甲", "</o:p>"]),
        ('<p style="x"<b>甲', ['<p style="x"', "<b>", "甲"]),
        ("甲<", ["甲<"]),
        ("</p", ["</p"]),
        ("<!-->甲", ["甲"]),
        ("<!--甲", ["甲"]),
    ],
)
def test_tokens(source: str, parts: list[str]) -> None:
    assert seen(source) == parts


def test_attributes() -> None:
    source = "<DIV Class='a b' id=c data-x=\"1&gt;0\" hidden>"
    (token,) = tokens(source)
    assert token == Token("start", 0, len(source), "div")
    assert attributes(source, token) == {"class": "a b", "id": "c", "data-x": "1>0", "hidden": ""}


@pytest.mark.parametrize(
    ("entity", "shown"),
    [
        ("&nbsp;", " "),
        ("&amp;nbsp;", " "),
        ("&amp;", "&"),
        ("&#26446;", "李"),
        ("&#x674E;", "李"),
        ("&#8;", ""),
        ("&ldquo;", "“"),
    ],
)
def test_unescape(entity: str, shown: str) -> None:
    assert unescape(entity) == shown


@settings(deadline=None)
@given(st.text(alphabet="<>/!-?a=\"' p甲b;&\n", max_size=60))
def test_tokens_are_in_order_and_apart(source: str) -> None:
    at = 0
    for token in tokens(source):
        assert at <= token.start <= token.end <= len(source)
        at = token.end


PIECES = (
    "<",
    "<a",
    "</",
    "<!--",
    '<a b="',
    "<p>",
    "<div ",
    "<a '",
    "<!a",
    "<button>",
    "=\"'",
    "<title>",
    "&",
)


@pytest.mark.parametrize("piece", PIECES)
def test_hostile_input_is_read_in_one_pass(piece: str) -> None:
    assert sum(1 for _ in tokens("<a " + piece * 50_000)) <= 100_002
