"""Lines of a page that are no text: where one is, buttons, counters, what comes before and after."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..corpus.offsets import Edit
from .dates import iso_date
from .normalize import normalize

_BUTTON = (
    r"打印(?:本页|此页|文章)?|关闭(?:窗口|本页)?|分享(?:到|至)?|收藏(?:本页)?|转发|点赞|复制链接"
    r"|点分享|点收藏|点点赞|点在看|在看|更多|(?:我要)?(?:评论|纠错|投稿)"
    r"|(?:字号|字体|文字大小)|大|中|小|放大|缩小|默认"
    r"|(?:新浪|腾讯)?微博|微信(?:好友)?|朋友圈|QQ(?:空间|好友)?|人人网|豆瓣"
    r"|(?:浏览|点击|阅读|访问)(?:次数|量|数)?[:： ]{0,2}[\d,.]+ ?(?:万|次|人次)?"
    r"|返回(?:顶部|首页|列表|上一页|上级)"
)
_PARTING = r"[\s【】\[\]()（）|｜/:：^·•>»]{0,8}"
_BAR = re.compile(rf"(?:{_PARTING}(?:{_BUTTON})){{1,30}}{_PARTING}")
# Lines without any of these are no furniture, which is quickly seen.
_HINT = re.compile(
    "[>＞»›©]|打印|列印|关闭|關閉|分享|收藏|点赞|在看|评论|字[号號体體]|微[信博]|浏览|瀏覽|点击|點擊|阅读|閱讀|返回|[上下]一"
    "|位置|版权|版權|备|備|Last|Author|Copyright|二维码|更多",
    re.IGNORECASE,
)
_LINE = re.compile(
    r"\s*(?:(?:您|你)?(?:现在|目前|当前|所在)?(?:的)?(?:当前|所在)?位置[是为]?\s?[:：].{0,120}[>»›/-].{0,120}"
    r"|(?:网站)?首页\s{0,3}[>＞»›/].{0,120}"
    r"|[^。，！？>＞»›]{1,26}(?:[>＞»›]{1,2}[^。，！？>＞»›]{1,26}){0,5}[>＞»›]{1,2}\s{0,3}正文"
    r"|分享(?:到|至)\s?[:：].{0,60}|(?:上|下)一(?:篇|条|页)\s?[:：].{0,120}"
    r"|Last modified\s?[:：].{0,60}|Author|(?:扫一扫|长按|微信扫).{0,30}二维码.{0,30}"
    r"|点击上方.{1,30}关注.{0,10}"
    r"|(?:版权所有|Copyright|©).{0,160}|.{0,80}(?:ICP备|公网安备).{0,80})\s*",
    re.IGNORECASE,
)
_NEXT = re.compile(r"[\s【】\[\]]*(?:上|下)一(?:篇|条)\s?[:：].{0,120}")
_SENTENCE = re.compile("[。！？；]")
_LONGEST = 260
_FINAL = re.compile(r"[。！？；：，…!?;:,][”’」』\"）)]*$")
_TITLE_LENGTH = range(5, 61)
_ISSUER = re.compile(
    r"[^，。：]{0,50}(?:委员会|政府|纪委|监委|监察局|办公室|党组|法院|集团)"
    r"|【[^】]{1,12}】|.{2,12}[〔\[(（]\d{4}[〕\])）]\d+号"
)
_LABELLED = re.compile(
    r"^\s*[（(【\[]?\s*(?:(?:信息|文章|稿件)?来\s?源|发布(?:单位|机构|部门)|作者|发布者|(?:发布|发文|更新|印发|成文)?(?:时间|日期)"
    r"|\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2})"
)
_PUBLISHER = re.compile(
    r"(?:(?:信息|文章|稿件)?来\s?源|发布(?:单位|机构|部门))\s?[:：/|｜丨]\s*"
    r"([^\s:：|｜，。；（(）)【】\[\]〔〕]{2,40})"
)
_DATE = re.compile(
    r"(?:发布|发文|更新|印发|成文)?(?:时\s?间|日期)\s?[:：]\s?(\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2})"
    r"|^\s*[（(]?(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2})日?(?=[\s）)T]|$)"
)
_SIGNED = re.compile(
    r"[^。，！？]{0,40}?([\d〇○零一二三四五六七八九]{4}年[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}日)[）)]?"
)
_ORGAN = re.compile(r"(?:委员会|委员会办公室|纪委|监委|检察院|法院|办公室|公安局|政府|组|网)")
_EDGE = 12


class Imprint(NamedTuple):
    """What the lines of a text say of it: title, date (ISO 8601), publisher; None where they do not."""

    title: str | None = None
    date: str | None = None
    publisher: str | None = None


def furniture(text: str) -> list[Edit]:
    """Find the lines to drop, with their line feeds: only such as are no sentence and no heading."""
    edits: list[Edit] = []
    if _HINT.search(text) is None:
        return edits
    at = 0
    for line in text.split("\n"):
        end = at + len(line)
        if len(line) <= _LONGEST and _HINT.search(line) and _is_furniture(line):
            # The last line takes the line feed before it, the others the one behind.
            edits.append(Edit(at, end + 1) if end < len(text) else Edit(max(at - 1, 0), end))
            if len(edits) > 1 and edits[-1].start < edits[-2].end:
                edits[-2:] = [Edit(edits[-2].start, edits[-1].end)]
        at = end + 1
    return edits


def imprint(text: str) -> Imprint:
    """Read title, date and publisher from the first and the last lines of a cleaned text."""
    lines = [line for line in text[:4000].split("\n") if line.strip()][:_EDGE]
    tail = [line for line in text[-1500:].split("\n") if line.strip()][-_EDGE:]
    publisher = date = None
    for line in (*lines, *tail):
        plain = normalize(line[:_LONGEST])
        if publisher is None and (match := _PUBLISHER.search(plain)):
            publisher = line[match.start(1) : match.end(1)]
        if date is None and (match := _DATE.search(plain)):
            date = iso_date(match[1] or match[2])
    signed = _signature(tail[-5:])
    return Imprint(_title(lines), date or signed.date, publisher or signed.publisher)


def _is_furniture(line: str) -> bool:
    plain = normalize(line)
    if _SENTENCE.search(plain.strip("。")) and "备" not in plain:
        return False
    bar = _BAR.match(plain)
    if bar is None:
        return _LINE.fullmatch(plain) is not None
    rest = plain[bar.end() :]
    return not rest or _NEXT.fullmatch(rest) is not None or _LINE.fullmatch(plain) is not None


def _title(lines: list[str]) -> str | None:
    """Return the first line that may be a headline, behind an issuing organ and a file number."""
    for index, line in enumerate(lines[:3]):
        plain = normalize(line[:_LONGEST]).strip()
        if index + 1 < len(lines) and _ISSUER.fullmatch(plain):
            continue
        if (
            index + 1 == len(lines)
            or len(line.strip()) not in _TITLE_LENGTH
            or _FINAL.search(plain)
            or "。" in plain
            or _LABELLED.match(plain)
        ):
            return None
        return " ".join(line.split())
    return None


def _signature(lines: list[str]) -> Imprint:
    """Read the signature: a line that ends with the date, the organ in it or in the line before."""
    for index in range(len(lines) - 1, -1, -1):
        plain = normalize(lines[index][:120]).strip()
        match = _SIGNED.fullmatch(plain)
        if match is None:
            continue
        organ = plain[: match.start(1)].strip(" （(") or (normalize(lines[index - 1]).strip() if index else "")
        named = bool(_ORGAN.search(organ)) and len(organ) <= 40 and not re.search("[。，；：]", organ)
        return Imprint(None, iso_date(match[1]), " ".join(organ.split()) if named else None)
    return Imprint()
