"""How often a measure gets the right code, term and amount: against labels made by hand."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..corpus.errors import AnnotationError, InputError
from ..corpus.notice import Notice
from ..pipeline.cases import assemble_spans
from ..pipeline.norming import measure_norms
from ..pipeline.norms import Norm
from ..pipeline.taxonomy import taxonomy

HELDOUT_NORMS = Path(__file__).with_name("norms_heldout.tsv")
"""Every measure of the held-out notices, labelled before any rule was run on them."""

_COLUMNS = ["id", "n", "text", "codes", "term", "amount"]
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class GoldNorm:
    """The label of a measure.

    Parameters
    ----------
    notice, number
        The notice's id, and which of its measures it is, from 1.
    text
        Its wording without white space.
    codes
        Of each measure that it names, more than one where the notice leaves open which.
    term, amount
        Of the first; None without one.
    """

    notice: str
    number: int
    text: str
    codes: tuple[frozenset[str], ...]
    term: str | None
    amount: float | None


@dataclass(frozen=True, slots=True)
class WrongNorm:
    """A measure whose code, term or amount is not that of its label."""

    gold: GoldNorm
    found: tuple[Norm, ...]


@dataclass(frozen=True, slots=True)
class NormScore:
    """How many measures are wholly right.

    Parameters
    ----------
    total, right
        Measures, and those with the right codes, term and amount.
    coded
        Those that got any code, be it several.
    wrong
        The others than the right ones.
    """

    total: int
    right: int
    coded: int
    wrong: tuple[WrongNorm, ...]

    @property
    def accuracy(self) -> float | None:
        """Share of the right ones, None without measures."""
        return self.right / self.total if self.total else None

    def as_json(self) -> dict[str, Any]:
        """Return the counts as JSON values."""
        return {"total": self.total, "right": self.right, "coded": self.coded, "accuracy": self.accuracy}


def read_norms(path: Path = HELDOUT_NORMS) -> list[GoldNorm]:
    """Read labels: tab-separated, ``codes`` parted by spaces, those that are left open by ``|``.

    Raises
    ------
    InputError
        When the file cannot be read.
    AnnotationError
        When a line has other columns, or a code that the taxonomy has not.
    """
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(path)) from None
    labels = []
    for line, row in enumerate(rows, start=2):
        if list(row) != _COLUMNS or None in row.values():
            raise AnnotationError(f"a line has the columns {', '.join(_COLUMNS)}", where=f"{path}:{line}")
        codes = tuple(frozenset(part.split("|")) for part in row["codes"].split(" "))
        unknown = sorted(frozenset().union(*codes) - taxonomy().rows.keys())
        if unknown:
            raise AnnotationError(f"no code is called {unknown[0]!r}", where=f"{path}:{line}")
        amount = float(row["amount"]) if row["amount"] else None
        labels.append(GoldNorm(row["id"], int(row["n"]), row["text"], codes, row["term"] or None, amount))
    return labels


def score_norms(gold: Sequence[Notice], labels: Sequence[GoldNorm]) -> NormScore:
    """Compare the norms of gold's measures with their labels; notices without labels are left out.

    Raises
    ------
    AnnotationError
        When a label is of a measure that the notices have not.
    """
    by_notice: dict[str, list[GoldNorm]] = {}
    for label in labels:
        by_notice.setdefault(label.notice, []).append(label)
    total = right = coded = 0
    wrong = []
    for notice in gold:
        of_notice = by_notice.get(notice.id, [])
        if not of_notice:
            continue
        spans = [(entity.start, entity.end, entity.label) for entity in notice.entities]
        norms = measure_norms(notice.text, spans, assemble_spans(notice.text, spans))
        found = [(_SPACE.sub("", notice.text[slice(*spans[index][:2])]), norms[index]) for index in sorted(norms)]
        for label in of_notice:
            text, of_measure = found[label.number - 1] if label.number <= len(found) else ("", ())
            if text != label.text:
                raise AnnotationError(f"measure {label.number} is {text!r}, not {label.text!r}", where=notice.id)
            total += 1
            coded += bool(of_measure)
            if _is_right(of_measure, label):
                right += 1
            else:
                wrong.append(WrongNorm(label, of_measure))
    return NormScore(total, right, coded, tuple(wrong))


def _is_right(found: tuple[Norm, ...], label: GoldNorm) -> bool:
    codes = tuple(frozenset(norm.codes or ([norm.code] if norm.code else [])) for norm in found)
    return codes == label.codes and (found[0].term, found[0].amount) == (label.term, label.amount)
