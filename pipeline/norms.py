"""From the wording of a measure to its code: what it is, how grave, how long and how much."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any

from .amounts import parse_yuan
from .taxonomy import Found, find_measures, spelled_out, taxonomy
from .terms import parse_term
from .view import View

_SPACE = re.compile(r"\s+")
_SHARED = ("state", "administrative", "institution")
"""Kinds of discipline that share the words 警告, 记过, 开除 …"""
_PREFIX = re.compile("(?:(?P<party>党[内纪])|(?P<state>政务)|(?P<administrative>行政|政纪))(?:纪律)?[、和及与“]?$")
_INSTITUTION = re.compile(
    "事业|学校|[小中大]学|学院|教[师授研]|老师|校长|园长|幼儿园|医院|卫生院|医[生师]|护士|研究[院所]|图书馆|文化[馆站]"
)
_COURT = re.compile("判[处决刑监]|徒刑|拘役|缓刑|罪成|(?<!犯)罪，")
# 监察法 was adopted on 20 March 2018, 公职人员政务处分法 came into force on 1 July 2020.
_SUPERVISION_LAW, _SANCTIONS_LAW = "2018-03", "2020-07"


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of the place where a measure is told; texts are normalised, as a `View` has them.

    Parameters
    ----------
    before
        The sentence up to the measure.
    neighbours
        Wordings of the other measures of the sentence.
    date
        Of the measure or else of the notice, ISO (year, month or day); None where unknown.
    body
        Whether it hits a body and no person; None where unknown.
    """

    before: str = ""
    neighbours: tuple[str, ...] = ()
    date: str | None = None
    body: bool | None = None


@dataclass(frozen=True, slots=True)
class Norm:
    """One measure.

    Parameters
    ----------
    code
        Of a row of the taxonomy; None where the wording stands for several and context does not decide.
    kind, severity
        Of that row; ``severity`` orders the measures of a kind.
    term
        How long it lasts, see `terms.parse_term`.
    amount
        Yuan.
    codes
        Those that the wording may stand for, where ``code`` is None.
    inferred
        Whether context decided, and not the wording.
    """

    code: str | None
    kind: str | None = None
    severity: int | None = None
    term: str | None = None
    amount: float | None = None
    codes: tuple[str, ...] = ()
    inferred: bool = False


_UNKNOWN_PLACE = Context()


def normalise_measure(text: str, context: Context = _UNKNOWN_PLACE) -> tuple[Norm, ...]:
    """Say which measures a wording names.

    Parameters
    ----------
    text
        A SANCTION as the notice writes it, in either script.
    context
        Its place, which decides on words that several kinds of measures share.

    Returns
    -------
    In order of the wording: several for a combined name (``双开``), none where no row knows the wording.
    """
    plain, found = _read(text)
    ends = (*(each.start for each in found[1:]), len(plain))
    return tuple(_norm(each, plain[each.start : end], context) for each, end in zip(found, ends, strict=False))


_NAMES = tuple(field.name for field in fields(Norm))


def as_record(norms: tuple[Norm, ...]) -> dict[str, Any] | None:
    """Return plain values as they stand under ``norm`` in the record, None for no norm.

    A further measure of a combined name is an item of ``also``, a list of the same dicts.
    """
    if not norms:
        return None
    # Not `asdict`, which copies plain values one by one: there are as many norms as measures.
    first, *others = ({**{name: getattr(norm, name) for name in _NAMES}, "codes": list(norm.codes)} for norm in norms)
    return {**first, "also": others}


def norms_of(record: dict[str, Any] | None) -> tuple[Norm, ...]:
    """Return the norms of a record that `as_record` made."""
    if record is None:
        return ()
    rows = ({name: value for name, value in row.items() if name != "also"} for row in (record, *record["also"]))
    return tuple(Norm(**{**row, "codes": tuple(row["codes"])}) for row in rows)


def _norm(found: Found, text: str, context: Context) -> Norm:
    codes, sure = _decide(found, context)
    amounts = parse_yuan(text)
    if len(codes) > 1:
        return Norm(None, codes=codes, amount=amounts[0] if amounts else None)
    norm = Norm(codes[0], inferred=not sure, amount=amounts[0] if amounts else None)
    norm = _by_subject(norm, context)
    row = taxonomy().rows[str(norm.code)]
    term = parse_term(text) if row.term else None
    if norm.code == "judicial.death_reprieve":
        # The law knows only this one (刑法第四十八条), and 死缓 does not say it.
        term = "P2Y"
    return replace(norm, kind=row.kind, severity=row.severity, term=term)


def _by_subject(norm: Norm, context: Context) -> Norm:
    """Tell apart measures of one name by whom they hit and who imposes them."""
    if norm.code == "education.self_criticism" and context.body:
        return replace(norm, code="accountability.body_review", inferred=True)
    if norm.code == "economic.fine" and _COURT.search(context.before):
        return replace(norm, code="judicial.fine", inferred=True)
    return norm


def _decide(found: Found, context: Context) -> tuple[tuple[str, ...], bool]:
    """Return the codes that are left, and whether the wording itself, with the word before it, decides."""
    if len(found.codes) == 1:
        return found.codes, True
    before = context.before
    prefix = _PREFIX.search(before)
    if prefix and not found.start:
        left = _of_kinds(found.codes, (str(prefix.lastgroup),))
        if left:
            return left, True
    named, shared = _beside(context.neighbours)
    left = _of_kinds(found.codes, named) if len(named) == 1 else ()
    if left:
        return left, False
    excluded = set()
    if shared and "party" not in named:
        # 记过、警告: a list of one kind, and the Party knows no 记过.
        excluded.add("party")
    if context.date is not None and context.date < _SUPERVISION_LAW[: len(context.date)]:
        excluded.add("state")
    elif context.date is not None and context.date >= _SANCTIONS_LAW:
        excluded.add("administrative")
    if not _INSTITUTION.search(before):
        excluded.add("institution")
    left = tuple(code for code in found.codes if code.partition(".")[0] not in excluded) or found.codes
    if len(left) > 1 and found.usual in left:
        left = (str(found.usual),)
    return left, False


def _of_kinds(codes: tuple[str, ...], kinds: set[str] | tuple[str, ...]) -> tuple[str, ...]:
    return tuple(code for code in codes if code.partition(".")[0] in kinds)


def _beside(neighbours: tuple[str, ...]) -> tuple[set[str], bool]:
    """Return the kinds that neighbours name, and whether one of them is a bare word that the Party has not."""
    named: set[str] = set()
    shared = False
    for neighbour in neighbours:
        text, measures = _read(neighbour)
        for found in measures:
            kinds = {code.partition(".")[0] for code in found.codes}
            if len(found.codes) > 1:
                shared |= "party" not in kinds and kinds <= set(_SHARED) and found.usual is None
            elif taxonomy().rows[found.codes[0]].severity is not None:
                # 严重警告 without 党内 is one of a list that leaves 党内 out.
                bare_party = "party" in kinds and text.startswith("严重警告")
                named |= kinds & {*_SHARED, *(["party"] if bare_party else [])}
    return named, shared


@lru_cache(maxsize=1 << 13)
def _read(text: str) -> tuple[str, tuple[Found, ...]]:
    """Spell a wording out and find its measures; most wordings return again and again."""
    plain = spelled_out(_SPACE.sub("", View.of(text).text))
    return plain, tuple(find_measures(plain))
