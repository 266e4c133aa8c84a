"""The measures that notices tell of: their codes, ranks and legal sources, read from `taxonomy/*.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, TypeVar, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..corpus.errors import ModelError

Kind = Literal[
    "party",
    "party_body",
    "state",
    "administrative",
    "institution",
    "organisational",
    "accountability",
    "four_forms",
    "education",
    "supervision",
    "economic",
    "penalty",
    "judicial",
    "employment",
    "status",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
_AMBIGUOUS = "ambiguous"
# The one in C is ten times as fast, where it was built.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
M = TypeVar("M", bound=BaseModel)


class Source(BaseModel):
    """Where a measure is laid down; the article is that of the year's version, None where it is no single one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    regulation: str | None
    article: int | None
    year: int | None


class Row(BaseModel):
    """One measure.

    ``severity`` orders the measures of a kind, None for a name that leaves open which one it is. ``form`` is the one
    of the four forms of oversight (四种形态) that statistics count it under, None where that depends on the case.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = Field(pattern=r"^[a-z_]+\.[a-z_]+$")
    zh: tuple[str, ...] = Field(min_length=1)
    en: str
    severity: int | None
    form: Literal[1, 2, 3, 4] | None
    source: Source
    term: bool = False
    amount: bool = False
    derived: bool = False
    wordings: tuple[str, ...]

    @property
    def kind(self) -> str:
        """The part of the code before the point."""
        return self.code.partition(".")[0]


class Word(BaseModel):
    """A word that several measures share; ``usual`` is taken, as inferred, where context says nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    wordings: tuple[str, ...]
    codes: tuple[str, ...] = Field(min_length=2)
    usual: str | None = None


class _Rows(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1]
    kind: Kind
    rows: tuple[Row, ...]


class Combined(BaseModel):
    """A name of several measures, and the names that it is short for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    wording: str
    stands_for: str


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1]
    words: tuple[Word, ...]
    combined: tuple[Combined, ...]


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All measures by code, the words that several share, and names of several at once."""

    rows: dict[str, Row]
    words: tuple[Word, ...]
    combined: tuple[Combined, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A wording found in a measure: its place, and what it may stand for."""

    start: int
    end: int
    codes: tuple[str, ...]
    usual: str | None = None


@cache
def taxonomy() -> Taxonomy:
    """Read the files that ship.

    Raises
    ------
    ModelError
        When one is damaged.
    """
    rows: dict[str, Row] = {}
    for kind in KINDS:
        for row in _load(kind, _Rows).rows:
            if row.kind != kind or row.code in rows:
                raise ModelError(f"{row.code} stands twice or in the wrong file", where=f"taxonomy/{kind}.yaml")
            rows[row.code] = row
    shared = _load(_AMBIGUOUS, _Words)
    for word in shared.words:
        if not set(word.codes) <= rows.keys() or word.usual not in (None, *word.codes):
            raise ModelError(f"{word.wordings} names a code that no row has", where=f"taxonomy/{_AMBIGUOUS}.yaml")
    return Taxonomy(rows, shared.words, shared.combined)


def find_measures(text: str) -> list[Found]:
    """Find the wordings of measures in a normalised text without white space, the longest first where they overlap.

    Returns
    -------
    In order of the text, apart from each other; several where the text names several.
    """
    found = [
        Found(match.start(), match.end(), codes, usual)
        for pattern, codes, usual in _patterns()
        for match in pattern.finditer(text)
        if match.end() > match.start()
    ]
    # A name of its own goes before a word that is shared.
    found.sort(key=lambda each: (each.start - each.end, len(each.codes), each.start))
    kept: list[Found] = []
    for each in found:
        if all(each.end <= other.start or other.end <= each.start for other in kept):
            kept.append(each)
    return sorted(kept, key=lambda each: each.start)


def spelled_out(text: str) -> str:
    """Write the measures of a combined name side by side: ``双开`` becomes ``开除党籍、开除公职``."""
    for pattern, stands_for in _combined():
        text = pattern.sub(stands_for, text)
    return text


def form_of(codes: Iterable[str]) -> int | None:
    """Derive the one of the four forms (四种形态) that a case with these measures counts as: the gravest of theirs."""
    rows = taxonomy().rows
    return max((form for code in codes if code in rows and (form := rows[code].form) is not None), default=None)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], tuple[str, ...], str | None], ...]:
    tree = taxonomy()
    own = [(wording, (row.code,), None) for row in tree.rows.values() for wording in row.wordings]
    shared = [(wording, word.codes, word.usual) for word in tree.words for wording in word.wordings]
    return tuple((re.compile(wording), codes, usual) for wording, codes, usual in (*own, *shared))


@cache
def _combined() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(each.wording), each.stands_for) for each in taxonomy().combined)


def _load(name: str, model: type[M]) -> M:
    where = f"taxonomy/{name}.yaml"
    try:
        content = (files(__package__) / "taxonomy" / f"{name}.yaml").read_text("utf-8")
        return model.model_validate(yaml.load(content, Loader=_Loader))  # noqa: S506 - a safe loader
    except (OSError, yaml.YAMLError, ValidationError) as error:
        first = str(error).partition("\n")[0]
        raise ModelError(f"cannot be read ({first}): install tongbao again", where=where) from None
