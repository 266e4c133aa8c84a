"""Records of a tagged batch, read back from the JSON lines that ``tongbao tag`` writes, and counted."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from ..corpus.errors import AnnotationError, InputError
from ..corpus.notice import Entity, Notice
from ..pipeline.case import Case
from ..pipeline.norming import measure_norms
from ..pipeline.norms import as_record, norms_of
from ..pipeline.stages import Stage
from ..pipeline.tagged import TaggedEntity, TaggedNotice

NOT_CODED = "not coded"
NOT_TOLD = "not told"
# So many months are drawn one by one; of a longer time the years are.
_MONTHS_SHOWN = 36
_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-\d\d)?)?")


class _Entity(BaseModel):
    label: str
    start: int
    end: int
    score: float | None = None
    norm: dict[str, Any] | None = None


class _Case(BaseModel):
    official: str | None = None
    subject: str
    positions: tuple[int, ...] = ()
    violations: tuple[int, ...] = ()
    sanctions: tuple[int, ...] = ()
    date: str | None = None
    organ: str | None = None
    amounts: tuple[float, ...] = ()
    stage: Stage | None = None


class _Record(BaseModel):
    """What is needed of a record; later versions may say more."""

    id: str
    source: str | None = None
    title: str | None = None
    date: str | None = None
    publisher: str | None = None
    text: str
    entities: tuple[_Entity, ...]
    cases: tuple[_Case, ...]
    model: str


@dataclass(frozen=True, slots=True)
class Counts:
    """What a batch tells of; every number counts cases.

    Parameters
    ----------
    over_time
        Month (``2021-08``), or year where more than three years are told of, ascending without gaps → cases.
    undated
        Those without a date of their own, in a notice without one.
    kinds
        Kind of measure → code → cases that have such a measure, most first. A measure without a code stands under
        `NOT_CODED`, by its wording.
    organs
        Body that decided, or else that published → cases, most first; `NOT_TOLD` where neither is known.
    stages
        Stage → cases, most first.
    """

    over_time: Mapping[str, int]
    undated: int
    kinds: Mapping[str, Mapping[str, int]]
    organs: Mapping[str, int]
    stages: Mapping[str, int]


def read_batch(path: Path) -> Iterator[TaggedNotice]:
    """Read records of JSON lines, one after the other; empty lines are passed over.

    Where a record says nothing of what its measures mean (``norm``), it is worked out.

    Raises
    ------
    InputError
        With ``path:line`` where a line is no record, or the file cannot be read.
    """
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _tagged(line, where=f"{path}:{number}")
    except UnicodeDecodeError:
        raise InputError("not UTF-8: give what `tongbao tag` wrote", where=str(path)) from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(path)) from None


def count_batch(batch: Sequence[TaggedNotice]) -> Counts:
    """Count the cases of a batch."""
    dates, organs, stages = Counter[str](), Counter[str](), Counter[str]()
    kinds: dict[str, Counter[str]] = {}
    for tagged in batch:
        for case in tagged.cases:
            dates[date_of(case, tagged)] += 1
            organs[organ_of(case, tagged)] += 1
            stages[case.stage or NOT_TOLD] += 1
            for kind, code in measures_of(case, tagged):
                kinds.setdefault(kind, Counter())[code] += 1
    undated = dates.pop("", 0)
    return Counts(
        over_time=_over_time(dates),
        undated=undated,
        kinds={
            kind: dict(codes.most_common()) for kind, codes in sorted(kinds.items(), key=lambda kind: -kind[1].total())
        },
        organs=dict(organs.most_common()),
        stages=dict(stages.most_common()),
    )


def measures_of(case: Case, tagged: TaggedNotice) -> set[tuple[str, str]]:
    """Return kind and code of the measures of a case, each once however often the notice says it."""
    found = set()
    for index in case.sanctions:
        entity = tagged.entities[index]
        coded = [(norm.kind, norm.code) for norm in norms_of(entity.norm) if norm.kind and norm.code]
        found |= set(coded) or {(NOT_CODED, tagged.notice.text[entity.start : entity.end])}
    return found


def date_of(case: Case, tagged: TaggedNotice) -> str:
    """Return the date of a case's measure, else of its notice, ISO; empty where neither is known or none is a date."""
    known = (case.date or "", tagged.notice.meta.get("date", ""))
    return next((date for date in known if _DATE.fullmatch(date)), "")


