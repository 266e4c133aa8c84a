"""Which mentions of names are one person."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

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
    whole = _Whole({name for name in plain if _is_whole(name)})
    people: dict[str, int] = {}
    found = []
    count = 0
    for name, is_introduced in zip(plain, introduced, strict=True):
        if name not in people:
            target = None if is_introduced and not _FAMILIAR.fullmatch(name) else whole.fuller(name)
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


class _Whole:
    """The full names of a text, by what a shorter, familiar or masked one keeps of them."""

    def __init__(self, names: Collection[str]) -> None:
        self.by_letter: dict[str, set[str]] = {}
        self.by_surname: dict[str, set[str]] = {}
        self.by_tail: dict[str, set[str]] = {}
        for name in names:
            self.by_surname.setdefault(surname(name), set()).add(name)
            for place, letter in enumerate(name):
                self.by_letter.setdefault(letter, set()).add(name)
                if place:
                    self.by_tail.setdefault(name[place:], set()).add(name)

    def fuller(self, name: str) -> str | None:
        """Find the one full name that another stands for."""
        familiar = _FAMILIAR.fullmatch(name)
        if familiar:
            fits = self.by_letter.get(familiar[1], set()) - {name}
            fits = {full for full in fits if full.startswith(familiar[1])} or fits
        elif _MASK.search(name):
            fits = self.by_surname.get(surname(name), set())
        else:
            fits = self.by_tail.get(name, set())
        return next(iter(fits)) if len(fits) == 1 else None
