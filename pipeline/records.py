"""Files that hold many notices: JSON lines, JSON lists, CSV, Parquet, read record by record."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Literal

from ..corpus.errors import InputError
from .encoding import SAMPLE, detect
from .sources import Prefixed

Format = Literal["text", "jsonl", "json", "csv", "parquet"]

_DELIMITERS = ",\t;|"
_BATCH = 256
_FIRST_LINES = 5
_LONGEST_HEADER = 20_000
# The reader of csv keeps one limit for all; a notice may be long.
_LONGEST_FIELD = 2**31 - 1


def _mark_broken(error: UnicodeError) -> tuple[str, int]:
    """Put half a character, as no text has one, in the place of bytes that are none; every codec can call this."""
    return "\udcff", error.end if isinstance(error, UnicodeDecodeError) else 0


_BROKEN = "tongbao.broken"
codecs.register_error(_BROKEN, _mark_broken)


@dataclass(frozen=True, slots=True)
class Record:
    """One record: where it stands (``path:line``), its text, and its other fields."""

    where: str
    text: str
    fields: Mapping[str, object]


def tell_format(head: bytes, *, ending: str, text_field: str, where: str) -> Format:
    """Tell what a file holds from its beginning; its ending counts only where the content leaves it open.

    Raises
    ------
    InputError
        When the beginning is empty, binary or in no known encoding.
    """
    if head.startswith(b"PAR1"):
        return "parquet"
    encoding, start = detect(head, where=where, whole=len(head) < SAMPLE, forgive=True)
    text = head[start:].decode(encoding, "ignore").lstrip("\ufeff \t\r\n")
    first, line_feed, _ = text.partition("\n")
    lines_of_json = ending in (".jsonl", ".ndjson")
    if text.startswith("{") and '"' in text[:1000]:
        objects = map(_is_object, text.split("\n", _FIRST_LINES)[:_FIRST_LINES])
        return "jsonl" if lines_of_json or not line_feed or any(objects) else "json"
    if text.startswith("[") and (ending == ".json" or text[1:].lstrip()[:1] in ("{", '"')):
        return "json"
    if lines_of_json:
        return "jsonl"
    if ending in (".csv", ".tsv"):
        return "csv"
    if len(first) > _LONGEST_HEADER:
        return "text"
    cells = _cells(first.strip(), _delimiter(first, text_field))
    return "csv" if len(cells) > 1 and text_field in cells else "text"


def read_records(stream: BinaryIO, kind: Format, *, text_field: str, where: str) -> Iterator[Record | InputError]:
    """Read the records of a file in constant memory, but for a JSON list.

    A record that cannot be read comes as the error that tells why; the rest goes on.

    Parameters
    ----------
    text_field
        The key or column that holds the text.

    Raises
    ------
    InputError
        When the file as a whole cannot be read, or has no such column.
    """
    if kind == "parquet":
        return _read_parquet(stream, text_field, where)
    if kind == "json":
        return _read_json(stream, text_field, where)
    head = stream.read(SAMPLE)
    encoding, start = detect(head, where=where, whole=len(head) < SAMPLE, forgive=True)
    chained = io.BufferedReader(Prefixed(head[start:], stream))
    # A broken byte spoils its own record only, so it is let through and found there.
    newline = "" if kind == "csv" else "\n"
    lines = io.TextIOWrapper(chained, encoding=encoding, errors=_BROKEN, newline=newline)
    return (_read_csv if kind == "csv" else _read_jsonl)(lines, text_field, where)


def _read_jsonl(lines: io.TextIOWrapper, text_field: str, where: str) -> Iterator[Record | InputError]:
    for number, line in enumerate(lines, 1):
        place = f"{where}:{number}"
        if not line.strip("\ufeff \t\r\n"):
            continue
        if not line.isascii() and _is_broken(line):
            yield InputError("broken bytes in the line: save the file anew as UTF-8", where=place)
            continue
        try:
            loaded = json.loads(line.lstrip("\ufeff"))
        except (ValueError, RecursionError) as error:
            yield InputError(f"not a JSON object ({_first_words(error)}): write one object a line", where=place)
            continue
        yield record_of(loaded, text_field, place)


def _read_json(stream: BinaryIO, text_field: str, where: str) -> Iterator[Record | InputError]:
    data = stream.read()
    encoding, start = detect(data, where=where)
    try:
        loaded = json.loads(data[start:].decode(encoding))
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"not JSON ({_first_words(error)}): correct it, or write one object a line", where=where
        ) from None
    for number, entry in enumerate(loaded if isinstance(loaded, list) else [loaded], 1):
        yield record_of(entry, text_field, f"{where}:record {number}" if isinstance(loaded, list) else where)


def _read_csv(lines: io.TextIOWrapper, text_field: str, where: str) -> Iterator[Record | InputError]:
    csv.field_size_limit(_LONGEST_FIELD)
    first = lines.readline()
    header = 1
    while first and not first.strip("\ufeff \t\r\n"):
        first = lines.readline()
        header += 1
    delimiter = _delimiter(first, text_field)
    columns = [cell.strip() for cell in _cells(first.lstrip("\ufeff"), delimiter)]
    if text_field not in columns:
        raise no_field("column", text_field, columns, where)
    rows = csv.reader(lines, delimiter=delimiter)
    while True:
        place = f"{where}:{header + rows.line_num + 1}"
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield InputError(f"not a row of CSV ({error}): quote the field", where=place)
            continue
        if not any(row):
            continue
        if any(map(_is_broken, row)):
            yield InputError("broken bytes in the row: save the file anew as UTF-8", where=place)
            continue
        yield record_of(dict(zip(columns, row, strict=False)), text_field, place)


def _read_parquet(stream: BinaryIO, text_field: str, where: str) -> Iterator[Record | InputError]:
    import pyarrow as arrow  # slow to load, and of no use to other formats
    from pyarrow import parquet

    try:
        table = parquet.ParquetFile(stream if stream.seekable() else io.BytesIO(stream.read()))
    except (arrow.ArrowException, OSError) as error:
        raise InputError(f"not a Parquet file ({_first_words(error)}): write it anew", where=where) from None
    columns = table.schema_arrow.names
    if text_field not in columns:
        raise no_field("column", text_field, columns, where)
    # Nested columns and bytes cannot tell anything about a notice.
    idle = (arrow.types.is_nested, arrow.types.is_binary, arrow.types.is_large_binary)
    wanted = [
        field.name
        for field in table.schema_arrow
        if field.name == text_field or not any(is_kind(field.type) for is_kind in idle)
    ]
    number = 0
    try:
        for batch in table.iter_batches(batch_size=_BATCH, columns=wanted):
            for row in batch.to_pylist():
                number += 1
                yield record_of(row, text_field, f"{where}:row {number}")
    except (arrow.ArrowException, OSError, UnicodeDecodeError) as error:
        raise InputError(f"broken behind row {number} ({_first_words(error)})", where=where) from None


def record_of(loaded: object, text_field: str, where: str) -> Record | InputError:
    """Make a record of what was read; what cannot be one comes as the error that tells why."""
    if not isinstance(loaded, dict):
        return InputError("not an object with fields: write one object a notice", where=where)
    if text_field not in loaded:
        return no_field("field", text_field, list(map(str, loaded)), where)
    text = loaded[text_field]
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError:
            return InputError(f"the {text_field!r} is not UTF-8: store it as text", where=where)
    if text is None or text == "":
        return InputError(f"the {text_field!r} is empty", where=where)
    if not isinstance(text, str):
        return InputError(f"the {text_field!r} is no text but {type(text).__name__}", where=where)
    if _is_broken(text):
        return InputError(f"the {text_field!r} holds half a character (a lone surrogate)", where=where)
    return Record(where, text, {key: value for key, value in loaded.items() if key != text_field})


def no_field(what: str, text_field: str, found: Sequence[str], where: str) -> InputError:
    """Say that there is no such column or field, and which ones there are."""
    names = ", ".join(found[:20]) or "none"
    return InputError(f"no {what} {text_field!r}; it has {names}: name the one with the text", where=where)


def _delimiter(header: str, text_field: str) -> str:
    """Choose the sign that sets the wanted column apart in the header, else the commonest."""
    cut = [sign for sign in _DELIMITERS if text_field in _cells(header, sign)]
    return cut[0] if cut else max(_DELIMITERS, key=header.count)


def _cells(line: str, delimiter: str) -> list[str]:
    """Cut a header; a line that CSV does not know has no cells."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _is_broken(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _first_words(error: BaseException) -> str:
    return str(error).partition("\n")[0][:120] or type(error).__name__
