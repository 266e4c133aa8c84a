"""Writes tagged notices, one after the other: JSON lines, CSV, Parquet, spaCy's DocBin."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, BinaryIO

from spacy.tokens import DocBin
from spacy.vocab import Vocab

from ..corpus.docbin import to_doc
from ..corpus.errors import InputError
from .tagged import TaggedNotice

Writer = Callable[[Iterable[TaggedNotice], BinaryIO], None]
"""Takes tagged notices as they come and writes them into a binary stream."""

COLUMNS = (
    *("id", "source", "title", "date", "publisher", "case", "official", "subject"),
    *("positions", "violations", "sanctions", "case_date", "organ", "lowest_score", "model"),
)
"""Of CSV, one row a case: ``date`` is the notice's, ``case`` counts from 1, ``lowest_score`` is of its entities."""

SEPARATOR = " | "
"""Between the posts, wrongs or measures in a cell of CSV."""

_LATER = "FollowTheMoney arrives with a later version: write .jsonl for now"
# A spreadsheet takes a cell that begins so for a formula, full-width signs too.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
# A row group of Parquet is held in memory until it is full.
_GROUP_NOTICES = 512
_GROUP_CHARACTERS = 4_000_000


def writer_for(out: str) -> Writer:
    """Choose the writer by the ending of a file's name; ``-`` and a name without an ending are JSON lines.

    Raises
    ------
    InputError
        When no writer has this ending.
    """
    name = Path(out).name.lower()
    if name.endswith(".ftm.json"):
        raise InputError(_LATER, where=out)
    ending = Path(name).suffix
    if out == "-" or not ending:
        return write_jsonl
    if ending not in WRITERS:
        raise InputError(f"no format is called {ending}: choose one of {', '.join(WRITERS)}", where=out)
    return WRITERS[ending]


def write_jsonl(tagged: Iterable[TaggedNotice], stream: BinaryIO) -> None:
    """Write one record a line, UTF-8."""
    for each in tagged:
        stream.write(json_line(each.record()))


def json_line(record: dict[str, Any]) -> bytes:
    """Return a line of JSON; half a character, as names of files may hold, is written as its escape."""
    return (json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8", "backslashreplace")


def write_csv(tagged: Iterable[TaggedNotice], stream: BinaryIO) -> None:
    """Write one row a case, with `COLUMNS`, for spreadsheets: UTF-8 with a BOM, no cell a formula.

    A notice without a case has no row.
    """
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="backslashreplace", newline="")
    rows = csv.DictWriter(text, COLUMNS)
    rows.writeheader()
    for each in tagged:
        rows.writerows(_rows(each))
    # The stream is not ours to close.
    text.detach()


def write_parquet(tagged: Iterable[TaggedNotice], stream: BinaryIO) -> None:
    """Write one row a notice, the record's columns, entities and cases as lists of structs, in row groups."""
    import pyarrow as arrow  # slow to load, and of no use to other formats
    from pyarrow import parquet

    schema = _schema(arrow)
    with parquet.ParquetWriter(stream, schema, compression="zstd") as file:
        group: list[dict[str, Any]] = []
        characters = 0
        for each in tagged:
            group.append(_whole_characters(each.record()))
            characters += len(each.notice.text)
            if len(group) == _GROUP_NOTICES or characters >= _GROUP_CHARACTERS:
                file.write_table(arrow.Table.from_pylist(group, schema=schema))
                group, characters = [], 0
        if group:
            file.write_table(arrow.Table.from_pylist(group, schema=schema))


def write_spacy(tagged: Iterable[TaggedNotice], stream: BinaryIO) -> None:
    """Write a DocBin as gold has it: a token a character, case numbers in ``kb_id_``, id and meta in ``user_data``.

    The format is packed as a whole, so all notices are held in memory, some 50 bytes a character.
    """
    vocab = Vocab()
    attributes = ["ORTH", "SPACY", "ENT_IOB", "ENT_TYPE", "ENT_KB_ID"]
    docs = (to_doc(each.annotated(), vocab) for each in tagged)
    stream.write(DocBin(attributes, store_user_data=True, docs=docs).to_bytes())


WRITERS: dict[str, Writer] = {
    ".jsonl": write_jsonl,
    ".ndjson": write_jsonl,
    ".csv": write_csv,
    ".parquet": write_parquet,
    ".spacy": write_spacy,
}
"""Ending of a file's name → its writer."""


def _rows(tagged: TaggedNotice) -> Iterable[dict[str, object]]:
    record = tagged.record()
    texts = [entity["text"] for entity in record["entities"]]
    of_notice = {key: record[key] for key in ("id", "source", "title", "date", "publisher", "model")}
    for number, (case, found) in enumerate(zip(tagged.cases, record["cases"], strict=True), start=1):
        indices = (*case.mentions, *case.positions, *case.violations, *case.sanctions)
        scores = [score for index in indices if (score := record["entities"][index]["score"]) is not None]
        row = {
            **of_notice,
            **{key: found[key] for key in ("official", "subject", "organ")},
            **{
                key: SEPARATOR.join(texts[index] for index in found[key])
                for key in ("positions", "violations", "sanctions")
            },
            "case_date": found["date"],
        }
        safe = {key: _no_formula(value) for key, value in row.items()}
        yield {**safe, "case": number, "lowest_score": min(scores, default=None)}


def _no_formula(value: str | None) -> str | None:
    """Put an apostrophe before what a spreadsheet would run; a blank in front does not stop all of them."""
    if value is None:
        return None
    return f"'{value}" if value.lstrip().startswith(_FORMULA) or value[:1] in ("\t", "\r", "\n") else value


def _whole_characters(value: Any) -> Any:
    """Write half characters as escapes, for Parquet's texts are UTF-8."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, dict):
        return {key: _whole_characters(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_whole_characters(each) for each in value]
    return value


def _schema(arrow: Any) -> Any:
    text, number = arrow.string(), arrow.int64()
    entity = {**dict.fromkeys(("label", "text"), text), **dict.fromkeys(("start", "end"), number)}
    entity |= {"source_start": number, "source_end": number, "score": arrow.float64()}
    case = dict.fromkeys(("official", "subject"), text)
    case |= dict.fromkeys(("positions", "violations", "sanctions"), arrow.list_(number))
    case |= dict.fromkeys(("date", "organ"), text)
    case |= {"amounts": arrow.list_(arrow.float64()), "stage": text}
    columns = {
        **dict.fromkeys(("id", "source", "title", "date", "publisher", "text"), text),
        "entities": arrow.list_(arrow.struct(list(entity.items()))),
        "cases": arrow.list_(arrow.struct(list(case.items()))),
        "model": text,
    }
    return arrow.schema(list(columns.items()))
