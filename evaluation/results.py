"""Figures that were measured, as they are kept in ``evaluation/results``: one JSON file a learner, and three others."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..corpus.errors import InputError

RESULTS = Path(__file__).parent / "results"
SHIPPED, AGREEMENT, CURVE = "shipped", "agreement", "curve"
RESERVED = frozenset({SHIPPED, AGREEMENT, CURVE})
"""The files of the folder that are of no learner."""
LEARNER = "learner"
"""The group of learners that are compared as such; the other groups are variants of the default."""

_NUMBERS = re.compile(r"\[\n\s+([-+.\deE,\s]+?)\n\s+\]")


class _Stored(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Rate(_Stored):
    """Precision, recall and F1 from 0 to 1, the 95 % interval of F1, and how many there were to find."""

    p: float = Field(ge=0, le=1)
    r: float = Field(ge=0, le=1)
    f: float = Field(ge=0, le=1)
    interval: tuple[float, float] | None = None
    support: int = Field(ge=0)


class FalseAlarms(_Stored):
    """What `negatives.Negatives` counts."""

    notices: int = Field(ge=0)
    clean: int = Field(ge=0)
    faultless: int = Field(ge=0)
    spurious: dict[str, int]
    interval: tuple[float, float] | None = None


class Part(_Stored):
    """The scores of a part of a gold set, see `slices`."""

    by: str
    value: str
    notices: int
    rate: Rate


class Figures(_Stored):
    """What was measured on a gold set of the guideline's labels.

    Parameters
    ----------
    gold
        Digest of the gold notices: figures of different digests cannot be compared in pairs.
    notices, folds
        How many notices; in how many folds they were found, None without cross-validation.
    micro, labels, overlap
        Strict rates in all and by label; rates by overlap, in all.
    features
        Strict rates of the feature articles alone, None where there is none.
    negatives
        False alarms in texts without a case.
    counts
        ``found/spurious/missed`` of each notice, strictly, in order of ids, with blanks between.
    slices
        By kind of notice; kept of the shipped model alone.
    made_from
        Fingerprint of what was learned from, None where nobody said.
    """

    gold: str
    notices: int
    folds: int | None = None
    micro: Rate
    labels: dict[str, Rate]
    overlap: Rate
    features: Rate | None = None
    negatives: FalseAlarms
    counts: str = Field(pattern=r"^\d+/\d+/\d+( \d+/\d+/\d+)*$")
    slices: tuple[Part, ...] = ()
    made_from: dict[str, str] | None = None


class Cost(_Stored):
    """What a learner costs: seconds to fit, bytes on disk, characters a second, and jieba.posseg's in the same run."""

    seconds_fit: float | None = None
    model_bytes: int
    chars_per_second: float
    jieba_chars_per_second: float


class Learner(_Stored):
    """A learner, or a variant of one, and what was measured of it; every part may be missing."""

    name: str = Field(pattern=r"^[\w.+-]+$")
    group: str = LEARNER
    note: str = ""
    config: str | None = None
    overrides: dict[str, Any] = {}
    folds: Figures | None = None
    heldout: Figures | None = None
    public: dict[Literal["resume", "cluener"], Rate] = {}
    cost: Cost | None = None


class Counts(_Stored):
    """How large a gold set is."""

    notices: int
    characters: int
    cases: int
    spans: dict[str, int]


class Shipped(_Stored):
    """The shipped model on the held-out notices; ``links`` by what they join: entities predicted, entities of gold."""

    model: str
    made_from: dict[str, str]
    train: Counts
    heldout: Counts
    figures: Figures
    links: dict[Literal["predicted", "gold"], Rate]
    subjects_found: int
    subjects: int
    false_cases: int


class Agreed(_Stored):
    """How far two annotations agree: spans strictly, and memberships of cases."""

    notices: int
    note: str = ""
    micro: Rate
    labels: dict[str, Rate]
    cases: float


class Point(_Stored):
    """A model of the learning curve, scored strictly on the held-out notices."""

    notices: int = Field(gt=0)
    seed: int
    p: float
    r: float
    f: float
    labels: dict[str, float]


class Curve(_Stored):
    """The learning curve, as ``tongbao train --curve`` writes it."""

    config: str
    overrides: dict[str, Any] = {}
    made_from: dict[str, str]
    points: tuple[Point, ...] = Field(min_length=1)


Kept = TypeVar("Kept", Learner, Shipped, Agreed, Curve)


def read_result(path: Path, kind: type[Kept]) -> Kept:
    """Read a file of results.

    Raises
    ------
    InputError
        When it cannot be read, is no JSON, or has other fields; says which.
    """
    try:
        return kind.model_validate_json(path.read_bytes())
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(path)) from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the whole file"
        what = f"not a file of results: {place}: {first['msg']}; measure it again with `tongbao card`"
        raise InputError(what, where=str(path)) from None


def write_result(path: Path, result: Kept) -> None:
    """Write a file of results: JSON, one value a line, intervals and missing values aside.

    Raises
    ------
    InputError
        When it cannot be written.
    """
    content = json.dumps(result.model_dump(exclude_defaults=True, mode="json"), ensure_ascii=False, indent=2)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_NUMBERS.sub(_in_one_line, content) + "\n", "utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", where=str(path)) from None


def read_learners(folder: Path = RESULTS) -> list[Learner]:
    """Read all learners of a folder, in order of their names.

    Raises
    ------
    InputError
        When a file is broken, or named otherwise than its learner.
    """
    learners = []
    for path in sorted(folder.glob("*.json")):
        if path.stem in RESERVED:
            continue
        learner = read_result(path, Learner)
        if learner.name != path.stem:
            raise InputError(f"is the learner {learner.name!r}: call the file {learner.name}.json", where=str(path))
        learners.append(learner)
    return learners


def _in_one_line(numbers: re.Match[str]) -> str:
    return f"[{' '.join(numbers[1].split())}]"
