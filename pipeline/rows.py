"""Flat tables, one row a case: for spreadsheets (CSV) and data frames (Parquet), with English or Chinese headers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, BinaryIO, Literal, get_args

from .norms import norms_of
from .tagged import TaggedNotice

Headers = Literal["en", "zh"]
HEADERS: tuple[Headers, ...] = get_args(Headers)

COLUMNS = {
    "id": "编号",
    "source": "来源",
    "title": "标题",
    "date": "通报日期",
    "publisher": "发布机构",
    "case": "案件序号",
    "official": "姓名",
    "subject": "处理对象",
    "positions": "职务",
    "violations": "违纪违法事实",
    "sanctions": "处理措施",
    "codes": "措施代码",
    "case_date": "处理日期",
    "organ": "决定机关",
    "amounts": "金额（元）",
    "stage": "阶段",
    "four_forms": "四种形态（推定）",
    "warnings": "存疑",
    "lowest_score": "最低概率",
    "model": "模型",
}
"""English name of each column → Chinese; ``date`` is the notice's, ``case`` counts from 1 in its notice,
``codes`` are the norms of its measures, ``lowest_score`` is of its entities."""

SEPARATOR = " | "
"""Between the posts, wrongs, measures, codes or amounts in a cell of CSV."""

_LISTS = ("positions", "violations", "sanctions", "codes", "warnings")
# A spreadsheet takes a cell that begins so for a formula, full-width signs too.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
# A row group of Parquet is held in memory until it is full.
_GROUP = 2048


def column_names(headers: Headers) -> list[str]:
    """Return the names of the columns in a language."""
    return list(COLUMNS.values() if headers == "zh" else COLUMNS)


def rows_of(tagged: TaggedNotice) -> Iterator[dict[str, Any]]:
    """Yield a row for each case of a notice, with the keys of `COLUMNS`; a notice without a case has none."""
    record = tagged.record()
    entities = record["entities"]
    of_notice = {key: record[key] for key in ("id", "source", "title", "date", "publisher")}
    for number, (case, found) in enumerate(zip(tagged.cases, record["cases"], strict=True), start=1):
        indices = (*case.mentions, *case.positions, *case.violations, *case.sanctions)
        scores = [score for index in indices if (score := entities[index]["score"]) is not None]
        lists = {key: [entities[index]["text"] for index in found[key]] for key in _LISTS[:3]}
        yield {
            **of_notice,
            "case": number,
            **{key: found[key] for key in ("official", "subject")},
            **lists,
            "codes": [code for index in case.sanctions for code in _codes(entities[index])],
            "case_date": found["date"],
            **{key: found[key] for key in ("organ", "amounts", "stage", "four_forms", "warnings")},
            "lowest_score": min(scores, default=None),
            "model": record["model"],
        }


def write_csv(tagged: Iterable[TaggedNotice], stream: BinaryIO, *, headers: Headers = "en") -> None:
    """Write one row a case, with `COLUMNS`, for spreadsheets: UTF-8 with a BOM, no cell a formula."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="backslashreplace", newline="")
    rows = csv.writer(text)
    rows.writerow(column_names(headers))
    for each in tagged:
        rows.writerows(map(csv_cells, rows_of(each)))
    # The stream is not ours to close.
    text.detach()


def csv_cells(row: dict[str, Any]) -> list[str | int | float | None]:
    """Return the cells of a row as CSV has them: lists joined by `SEPARATOR`, no cell a formula."""
    return [_cell(value) for value in row.values()]


def write_case_parquet(tagged: Iterable[TaggedNotice], stream: BinaryIO, *, headers: Headers = "en") -> None:
    """Write one row a case, with `COLUMNS`: lists as lists, texts as they are, in row groups."""
    import pyarrow as arrow  # slow to load, and of no use to other formats
    from pyarrow import parquet

    names = column_names(headers)
    text, number = arrow.string(), arrow.float64()
    types = dict.fromkeys(COLUMNS, text) | dict.fromkeys(_LISTS, arrow.list_(text))
    types |= {
        "case": arrow.int64(),
        "four_forms": arrow.int64(),
        "amounts": arrow.list_(number),
        "lowest_score": number,
    }
    schema = arrow.schema(list(zip(names, types.values(), strict=True)))
    rows = (
        dict(zip(names, map(whole_characters, row.values()), strict=True)) for each in tagged for row in rows_of(each)
    )
    with parquet.ParquetWriter(stream, schema, compression="zstd") as file:
        while group := list(islice(rows, _GROUP)):
            file.write_table(arrow.Table.from_pylist(group, schema=schema))


def whole_characters(value: Any) -> Any:
    """Write half characters as escapes, for Parquet's texts are UTF-8."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, dict):
        return {key: whole_characters(each) for key, each in value.items()}
    if isinstance(value, list):
        return [whole_characters(each) for each in value]
    return value


def _codes(entity: dict[str, Any]) -> list[str]:
    """Return the codes of a measure, where the pipeline gives any; those that its wording leaves open, with ``/``."""
    return [norm.code or "/".join(norm.codes) for norm in norms_of(entity["norm"])]


def _cell(value: Any) -> str | int | float | None:
    if isinstance(value, list):
        value = SEPARATOR.join(f"{each:.12g}" if isinstance(each, float) else each for each in value)
    return _no_formula(value) if isinstance(value, str) else value


def _no_formula(value: str) -> str:
    """Put an apostrophe before what a spreadsheet would run; a blank in front does not stop all of them."""
    return f"'{value}" if value.lstrip().startswith(_FORMULA) or value[:1] in ("\t", "\r", "\n") else value
