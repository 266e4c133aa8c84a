"""Pseudonyms in place of the names of persons: in the text, its entities and cases, with offsets that still agree."""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import b32encode
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise
from typing import Any

from ..corpus.errors import InputError
from ..corpus.offsets import Edit, MappedText
from .names import same_people
from .tagged import TaggedEntity, TaggedNotice

PREFIX = "化名"
"""A pseudonym is this and ten letters or digits."""

_SHORTEST_KEY = 16
_BLANK = "某"
_SPACE = re.compile(r"\s+")
# 某某 and ××× stand for anybody: they are masked where they are marked, not wherever they occur.
_NOBODY = re.compile(r"[某×xX✕*＊ＸΧ〇○□■]*")


def mask_key(given: str | None = None) -> bytes:
    """Return the key of a run: the given one, or one that is made for this run and forgotten with it.

    Raises
    ------
    InputError
        When the given one is so short that names could be found by trying keys.
    """
    if given is None:
        return secrets.token_bytes(32)
    if len(given) < _SHORTEST_KEY:
        raise InputError(f"a key of {len(given)} characters can be guessed: give at least {_SHORTEST_KEY}")
    return given.encode("utf-8", "surrogateescape")


def masked(tagged: TaggedNotice, *, key: bytes) -> TaggedNotice:
    """Return a notice with pseudonyms in place of the names that the model marked.

    Every place where a marked name stands is masked, marked or not, in the text and in title, publisher, id and source.
    The forms of one person (full, masked, familiar name) become one pseudonym, made by HMAC of the key, the notice and
    the fullest form: a name alone is no person, so the same name in two notices becomes two pseudonyms. Offsets in the
    text count the masked text; the map to the source leads to the place of the name there.

    A name of one character is masked only where it is marked. Names that the model missed stay.
    """
    names = _pseudonyms(tagged, key)
    if not names:
        return tagged
    pattern = _pattern(names)

    def hidden(text: str) -> str:
        put = names.get(_plain(text)) or pattern.sub(lambda match: names[_plain(match[0])], text)
        return MappedText(put).edit(_blanks(put, pattern)).text

    notice = tagged.notice
    text = notice.text
    edits = list(_edits(text, tagged.entities, names, pattern))
    places = _moved([place for entity in tagged.entities for place in (entity.start, entity.end)], edits)
    mapped = (notice.offsets or MappedText(text)).edit(edits)
    mapped = mapped.edit(_blanks(mapped.text, pattern))
    entities = tuple(
        replace(entity, start=start, end=end, norm=_without_names(entity.norm, hidden))
        for entity, start, end in zip(tagged.entities, places[::2], places[1::2], strict=True)
    )
    cases = tuple(
        replace(
            case,
            official=case.official and hidden(case.official),
            subject=hidden(case.subject),
            organ=case.organ and hidden(case.organ),
            warnings=tuple(map(hidden, case.warnings)),
        )
        for case in tagged.cases
    )
    known = replace(
        notice,
        id=hidden(notice.id),
        text=mapped.text,
        meta={field: hidden(value) for field, value in notice.meta.items()},
        # Gold's own entities, if there are any, count the text that is no more.
        entities=(),
        source=notice.source and hidden(notice.source),
        offsets=mapped,
    )
    return TaggedNotice(known, entities, cases, tagged.model)


def _without_names(norm: dict[str, Any] | None, hidden: Callable[[str], str]) -> dict[str, Any] | None:
    """Mask the names in what a post's norm repeats of the text."""
    if norm is None:
        return None
    return {key: hidden(value) if isinstance(value, str) else value for key, value in norm.items()}


def _pseudonyms(tagged: TaggedNotice, key: bytes) -> dict[str, str]:
    """Return the pseudonym of each marked name, written without white space."""
    notice = tagged.notice
    officials = [index for index, entity in enumerate(tagged.entities) if entity.label == "OFFICIAL"]
    names = [_plain(notice.text[(e := tagged.entities[index]).start : e.end]) for index in officials]
    introduced = [
        index > 0
        and tagged.entities[index - 1].label == "POSITION"
        and tagged.entities[index - 1].end == tagged.entities[index].start
        for index in officials
    ]
    people = same_people(names, introduced=introduced)
    fullest: dict[int, str] = {}
    for person, name in zip(people, names, strict=True):
        fullest[person] = max(fullest.get(person, ""), name, key=len)
    scope = f"{notice.source or ''}\0{notice.id}\0"
    return {name: _pseudonym(key, scope + fullest[person]) for person, name in zip(people, names, strict=True)}


def _pseudonym(key: bytes, person: str) -> str:
    digest = hmac.digest(key, person.encode("utf-8", "surrogatepass"), "sha256")
    return PREFIX + b32encode(digest)[:10].decode("ascii")


def _pattern(names: Mapping[str, str]) -> re.Pattern[str]:
    """Return what finds the names in a text, longest first, with little white space inside."""
    findable = sorted((name for name in names if _is_findable(name)), key=lambda name: (-len(name), name))
    # Without a name it finds nothing.
    return re.compile("|".join(r"\s{0,2}".join(map(re.escape, name)) for name in findable) or r"(?!)")


def _is_findable(name: str) -> bool:
    return len(name) > 1 and _NOBODY.fullmatch(name) is None


def _edits(
    text: str, entities: Sequence[TaggedEntity], names: Mapping[str, str], pattern: re.Pattern[str]
) -> Sequence[Edit]:
    """Put pseudonyms for all names that cross no edge of an entity."""
    edits: list[Edit] = []
    officials = {entity.start: entity for entity in entities if entity.label == "OFFICIAL"}
    edges = sorted({0, len(text), *(place for entity in entities for place in (entity.start, entity.end))})
    for start, end in pairwise(edges):
        if start in officials:
            edits.append(Edit(start, end, names[_plain(text[start:end])]))
        else:
            edits += [
                Edit(match.start(), match.end(), names[_plain(match[0])])
                for match in pattern.finditer(text, start, end)
            ]
    return edits


def _moved(places: Sequence[int], edits: Sequence[Edit]) -> list[int]:
    """Return where places that lie inside no edit stand after the edits."""
    ends = [edit.end for edit in edits]
    shifts = [0, *accumulate(len(edit.replacement) - (edit.end - edit.start) for edit in edits)]
    return [place + shifts[bisect_right(ends, place)] for place in places]


def _blanks(text: str, pattern: re.Pattern[str]) -> list[Edit]:
    """Blank out names that still stand there, over an edge or made by what was put in, and keep the length."""
    characters = list(text)
    places: set[int] = set()
    while match := pattern.search("".join(characters)):
        for place in range(*match.span()):
            if not characters[place].isspace():
                characters[place] = _BLANK
                places.add(place)
    return [Edit(place, place + 1, _BLANK) for place in sorted(places)]


def _plain(name: str) -> str:
    return _SPACE.sub("", name)
