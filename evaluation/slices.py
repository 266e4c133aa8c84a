"""Scores of parts of a gold set: by form, length, script, number of cases, and names seen or not."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from operator import itemgetter

import opencc

from ..corpus.notice import Notice
from .pairs import Pair, pair_notices
from .scores import Scores
from .spans import Match, tally_spans

LENGTHS = (0, 200, 400, 800)
"""The smallest length of each class, in characters."""
CASE_COUNTS = (0, 1, 2, 4, 7)
"""The smallest number of cases of each class."""


@dataclass(frozen=True, slots=True)
class Slice:
    """The scores of a part of a gold set.

    Parameters
    ----------
    by
        What the set is cut by: ``form``, ``length``, ``script``, ``cases`` or ``name``.
    value
        The part.
    notices
        How many notices it has.
    scores
        Theirs. Of a part by ``name`` they are the scores of the OFFICIAL entities with such names.
    """

    by: str
    value: str
    notices: int
    scores: Scores


def score_slices(
    gold: Sequence[Notice],
    predicted: Sequence[Notice],
    *,
    known_names: Collection[str] | None = None,
    match: Match = "strict",
) -> tuple[Slice, ...]:
    """Score the notices of each form, length, script and number of cases, and the names seen or not.

    Parameters
    ----------
    gold, predicted
        Notices, paired by their ids.
    known_names
        The names of a training set (see `names_of`); without them nothing is cut by ``name``.
    match
        As in `score_spans`.
    """
    pairs = pair_notices(gold, predicted)
    slices: list[Slice] = []
    for by, part_of in _PARTS.items():
        parts: dict[tuple[int, str], list[Pair]] = {}
        for pair in pairs:
            parts.setdefault(part_of(pair[0]), []).append(pair)
        slices += (
            Slice(by, value, len(part), tally_spans(part, match=match).scores())
            for (_, value), part in sorted(parts.items(), key=itemgetter(0))
        )
    if known_names is not None:
        for value, is_known in (("seen", True), ("unseen", False)):
            part = [(_only(a, known_names, is_known), _only(b, known_names, is_known)) for a, b in pairs]
            n_notices = sum(bool(of_gold.entities) for of_gold, _ in part)
            slices.append(Slice("name", value, n_notices, tally_spans(part, match=match).scores()))
    return tuple(slices)


def names_of(notices: Iterable[Notice]) -> frozenset[str]:
    """Gather the texts of all OFFICIAL entities."""
    return frozenset(
        notice.span_text(entity) for notice in notices for entity in notice.entities if entity.label == "OFFICIAL"
    )


def form_of(notice: Notice) -> str:
    """Return the kind of a gold notice: its ``form`` without what follows the first hyphen."""
    return notice.meta.get("form", "").partition("-")[0] or "unknown"


def script_of(text: str) -> str:
    """Return ``traditional`` or ``simplified``, whichever characters the text has more of."""
    to_simplified, to_traditional = _converters()
    n_traditional = _n_changed(text, to_simplified.convert(text))
    n_simplified = _n_changed(text, to_traditional.convert(text))
    return "traditional" if n_traditional > n_simplified else "simplified"


def _only(notice: Notice, names: Collection[str], is_known: bool) -> Notice:
    """Keep the OFFICIAL entities whose name is among the names, or those whose name is not."""
    kept = (
        entity
        for entity in notice.entities
        if entity.label == "OFFICIAL" and (notice.span_text(entity) in names) is is_known
    )
    return replace(notice, entities=tuple(kept))


def _class_of(number: int, starts: Sequence[int]) -> tuple[int, str]:
    """Find the class of a number; ``starts`` are the smallest numbers of each class."""
    place = bisect_right(starts, number) - 1
    first = starts[place]
    if place + 1 == len(starts):
        return place, f"{first}+"
    last = starts[place + 1] - 1
    return place, str(first) if first == last else f"{first}–{last}"


def _n_cases(notice: Notice) -> int:
    return len({number for entity in notice.entities for number in entity.cases})


def _n_changed(text: str, converted: str) -> int:
    return sum(old != new for old, new in zip(text, converted, strict=False))


@cache
def _converters() -> tuple[opencc.OpenCC, opencc.OpenCC]:
    return opencc.OpenCC("t2s"), opencc.OpenCC("s2t")


_PARTS: Mapping[str, Callable[[Notice], tuple[int, str]]] = {
    "form": lambda notice: (0, form_of(notice)),
    "length": lambda notice: _class_of(len(notice.text), LENGTHS),
    "script": lambda notice: (0, script_of(notice.text)),
    "cases": lambda notice: _class_of(_n_cases(notice), CASE_COUNTS),
}
"""What a set is cut by; the parts of one cut are shown in the order of the pairs."""