def organ_of(case: Case, tagged: TaggedNotice) -> str:
    """Return the body that decided on a case, else that which published the notice."""
    return case.organ or tagged.notice.meta.get("publisher") or NOT_TOLD


def _over_time(dates: Mapping[str, int]) -> dict[str, int]:
    months = Counter[str]()
    for date, count in dates.items():
        months[date[:7]] += count
    if not months:
        return {}
    first, last = min(months), max(months)
    n_months = 12 * (int(last[:4]) - int(first[:4])) + 12
    if n_months > _MONTHS_SHOWN or any(len(month) < 7 for month in months):
        years = Counter[str]()
        for month, count in months.items():
            years[month[:4]] += count
        return {str(year): years[str(year)] for year in range(int(first[:4]), int(last[:4]) + 1)}
    steps = range(_number(first), _number(last) + 1)
    return {month: months[month] for month in (f"{step // 12}-{step % 12 + 1:02}" for step in steps)}


def _number(month: str) -> int:
    return 12 * int(month[:4]) + int(month[5:7]) - 1


def _tagged(line: str, *, where: str) -> TaggedNotice:
    try:
        # Half a character, as names of files may hold, is no text for pydantic.
        whole = json.dumps(json.loads(line), ensure_ascii=False).encode("utf-8", "replace")
        record = _Record.model_validate_json(whole)
    except json.JSONDecodeError as error:
        raise InputError(f"not JSON ({error.msg}): give what `tongbao tag` wrote", where=where) from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the line"
        what = f"not a record ({place}: {first['msg']}): give what `tongbao tag --output OUT.jsonl` wrote"
        raise InputError(what, where=where) from None
    meta = {key: value for key in ("title", "date", "publisher") if (value := getattr(record, key))}
    spans = tuple(Entity(entity.start, entity.end, entity.label) for entity in record.entities)
    try:
        notice = Notice(record.id, record.text, meta, spans, record.source)
    except AnnotationError as error:
        raise InputError(f"not a record: {error.what}", where=where) from None
    cases = tuple(Case(**case.model_dump(), mentions=_mentions(case, notice)) for case in record.cases)
    for case in cases:
        if not all(0 <= index < len(spans) for index in (*case.positions, *case.violations, *case.sanctions)):
            raise InputError(f"not a record: the case of {case.subject!r} has an entity that is not there", where=where)
    entities = tuple(
        TaggedEntity(entity.start, entity.end, entity.label, entity.score, entity.norm) for entity in record.entities
    )
    return TaggedNotice(notice, _normed(notice, entities, cases), cases, record.model)


def _mentions(case: _Case, notice: Notice) -> tuple[int, ...]:
    """Find where a case's person is named in full, for a record does not say which names are mentions of him."""
    return tuple(
        index
        for index, entity in enumerate(notice.entities)
        if entity.label == "OFFICIAL" and notice.span_text(entity) == case.official
    )


def _normed(notice: Notice, entities: tuple[TaggedEntity, ...], cases: tuple[Case, ...]) -> tuple[TaggedEntity, ...]:
    """Give measures their norms, unless the pipeline that tagged the notice has given any."""
    if any(entity.norm for entity in entities):
        return entities
    norms = measure_norms(notice.text, [(entity.start, entity.end, entity.label) for entity in entities], cases)
    return tuple(
        replace(entity, norm=as_record(norms[index])) if index in norms else entity
        for index, entity in enumerate(entities)
    )
