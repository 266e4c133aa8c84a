"""Puts files of one format together into one of the same format, in the memory that one of them takes."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from spacy.tokens import DocBin

# Parts are small; row groups that are too small make a file slow to read.
_GROUP_BYTES = 16_000_000


def join(parts: Iterable[Path], stream: BinaryIO, *, ending: str) -> None:
    """Write what is in all parts into a stream, in order.

    Parameters
    ----------
    parts
        Files as the writer of the format made them; each is read when it comes.
    ending
        The ending that stands for their format.
    """
    _JOINS.get(ending, _join_lines)(parts, stream)


def _join_lines(parts: Iterable[Path], stream: BinaryIO) -> None:
    for path in parts:
        with path.open("rb") as part:
            shutil.copyfileobj(part, stream)
        # Whoever reads a pipe wants to see what is done.
        stream.flush()


def _join_csv(parts: Iterable[Path], stream: BinaryIO) -> None:
    for number, path in enumerate(parts):
        with path.open("rb") as part:
            if number:
                part.readline()  # names of columns, in which there are no line breaks
            shutil.copyfileobj(part, stream)


def _join_parquet(parts: Iterable[Path], stream: BinaryIO) -> None:
    import pyarrow as arrow  # slow to load, and of no use to other formats
    from pyarrow import parquet

    tables = map(parquet.read_table, parts)
    first = next(tables, None)
    if first is None:
        return
    with parquet.ParquetWriter(stream, first.schema, compression="zstd") as file:
        for group in _groups([first], tables):
            file.write_table(arrow.concat_tables(group).combine_chunks())


def _groups(group: list[Any], tables: Iterator[Any]) -> Iterator[list[Any]]:
    for table in tables:
        if sum(each.nbytes for each in group) >= _GROUP_BYTES:
            yield group
            group = []
        group.append(table)
    yield group


def _join_spacy(parts: Iterable[Path], stream: BinaryIO) -> None:
    joined: DocBin | None = None
    for path in parts:
        part = DocBin(store_user_data=True).from_disk(path)
        if joined is None:
            joined = part
        else:
            joined.merge(part)
    if joined is not None:
        stream.write(joined.to_bytes())


_JOINS: dict[str, Callable[[Iterable[Path], BinaryIO], None]] = {
    ".csv": _join_csv,
    ".parquet": _join_parquet,
    ".spacy": _join_spacy,
}
"""Ending → how its files are joined, where that is more than one behind the other."""
