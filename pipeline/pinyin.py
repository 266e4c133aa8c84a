"""Pinyin in brackets after a Han character, which hasty converters leave behind: ``監(jiān)督``."""

from __future__ import annotations

import re
import unicodedata

from ..corpus.offsets import Edit
from .normalize import HAN

_LETTERS = "a-zü:ɡêāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ\u0300\u0301\u0304\u0308\u030c' "
_BRACKETS = re.compile(rf"(?<=[{HAN}])[(（]([{_LETTERS}]{{1,24}}[1-5]?|[ㄅ-ㄯˊˇˋ˙]{{1,5}})[)）]")
_SYLLABLE = re.compile(
    r"(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    r"(?:i?ang?|i?ao|uang?|uai?|iong|ong|u?eng?|i?ou|i?e|ia|ing?|i[un]?|u[eoin]?|ei|ai|a|er|o|v[en]?|van)"
    r"|m|ng?|hm|hng)"
)
_LONGEST = len("zhuang")
_TONES = re.compile("[\u0300\u0301\u0304\u030c1-4ㄅ-ㄯ]")
_NO_LETTER = re.compile("[\u0300\u0301\u0304\u030c1-5' ]")


def bracketed_pinyin(text: str) -> list[Edit]:
    """Find bracketed pinyin that repeats the reading of the Han character before it.

    A syllable with its tone mark is dropped wherever it stands; one in plain letters (``(de)``) only
    where the same text has three toned ones, so that ``方案(an)`` in an ordinary text stays.
    """
    if "(" not in text and "（" not in text:
        return []
    toned: list[Edit] = []
    plain: list[Edit] = []
    for bracket in _BRACKETS.finditer(text):
        sound = unicodedata.normalize("NFD", bracket[1].strip())
        letters = (
            re.sub("[\u0300\u0301\u0304\u030c1-5' ]", "", sound)
            .replace("u\u0308", "v")
            .replace("u:", "v")
            .replace("ɡ", "g")
        )
        if not letters or not ("ㄅ" <= letters[0] <= "ㄯ" or _are_syllables(letters)):
            continue
        (toned if _TONES.search(sound) else plain).append(Edit(bracket.start(), bracket.end()))
    if len(toned) >= 3:
        return sorted(toned + [edit for edit in plain if edit.end - edit.start > 3])
    return toned


def _are_syllables(letters: str) -> bool:
    """Say whether letters can be read as syllables one after another.

    One expression for all of them would try every way to part ``xianxianxian``, of which there are too many.
    """
    reached = {0}
    for start in range(len(letters)):
        if start in reached:
            ends = range(start + 1, min(start + _LONGEST, len(letters)) + 1)
            reached.update(end for end in ends if _SYLLABLE.fullmatch(letters, start, end))
    return len(letters) in reached
