"""What kind of text a notice is, by plain rules: era, script, noise, provinces, kinds of names."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

_PROVINCES = (
    "北京 天津 河北 山西 内蒙古 辽宁 吉林 黑龙江 上海 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 "
    "广东 广西 海南 重庆 四川 贵州 云南 西藏 陕西 甘肃 青海 宁夏 新疆 香港 澳门 台湾"
)
PROVINCES = tuple(_PROVINCES.split())
ERAS = (2013, 2018, 2020, 2023)
"""First years: of the eight-point rules' enforcement, of the supervision law, of the epidemic, of what follows it."""

LENGTHS = (200, 400, 700, 1000)
CASES = (0, 1, 2, 3, 6)

_SURNAMES = (
    "欧阳 歐陽 上官 司马 司馬 诸葛 諸葛 东方 東方 皇甫 尉迟 尉遲 公孙 公孫 慕容 令狐 宇文 长孙 長孫 司徒 司空 "
    "端木 百里 呼延 南宫 南宮 夏侯 闻人 聞人 澹台 赫连 赫連 钟离 鍾離 鲜于 鮮于 轩辕 軒轅 淳于 单于 申屠 仲孙 "
    "太叔 闾丘 公冶 濮阳 漆雕 乐正 宗政 宗正 亓官 巫马 公西 拓跋 东郭 南门 西门 左丘 梁丘 独孤 第五 万俟 完颜 "
    "富察 纳兰 叶赫"
)
_COMPOUND = frozenset(_SURNAMES.split())
_TRADITIONAL = frozenset("們個國會長員為這對說時來處發關務於與縣鎮黨違經區書記規職責紀監")
_SIMPLIFIED = frozenset("们个国会长员为这对说时来处发关务于与县镇党违经区书记规职责纪监") - _TRADITIONAL
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年")
_MASK = re.compile(r"[某×*＊○〇□XxＸ]")
_NICKNAME = re.compile(r"[老小阿].")
_TONED = "a-züāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ"
_NOISE = {
    "half-width punctuation": re.compile(r"(?<=[\u4e00-\u9fff])[,;:?!](?=[\u4e00-\u9fff])"),
    "hard line breaks": re.compile(r"(?<=[\u4e00-\u9fff，、])\n(?=[\u4e00-\u9fff])"),
    "spaces between characters": re.compile(r"(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff])"),
    "pinyin in brackets": re.compile(rf"[\u4e00-\u9fff][（(][{_TONED}]+[)）]"),
    "HTML leftovers": re.compile(r"&(?:[a-z]+|#\d+);|</?[a-z][^>\n]*>"),
    "tables of pipes or tabs": re.compile(r"[|\t]"),
    "full-width digits": re.compile(r"[０-９]+"),
}
_OFTEN = 2


def era(text: str) -> str:
    """Return the span of years in which the last year of the text (``2021年``) falls."""
    years = [int(year) for year in _YEAR.findall(text)]
    if not years:
        return "no year"
    for first, after in pairwise(ERAS):
        if first <= max(years) < after:
            return f"{first} to {after - 1}"
    return f"before {ERAS[0]}" if max(years) < ERAS[0] else f"{ERAS[-1]} and later"


def script(text: str) -> str:
    """Return ``traditional`` or ``simplified``, by characters that only one of the two has."""
    traditional = sum(character in _TRADITIONAL for character in text)
    return "traditional" if traditional > sum(character in _SIMPLIFIED for character in text) else "simplified"


def noise(text: str) -> list[str]:
    """Return the kinds of noise that stand in a text more than once."""
    return [kind for kind, pattern in _NOISE.items() if len(pattern.findall(text)) >= _OFTEN]


def provinces(text: str) -> list[str]:
    """Return the real provinces that a text names."""
    return [province for province in PROVINCES if province in text]


def name_kind(name: str) -> str:
    """Return what kind of personal name this is; ``name`` has no white space."""
    for kind, belongs in _NAME_KINDS.items():
        if belongs(name):
            return kind
    return "other"


def bucket(number: int, firsts: tuple[int, ...]) -> str:
    """Return the range a number falls in; each range begins with one of ``firsts``, which ascend."""
    if number < firsts[0]:
        return f"under {firsts[0]}"
    for first, after in pairwise(firsts):
        if first <= number < after:
            return str(first) if after == first + 1 else f"{first} to {after - 1}"
    return f"{firsts[-1]} or more"


_NAME_KINDS: dict[str, Callable[[str], bool]] = {
    "masked": lambda name: _MASK.search(name) is not None,
    "nickname": lambda name: _NICKNAME.fullmatch(name) is not None,
    "compound surname": lambda name: name[:2] in _COMPOUND and len(name) > 2,
    "four characters and more": lambda name: len(name) > 3,
    "surname and two characters": lambda name: len(name) == 3,
    "surname and one character": lambda name: len(name) == 2,
}
