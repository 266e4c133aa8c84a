"""Warns of cases whose measures the law does not allow: a sign that the notice was misread, or misprinted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from .case import Case
from .norms import Norm
from .posts import Post
from .terms import LIFE, years_of

_MONTH, _DAY = 1 / 12, 1 / 365
# Least and most years: 刑法（1997）第三十八、四十二、四十五、六十九、七十三条; 治安管理处罚法（2005）第十六条.
_TERMS = {
    "judicial.imprisonment": (6 * _MONTH, 25.0),
    "judicial.short_detention": (_MONTH, 1.0),
    "judicial.control": (3 * _MONTH, 3.0),
    "judicial.suspension": (2 * _MONTH, 5.0),
    "penalty.detention": (_DAY, 20 * _DAY),
}
_SLACK = 1e-6
_PROBATIONS = ("P1Y", "P2Y", "P12M", "P24M")
# 公职人员政务处分法（2020）第二十二条 leaves 警告, 记过 and 记大过 to them.
_NOT_FOR_VILLAGES = ("state.demotion", "state.removal", "state.expulsion", "institution.post_lowered")
_ON_PERSONS = ("party", "state", "administrative", "institution", "judicial.imprisonment", "judicial.short_detention")
_NO_STATE_ORGAN = re.compile("(?:党支部|党总支)$")


def check_norms(case: Case, norms: Mapping[int, tuple[Norm, ...]], posts: Mapping[int, Post]) -> list[str]:
    """Return a warning for each thing in a case that cannot be.

    Parameters
    ----------
    case
        The case; its indices count the entities of its notice.
    norms, posts
        What measures and posts mean, by the index of their entity, as `measure_norms` and `post_norms` give it.
    """
    measures = [(index, norm) for index in case.sanctions for norm in norms.get(index, ())]
    held = [posts[index] for index in case.positions if index in posts]
    warnings = [warning for _, norm in measures for warning in _term_warnings(norm)]
    is_body = case.official is None and not case.positions
    villager = bool(held) and all(post.level == "村" for post in held)
    for _, norm in measures:
        code = norm.code or ""
        if is_body and (norm.kind in _ON_PERSONS or code in _ON_PERSONS):
            warnings.append(f"{code}: {case.subject} is a body, and only persons get this")
        if not is_body and norm.kind == "party_body":
            warnings.append(f"{code}: {case.subject} is a person, and only Party organisations get this")
        if villager and code in _NOT_FOR_VILLAGES:
            warnings.append(f"{code}: {case.subject} holds posts of a village alone, which this cannot take away")
    warnings += _organ_warnings(case, measures[0][1]) if measures and measures[0][0] == case.sanctions[0] else []
    terms = {norm.code: norm.term for _, norm in measures}
    imprisonment = years_of(terms.get("judicial.imprisonment") or "")
    if "judicial.suspension" in terms and imprisonment is not None and imprisonment > 3 + _SLACK:
        warnings.append("judicial.suspension: a term of more than three years cannot be suspended")
    return list(dict.fromkeys(warnings))


def _term_warnings(norm: Norm) -> Iterator[str]:
    if norm.term is None:
        return
    if norm.code == "party.probation" and norm.term not in _PROBATIONS:
        yield f"party.probation: lasts one year or two, not {norm.term}"
    least, most = _TERMS.get(norm.code or "", (0.0, float("inf")))
    years = float("inf") if norm.term == LIFE else years_of(norm.term)
    if years is not None and not least - _SLACK <= years <= most + _SLACK and (norm.code or "") in _TERMS:
        yield f"{norm.code}: cannot last {norm.term}"


def _organ_warnings(case: Case, first: Norm) -> list[str]:
    """Judge the organ by the first measure, for it is its sentence that names it."""
    if case.organ is not None and first.kind == "state" and _NO_STATE_ORGAN.search(case.organ):
        return [f"{first.code}: {case.organ} is an organ of the Party alone"]
    return []
