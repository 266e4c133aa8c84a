"""From the wording of a post to its parts: organisation, head, whether it is held still, and its level."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from functools import cache, lru_cache
from importlib.resources import files
from typing import Annotated, Any, Literal, get_args

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from ..corpus.errors import ModelError
from .view import View

Level = Literal["村", "乡科", "县处", "厅局", "省部"]
LEVELS: tuple[Level, ...] = get_args(Level)
"""From the village up; 正 and 副 of a rank are not told apart."""

_SPACE = re.compile(r"\s+")
LEAD = 40
"""Characters in front of a post that are looked at."""
_AT_THE_TIME = re.compile(r"(?:时任|當時任|当时任|时为)[“「]?$")
_FORMERLY = re.compile(r"(?:曾任|历任|原任|先后任|先后担任|曾担任)(?:[^，。；]{1,30}、)?[“「]?$")
# 草原局, 青原市 and 原料 are no former ones.
_FORMER = re.compile(
    r"^[原前](?!则|台|进|料|油|种)|(?<=.)(?<![草高平太中三五固])原(?![料始则油材种木野]|[市县区镇乡州旗村](?![长委]|政府)|经济)(?=.{1,12}$)"
)
_LEADING = re.compile("^(?:分管|负责).{1,16}?的")
_ACTING = re.compile(r"代理|^代(?=[省市县区州乡镇])|主持工作|临时负责")
_JOINED = re.compile(r"^(?:、|兼|和|及|，?兼任)$")
_AREA_HEAD = re.compile("[省市县区州盟旗乡镇村]长$")
_VILLAGE_HEAD = re.compile("村|社区")
_PARTY = re.compile("(?:党委|党组|党工委|党总支|党支部|党委会|机关党委)$")


@dataclass(frozen=True, slots=True)
class Post:
    """A post of one person.

    Parameters
    ----------
    organisation
        As the text writes it, or that of the post before, which a coordinated one borrows; None where none is named.
    head
        The word for the post, with ``副`` and the like; None where it is not known.
    former
        Whether the text calls it a former one (``原``, ``前``, ``曾任``).
    at_the_time
        Whether it was held when the deed was done (``时任``).
    deputy, acting
        Whether it is a deputy's, or held for the time being.
    level
        One of `LEVELS`, None where it cannot be told.
    inferred
        Whether the level, or a borrowed organisation, is concluded from names and not written.
    """

    organisation: str | None
    head: str | None
    former: bool = False
    at_the_time: bool = False
    deputy: bool = False
    acting: bool = False
    level: Level | None = None
    inferred: bool = False

    def record(self) -> dict[str, Any]:
        """Return plain values, as they stand under ``norm`` in the record."""
        return {name: getattr(self, name) for name in _NAMES}


_NAMES = tuple(field.name for field in fields(Post))


def normalise_post(text: str, *, before: str = "", previous: Post | None = None) -> Post:
    """Read the parts of a post off its wording.

    Parameters
    ----------
    text
        A POSITION as the notice writes it, in either script.
    before
        The text in front of it, as a `View` has it, for ``时任`` stands outside the span.
    previous
        The post that it is joined to by ``、`` or the like, whose organisation it may borrow; see `is_joined`.
    """
    post, lead = _read(text), before[-LEAD:]
    post = replace(
        post,
        former=post.former or bool(_FORMERLY.search(lead)),
        at_the_time=bool(_AT_THE_TIME.search(lead)),
    )
    if post.organisation is None and previous is not None and post.head is not None:
        post = _borrowed(post, previous)
    return _levelled(post)


def is_joined(between: str) -> bool:
    """Say whether the text between two posts, as a `View` has it, makes them posts of one list."""
    return bool(_JOINED.match(between))


@lru_cache(maxsize=1 << 13)
def _read(text: str) -> Post:
    """Read what the wording alone tells."""
    plain = _SPACE.sub("", View.of(text).text)
    former = bool(_FORMER.search(plain))
    plain = _LEADING.sub("", _FORMER.sub("", plain, count=1))
    organisation, head = _split(plain)
    return Post(organisation, head, former=former, deputy="副" in (head or ""), acting=bool(_ACTING.search(plain)))


def _borrowed(post: Post, previous: Post) -> Post:
    base = _PARTY.sub("", previous.organisation or "")
    # 镇长 after 青石镇党委副书记 has the town in common with it, and a member of a Party group none with the state.
    post = replace(post, at_the_time=post.at_the_time or previous.at_the_time)
    return replace(post, organisation=base, inferred=True) if base else post


def _split(plain: str) -> tuple[str | None, str | None]:
    """Cut a post into organisation and head."""
    match = next((match for pattern in _heads() if (match := pattern.search(plain))), None)
    if match is None:
        return None, None
    head, organisation = match["head"], plain[: match.start("head")]
    if organisation and _AREA_HEAD.search(head) and not head.startswith("副") and not organisation.endswith(head[-2]):
        # 青石镇长 is short for 青石镇镇长, and 县政府县长 is no such thing.
        organisation += head[-2] if len(organisation) > 1 and not re.search("(?:政府|委)$", organisation) else ""
    village = _VILLAGE_HEAD.match(head)
    if organisation and village and not organisation.endswith(village[0]):
        # 白沙村会计 is short for 白沙村村会计.
        organisation += village[0]
    return organisation or None, head


def _levelled(post: Post) -> Post:
    if post.head is None:
        return post
    rules = _rules()
    for grade in rules.grades:
        if grade.pattern.search(post.head):
            return replace(post, level=LEVELS[grade.level])
    organisation = post.organisation or ""
    for grade in () if "驻" in organisation else rules.areas:
        if grade.pattern.search(post.head):
            return replace(post, level=LEVELS[grade.level], inferred=True)
    units = [
        (match.start(), match.end(), unit.level)
        for unit in rules.units
        for match in unit.pattern.finditer(organisation)
    ]
    if not units:
        return post
    _, end, unit = max(units, key=lambda each: (each[1], -each[0]))
    if "驻" in organisation or (unit and rules.unranked.search(post.head)):
        return post
    level = _rank(organisation[end:], unit, post.head)
    return post if level is None else replace(post, level=LEVELS[level], inferred=True)


def _rank(body: str, unit: int, head: str) -> int | None:
    """Return the index in `LEVELS` of a post in a body of an area of a rank."""
    rules = _rules()
    if unit == 0:
        return 0 if rules.village.search(head) and not rules.no_rank.search(body) else None
    if unit >= 3 and rules.section.fullmatch(head):
        return unit - 2
    if rules.main.fullmatch(body):
        return min(unit, len(LEVELS) - 1)
    if rules.no_rank.search(body):
        return None
    if rules.led_as_main.fullmatch(body) and head in rules.leads:
        return min(unit, len(LEVELS) - 1)
    if unit >= 2 and rules.office.fullmatch(body) and rules.office_head.fullmatch(head):
        return unit - 1
    return None


def _alternatives(value: object) -> object:
    return "|".join(map(str, value)) if isinstance(value, list) else value


_Pattern = Annotated[re.Pattern[str], BeforeValidator(_alternatives)]


class _Grade(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    pattern: _Pattern
    level: int


class _Rules(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1]
    before_head: _Pattern
    heads: _Pattern
    other_heads: _Pattern
    grades: tuple[_Grade, ...]
    areas: tuple[_Grade, ...]
    units: tuple[_Grade, ...]
    unranked: _Pattern
    main: _Pattern
    village: _Pattern
    led_as_main: _Pattern
    leads: tuple[str, ...]
    office: _Pattern
    office_head: _Pattern
    section: _Pattern
    no_rank: _Pattern


@cache
def _heads() -> tuple[re.Pattern[str], ...]:
    rules = _rules()
    return tuple(
        re.compile(f"(?P<head>(?:{rules.before_head.pattern})*(?:{heads.pattern}))(?:同志)?$")
        for heads in (rules.heads, rules.other_heads)
    )


@cache
def _rules() -> _Rules:
    try:
        content = (files(__package__) / "taxonomy" / "posts.yaml").read_text("utf-8")
        return _Rules.model_validate(yaml.safe_load(content))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        first = str(error).partition("\n")[0]
        raise ModelError(f"cannot be read ({first}): install tongbao again", where="taxonomy/posts.yaml") from None
