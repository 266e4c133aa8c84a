"""Writes tagged notices, one after the other: JSON lines, CSV, Parquet, spaCy's DocBin, FollowTheMoney."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Literal

from spacy.tokens import DocBin
from spacy.vocab import Vocab

from ..corpus.docbin import to_doc
from ..corpus.errors import InputError
from .columns import arrow_schema, column_values
from .ftm import entities_of
from .rows import Headers, column_names, rows_of, write_case_parquet, write_csv
from .tagged import TaggedNotice

Rows = Literal["cases", "notices"]
Writer = Callable[[Iterable[TaggedNotice], BinaryIO], None]
"""Takes tagged notices as they come and writes them into a binary stream."""

# A row group of Parquet is held in memory until it is full.
_GROUP_NOTICES = 512
_GROUP_CHARACTERS = 4_000_000


def stays_in_parts(out: str) -> bool:
    """Tell whether an output is a folder of Parquet parts: its name ends with ``/``."""
    return out.endswith("/")


def ending_of(out: str) -> str:
    """Return the ending that stands for the format of an output; ``-`` and a name without an ending are JSON lines."""
    if stays_in_parts(out):
        return ".parquet"
    name = Path(out).name.lower()
    ending = ".ftm.json" if name.endswith(".ftm.json") else Path(name).suffix
    return ".jsonl" if out == "-" or not ending else ending


def writer_for(out: str, *, rows: Rows | None = None, headers: Headers = "en") -> Writer:
    """Choose the writer by the ending of a file's name; ``-`` and a name without an ending are JSON lines.

    Parameters
    ----------
    out
        Where is written.
    rows
        What is a row or a line; by default a case in CSV, a notice elsewhere.
    headers
        Language of the headers of tables of cases.

    Raises
    ------
    InputError
        When no writer has this ending, or its format has no such rows or headers.
    """
    ending = ending_of(out)
    if ending not in WRITERS:
        raise InputError(f"no format is called {ending}: choose one of {', '.join(WRITERS)}", where=out)
    chosen = rows or ("cases" if ending == ".csv" else "notices")
    if chosen == "notices" and ending == ".csv":
        raise InputError("CSV has one row a case: write .parquet or .jsonl for one a notice", where=out)
    if chosen == "cases" and ending not in CASE_WRITERS:
        raise InputError(f"{ending} has no rows of cases: choose one of {', '.join(CASE_WRITERS)}", where=out)
    if chosen == "notices" and headers != "en":
        raise InputError("only tables of cases have headers to choose: add --rows cases", where=out)
    return partial(CASE_WRITERS[ending], headers=headers) if chosen == "cases" else WRITERS[ending]


def write_jsonl(tagged: Iterable[TaggedNotice], stream: BinaryIO) -> None:
    """Write one record a line, UTF-8."""
    for each in tagged:
        stream.write(json_line(each.record()))


def json_line(record: dict[str, Any]) -> bytes:
    """Return a line of JSON; half a character, as names of files may hold, is written as its escape."""
    return (json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8", "backslashreplace")


def write_case_jsonl(tagged: Iterable[TaggedNotice], stream: BinaryIO, *, headers: Headers = "en") -> None:
    """Write one case a line, with the columns of tables as keys."""
    for each in tagged:
        for row in rows_of(each):
            stream.write(json_line(dict(zip(column_names(headers), row.values(), strict=True))))


def write_parquet(tagged: Iterable[TaggedNotice], stream: BinaryIO) -> None:
    """Write one row a notice, the record's columns, entities and cases as lists of structs, in row groups."""
    import pyarrow as arrow  # slow to load, and of no use to other formats
    from pyarrow import parquet

    schema = arrow_schema()
    with parquet.ParquetWriter(stream, schema, compression="zstd") as file:
        group: list[dict[str, Any]] = []
        characters = 0
        for each in tagged:
            group.append(column_values(each))
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


def write_ftm(tagged: Iterable[TaggedNotice], stream: BinaryIO) -> None:
    """Write one FollowTheMoney entity a line; see `ftm`."""
    for each in tagged:
        for entity in entities_of(each):
            stream.write(json_line(entity))


WRITERS: dict[str, Writer] = {
    ".jsonl": write_jsonl,
    ".ndjson": write_jsonl,
    ".csv": write_csv,
    ".parquet": write_parquet,
    ".spacy": write_spacy,
    ".ftm.json": write_ftm,
}
"""Ending of a file's name → its writer."""

CASE_WRITERS: dict[str, Callable[..., None]] = {
    ".jsonl": write_case_jsonl,
    ".ndjson": write_case_jsonl,
    ".csv": write_csv,
    ".parquet": write_case_parquet,
}
"""Those that write one row a case, with ``headers``."""
