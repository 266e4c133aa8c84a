"""Bodies that a text holds to account: committees, offices, villages, schools, firms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from .lexicon import words
from .scene import OFFICIAL, SANCTION, VIOLATION

_ARM = (
    "(?:基层|机关|总)?(?:党委|党组|党工委|工委|党总支|党支部|支部|总支|纪委)|(?:人民)?政府|办事处|管委会|领导班子|班子|"
    "村委会|居委会|村民委员会|居民委员会|村?“两委”|村?两委|党组织|支委会|理事会"
)
_KIND = (
    "委员会|[^\u4e00-\u9fff]?“两委”|两委|[党村居纪工政市县区省旗州]委|委|党组|支部|总支|政府|办事处|班子|党组织|局|厅|办公室|办|室|科|股|(?<![并判均各罚分惩另查])处|所(?!在)|站|队|"
    "学院|医院|法院|设计院|研究院|院|中学|小学|大学|学校|幼儿园|该校|该园|园|中心|公司|集团|厂|煤矿|银行|分行|支行|该行|社区|联社|合作社|供销社|"
    "残联|妇联|工商联|文联|侨联|科协|营业部|[一二三四五六七八九十]中|"
    "街道|镇|乡|村|苏木|嘎查|县|区|市|旗|分局|大队|支队|工区|工作组|督查组|小组|馆|林场|农场|市场|场|粮库|库|商厦|商场|超市|单位|矿|会"
)
_GAP = f"[^，。；：\n{OFFICIAL}-{VIOLATION}]"
_ACT = f"[{SANCTION}{VIOLATION}]"
_THEN = "|".join(
    (
        _ACT,
        "被|受到|遭|挨",
        f"因{_GAP}{{0,4}}{VIOLATION}",
        f"[也均还却已仍都又先后再存在竟未在仅]{{1,3}}{_GAP}{{0,10}}{_ACT}",
        f"为{_GAP}{{2,20}}，{VIOLATION}",
        f"(?:已|均|分别)?作出{SANCTION}",
        f"(?:已|均|分别)?向{_GAP}{{1,18}}{SANCTION}",
        f"(?:在{_GAP}{{1,14}}|限期|于{_GAP}{{1,10}}){SANCTION}",
        f"(?:给予|予以|进行|处以|处){_GAP}{{0,6}}{SANCTION}",
        rf"[，：:。| \t]{{1,2}}{_GAP}{{0,4}}{VIOLATION}",
        f"[，：:| ]{{1,2}}{SANCTION}",
        rf"(?:单位)?[| \t—]{{1,8}}{_GAP}{{0,4}}{VIOLATION}",
    )
)
_BODY = re.compile(f"(?:{_KIND})”?(?={_THEN})")
_WORDS = re.compile(r"[\u4e00-\u9fff“”、（）]{0,34}$")
_LEADING = "对因由经向令将被使与及和并但而从至到月日年的另为"
_LEAD = re.compile(
    rf"^.*(?:给予|责令|责成|对于|针对|关于|鉴于|由于|其中|同时|此外|另外|随后|目前|要求|认为|发现|以及|建议|督促|约谈|通报|分别|处理|派出单位|决定|所在的|同意|负责[^的]{{2,8}}的|[{_LEADING}]|此前|去年|今年|起：)(?=.{{2}})"
)
_JOINT = re.compile(
    "教育和(?:体育|科)|林业和草原|工业和信息化|文化和(?:旅游|广)|住房和城乡|自然资源和规划|规划和自然资源|人力资源和社会保障|"
    "发展和改革|民族和宗教|卫生和计划|水利和湖泊|农业和农村|城市管理和综合|经[济信贸发开管营促]|"
    + "|".join(word for word in words("place") if set(word) & set(_LEADING))
)
"""Names in which a word of `_LEAD` is none: 教育和体育局, 经信局, 和平区."""
_PATIENT = re.compile(rf"(?:对|给予|责令|责成|要求|[并且]对|督促|对{VIOLATION}的)$")
_OBLIQUE = re.compile(r"(?:接受|由|经|被|向|报|受|据|与|和|同|给|在|到|交|送|找|为|从|赴|驻|去|让|替|移送|通过)$")
_AGENT = re.compile(
    r"(?:[已将均分别依法随后当即先后决定]{0,4})(?:给予|对|责令|责成|予以|判处|作出|决定|处以|约谈了|免去|将)"
)
_ARMS = re.compile(rf"(?:[、和]?(?:{_ARM}))+$")
_ANY_SCHOOL = ("校", "园", "院")
"""What is left of ``该校``, and stands for any."""
_DECIDES = re.compile(r"(?:纪委监委|纪委|监委|监察委员会|法院|检察院|公安局|派出所|警方|检方)$")
_NOT = re.compile(
    r"[了着]|^(?:问题|行为|处分|情况)|(?:问题|工会|大会|会议|社会|机会|处室|一处|两处|多处|三处|有处|该会|群众|单位会)$"
)


class Body(NamedTuple):
    """A body that acts or is acted on: ``text[start:end]``, its name, and whether a measure hits it."""

    start: int
    end: int
    name: str
    is_hit: bool


def bodies_in(text: str, measures: Mapping[int, str]) -> Iterator[Body]:
    """Yield the bodies that do something or to whom a measure is given, not those that decide on one.

    Parameters
    ----------
    text
        A scene's text.
    measures
        The text of each SANCTION by its place.
    """
    for match in _BODY.finditer(text):
        end = match.end()
        words = _WORDS.search(text, max(0, end - 34), end)
        run = words[0] if words else ""
        start = end - len(run)
        if run.startswith("的") and text[start - 1 : start] == VIOLATION:
            # 对监管不力的县教育局: the wrong is the body's.
            start, run = start + 1, run[1:]
        if not run or text[max(0, start - 1) : start] in (OFFICIAL, VIOLATION):
            # What follows a name or an act goes on about it.
            continue
        lead = _LEAD.match(_JOINT.sub(lambda found: "·" * len(found[0]), run))
        if lead:
            start += lead.end()
            run = run[lead.end() :]
        before = text[max(0, start - 4) : start]
        is_patient = _PATIENT.search(before) is not None
        if (
            (not is_patient and _DECIDES.search(run))
            or _OBLIQUE.search(before)
            or (not is_patient and _AGENT.match(text, end))
        ):
            continue
        is_hit = _is_hit(text, end, measures, is_patient=is_patient)
        for name in _split(run):
            if len(name) > 1 and not _NOT.search(name):
                yield Body(start, end, name, is_hit)


# Each act is reached in one way only: with two ways, a text of many acts and no measure would take for ever.
_HIT = re.compile(
    rf"(?:(?:因|，|[。：| \t—]{{1,8}})?{_GAP}{{0,12}}{VIOLATION}"
    rf"(?:(?:{_GAP}{{0,34}}|{_GAP}{{0,20}}[，。；]{_GAP}{{0,14}}){VIOLATION}){{0,30}})?{_GAP}{{0,16}}[，。；、]?(?P<gap>{_GAP}{{0,16}}){SANCTION}"
)
_PERSONAL = re.compile(
    r"开除|党内|政务|留党|徒刑|诫勉|免去|免职|停职|辞职|降职|记过|移送|立案|审查|留置|拘留|撤职|解聘|辞退|逮捕|取保|罢免|降级|警告处分|刑事|起诉|双开|调查|通缉|缓刑|调离|拘役|其"
)


def _is_hit(text: str, end: int, measures: Mapping[int, str], *, is_patient: bool) -> bool:
    """Say whether the first measure after a body is one that bodies receive, and is given to this one."""
    match = _HIT.match(text, end)
    if match is None or _PERSONAL.search(measures.get(match.end() - 1, "")):
        return False
    return is_patient or not re.search(r"(?:由|对)(?!其|该)", match["gap"])


@lru_cache(maxsize=4096)
def core(name: str) -> str:
    """Return a body's name without its committee or office: a body and its Party committee are one."""
    name = re.sub(r"^(?:该|本|此|全)(?=.)", "", name)
    return _ARMS.sub("", name) or name


