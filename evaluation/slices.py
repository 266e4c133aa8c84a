"""Scores of parts of a gold set: by form, length, script, era, level, cases, length of spans, and names seen or not."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from operator import itemgetter

import opencc

from ..corpus.notice import Entity, Notice
from ..corpus.traits import ERAS, era
from ..pipeline.norming import post_norms
from ..pipeline.posts import LEVELS
from .pairs import Pair, pair_notices
from .scores import Scores
from .spans import Match, tally_spans

LENGTHS = (0, 200, 400, 800)
"""The smallest length of each class, in characters."""
CASE_COUNTS = (0, 1, 2, 4, 7)
"""The smallest number of cases of each class."""
SPAN_LENGTHS = (1, 4, 8, 16, 32)
"""The smallest length of each class of spans, in characters."""
LEAST_NOTICES, LEAST_SPANS = 3, 30
"""A part with less says little by itself."""


@dataclass(frozen=True, slots=True)
class Slice:
    """The scores of a part of a gold set.

    Parameters
    ----------
    by
        What the set is cut by: ``form``, ``length``, ``script``, ``era`` (the last year told), ``level`` (the
        highest of gold's posts), ``cases``, ``span`` (the length of entities) or ``name``.
    value
        The part.
    notices
        How many notices it has.
    scores
        Theirs. Of a part by ``span`` they are the scores of the entities of such lengths: one that is found with
        the length of another class is missed in its own and spurious in that. Of a part by ``name`` they are the
        scores of the OFFICIAL entities with such names.
    """

    by: str
    value: str
    notices: int
    scores: Scores

    @property
    def is_small(self) -> bool:
        """Whether it has too few notices, or too few entities to find, to say anything."""
        return self.notices < LEAST_NOTICES or self.scores.micro.support < LEAST_SPANS


def score_slices(
    gold: Sequence[Notice],
    predicted: Sequence[Notice],
    *,
    known_names: Collection[str] | None = None,
    match: Match = "strict",
) -> tuple[Slice, ...]:
    """Score the notices of each form, length, script, era, level and number of cases, spans by length, and names.

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
    for place, start in enumerate(SPAN_LENGTHS):
        value = _class_of(start, SPAN_LENGTHS)[1]
        part = _slice_of_entities("span", value, pairs, partial(_has_length, place=place), match=match)
        if not part.scores.micro.is_empty:
            slices.append(part)
    if known_names is not None:
        for value, is_known in (("seen", True), ("unseen", False)):
            keep = partial(_has_name, names=known_names, is_known=is_known)
            slices.append(_slice_of_entities("name", value, pairs, keep, match=match))
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


def _slice_of_entities(
    by: str, value: str, pairs: Sequence[Pair], keep: Callable[[Notice, Entity], bool], *, match: Match
) -> Slice:
    """Score the entities that are kept, on both sides; it has the notices in which gold has such."""
    part = [(_only(gold, keep), _only(predicted, keep)) for gold, predicted in pairs]
    n_notices = sum(bool(gold.entities) for gold, _ in part)
    return Slice(by, value, n_notices, tally_spans(part, match=match).scores())


def _only(notice: Notice, keep: Callable[[Notice, Entity], bool]) -> Notice:
    return replace(notice, entities=tuple(entity for entity in notice.entities if keep(notice, entity)))


def _has_length(notice: Notice, entity: Entity, *, place: int) -> bool:  # noqa: ARG001
    return _class_of(entity.end - entity.start, SPAN_LENGTHS)[0] == place


def _has_name(notice: Notice, entity: Entity, *, names: Collection[str], is_known: bool) -> bool:
    return entity.label == "OFFICIAL" and (notice.span_text(entity) in names) is is_known


def _era(notice: Notice) -> tuple[int, str]:
    found = era(notice.text)
    return next((place for place, first in enumerate(ERAS, start=1) if found.startswith(str(first))), 0), found


def _level(notice: Notice) -> tuple[int, str]:
    """Find the highest level of gold's posts."""
    posts = post_norms(notice.text, [(entity.start, entity.end, entity.label) for entity in notice.entities])
    places = [LEVELS.index(post.level) + 1 for post in posts.values() if post.level]
    highest = max(places, default=0)
    return highest, LEVELS[highest - 1] if highest else "not told"


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
    "era": _era,
    "level": _level,
    "cases": lambda notice: _class_of(_n_cases(notice), CASE_COUNTS),
}
"""What a set is cut by; the parts of one cut are shown in the order of the pairs."""
