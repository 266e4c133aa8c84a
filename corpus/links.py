"""Cases as relations between entities, the form in which annotation tools can show and edit them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from .notice import Entity

Link = tuple[int, int]
"""From a member of a case to the entity that stands for the case; both index the entities of the notice."""

Members = dict[int, tuple[int, ...]]
"""Number of a case → the entities that belong to it, ascending."""

_STANDS_FOR_A_CASE = ("OFFICIAL", "POSITION")


def members(entities: Sequence[Entity]) -> Members:
    """Collect which entities belong to which case."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    for index, entity in enumerate(entities):
        for number in entity.cases:
            found[number].append(index)
    return {number: tuple(found[number]) for number in sorted(found)}


def links(entities: Sequence[Entity]) -> list[Link]:
    """Link the entities of each case to its head.

    The head is the first OFFICIAL of this case alone, else its first POSITION, else its first other entity;
    where no entity belongs to this case alone, the same among those that it shares.
    """
    found: list[Link] = []
    for indices in members(entities).values():
        head = min(indices, key=lambda index: _rank(entities[index]))
        found += [(index, head) for index in indices if index != head]
    return sorted(set(found))


def cases_of_links(entities: Sequence[Entity], drawn: Sequence[Link], recorded: Mapping[int, Sequence[int]]) -> Members:
    """Find the cases of links that somebody may have edited.

    Parameters
    ----------
    entities
        Sorted by start; their own ``cases`` are not looked at.
    drawn
        The links as they stand now.
    recorded
        The cases at the time the links were written, less the entities that are gone.

    Returns
    -------
    Members
        The recorded cases where the links still say the same; else one case a head, and the recorded cases of
        a single entity that no link touches, numbered in order of their first entity.
    """
    numbers: defaultdict[int, list[int]] = defaultdict(list)
    for number in sorted(recorded):
        for index in recorded[number]:
            numbers[index].append(number)
    before = [
        Entity(entity.start, entity.end, entity.label, tuple(numbers[index])) for index, entity in enumerate(entities)
    ]
    if sorted(set(drawn)) == links(before):
        return members(before)
    groups: defaultdict[int, set[int]] = defaultdict(set)
    for index, head in drawn:
        groups[head] |= {index, head}
    touched = set().union(*groups.values())
    for indices in recorded.values():
        if len(indices) == 1 and indices[0] not in touched:
            groups[indices[0]].add(indices[0])
    ordered = sorted(groups, key=lambda head: (min(groups[head]), head))
    return {number: tuple(sorted(groups[head])) for number, head in enumerate(ordered, start=1)}


def _rank(entity: Entity) -> tuple[bool, int, int]:
    labels = _STANDS_FOR_A_CASE
    return (
        len(entity.cases) > 1,
        labels.index(entity.label) if entity.label in labels else len(labels),
        entity.start,
    )
