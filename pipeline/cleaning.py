"""From a decoded source to the text a reader sees, with its map back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..corpus.offsets import Edit, MappedText
from .breaks import soft_breaks
from .frontmatter import find_front_matter
from .furniture import furniture, imprint
from .markdown import markdown_marks
from .markup import read_markup
from .pinyin import bracketed_pinyin

# Line ends of all kinds, characters without width, control characters.
_INVISIBLE = re.compile(
    "(\r\n?|[\x0b\x0c\x85\u2028\u2029])|[\x00-\x08\x0e-\x1f\x7f\xad\u200b-\u200f\u202a-\u202e\u2060\ufeff]"
)
_EMPTY_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class CleanText:
    """A text without mark-up and what its source says of it.

    Parameters
    ----------
    text
        The text, with its map to the source.
    meta
        ``id``, ``title``, ``date``, ``publisher`` and ``source``, each if known.
    problem
        What is wrong with its front matter, if anything.
    """

    text: MappedText
    meta: Mapping[str, str]
    problem: str | None = None


def clean(source: str) -> CleanText:
    """Take away front matter, mark-up, navigation, bracketed pinyin and hard line breaks.

    The content decides what is done, not the name of a file: a text may hold front matter, HTML or
    Markdown. Traditional characters and half-width punctuation stay as they are.
    """
    mapped = MappedText(source)
    mapped = mapped.edit(
        Edit(mark.start(), mark.end(), "\n" if mark[1] else "") for mark in _INVISIBLE.finditer(source)
    )
    front = find_front_matter(mapped.text)
    if front is not None:
        mapped = mapped.edit([Edit(0, front.end)])
    page = read_markup(mapped.text)
    mapped = mapped.edit(page.edits)
    if not page.collapsed:
        mapped = mapped.edit(markdown_marks(mapped.text))
    mapped = mapped.edit(furniture(mapped.text))
    mapped = mapped.edit(bracketed_pinyin(mapped.text))
    mapped = mapped.edit(soft_breaks(mapped.text))
    mapped = mapped.edit(_margins(mapped.text))
    mapped = mapped.edit(Edit(run.start() + 2, run.end()) for run in _EMPTY_LINES.finditer(mapped.text))
    lines = imprint(mapped.text)
    meta = {"title": page.title or lines.title, "date": page.date or lines.date}
    meta["publisher"] = page.publisher or lines.publisher
    known = {key: value for key, value in meta.items() if value}
    if front is None:
        return CleanText(mapped, known)
    return CleanText(mapped, {**known, **front.meta}, front.problem)


def _margins(text: str) -> list[Edit]:
    """Find blanks at the ends of lines, and empty lines at the ends of the text."""
    start = len(text) - len(text.lstrip())
    if start == len(text):
        return [Edit(0, start)] if start else []
    # The indent of the first line belongs to the text like that of any other.
    start = text.rfind("\n", 0, start) + 1
    end = len(text.rstrip())
    edits = [Edit(0, start)] if start else []
    at = 0
    for line in text.split("\n"):
        bare = len(line.rstrip())
        if bare < len(line) and start <= at + bare and at + len(line) <= end:
            edits.append(Edit(at + bare, at + len(line)))
        at += len(line) + 1
    if end < len(text):
        edits.append(Edit(end, len(text)))
    return edits
