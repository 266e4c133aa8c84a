"""Data frames in, data frames out: what Spark's ``mapInPandas`` calls, and any engine that deals frames out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from spacy.language import Language

from ..corpus.notice import Notice
from . import load as loading
from .columns import arrow_schema, column_values
from .extra import need
from .frontmatter import known_meta
from .reading import notices_of
from .records import no_field, record_of
from .rejects import Reject
from .tagging import tag

if TYPE_CHECKING:
    import pandas as pd

# A record takes many times the memory of its text, and an engine may send frames of any size.
_ROWS = 256

_SPARK_TYPES = {"string": "string", "int64": "bigint", "double": "double"}


def frame_schema() -> str:
    """Return the columns of `tag_frames` as Spark writes a schema: those of the record, and ``reject``."""
    columns = [f"`{field.name}` {_spark_type(field.type)}" for field in arrow_schema()]
    return ", ".join([*columns, "`reject` string"])


def tag_frames(
    frames: Iterable[pd.DataFrame], *, model: str | None = None, text_field: str = "text"
) -> Iterator[pd.DataFrame]:
    """Tag the rows of data frames, one row each, lazily and in order.

    Parameters
    ----------
    frames
        Frames of pandas with a column of texts; ``id``, ``title``, ``date``, ``publisher``, ``url`` and their usual
        names are taken over, other columns are not.
    model
        What `load` takes. It is loaded once a process, however often this is called there.
    text_field
        Name of the column of texts.

    Yields
    ------
    DataFrame
        Up to 256 rows with the record's columns, each norm as JSON. ``reject`` is None; in a row that could not be
        tagged it says why, and of the others only ``id`` has a value, where one was given.

    Raises
    ------
    InputError
        When a frame has no such column.
    ModelError
        When the model cannot be used, or pandas is not installed.
    """
    need("pandas", extra="spark", where="tag_frames()")
    import pandas as pd  # of an extra

    nlp = _pipeline(model)
    empty = dict.fromkeys([*arrow_schema().names, "reject"])
    number = 0
    for frame in frames:
        if text_field not in frame.columns:
            raise no_field("column", text_field, list(map(str, frame.columns)), "frame")
        for start in range(0, len(frame), _ROWS):
            part = frame.iloc[start : start + _ROWS].astype(object)
            given = part.where(part.notna(), None).to_dict("records")
            rows = _tagged(given, nlp, text_field, number)
            number += len(rows)
            yield pd.DataFrame([{**empty, **row} for row in rows], dtype=object)


def _spark_type(kind: Any) -> str:
    from pyarrow import types

    if types.is_list(kind):
        return f"array<{_spark_type(kind.value_type)}>"
    if types.is_struct(kind):
        return f"struct<{', '.join(f'`{field.name}`: {_spark_type(field.type)}' for field in kind)}>"
    return _SPARK_TYPES[str(kind)]


@lru_cache(maxsize=1)
def _pipeline(model: str | None) -> Language:
    return loading.load(model)


def _tagged(given: list[dict[str, Any]], nlp: Language, text_field: str, before: int) -> list[dict[str, Any]]:
    """Return the row of each given one; ``before`` is how many there were in this process."""
    rows: list[dict[str, Any]] = []
    read: list[tuple[int, Notice]] = []
    for number, fields in enumerate(given):
        rejects: list[Reject] = []
        given_id = known_meta(fields).get("id")
        content = record_of(fields, text_field, given_id or f"row {before + number + 1}")
        read += [(number, notice) for notice in notices_of([content], "", on_reject=rejects.append)]
        rows.append({"id": given_id, "reject": str(rejects[0]) if rejects else None})
    failed: list[Reject] = []
    tagged = tag((notice for _, notice in read), nlp=nlp, on_reject=failed.append)
    found = {id(each.notice): column_values(each) for each in tagged}
    # Both come in the order of the notices.
    reasons = iter(failed)
    for number, notice in read:
        rows[number] = found.get(id(notice)) or {"id": notice.id, "reject": str(next(reasons))}
    return rows
