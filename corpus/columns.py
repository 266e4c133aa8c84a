"""CoNLL-like columns, BIO or BMES: one character a line, for sequence taggers other than spaCy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from .errors import AnnotationError
from .notice import LABELS, Entity, Notice

Scheme = Literal["bio", "bmes"]
Split = Literal["sentence", "paragraph", "notice"]

_ENDS = {
    "sentence": re.compile(r"[。！？!?][”’」』）)]*[\r\n]*|[\r\n]+"),
    "paragraph": re.compile(r"[\r\n]+"),
    "notice": None,
}
_ESCAPES = {"\\": "\\\\", " ": "\\s", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_UNESCAPES = {escape: character for character, escape in _ESCAPES.items()}
_HEADER = re.compile(r"# ([\w-]+): (.*)")
_TAG = re.compile(rf"([BIMES])-({'|'.join(LABELS)})")


def tags(notice: Notice, *, scheme: Scheme) -> list[str]:
    """Return one tag a character: ``O``, or ``B-LABEL`` and the like, of BIO or BMES."""
    found = ["O"] * len(notice.text)
    inside = "I" if scheme == "bio" else "M"
    for entity in notice.entities:
        start, end, label = entity.start, entity.end, entity.label
        found[start:end] = [f"B-{label}"] + [f"{inside}-{label}"] * (end - start - 1)
        if scheme == "bmes":
            found[end - 1] = f"E-{label}" if end - start > 1 else f"S-{label}"
    return found


def format_columns(notice: Notice, *, scheme: Scheme, split: Split = "sentence", plain: bool = False) -> str:
    r"""Write one notice as lines of a character, a tab and its tag, with an empty line after each part.

    Parameters
    ----------
    notice
        Its text is split nowhere inside an entity.
    scheme
        ``bio`` or ``bmes``.
    split
        After what an empty line stands.
    plain
        Two columns and no white space, as most taggers want it. Otherwise nothing is lost: the header stands
        in front as ``# key: value``, white space as ``\s \t \n \r``, a backslash as ``\\``, and the third
        column holds the numbers of the cases (``_`` for none).

    Raises
    ------
    AnnotationError
        When a value of the header holds a line break.
    """
    tagged = tags(notice, scheme=scheme)
    numbers = ["_"] * len(notice.text)
    for entity in notice.entities:
        if entity.cases:
            numbers[entity.start : entity.end] = [",".join(map(str, entity.cases))] * (entity.end - entity.start)
    lines: list[str] = []
    if not plain:
        lines = [f"# {key}: {value}" for key, value in {"id": notice.id, **notice.meta}.items()]
        if not all(_HEADER.fullmatch(line) for line in lines):
            raise AnnotationError("a key or a value of its header breaks the line: mend it", where=notice.id)
    for start, end in _parts(notice, split):
        part = []
        for index in range(start, end):
            character = notice.text[index]
            if not plain:
                part.append(f"{_ESCAPES.get(character, character)}\t{tagged[index]}\t{numbers[index]}")
            elif not character.isspace():
                part.append(f"{character}\t{tagged[index]}")
        if part:
            lines += [*part, ""]
    return "".join(line + "\n" for line in lines)


def write_columns(
    notices: Iterable[Notice], path: Path, *, scheme: Scheme, split: Split = "sentence", plain: bool = False
) -> None:
    """Write notices one after the other, UTF-8; `read_columns` gives them back unless they are ``plain``."""
    content = "".join(format_columns(notice, scheme=scheme, split=split, plain=plain) for notice in notices)
    path.write_bytes(content.encode("utf-8"))


_NO_ID = "no '# id: …' in front: `tongbao corpus convert` makes .spacy of columns without a header"


def read_columns(path: Path) -> list[Notice]:
    """Read what `write_columns` wrote, in either scheme.

    Raises
    ------
    AnnotationError
        With ``path:line``: no ``# id`` in front (the plain form has lost its white space), a line without
        three columns, or a tag that continues nothing.
    """
    try:
        content = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise AnnotationError(f"not UTF-8 (byte {error.start}): save it as UTF-8", where=str(path)) from None
    notices: list[Notice] = []
    header: dict[str, str] = {}
    rows: list[tuple[str, str, str, str]] = []
    for number, line in enumerate(content.split("\n"), start=1):
        where = f"{path}:{number}"
        match = _HEADER.fullmatch(line)
        if match is not None:
            if "id" in header and match[1] == "id":
                notices.append(_notice(header, rows))
                header, rows = {}, []
            header[match[1]] = match[2]
            continue
        if line == "":
            continue
        if "id" not in header:
            raise AnnotationError(_NO_ID, where=where)
        columns = line.split("\t")
        if len(columns) != 3 or len(_UNESCAPES.get(columns[0], columns[0])) != 1:
            raise AnnotationError("not a character, a tag and case numbers with tabs between", where=where)
        rows.append((_UNESCAPES.get(columns[0], columns[0]), columns[1], columns[2], where))
    if header:
        if "id" not in header:
            raise AnnotationError(_NO_ID, where=str(path))
        notices.append(_notice(header, rows))
    return notices


def _notice(header: dict[str, str], rows: list[tuple[str, str, str, str]]) -> Notice:
    entities: list[Entity] = []
    open_label = ""
    for index, (_, tag, numbers, where) in enumerate(rows):
        if tag == "O":
            open_label = ""
            continue
        match = _TAG.fullmatch(tag)
        if match is None:
            raise AnnotationError(
                f"unknown tag {tag!r}: use O or a BIO or BMES tag of {', '.join(LABELS)}", where=where
            )
        place, label = match.groups()
        if place in "BS":
            cases = () if numbers == "_" else tuple(int(n) for n in numbers.split(",") if n.isdecimal())
            entities.append(Entity(index, index + 1, label, cases))
        elif label != open_label:
            raise AnnotationError(f"{tag} continues nothing: begin the entity with B-{label}", where=where)
        else:
            last = entities[-1]
            entities[-1] = Entity(last.start, index + 1, label, last.cases)
        open_label = label if place in "BIM" else ""
    meta = {key: value for key, value in header.items() if key != "id"}
    return Notice(id=header["id"], text="".join(row[0] for row in rows), meta=meta, entities=tuple(entities))


def _parts(notice: Notice, split: Split) -> Iterator[tuple[int, int]]:
    end_mark = _ENDS[split]
    inside = {offset for entity in notice.entities for offset in range(entity.start + 1, entity.end)}
    start = 0
    for match in end_mark.finditer(notice.text) if end_mark is not None else ():
        if match.end() not in inside:
            yield start, match.end()
            start = match.end()
    if start < len(notice.text):
        yield start, len(notice.text)
