"""The copy of a text that the model sees: one writing of each character, and the same length."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import opencc

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
"""Han characters, as the inside of a regular expression's brackets."""

_SPACES = "".join(char for char in map(chr, range(0x3001)) if char.isspace() and char not in " \n")
_TWINS = {
    **dict.fromkeys(_SPACES, " "),
    **dict.fromkeys("「『﹁﹃‘〝｢", "“"),
    **dict.fromkeys("」』﹂﹄’〞｣", "”"),
    **dict.fromkeys("•‧・･∙⋅", "·"),
    **dict.fromkeys("―─━", "—"),
    "％": "%",
    "｡": "。",
    "､": "、",
    "﹐": "，",
    "﹑": "、",
    "﹒": "。",
    "﹔": "；",
    "﹕": "：",
    "﹖": "？",
    "﹗": "！",
    "﹙": "（",
    "﹚": "）",
    "ɡ": "g",
}
_WIDE = str.maketrans(",;:?!()", "，；：？！（）")
_BESIDE = HAN + "“”《》〈〉【】、。，；："
_NEAR_HAN = re.compile(rf"(?<=[{_BESIDE}])[,;:?!()]|[,;:?!()](?=[{_BESIDE}])")
_STOP = re.compile(rf"(?<=[{HAN}”）%])\.(?!\.)")
_STRAIGHT = re.compile(r"[\"＂\n]|(?<![A-Za-z0-9])['＇]|['＇](?![A-Za-z0-9])")
_APOSTROPHE = re.compile(r"(?<=[A-Za-z])’(?=[A-Za-z])")


def normalize(text: str) -> str:
    """Write traditional, full-width and typographic variants in one way.

    The result has exactly the length of ``text``, so that every offset holds in both. Traditional
    characters become simplified one by one, full-width letters and digits half-width, half-width
    sentence punctuation beside a Han character full-width (``3,000`` and ``12:30`` stay), quotation
    marks ``“ ”``, white space a plain space; line feeds stay.
    """
    text = _APOSTROPHE.sub("'", text).translate(_table())
    if "'" in text or '"' in text or "＂" in text or "＇" in text:
        text = _pair_straight_quotes(text)
    text = _NEAR_HAN.sub(lambda mark: mark[0].translate(_WIDE), text)
    if "." in text and "。" not in text:
        # Only a text without any 。 writes its full stops as points; elsewhere a point may part a name.
        text = _STOP.sub("。", text)
    return text


def _pair_straight_quotes(text: str) -> str:
    """Turn straight quotation marks into opening and closing ones, by turns within a line."""
    is_open = {'"': False, "'": False}

    def turn(mark: re.Match[str]) -> str:
        sign = {"＂": '"', "＇": "'"}.get(mark[0], mark[0])
        if sign == "\n":
            is_open.update({'"': False, "'": False})
            return sign
        is_open[sign] = not is_open[sign]
        return "“" if is_open[sign] else "”"

    return _STRAIGHT.sub(turn, text)


@cache
def _table() -> dict[int, str]:
    table = {ord(char): twin for char, twin in _TWINS.items()}
    for first, last in (("０", "９"), ("Ａ", "Ｚ"), ("ａ", "ｚ")):
        table.update({code: chr(code - 0xFEE0) for code in range(ord(first), ord(last) + 1)})
    # Radicals and compatibility ideographs come out of PDF files in the place of the plain character.
    for code in (*range(0x2F00, 0x2FD6), *range(0xF900, 0xFAFF)):
        plain = unicodedata.normalize("NFKC", chr(code))
        if len(plain) == 1:
            table[code] = plain
    chars = [chr(code) for code in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000), *range(0x20000, 0x323B0))]
    # One call for all: line feeds keep the converter from reading neighbours as a phrase.
    simplified = opencc.OpenCC("t2s").convert("\n".join(chars)).split("\n")
    for char, simple in zip(chars, simplified, strict=True):
        if simple != char and len(simple) == 1:
            table[ord(char)] = simple
    for code, plain in list(table.items()):
        table[code] = table.get(ord(plain), plain)
    return table
