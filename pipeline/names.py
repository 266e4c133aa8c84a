"""Which mentions of names are one person."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .lexicon import words

_SPACE = re.compile(r"[\s\u3000]+")
_MASK = re.compile(r"[某×xX✕*＊ＸΧ〇○□■]")
_FAMILIAR = re.compile(r"[老小阿大]([\u4e00-\u9fff])")
_COMPOUND = frozenset(word for word in words("surname") if len(word) == 2)


def same_people(names: Sequence[str], *, introduced: Sequence[bool]) -> list[int]:
    """Give each mention the number of its person, from 0 in order of first mention.

    Parameters
    ----------
    names
        The mentions in order of the text; white space inside does not matter.
    introduced
        Whether a post stands directly before the mention: such a mention is somebody new, unless the very
        same name was there before or it is a familiar one (``老佟``).
    """
    plain = [_SPACE.sub("", name) for name in names]
    whole = {name for name in plain if _is_whole(name)}
    people: dict[str, int] = {}
    found = []
    count = 0
    for name, is_introduced in zip(plain, introduced, strict=True):
        if name not in people:
            target = None if is_introduced and not _FAMILIAR.fullmatch(name) else _fuller(name, whole)
            known = people.get(name if target is None else target)
            if known is None:
                known, count = count, count + 1
            people[name] = known
            if target is not None:
                people[target] = known
        found.append(people[name])
    numbers = {person: number for number, person in enumerate(dict.fromkeys(found))}
    return [numbers[person] for person in found]


def surname(name: str) -> str:
    """Return the first part of a Chinese name: two characters for a compound surname, else one."""
    return name[:2] if name[:2] in _COMPOUND else name[:1]


def _is_whole(name: str) -> bool:
    return len(name) > 1 and not _MASK.search(name) and not _FAMILIAR.fullmatch(name)


def _fuller(name: str, whole: set[str]) -> str | None:
    """Find the one full name that a shorter, familiar or masked one stands for."""
    familiar = _FAMILIAR.fullmatch(name)
    if familiar:
        fits = [full for full in whole if familiar[1] in full and full != name]
        first = [full for full in fits if full.startswith(familiar[1])]
        fits = first or fits
    elif _MASK.search(name):
        family = surname(name)
        fits = [full for full in whole if surname(full) == family]
    else:
        fits = [full for full in whole if len(full) > len(name) and full.endswith(name)]
    return fits[0] if len(fits) == 1 else None
