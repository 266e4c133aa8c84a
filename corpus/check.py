"""Checks of gold against the guideline's mechanical rules, with the place in the inline file and the mend."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from .errors import AnnotationError
from .notice import Notice
from .repeats import repeat_remarks
from .rules import NOISE, Remark, Severity, span_remarks
from .shingles import near_duplicates

if TYPE_CHECKING:
    from spacy.tokens import Doc

THRESHOLD = 0.5
"""Jaccard similarity of 5-character shingles from which on two notices count as near-duplicates."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something in the gold that breaks a rule.

    Parameters
    ----------
    where
        The notice's file, or its id where it has no file of its own.
    line, column
        The place in its inline form, both from 1.
    rule
        The rule's short name.
    message
        What is wrong, and the mend.
    severity
        ``error`` where the guideline is broken for sure, ``warning`` where a reader has to decide.
    """

    where: str
    line: int
    column: int
    rule: str
    message: str
    severity: Severity = "warning"

    def __str__(self) -> str:
        return f"{self.where}:{self.line}:{self.column}: {self.severity} [{self.rule}] {self.message}"


def check(notices: Iterable[Notice], *, heldout: Iterable[Notice] = (), threshold: float = THRESHOLD) -> list[Finding]:
    """Apply the mechanical rules to notices.

    Parameters
    ----------
    notices
        The gold to check.
    heldout
        Notices that measure models; none of ``notices`` may resemble them.
    threshold
        Similarity from which on two notices count as near-duplicates, above 0 and at most 1.

    Returns
    -------
    list of Finding
        In order of the notices and of their text.
    """
    gold = list(notices)
    remarks: list[list[Remark]] = [
        [*span_remarks(notice), *repeat_remarks(notice), *_case_remarks(notice)] for notice in gold
    ]
    for index, remark in _resemblances(gold, list(heldout), threshold):
        remarks[index].append(remark)
    return [_finding(notice, remark) for notice, found in zip(gold, remarks, strict=True) for remark in sorted(found)]


def misaligned(notices: Iterable[Notice], tokenizer: Callable[[str], Doc]) -> list[Finding]:
    """Find the entities whose edges lie inside a token, so that a model on these tokens cannot mark them."""
    findings: list[Finding] = []
    for notice in notices:
        doc = tokenizer(notice.text)
        inside = {at: token.text for token in doc for at in range(token.idx + 1, token.idx + len(token))}
        for entity in notice.entities:
            cut = dict.fromkeys(repr(inside[edge]) for edge in (entity.start, entity.end) if edge in inside)
            if cut:
                words = " and ".join(cut)
                message = f"{entity.label} {notice.span_text(entity)!r} has an edge inside the token {words}"
                findings.append(_finding(notice, Remark(entity.start, "tokens", message)))
    return findings


def broken(error: AnnotationError) -> Finding:
    """Return the finding of a file that could not be read."""
    where, line, column = error.where or "", 1, 1
    parts = where.rsplit(":", 2)
    if len(parts) == 3 and parts[1].isdecimal() and parts[2].isdecimal():
        where, line, column = parts[0], int(parts[1]), int(parts[2])
    elif len(parts) > 1 and parts[-1].isdecimal():
        where, line = where.rpartition(":")[0], int(parts[-1])
    return Finding(where, line, column, "format", error.what, "error")


def inline_place(notice: Notice, offset: int) -> tuple[int, int]:
    """Return line and column, both from 1, of an offset of the text in the notice's inline file.

    The start of an entity is the place of its opening bracket.
    """
    line_start = notice.text.rfind("\n", 0, offset) + 1
    line = len(notice.meta) + 2 + notice.text.count("\n", 0, offset) + 1
    column = offset - line_start + 1
    for entity in notice.entities:
        if entity.start >= offset:
            break
        column += 1 if entity.start >= line_start else 0
        if line_start <= entity.end <= offset:
            numbers = " " + ",".join(map(str, entity.cases)) if entity.cases else ""
            column += len(f"]({entity.label}{numbers})")
    return line, column


def _case_remarks(notice: Notice) -> Iterator[Remark]:
    mentioned: dict[int, int] = {}
    cases_of: defaultdict[str, set[tuple[int, ...]]] = defaultdict(set)
    for entity in notice.entities:
        text = notice.span_text(entity)
        if entity.label == "VIOLATION" and not entity.cases:
            message = f"VIOLATION {text!r} belongs to no case: number its subject, or take the mark off"
            yield Remark(entity.start, "no-case", message)
        # Bodies are not marked, so only persons tell which subject came first.
        if entity.label in ("OFFICIAL", "POSITION"):
            for number in entity.cases:
                mentioned.setdefault(number, entity.start)
        if entity.label == "OFFICIAL":
            name = NOISE.sub("", text)
            if cases_of[name] and entity.cases not in cases_of[name]:
                yield Remark(entity.start, "name-case", f"{name!r} was in other cases before: one person, one case")
            cases_of[name].add(entity.cases)
    for number, after in pairwise(sorted(mentioned)):
        if mentioned[after] < mentioned[number]:
            message = f"case {after} is mentioned before case {number}: number them in order of first mention"
            yield Remark(mentioned[after], "case-order", message)
    numbers = {number for entity in notice.entities for number in entity.cases}
    missing = sorted(set(range(1, max(numbers, default=0))) - numbers)
    if missing:
        message = f"nothing is in case {', '.join(map(str, missing))} of {max(numbers)}: number without gaps"
        yield Remark(0, "case-gap", message, "error")


def _resemblances(gold: Sequence[Notice], heldout: Sequence[Notice], threshold: float) -> Iterator[tuple[int, Remark]]:
    texts = [notice.text for notice in (*heldout, *gold)]
    for pair in near_duplicates(texts, threshold=threshold):
        left, right = pair.left - len(heldout), pair.right - len(heldout)
        share = f"{pair.similarity:.0%}"
        if right < 0:
            continue
        if left < 0:
            message = f"resembles the held-out notice {heldout[pair.left].id!r} ({share}): take it out"
            yield right, Remark(0, "near-heldout", message, "error")
        else:
            message = f"resembles {gold[left].id!r} ({share}): write another, or keep one of the two"
            yield right, Remark(0, "near-duplicate", message)


def _finding(notice: Notice, remark: Remark) -> Finding:
    own_file = notice.source is not None and notice.source.endswith(".md")
    where = notice.source if own_file and notice.source else notice.id
    return Finding(where, *inline_place(notice, remark.offset), remark.rule, remark.message, remark.severity)
