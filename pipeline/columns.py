"""The record as columns, for Parquet and data frames: their types, and their values."""

from __future__ import annotations

import json
from typing import Any

from .rows import whole_characters
from .tagged import TaggedNotice


def column_values(tagged: TaggedNotice) -> dict[str, Any]:
    """Return the record with each norm as JSON, for what measures, posts and wrongs have to say differs."""
    record = tagged.record()
    for entity in record["entities"]:
        if entity["norm"] is not None:
            entity["norm"] = json.dumps(entity["norm"], ensure_ascii=False)
    values: dict[str, Any] = whole_characters(record)
    return values


def arrow_schema() -> Any:
    """Return the names and types of the columns, as a schema of Arrow."""
    import pyarrow as arrow  # slow to load, and of no use to other formats

    text, number = arrow.string(), arrow.int64()
    entity = {**dict.fromkeys(("label", "text"), text), **dict.fromkeys(("start", "end"), number)}
    entity |= {"source_start": number, "source_end": number, "score": arrow.float64(), "norm": text}
    case = dict.fromkeys(("official", "subject"), text)
    case |= dict.fromkeys(("positions", "violations", "sanctions"), arrow.list_(number))
    case |= dict.fromkeys(("date", "organ"), text)
    case |= {
        "amounts": arrow.list_(arrow.float64()),
        "stage": text,
        "scores": arrow.struct(
            [(name, arrow.list_(arrow.float64())) for name in ("positions", "violations", "sanctions")]
        ),
        "four_forms": number,
        "warnings": arrow.list_(text),
    }
    columns = {
        **dict.fromkeys(("id", "source", "title", "date", "publisher", "text"), text),
        "entities": arrow.list_(arrow.struct(list(entity.items()))),
        "cases": arrow.list_(arrow.struct(list(case.items()))),
        "model": text,
    }
    return arrow.schema(list(columns.items()))
