"""The cases of a notice, and which predicted case stands for which gold case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from ..corpus.notice import Entity, Notice

LINKED = ("POSITION", "SANCTION", "VIOLATION")
"""The labels that a case's subject is linked to."""


class Link(NamedTuple):
    """An entity that belongs to a case's subject."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class CaseLinks:
    """One case: its subject and what is linked to it.

    Parameters
    ----------
    number
        The case's number in its notice.
    name
        The longest text of its OFFICIAL mentions, the first of several; None for a case without OFFICIAL.
    key
        The subject: the name; without OFFICIAL the text of the first POSITION; without either, as for a
        body, the text of the first entity.
    mentions
        Where the subject is mentioned: the entities of the kind that gave the key, all that the case has.
    links
        Its POSITION, SANCTION and VIOLATION entities.
    """

    number: int
    name: str | None
    key: str
    mentions: frozenset[Link]
    links: frozenset[Link]


def cases_of(notice: Notice, *, stand_ins: Mapping[Entity, Entity] | None = None) -> tuple[CaseLinks, ...]:
    """Gather the cases of a notice, ascending by number.

    Parameters
    ----------
    notice
        An annotated notice.
    stand_ins
        Entities whose place and text are to be taken for those of an entity of the notice.
    """
    of_case: dict[int, list[Entity]] = {}
    for entity in notice.entities:
        stand_in = (stand_ins or {}).get(entity, entity)
        for number in entity.cases:
            of_case.setdefault(number, []).append(stand_in)
    return tuple(_case(number, entities, notice) for number, entities in sorted(of_case.items()))


def match_cases(gold: Sequence[CaseLinks], predicted: Sequence[CaseLinks]) -> list[tuple[int, int]]:
    """Assign predicted cases to gold cases one to one.

    The assignment has as many links in common as can be had and, among the assignments that have, as many
    mentions. Two named cases may only match when their names are the same text. Cases that share neither a
    link nor a mention are not matched.

    Returns
    -------
    list of (int, int)
        Indices into ``gold`` and ``predicted``, ascending.
    """
    in_common = np.zeros((len(gold), len(predicted)))
    # One link outweighs all mentions together.
    weight = 1 + sum(len(case.mentions) for case in gold)
    for i, a in enumerate(gold):
        for j, b in enumerate(predicted):
            if a.name is None or b.name is None or a.name == b.name:
                in_common[i, j] = weight * len(a.links & b.links) + len(a.mentions & b.mentions)
    rows, columns = linear_sum_assignment(in_common, maximize=True)
    return [(int(i), int(j)) for i, j in zip(rows, columns, strict=True) if in_common[i, j] > 0]


def _case(number: int, entities: list[Entity], notice: Notice) -> CaseLinks:
    officials = [entity for entity in entities if entity.label == "OFFICIAL"]
    positions = [entity for entity in entities if entity.label == "POSITION"]
    mentions = officials or positions or entities
    texts = [notice.span_text(entity) for entity in mentions]
    name = max(texts, key=len) if officials else None
    return CaseLinks(
        number,
        name,
        texts[0] if name is None else name,
        frozenset(_link(entity) for entity in mentions),
        frozenset(_link(entity) for entity in entities if entity.label in LINKED),
    )


def _link(entity: Entity) -> Link:
    return Link(entity.start, entity.end, entity.label)
