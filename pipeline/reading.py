"""Reading: from files, folders and streams to notices, one bad input never stopping the rest."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import blake2b
from pathlib import Path

from ..corpus.errors import InputError, TongbaoError
from ..corpus.inline import parse
from ..corpus.notice import Notice
from ..corpus.offsets import Edit, MappedText
from .cleaning import clean
from .encoding import SAMPLE, decode
from .frontmatter import known_meta
from .furniture import imprint
from .records import Record, read_records, tell_format
from .rejects import Reject, log_reject, rejected
from .sources import STANDARD_INPUT, Prefixed, Source, find_sources

_GOLD = re.compile(r"(?:# [\w-]+: .*\n){0,20}# id: \S.*\n(?:# [\w-]+: .*\n){0,20}\n")
_META = ("title", "date", "publisher")

Content = str | Record | TongbaoError
"""What a source holds: the text of a whole file, a record, or why it cannot be read."""


def read(
    *inputs: str | Path,
    text_field: str = "text",
    on_reject: Callable[[Reject], None] | None = None,
) -> Iterator[Notice]:
    """Read notices lazily, in the order of the inputs.

    The content decides what a file is: text, Markdown with front matter, HTML, a gold notice in the
    inline form (its text alone), JSON lines, a JSON list, CSV, Parquet; in UTF-8, UTF-16, GB18030 or
    Big5. Offsets of a notice refer to the decoded file, of a record to its text field.

    Parameters
    ----------
    *inputs
        Files, folders (with all below them), globs, or ``-`` for standard input.
    text_field
        The key or column that holds the text of a record.
    on_reject
        Called with every file or record that is set aside; by default it is logged as a warning.

    Raises
    ------
    InputError
        At once, when an input does not exist or there is none. A file that cannot be read is set aside.
    """
    if not inputs:
        raise InputError("nothing to read: give a file, a folder, a pattern or -")
    return _read_all(find_sources(inputs), text_field, on_reject or log_reject)


def notice_from_text(text: str, *, source: str | None = None, id: str | None = None) -> Notice:  # noqa: A002
    """Make a notice of a plain string, which is cleaned like the content of a file.

    Parameters
    ----------
    source
        Where it comes from; None unless its front matter gives an address.
    id
        Its identifier; by default its front matter's, or a hash of source and text.

    Raises
    ------
    InputError
        When no text is left without the mark-up.
    """
    return _notice(text, {"id": id} if id else {}, source=source, where=source or "<string>")


def contents(source: Source, *, text_field: str = "text") -> Iterator[Content]:
    """Yield what a source holds, not cleaned yet: the text of a file, or records; what is broken comes as its error."""
    where = source.name
    try:
        with source.open() as opened:
            head = opened.read(SAMPLE)
            kind = tell_format(head, ending=source.ending, text_field=text_field, where=where)
            if kind == "text":
                yield decode(head + opened.read(), where=where)
                return
            stream = opened
            if source.name == STANDARD_INPUT:
                stream = io.BufferedReader(Prefixed(head, opened))
            else:
                opened.seek(0)
            yield from read_records(stream, kind, text_field=text_field, where=where)
    except TongbaoError as error:
        yield error
    except OSError as error:
        yield InputError(f"cannot be opened: {error.strerror or error}", where=where)


def notices_of(
    found: Iterable[Content], where: str, *, on_reject: Callable[[Reject], None] = log_reject
) -> Iterator[Notice]:
    """Make notices of what `contents` found in the source ``where``, which is empty where there is none."""
    for content in found:
        try:
            if isinstance(content, TongbaoError):
                raise content
            yield _from_file(content, where) if isinstance(content, str) else _from_record(content, where)
        except TongbaoError as error:
            on_reject(rejected(where, error))


def _read_all(sources: Iterator[Source], text_field: str, on_reject: Callable[[Reject], None]) -> Iterator[Notice]:
    for source in sources:
        yield from notices_of(contents(source, text_field=text_field), source.name, on_reject=on_reject)


def _from_file(content: str, where: str) -> Notice:
    if _GOLD.match(content):
        return _gold_text(content, where)
    return _notice(content, {}, source=where, where=where)


def _from_record(record: Record, path: str) -> Notice:
    fields = dict(record.fields)
    source = fields.pop("source", None)
    known = known_meta(fields)
    origin = source if isinstance(source, str) and source else known.get("source", path)
    return _notice(record.text, {**known, "source": origin}, source=path, where=record.where)


def _notice(content: str, known: Mapping[str, str], *, source: str | None, where: str) -> Notice:
    """Clean a content; what is ``known`` beforehand counts more than what it says of itself."""
    cleaned = clean(content)
    if cleaned.problem:
        logging.getLogger("tongbao").warning("%s: broken front matter, read line by line: %s", where, cleaned.problem)
    if not cleaned.text.text.strip():
        raise InputError("no text is left without mark-up and navigation", where=where)
    meta = {**cleaned.meta, **known}
    origin = meta.get("source", source)
    return Notice(
        id=meta.get("id") or _hash(origin, content),
        text=cleaned.text.text,
        meta={key: meta[key] for key in _META if key in meta},
        source=origin or None,
        offsets=None if cleaned.text.starts is None else cleaned.text,
    )


def _gold_text(content: str, where: str) -> Notice:
    """Take the text of a gold notice as it stands, without its entities, mapped to the annotated file."""
    gold = parse(content, where=where)
    edits = [Edit(0, content.index("\n\n") + 2)]
    at, before = edits[0].end, 0
    for entity in gold.entities:
        opening = at + entity.start - before
        closing = opening + 1 + entity.end - entity.start
        at, before = content.index(")", closing) + 1, entity.end
        edits += (Edit(opening, opening + 1), Edit(closing, at))
    found = imprint(gold.text)._asdict()
    meta = {**{key: value for key, value in found.items() if value}, **gold.meta}
    return Notice(gold.id, gold.text, meta, source=where, offsets=MappedText(content).edit(edits))


def _hash(source: str | None, content: str) -> str:
    return blake2b(f"{source or ''}\0{content}".encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
