"""NER sets of others, with labels of their own: columns (BIO, BIOES, BMES) and CLUENER's JSON lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from .errors import AnnotationError
from .notice import LABELS, Entity, Notice

COLUMN_ENDINGS = (".bio", ".bioes", ".bmes", ".conll")
JSON_ENDINGS = (".json", ".jsonl")

_OUR_HEADER = re.compile(r"# [\w-]+: ")
_ROW = re.compile(r"(.)[ \t]+([^ \t]+)[ \t]*")
_TAG = re.compile(r"([BIMES])-(\S+)")


class _Line(BaseModel):
    """One line of CLUENER: ``label`` is type → surface → starts and ends, the end included."""

    model_config = ConfigDict(extra="forbid", strict=True)
    text: str
    label: dict[str, dict[str, list[tuple[int, int]]]]
    id: int | str | None = None


@dataclass(frozen=True, slots=True)
class ForeignSet:
    """What a file of others holds.

    Parameters
    ----------
    notices
        One an item of the file, called after the file and its number from 1; entities have any label and no case.
    left_out
        Number of spans left out because a longer one (of two as long: the first) overlaps them.
    cut
        Number of entities that begin or end where an empty line cuts them, as their tags say.
    """

    notices: tuple[Notice, ...]
    left_out: int = 0
    cut: int = 0

    def remarks(self) -> list[str]:
        """Say what is not as in the file."""
        found = []
        if self.left_out:
            found.append(f"{self.left_out} nested or overlapping spans left out, the longest kept")
        if self.cut:
            found.append(f"{self.cut} parts of entities that an empty line cuts, each kept as an entity")
        return found


@dataclass(frozen=True, slots=True)
class _Row:
    character: str
    place: str
    label: str
    where: str

    @property
    def tag(self) -> str:
        return f"{self.place}-{self.label}" if self.label else self.place


def is_foreign(path: Path) -> bool:
    """Say whether a file is a set of others: columns without our header, or JSON whose ``label`` is an object."""
    ending = path.suffix.lower()
    if path.is_dir() or ending not in (*COLUMN_ENDINGS, *JSON_ENDINGS):
        return False
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as lines:
            first = next((line for line in lines if line.strip()), "")
    except OSError:
        return False  # whoever reads it as gold of ours says why it cannot be read
    if ending in COLUMN_ENDINGS:
        return bool(first) and _OUR_HEADER.match(first) is None
    if ending == ".json":
        return not first.lstrip().startswith("[")  # which is Label Studio's list
    try:
        value = json.loads(first)
    except ValueError:
        return False
    return isinstance(value, dict) and isinstance(value.get("label"), dict)


def read_foreign(path: Path) -> ForeignSet:
    """Read a set that `is_foreign` knows.

    Raises
    ------
    AnnotationError
        With ``path:line``: a line is not what its format asks for, a tag continues nothing or leaves an entity
        open inside a text, or a surface does not stand at its offsets.
    """
    try:
        lines = path.read_bytes().decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise AnnotationError(f"not UTF-8 (byte {error.start}): save it as UTF-8", where=str(path)) from None
    except OSError as error:
        raise AnnotationError(f"cannot be read: {error.strerror}", where=str(path)) from None
    numbered = [(f"{path}:{number}", line.removesuffix("\r")) for number, line in enumerate(lines, start=1)]
    if path.suffix.lower() in COLUMN_ENDINGS:
        return _read_columns(numbered, path.stem)
    return _read_cluener(numbered, path.stem)


def labels_of(notices: Iterable[Notice]) -> tuple[str, ...]:
    """Return our labels in their order, then the foreign ones that occur, sorted."""
    used = {entity.label for notice in notices for entity in notice.entities}
    return LABELS + tuple(sorted(used.difference(LABELS)))


def refuse_foreign(notices: Iterable[Notice], *, where: str) -> None:
    """Make sure that all labels are ours.

    Raises
    ------
    AnnotationError
        At ``where``, naming the first foreign label.
    """
    for notice in notices:
        for entity in notice.entities:
            if entity.label not in LABELS:
                what = f"{entity.label!r} in {notice.id!r} is none of {', '.join(LABELS)}: only .spacy holds others"
                raise AnnotationError(what, where=where)


def _read_columns(lines: list[tuple[str, str]], stem: str) -> ForeignSet:
    rows = [None if not line.strip(" \t") else _row(line, where) for where, line in lines]
    # Where entities have an end tag, one without it is a mistake; in BIO it is how they end.
    closed = any(row is not None and row.place in ("M", "E", "S") for row in rows)
    notices: list[Notice] = []
    cut = 0
    for is_gap, block in groupby(rows, key=lambda row: row is None):
        if is_gap:
            continue
        text = [row for row in block if row is not None]
        cut += (text[0].place in ("I", "M", "E")) + (closed and text[-1].place in ("B", "I", "M"))
        entities = tuple(_entities(text, closed=closed))
        notices.append(Notice(f"{stem}-{len(notices) + 1}", "".join(row.character for row in text), {}, entities))
    return ForeignSet(tuple(notices), cut=cut)


def _row(line: str, where: str) -> _Row:
    row = _ROW.fullmatch(line)
    if row is None:
        raise AnnotationError("write one character, a blank or tab, and its tag; empty lines part texts", where=where)
    if row[2] == "O":
        return _Row(row[1], "O", "", where)
    tag = _TAG.fullmatch(row[2])
    if tag is None:
        raise AnnotationError(f"unknown tag {row[2]!r}: write O, or B, I, M, E or S, '-' and a label", where=where)
    return _Row(row[1], tag[1], tag[2], where)


def _entities(rows: list[_Row], *, closed: bool) -> Iterator[Entity]:
    # An entity at the edge of a text may be half of one that an empty line cut in two.
    start = 0 if rows[0].place in ("I", "M", "E") else -1
    for index, row in enumerate(rows):
        if row.place in ("I", "M", "E"):
            if start < 0 or rows[start].label != row.label:
                raise AnnotationError(f"{row.tag} continues nothing: begin with B-{row.label}", where=row.where)
        elif start >= 0:
            if closed:
                last = rows[index - 1]
                mend = f"write {'E' if index - start > 1 else 'S'}-{last.label}"
                raise AnnotationError(f"{last.tag} leaves its entity open: {mend}", where=last.where)
            yield Entity(start, index, rows[start].label)
            start = -1
        if row.place == "B":
            start = index
        elif row.place == "S":
            yield Entity(index, index + 1, row.label)
        elif row.place == "E":
            yield Entity(start, index + 1, row.label)
            start = -1
    if start >= 0:
        yield Entity(start, len(rows), rows[start].label)


def _read_cluener(lines: list[tuple[str, str]], stem: str) -> ForeignSet:
    notices: list[Notice] = []
    left_out = 0
    for where, line in lines:
        if not line.strip():
            continue
        try:
            item = _Line.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(map(str, first["loc"])) or "the line"
            what = f'not {{"text": …, "label": {{type: {{surface: [[start, end]]}}}}}}: {field}: {first["msg"]}'
            raise AnnotationError(what, where=where) from None
        spans = list(_spans(item, where))
        entities = _longest(spans)
        left_out += len(spans) - len(entities)
        notices.append(Notice(f"{stem}-{len(notices) + 1}", item.text, {}, entities))
    return ForeignSet(tuple(notices), left_out)


def _spans(item: _Line, where: str) -> Iterator[Entity]:
    for label, surfaces in item.label.items():
        for surface, places in surfaces.items():
            for start, last in places:
                there = item.text[start : last + 1] if 0 <= start <= last else ""
                if not there or there != surface:
                    what = f"{label} {surface!r} does not stand at [{start}, {last}], where {there!r} is: mend it"
                    raise AnnotationError(f"{what} (counted from 0, the end included)", where=where)
                yield Entity(start, last + 1, label)


def _longest(spans: list[Entity]) -> tuple[Entity, ...]:
    kept: list[Entity] = []
    for span in sorted(spans, key=lambda span: (span.start - span.end, span)):
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    return tuple(sorted(kept))
