"""Label Studio's JSON: a list of tasks, spans as regions of type ``labels``, cases as relations labelled ``case``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from .doccano import RELATION, from_record, to_record, units_of
from .errors import AnnotationError
from .notice import Notice

_OURS = ("id", "meta", "cases")


class _Value(BaseModel):
    model_config = ConfigDict(extra="ignore")
    start: int
    end: int
    labels: list[str] = Field(min_length=1, max_length=1)
    text: str | None = None


class _Result(BaseModel):
    """A region, or a relation between two."""

    model_config = ConfigDict(extra="ignore")
    type: str
    id: str | None = None
    value: _Value | None = None
    from_id: str | None = None
    to_id: str | None = None
    direction: Literal["left", "right", "bi"] = "right"
    labels: list[str] = Field(default_factory=list)


class _Annotation(BaseModel):
    model_config = ConfigDict(extra="ignore")
    result: list[_Result]
    was_cancelled: bool = False


class _Task(BaseModel):
    model_config = ConfigDict(extra="ignore")
    id: int | None = None
    data: dict[str, Any]
    annotations: list[_Annotation] = Field(default_factory=list)


def to_task(notice: Notice) -> dict[str, object]:
    """Return a notice as Label Studio imports it; offsets are code points from 0, end excluded.

    The labelling config has ``<Labels name="label" toName="text">``, ``<Text name="text" value="$text"/>`` and
    ``<Relation value="case"/>``.
    """
    record: dict[str, Any] = to_record(notice)
    spans = [
        {
            "id": f"e{span['id']}",
            "from_name": "label",
            "to_name": "text",
            "type": "labels",
            "value": {
                "start": span["start_offset"],
                "end": span["end_offset"],
                "text": notice.text[span["start_offset"] : span["end_offset"]],
                "labels": [span["label"]],
            },
        }
        for span in record["entities"]
    ]
    drawn = [
        {
            "type": "relation",
            "from_id": f"e{link['from_id']}",
            "to_id": f"e{link['to_id']}",
            "direction": "right",
            "labels": [link["type"]],
        }
        for link in record["relations"]
    ]
    data = {"text": notice.text, **{key: record[key] for key in _OURS}}
    return {"data": data, "annotations": [{"result": [*spans, *drawn]}]}


def from_task(task: Mapping[str, Any], *, where: str, default_id: str = "") -> Notice:
    """Return the notice of one task: the marks of its annotation, its cases as in `doccano.from_record`.

    Older versions of Label Studio count UTF-16; the text that is stored with a region tells.

    Raises
    ------
    AnnotationError
        At ``where``: not such a task, none or several annotations, or what `doccano.from_record` refuses.
    """
    try:
        parsed = _Task.model_validate(task)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "the task"
        raise AnnotationError(f"not a task of Label Studio: {field}: {first['msg']}", where=where) from None
    done = [annotation for annotation in parsed.annotations if not annotation.was_cancelled]
    if len(done) != 1:
        raise AnnotationError(f"has {len(done)} annotations: export the tasks that have one", where=where)
    regions = [(each.id, each.value) for each in done[0].result if each.type == "labels" and each.value is not None]
    record = {
        **parsed.data,
        "entities": [
            {"id": name, "start_offset": value.start, "end_offset": value.end, "label": value.labels[0]}
            for name, value in regions
        ],
        "relations": [
            dict(zip(("from_id", "to_id"), _ends(each), strict=True))
            for each in done[0].result
            if each.type == "relation" and each.labels in ([], [RELATION])
        ],
        "offset_unit": _unit(str(parsed.data.get("text", "")), [value for _, value in regions]),
    }
    return from_record(record, where=where, default_id=default_id if parsed.id is None else f"{default_id}-{parsed.id}")


def read_label_studio(path: Path) -> list[Notice]:
    """Read a JSON export; a task without an id of ours gets the name of the file and its own number.

    Raises
    ------
    AnnotationError
        With the path: not UTF-8, not a list of tasks, or a task that is wrong (see `from_task`).
    """
    try:
        tasks = json.loads(path.read_bytes().decode("utf-8-sig"))
        TypeAdapter(list[dict[str, Any]]).validate_python(tasks)
    except ValueError:
        what = "not a list of tasks in UTF-8: export from Label Studio as JSON, not as JSON-MIN"
        raise AnnotationError(what, where=str(path)) from None
    return [
        from_task(task, where=f"{path}: task {number}", default_id=path.stem)
        for number, task in enumerate(tasks, start=1)
    ]


def write_label_studio(notices: Iterable[Notice], path: Path) -> None:
    """Write a list of tasks, UTF-8; `read_label_studio` gives the same notices back."""
    tasks = [to_task(notice) for notice in notices]
    path.write_bytes((json.dumps(tasks, ensure_ascii=False, indent=1) + "\n").encode("utf-8"))


def _ends(relation: _Result) -> tuple[str | None, str | None]:
    ends = (relation.from_id, relation.to_id)
    return ends[::-1] if relation.direction == "left" else ends


def _unit(text: str, values: Iterable[_Value]) -> str:
    """Say in which unit all regions are where their text stands."""
    places = units_of(text, "utf-16")
    code_points = {place: index for index, place in enumerate(places)}

    def stands(value: _Value) -> bool:
        start, end = code_points.get(value.start), code_points.get(value.end)
        return start is not None and end is not None and text[start:end] == value.text

    told = [value for value in values if value.text is not None]
    if all(text[value.start : value.end] == value.text for value in told):
        return "code-point"
    return "utf-16" if all(map(stands, told)) else "code-point"
