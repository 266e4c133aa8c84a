"""doccano JSONL: one JSON object a line, cases as relations of type ``case``."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, Literal
from zipfile import BadZipFile, ZipFile

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError, model_validator

from .errors import AnnotationError
from .links import Link, Members, cases_of_links, links, members
from .notice import LABELS, Entity, Notice

RELATION = "case"
Unit = Literal["code-point", "utf-16"]

# A small zip can unpack to more than the memory holds.
_LARGEST = 1 << 30


class _Span(BaseModel):
    """An entity, as doccano writes it: an object, or a list of start, end and label."""

    model_config = ConfigDict(extra="ignore")
    start_offset: int
    end_offset: int
    label: str
    id: int | str | None = None

    @model_validator(mode="before")
    @classmethod
    def _name_items(cls, value: object) -> object:
        if isinstance(value, list | tuple) and len(value) == 3:
            return dict(zip(("start_offset", "end_offset", "label"), value, strict=True))
        return value


class _Relation(BaseModel):
    """A relation between two entities, by their ids."""

    model_config = ConfigDict(extra="ignore")
    from_id: int | str
    to_id: int | str
    type: str = RELATION


class _Record(BaseModel):
    """One line; doccano writes what it knows of a text beside it, at the top level."""

    model_config = ConfigDict(extra="allow")
    id: str | int | None = None
    text: str = Field(validation_alias=AliasChoices("text", "data"))
    entities: list[_Span] = Field(
        default_factory=list, validation_alias=AliasChoices("entities", "label", "labels", "annotations")
    )
    relations: list[_Relation] | None = None
    meta: dict[str, Any] | None = None
    cases: dict[int, list[tuple[int, int]]] = Field(default_factory=dict)
    offset_unit: Unit = "code-point"

    @model_validator(mode="before")
    @classmethod
    def _drop_nulls(cls, value: object) -> object:
        # An export has a null where another of its records has a value.
        return {key: item for key, item in value.items() if item is not None} if isinstance(value, Mapping) else value


def to_record(notice: Notice, *, unit: Unit = "code-point") -> dict[str, object]:
    """Return a notice as doccano imports it; offsets count ``unit`` from 0, end excluded.

    ``relations`` show the cases, each entity linked to the head of its case; ``cases`` (number → start and
    end of its entities) keeps their numbers, which relations have no room for. doccano's pages count UTF-16,
    so that an emoji is two; a record in this unit says so in ``offset_unit``.
    """
    places = units_of(notice.text, unit)
    spans = [(places[entity.start], places[entity.end]) for entity in notice.entities]
    return {
        "id": notice.id,
        "text": notice.text,
        "meta": dict(notice.meta),
        "entities": [
            {"id": index, "label": entity.label, "start_offset": start, "end_offset": end}
            for index, (entity, (start, end)) in enumerate(zip(notice.entities, spans, strict=True))
        ],
        "relations": [
            {"id": index, "from_id": member, "to_id": head, "type": RELATION}
            for index, (member, head) in enumerate(links(notice.entities))
        ],
        "cases": {
            str(number): [list(spans[index]) for index in indices]
            for number, indices in members(notice.entities).items()
        },
        **({} if unit == "code-point" else {"offset_unit": unit}),
    }


def from_record(record: Mapping[str, Any], *, where: str, default_id: str = "") -> Notice:
    """Return the notice of one line.

    Entities stand in ``entities``, ``annotations``, ``label`` or ``labels``, as objects or as
    ``[start, end, label]``; their offsets count what ``offset_unit`` says, code points by default. Where
    relations were edited after `to_record`, the relations win and the cases are numbered anew in order of
    mention. Strings that doccano keeps at the top level become ``meta``.

    Raises
    ------
    AnnotationError
        At ``where``: a field is missing or of a wrong type, a label is unknown, an offset lies outside the text or
        inside a character, a relation leads nowhere, or spans overlap.
    """
    try:
        parsed = _Record.model_validate(record)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "the record"
        raise AnnotationError(f"not a doccano record: {field}: {first['msg']}", where=where) from None
    if parsed.offset_unit != "code-point":
        _to_code_points(parsed, where)
    spans = sorted(parsed.entities, key=lambda span: (span.start_offset, span.end_offset))
    entities = [Entity(span.start_offset, span.end_offset, span.label) for span in spans]
    for entity in entities:
        if entity.label not in LABELS:
            what = f"unknown label {entity.label!r} at {entity.start}: use one of {', '.join(LABELS)}"
            raise AnnotationError(what, where=where)
    numbers: defaultdict[int, list[int]] = defaultdict(list)
    for number, indices in sorted(_cases(parsed, spans, entities, where).items()):
        for index in indices:
            numbers[index].append(number)
    extra = {key: value for key, value in (parsed.model_extra or {}).items() if isinstance(value, str)}
    meta = extra if parsed.meta is None else parsed.meta
    try:
        return Notice(
            id=default_id if parsed.id is None else str(parsed.id),
            text=parsed.text,
            meta={key: str(value) for key, value in meta.items() if value is not None},
            entities=tuple(
                Entity(entity.start, entity.end, entity.label, tuple(numbers[index]))
                for index, entity in enumerate(entities)
            ),
        )
    except AnnotationError as error:
        raise AnnotationError(error.what, where=where) from None


def read_doccano(path: Path) -> list[Notice]:
    """Read a JSONL file, or the zip of an export; a record without an id gets the name of the file and its line.

    Raises
    ------
    AnnotationError
        With ``path:line``: not UTF-8, not JSON, or not a record (see `from_record`); with the path: not a zip of one
        file.
    """
    try:
        content = _content(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise AnnotationError(f"not UTF-8 (byte {error.start}): save it as UTF-8", where=str(path)) from None
    notices: list[Notice] = []
    for number, line in enumerate(content.split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path}:{number}"
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            raise AnnotationError(f"not JSON: {error.msg}", where=f"{where}:{error.colno}") from None
        if not isinstance(record, dict):
            raise AnnotationError("not a JSON object: write one object a line", where=where)
        notices.append(from_record(record, where=where, default_id=f"{path.stem}-{number}"))
    return notices


def write_doccano(notices: Iterable[Notice], path: Path) -> None:
    """Write one JSON object a line, UTF-8; `read_doccano` gives the same notices back."""
    lines = (json.dumps(to_record(notice), ensure_ascii=False) + "\n" for notice in notices)
    path.write_bytes("".join(lines).encode("utf-8"))


def _content(path: Path) -> bytes:
    if path.suffix.lower() != ".zip":
        return path.read_bytes()
    try:
        with ZipFile(path) as packed:
            names = packed.namelist()
            if len(names) != 1:
                what = f"holds {len(names)} files, one an annotator: unpack it, and compare them with corpus agreement"
                raise AnnotationError(what, where=str(path))
            if packed.getinfo(names[0]).file_size > _LARGEST:
                raise AnnotationError(f"unpacks to more than {_LARGEST >> 20} MiB: unpack it first", where=str(path))
            return packed.read(names[0])
    except BadZipFile:
        raise AnnotationError("not a zip: export it again", where=str(path)) from None


def units_of(text: str, unit: Unit) -> Sequence[int]:
    """Return where each character of a text begins, counted in the unit, and where the text ends."""
    if unit == "code-point":
        return range(len(text) + 1)
    return list(accumulate((2 if character > "\uffff" else 1 for character in text), initial=0))


def _to_code_points(parsed: _Record, where: str) -> None:
    """Bring all offsets of a record into code points."""
    found = {place: index for index, place in enumerate(units_of(parsed.text, parsed.offset_unit))}
    for span in parsed.entities:
        for offset in (span.start_offset, span.end_offset):
            if offset not in found:
                what = f"the offset {offset} ({parsed.offset_unit}) is outside the text or inside a character"
                raise AnnotationError(what, where=where)
        span.start_offset, span.end_offset = found[span.start_offset], found[span.end_offset]
    parsed.cases = {
        number: [(found[start], found[end]) for start, end in spans if start in found and end in found]
        for number, spans in parsed.cases.items()
    }


def _cases(parsed: _Record, spans: list[_Span], entities: list[Entity], where: str) -> Members:
    by_span = {(entity.start, entity.end): index for index, entity in enumerate(entities)}
    recorded = {
        number: tuple(sorted(by_span[span] for span in places if span in by_span))
        for number, places in parsed.cases.items()
    }
    if parsed.relations is None:
        return recorded
    by_id = {span.id: index for index, span in enumerate(spans) if span.id is not None}
    drawn: list[Link] = []
    for relation in parsed.relations:
        if relation.type != RELATION:
            continue
        if relation.from_id not in by_id or relation.to_id not in by_id:
            what = f"a relation links {relation.from_id} to {relation.to_id}, but there are no two such entities"
            raise AnnotationError(what, where=where)
        drawn.append((by_id[relation.from_id], by_id[relation.to_id]))
    return cases_of_links(entities, drawn, recorded)
