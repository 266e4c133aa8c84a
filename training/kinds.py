"""Fits the classifier of kinds of violations to the labelled violations of the corpus."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedGroupKFold

from ..corpus.errors import AnnotationError
from ..corpus.notice import Entity, Notice
from ..pipeline.kinds import BEFORE, SIZE, TASKS, Task, features, scale
from .fingerprint import ROOT

KINDS = ROOT / "corpus" / "kinds"
"""Folder of the label files."""
CODES = {
    "discipline": ("political", "organisation", "integrity", "masses", "work", "life", "other"),
    "eight_rules": (
        *("duty", "service", "meetings", "formalism"),
        *("gifts", "dining", "ceremonies", "allowances", "travel", "luxury", "-"),
    ),
    "duty_crime": (
        *("bribery", "bribing", "embezzlement", "misappropriation"),
        *("abuse", "neglect", "unspecified", "-"),
    ),
}
"""The answers to each of the three questions; corpus/kinds/README.md says what they mean."""
COLUMNS = ("id", "number", "text", *TASKS)
"""Columns of a label file: a notice's id, which of its violations from 1, its text, and an answer for each task."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A violation and what an annotator said of it.

    Parameters
    ----------
    notice
        Id of its notice.
    text, before
        The violation, and the characters in front of it.
    answers
        One class for each of `TASKS`.
    """

    notice: str
    text: str
    before: str
    answers: tuple[str, ...]


def read_kinds(path: Path, notices: Sequence[Notice]) -> list[Labelled]:
    """Read a label file (tab-separated, with a header of `COLUMNS`) beside the notices it is about.

    Raises
    ------
    AnnotationError
        When a line does not fit its notice: an unknown id, no such violation, or another text.
    """
    violations = {
        notice.id: [entity for entity in notice.entities if entity.label == "VIOLATION"] for notice in notices
    }
    texts = {notice.id: notice.text for notice in notices}
    found = []
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE), start=2):
            try:
                found.append(_labelled(row, violations.get(row["id"], []), texts.get(row["id"], "")))
            except ValueError as error:
                raise AnnotationError(str(error), where=f"{path}:{line}") from None
    return found


def _labelled(row: dict[str, str], violations: Sequence[Entity], text: str) -> Labelled:
    """Read one line about a notice of some violations and a text; ValueError where it does not fit."""
    if None in row or None in row.values():
        raise ValueError(f"needs {len(COLUMNS)} columns: {', '.join(COLUMNS)}")
    for task in TASKS:
        if row[task] not in CODES[task]:
            raise ValueError(f"no such {task}: {row[task]!r}; there are {', '.join(CODES[task])}")
    number = int(row["number"]) if row["number"].isdecimal() else 0
    if not 1 <= number <= len(violations):
        raise ValueError(f"{row['id']} has no violation number {row['number']}: label the corpus as it stands")
    entity = violations[number - 1]
    violation = text[entity.start : entity.end]
    if _one_line(violation) != row["text"]:
        raise ValueError(f"violation {number} of {row['id']} reads {violation!r}: label it again")
    before = text[max(0, entity.start - BEFORE) : entity.start]
    return Labelled(row["id"], violation, before, tuple(row[task] for task in TASKS))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def fit_kinds(labelled: Sequence[Labelled], *, c: float = 8.0, folds: int = 3) -> dict[str, Task]:
    """Fit one multinomial logistic regression a task, with a temperature from grouped cross-validation."""
    groups = [one.notice for one in labelled]
    tasks = {}
    for index, name in enumerate(TASKS):
        table = _table(name, labelled)
        gold = np.array([one.answers[index] for one in labelled])
        classes, numbers = np.unique(gold, return_inverse=True)
        scores = np.full((len(gold), len(classes)), _UNSEEN)
        for train, test in StratifiedGroupKFold(folds).split(table, gold, groups):
            fold = _model(c).fit(table[train], gold[train])
            scores[np.ix_(test, np.searchsorted(classes, fold.classes_))] = fold.predict_log_proba(table[test])
        model = _model(c).fit(table, gold)
        weights, bias = model.coef_, model.intercept_
        if len(classes) == 2:
            # scikit-learn keeps one plane for two classes.
            weights, bias = np.vstack((0 * weights, weights)), np.append(0.0, bias)
        names = tuple(str(each) for each in classes)
        temperature = _temperature(scores, numbers)
        tasks[name] = Task(names, weights.T.astype(np.float32), bias.astype(np.float32), temperature)
    return tasks


_UNSEEN = -20.0
"""Score of a class that a fold has not seen."""


def macro_f(tasks: dict[str, Task], labelled: Sequence[Labelled]) -> dict[str, dict[str, float]]:
    """Score the answers: macro F1 over the classes that gold or the answers have, and accuracy, by task."""
    figures = {}
    for index, name in enumerate(TASKS):
        gold = [one.answers[index] for one in labelled]
        rows = features(name, [(one.text, one.before) for one in labelled])
        said = [answer for answer, _ in tasks[name].answer(rows)]
        right = sum(mine == theirs for mine, theirs in zip(said, gold, strict=True))
        figures[name] = {
            "macro_f1": round(float(f1_score(gold, said, average="macro", zero_division=0)), 4),
            "accuracy": round(right / len(gold), 4),
        }
    return figures


def _table(task: str, labelled: Sequence[Labelled]) -> csr_matrix:
    rows = features(task, [(one.text, one.before) for one in labelled])
    sizes = [len(row) for row in rows]
    values = np.repeat([scale(size) for size in sizes], sizes)
    return csr_matrix((values, np.concatenate(rows), np.cumsum([0, *sizes])), shape=(len(rows), SIZE))


def _model(c: float) -> LogisticRegression:
    # Balanced, for half of the classes are rare and as much asked for as the others.
    return LogisticRegression(C=c, max_iter=200, tol=1e-3, class_weight="balanced")


def _temperature(scores: NDArray[np.float64], gold: NDArray[np.int64]) -> float:
    """Find the temperature that makes the answers of the folds most probable."""

    def loss(temperature: float) -> float:
        chances = log_softmax(scores / temperature, axis=1)
        return -float(chances[np.arange(len(gold)), gold].mean())

    return round(float(minimize_scalar(loss, bounds=(0.1, 10.0), method="bounded").x), 4)
