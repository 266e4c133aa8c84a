"""The inline format of gold notices: ``# key: value`` lines, an empty line, text with ``[span](LABEL 1,2)``."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from .errors import AnnotationError
from .notice import LABELS, Entity, Notice

_LABELS = "|".join(LABELS)
_MARK = re.compile(rf"\[([^\[\]]+)\]\(({_LABELS})(?: (\d+(?:,\d+)*))?\)")
_BROKEN = re.compile(rf"\]\(\s*[A-Z]{{4,}}|\((?:{_LABELS})(?:\s[\d,\s]*)?\)")
_HEADER = re.compile(r"# ([\w-]+): (.*)")


def parse(content: str, *, where: str = "<string>") -> Notice:
    r"""Read one notice from its inline form.

    Parameters
    ----------
    content
        The whole file. Line ends are kept as they are; header lines end with ``\n``.
    where
        The name that errors give, usually the path.

    Raises
    ------
    AnnotationError
        With ``where:line:column``, both from 1: no header, no id, a key twice, or broken mark-up.
    """
    meta, body_start = _parse_header(content, where)
    notice_id = meta.pop("id")
    body = content[body_start:]

    def fail(position: int, what: str) -> AnnotationError:
        return AnnotationError(what, where=_place(content, body_start + position, where))

    pieces: list[str] = []
    entities: list[Entity] = []
    length = 0
    last = 0
    for mark in _MARK.finditer(body):
        _check_unmarked(body, last, mark.start(), fail)
        between = body[last : mark.start()]
        span, label, numbers = mark.groups()
        cases = tuple(int(number) for number in numbers.split(",")) if numbers else ()
        if list(cases) != sorted(set(cases)) or (cases and cases[0] < 1):
            raise fail(mark.start(3), f"case numbers start at 1, ascend and stand once each, not {numbers!r}")
        start = length + len(between)
        length = start + len(span)
        pieces += (between, span)
        entities.append(Entity(start, length, label, cases))
        last = mark.end()
    _check_unmarked(body, last, len(body), fail)
    pieces.append(body[last:])
    return Notice(id=notice_id, text="".join(pieces), meta=meta, entities=tuple(entities))


def format_notice(notice: Notice) -> str:
    """Write one notice in its inline form; `parse` gives the same notice back.

    Raises
    ------
    AnnotationError
        When the notice has no inline form: brackets in a span, text that looks like mark-up, line breaks in a value.
    """
    header = {"id": notice.id, **notice.meta}
    lines = [f"# {key}: {value}\n" for key, value in header.items()]
    pieces: list[str] = []
    last = 0
    for entity in notice.entities:
        numbers = " " + ",".join(map(str, entity.cases)) if entity.cases else ""
        pieces += (notice.text[last : entity.start], f"[{notice.span_text(entity)}]({entity.label}{numbers})")
        last = entity.end
    pieces.append(notice.text[last:])
    content = "".join(lines) + "\n" + "".join(pieces)
    back = parse(content, where=notice.id)
    if (back.id, back.text, dict(back.meta), back.entities) != (
        notice.id,
        notice.text,
        dict(notice.meta),
        notice.entities,
    ):
        raise AnnotationError(
            "its text or a value of its header looks like mark-up, so it has no inline form: keep it as doccano JSONL",
            where=notice.id,
        )
    return content


def read_notice(path: Path) -> Notice:
    """Read one gold file.

    Raises
    ------
    AnnotationError
        When the file is not UTF-8 or not in the inline form.
    """
    try:
        content = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise AnnotationError(f"not UTF-8 (byte {error.start}): save it as UTF-8", where=str(path)) from None
    return parse(content, where=str(path))


def write_notice(notice: Notice, path: Path) -> None:
    """Write one gold file, UTF-8, byte for byte what `read_notice` reads back."""
    path.write_bytes(format_notice(notice).encode("utf-8"))


def _parse_header(content: str, where: str) -> tuple[dict[str, str], int]:
    meta: dict[str, str] = {}
    at = 0
    line_number = 0
    while True:
        line_number += 1
        end = content.find("\n", at)
        line = content[at:] if end < 0 else content[at:end]
        if end < 0 or line == "":
            break
        match = _HEADER.fullmatch(line)
        if match is None or line.endswith("\r"):
            mend = "save it with \\n line ends" if line.endswith("\r") else "write '# key: value'"
            what = f"not a header line, and no empty line before the text: {mend}"
            raise AnnotationError(what, where=f"{where}:{line_number}:1")
        key, value = match.groups()
        if key in meta:
            raise AnnotationError(f"key {key!r} stands twice in the header", where=f"{where}:{line_number}:3")
        meta[key] = value
        at = end + 1
    if end < 0:
        raise AnnotationError("no empty line between header and text", where=f"{where}:{line_number}:1")
    if not meta.get("id"):
        raise AnnotationError("no '# id: …' line in the header", where=f"{where}:1:1")
    return meta, at + 1


def _check_unmarked(body: str, start: int, end: int, fail: Callable[[int, str], AnnotationError]) -> None:
    broken = _BROKEN.search(body, start, end)
    if broken is not None:
        raise fail(
            broken.start(),
            f"broken mark-up near {body[max(start, broken.start() - 12) : broken.end() + 8]!r}: write "
            f"[text](LABEL) or [text](LABEL 1,2) with a label of {', '.join(LABELS)} and no bracket in the text",
        )


def _place(content: str, position: int, where: str) -> str:
    line = content.count("\n", 0, position) + 1
    column = position - (content.rfind("\n", 0, position) + 1) + 1
    return f"{where}:{line}:{column}"