def same_body(one: str, other: str) -> bool:
    """Say whether two names mean one body: the shorter is the end, or a short form, of the longer."""
    short, long = sorted((core(one), core(other)), key=len)
    if not short:
        return False
    if long.endswith(short):
        return True
    if short in _ANY_SCHOOL:
        return long.endswith(("学校", "小学", "中学", "大学", "学院", "医院", "幼儿园"))
    letters = iter(long)
    return len(short) > 2 and short[-1] == long[-1] and all(letter in letters for letter in short)


class Bodies:
    """Names of bodies, numbered from 0 in the order of `add`, to look up those that mean one body with another name."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._with: dict[str, set[int]] = {}
        self._headed: dict[str, set[int]] = {}

    def add(self, name: str) -> None:
        """Add a name."""
        number, kept = len(self._names), core(name)
        self._names.append(name)
        for letter in set(kept):
            self._with.setdefault(letter, set()).add(number)
        self._headed.setdefault(kept[:2], set()).add(number)

    def like(self, name: str) -> list[int]:
        """Return the numbers, ascending, of the names that are one body with this by `same_body`."""
        asked = core(name)
        if asked in _ANY_SCHOOL:
            near: Iterable[int] = range(len(self._names))
        else:
            # The letters of the shorter one are all in the longer one, in their order.
            longer = sorted((self._with.get(letter, set()) for letter in set(asked)), key=len)
            heads = {*asked, *map("".join, combinations(asked, 2)), *_ANY_SCHOOL}
            shorter = (self._headed.get(head, set()) for head in heads)
            near = sorted(longer[0].intersection(*longer[1:]).union(*shorter)) if longer else ()
        return [number for number in near if same_body(name, self._names[number])]


def _split(run: str) -> list[str]:
    """Split bodies side by side, and keep a body's committee and its office together."""
    parts: list[str] = []
    for part in run.split("、"):
        if parts and _ARMS.fullmatch(part.lstrip("镇乡县区市村")):
            parts[-1] += "、" + part
        elif part:
            parts.append(part)
    return parts
