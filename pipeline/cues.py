"""The wordings by which a text says who is meant: pronouns of number, bystanders, strangers, causes."""

from __future__ import annotations

import re

from .lexicon import characters
from .scene import ANY, OFFICIAL, SANCTION, VIOLATION

_COUNT = {"二": 2, "两": 2, "俩": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
MANY = re.compile(
    r"(?P<other>另|其余|其他)?(?:上述|以上|这|该|等)?(?P<count>[二两三四五六七八九十]|\d{1,2})(?:名|位|个)?(?:村|基层|责任|涉案|公职|党员)?"
    r"(?:人|干部|同志|党员|责任人|人员)(?!民|大|员会|次|，其中)|(?P<pair>俩|二者|双方|叔侄|夫妻|父子|兄弟)|前者|后者|(?P<all>(?:上述|以上|有关|相关)(?:责任)?人(?:员)?)"
)
OBLIQUE = re.compile(
    r"(?:[与和同跟向替为让比找请]|伙同|指使|安排|授意|要求|听取|接替|通过|提供给|转交|送给|交给|为了|因为|收受|叫|据)$"
)
COMITATIVE = re.compile(r"(?:[与和同跟]|伙同|串通|勾结|联合)$")
FORE = re.compile(
    rf"{VIOLATION}(?:[、，和及并]{{0,2}}{VIOLATION})*(?:一案|等)?(?:问题|行为|案|情况|现象)?(?:[^，。；{OFFICIAL}]{{0,8}})?的?[“”]?$"
)
STRANGER = re.compile(
    rf"[{''.join(sorted(characters('surname') - set('某')))}]某[某甲乙丙丁A-Z]?|"
    r"老板|店主|业主|法定代表人|负责人员|经营者|"
    r"等[\d二两三四五六七八九十]+名?人|[\d一二两三四五六七八九十]+名(?![^，。；被]{0,4}(?:干部|同志|党员|官员|责任|公职))|"
    r"司机|家属|妻子|丈夫|外甥|亲戚|小舅子|同伙|其[子妻女弟兄夫妹父母](?!.{0,2}(?:去世|病|婚|生日))|村民|群众|商户|行贿人|嫌疑人|供应商|承包[人商]|律师|家长|男子|女子|总经理|董事长|经理|合伙人|当事人|股东|房东"
)
CAUSE = re.compile(
    rf"[^，。；]{{0,20}}(?:因|由于|就|鉴于)[^，。；]{{0,12}}{VIOLATION}[^，。；]{{0,8}}(?:，[^，。；]{{0,12}})?"
)
AND_OTHERS = re.compile(r".?等(?:(?P<count>[\d二两三四五六七八九十]+)名?)?(?:人|[^，。；被]{0,4}(?:干部|官员|党员))")
SAYS = re.compile(r"[^，。；]{0,6}(?:说|介绍|表示|强调|指出|称|告诉|认为|回忆|感慨|坦言)")
NOT_HEAD = re.compile(r"(?:[与和同跟向替为让比找请由从将把]|伙同|收受|的)[^、，]{0,8}$|其$|所[^，]*$")
COUNTED = re.compile(
    r"(?:和处[理分])?[^，。；\n]{0,8}?[\d一二三四五六七八九十百两]+(?:余|多)?(?:人|名|件|起|个|次)(?![^，。；]{0,3}[年月日])"
)
KIND_OF_CASES = re.compile(r"[\d一二三四五六七八九十两几多]+(?:起|例|宗|件)$")
BY_WHOM = re.compile(rf"[^，。；{ANY}]{{0,6}}{SANCTION}")
"""After somebody who takes a measure: ``由县委书记约谈``."""
INVESTIGATOR = re.compile("^(?!.*原).*(?:纪委|监委|纪检|监察|巡[视察]|检察|法院|审判|公安)")
"""Of the post of one who looks into what others do, and stands between them and the words about them."""
RECOVERY = re.compile("[追收清退上没][缴回]|退[赔还]|清退|没收")
"""Of a measure that takes money back."""
NOT_SHARED = re.compile(rf"[{ANY}]|其|该|他|她")
"""Before such a measure in its clause, where it is of one person's money."""
FIRM = re.compile(r"罚|吊销|黑名单|列入|停业|没收|许可|资质")
CHARGE_LEAD = re.compile(r"(?:[\d一二三四五六七八九十两几多]+(?:起|例|宗|件|个|批)|关于|查处|通报|曝光|对|因)")


def number_of(written: str | None) -> int:
    """Return a small number, 0 where none is written."""
    if written is None:
        return 0
    return int(written) if written.isdigit() else _COUNT.get(written, 0)
