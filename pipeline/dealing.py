"""Deals a list of measures out to a group of subjects, as ``分别受到`` says."""

from __future__ import annotations

import re

from .scene import LONGEST, SANCTION, VIOLATION, Scene

Subjects = tuple[int, ...]
"""Numbers of subjects, in order."""

_REACH = 40
"""How many entities back the wrong of a group is looked for."""
_ITEM = re.compile(f"[{SANCTION}{VIOLATION}]")
_LIST = re.compile(
    rf"(?:分别|各自|依次)[^。；，{SANCTION}{VIOLATION}]{{0,12}}"
    rf"(?P<list>[{SANCTION}{VIOLATION}](?:(?:处分)?(?:[、和与及]|以及)[{SANCTION}{VIOLATION}])+)"
)


def deal(scene: Scene, found: list[Subjects]) -> None:
    """Give each member of a group its own measure, in place.

    Parameters
    ----------
    scene
        The scene.
    found
        The subjects of each entity; those of a list after ``分别`` are all of the group, and become one each
        where the list is as long as the group, counted by items or by what ``和`` parts.
    """
    places = {entity.at: index for index, entity in enumerate(scene.entities) if entity.letter}
    for match in _LIST.finditer(scene.text):
        at = [part.start() for part in _ITEM.finditer(scene.text, match.start("list"), match.end("list"))]
        items = [[place] for place in at]
        who = found[places[at[0]]]
        if len(who) == 1:
            who = _group_of(len(items), who[0], scene, found, places[at[0]]) or who
        if 1 < len(who) < len(items):
            items = _merged(scene.text, at)
        if len(who) == len(items) > 1:
            for item, one in zip(items, who, strict=True):
                for place in item:
                    found[places[place]] = (one,)


def _group_of(size: int, member: int, scene: Scene, found: list[Subjects], index: int) -> Subjects | None:
    """Find those who did the last wrong of so many persons in the section, a member of theirs among them."""
    section = scene.section(scene.entities[index].at)
    for before in range(index - 1, max(-1, index - _REACH), -1):
        entity = scene.entities[before]
        if scene.section(entity.at) != section:
            break
        if entity.letter == VIOLATION and len(found[before]) == size and member in found[before]:
            return found[before]
    return None


def _merged(text: str, at: list[int]) -> list[list[int]]:
    """Take measures joined by 、 for one item where 和 parts the items."""
    merged = [at[:1]]
    for place in at[1:]:
        if text[place - 1] in "和与及":
            merged.append([place])
        else:
            merged[-1].append(place)
    return merged


def share(scene: Scene, found: list[Subjects]) -> None:
    """Give a wrong told once, as in ``对【V】的A给予【S】，给予B【S】``, to all whom its clauses punish, in place.

    Only those who have no wrong of their own get it, and only up to the next wrong, ``；`` or sentence end.
    """
    wrongs = [index for index, entity in enumerate(scene.entities) if entity.letter == VIOLATION]
    guilty = {who for index in wrongs for who in found[index]}
    told: int | None = None
    for index, entity in enumerate(scene.entities):
        if entity.letter == VIOLATION:
            told = index if scene.text[entity.at - 1 : entity.at + 2] == f"对{VIOLATION}的" else None
        elif entity.letter == SANCTION and told is not None:
            between = scene.text[scene.entities[told].at : entity.at]
            if len(between) > LONGEST or any(mark in between for mark in "；;。\n"):
                told = None
                continue
            innocent = tuple(who for who in found[index] if who not in guilty)
            found[told] += tuple(who for who in innocent if who not in found[told])
