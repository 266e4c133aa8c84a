"""When a measure was taken and who decided on it, read from the sentence that tells of it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from .bodies import same_body
from .scene import VIOLATION, Scene

_DATE = re.compile(
    r"(?:(?P<year>(?:19|20)\d{2})\s?年|(?P<same>同年|当年)|(?P<next>次年|翌年|第二年)|(?P<vague>今年|去年|前年|上年))[底初]?"
    r"(?:(?P<month>\d{1,2})\s?月(?!来)(?:份|底|初|[上中下]旬)?(?:(?P<day>\d{1,2})\s?日)?)?"
    r"|(?<![\d.])(?P<bare_month>\d{1,2})\s?月(?!来)(?:份|底|初|[上中下]旬)?(?:(?P<bare_day>\d{1,2})\s?日)?"
)
_SPAN = re.compile(r"\s?(?:[至到—~～\-]|以来|以前|之前|期间|间|起|起至|出生|任|春|夏|秋|冬|—)")
_REASON = re.compile(rf"(?:因|对|将|其|以)[^，。；]{{0,12}}{VIOLATION}|{VIOLATION}[^，。；]{{0,4}}(?:案|问题)")
_ORGAN_END = (
    "纪委监委|纪委国家监委|纪检监察工委|纪检监察组|纪工委|监察工委|纪委|国家监委|监委|监察委员会|监察局|党委|党组|党工委|工委|党总支|党支部|"
    "人民法院|法院|人民检察院|检察院|公安局|公安机关|公安分局|派出所|交警大队|人民政府|政府|管委会|办事处|"
    "[省市县区州旗镇乡街]委|(?:教育|卫健|卫生健康|水务|水利|民政|财政|人社|环保|应急管理|住建|交通运输|市场监管)局|卫健委|市委|党中央|中共中央"
)
_ORGAN = re.compile(
    rf"(?P<organ>[\u4e00-\u9fff]{{0,16}}(?:{_ORGAN_END}))(?:机关)?(?P<meeting>常委会|常委会会议|常务会|委员会|会议|常委会议)?(?:第[^，。]{{1,6}}次会议)?"
    rf"(?:集体|会议|讨论|依法|依规|依纪|决定|随后|先后|已|分别|一审|终审|并|报|还|以[^，。；]{{1,12}}罪|今年|\d+月\d+日|[，]){{0,5}}"
    rf"(?:研究|批准|同意|审议|给予|对|责令|责成|判处|予以|作出|立案|采取|将|党委|免去|处以|[^\u4e00-\u9fff，。；]$|$)"
)
_LEAD = re.compile(r"^.*(?:正在接受|接受|被|由|经|受|报请|向|和|及|以及|其中|日前|近日|目前|随后|[年月日，])(?=.{2})")
_NOT_ORGAN = re.compile(r"(?:对|给予|责令|责成|原|任)$")


class When(NamedTuple):
    """A date in a scene: its place and its ISO form, ``2021``, ``2021-08`` or ``2021-08-20``."""

    start: int
    end: int
    iso: str


def dates(text: str) -> list[When]:
    """Find the dates of a text whose year is written there or before; those of a stretch of time are left out."""
    found: list[When] = []
    year: int | None = None
    for match in _DATE.finditer(text):
        if match["vague"]:
            year = None
            continue
        month, day = match["month"] or match["bare_month"], match["day"] or match["bare_day"]
        if match["year"]:
            year = int(match["year"])
        elif match["next"] and year is not None:
            year += 1
        elif not month:
            continue
        if year is None or (not month and not match["year"]) or _SPAN.match(text, match.end()):
            continue
        iso = _iso(year, month, day)
        if iso is not None:
            found.append(When(match.start(), match.end(), iso))
    return found


def date_of(scene: Scene, found: Sequence[When], sanctions: Sequence[int]) -> str | None:
    """Return the date of the first measure that has one in its sentence.

    Parameters
    ----------
    scene
        The scene.
    found
        Its dates, see `dates`.
    sanctions
        Indices of the measures.
    """
    for index in sanctions:
        at = scene.entities[index].at
        start = scene.sentence_start(at)
        last = bisect_left(found, (at,)) - 1
        if last < 0 or found[last].start < start:
            continue
        if VIOLATION not in _REASON.sub("", scene.text[found[last].end : at]):
            return found[last].iso
    return None


def organ_of(scene: Scene, subject: str, sanctions: Sequence[int]) -> str | None:
    """Return the body that decided on the first measure whose sentence names one."""
    for index in sanctions:
        at = scene.entities[index].at
        start = scene.sentence_start(at)
        # Entities are in order, so the one before the measure is the last of its sentence.
        before = max(start, scene.entities[index - 1].at + 1) if index else start
        for low in dict.fromkeys((before, start)):
            organ = _organ(scene.text[low:at], subject)
            if organ is not None:
                return organ
    return None


def _organ(text: str, subject: str) -> str | None:
    for match in _ORGAN.finditer(text):
        name = match["organ"]
        lead = _LEAD.match(name)
        start = match.start() + (lead.end() if lead else 0)
        name = text[start : match.end("organ")]
        if _NOT_ORGAN.search(text[max(0, start - 2) : start]) or re.match(r"(?:对|给予|责令|责成)", name):
            continue
        if len(name) > 1 and not same_body(name, subject):
            return name
    return None


def _iso(year: int, month: str | None, day: str | None) -> str | None:
    try:
        whole = date(year, int(month or 1), int(day or 1)).isoformat()
    except ValueError:
        return None
    return whole if day else whole[:7] if month else whole[:4]
