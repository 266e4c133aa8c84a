"""What kind of wrong a VIOLATION tells: a linear classifier over hashed character n-grams, as a spaCy component."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc, Span

from ..corpus.errors import ModelError
from .factory import factory
from .normalize import normalize
from .templates import Ints, codes

TASKS = ("discipline", "eight_rules", "duty_crime")
"""Discipline of the Party's regulations, category of the eight-point rules' statistics, kind of duty crime."""
SIZE = 1 << 15
"""Rows of the weight tables, a power of two: n-grams share them by hash."""
BEFORE = 12
"""Characters in front of the violation that are seen as well, apart from it."""
SHIPPED = Path(__file__).with_name("kinds.npz")

# What the names of 刑法's duty crimes (chapters 8 and 9) and plain words for them have in common.
_OFFENCES = tuple(
    map(
        re.compile,
        (
            "受贿|收受|索贿|索取|索要|贿赂",
            "行贿|送(?:给|上)?.{0,8}(?:现金|红包|礼金)|贿送",
            "贪污|侵吞|侵占|骗取|套取|私分|截留|窃取|冒领|虚报|虚列",
            "挪用|挪作|借给|转给|出借|周转|炒股|赌博",
            "滥用职权|徇私|枉法|(?:违规|违法)(?:批准|审批)|渎职",
            "玩忽职守|失职|疏于|渎职",
            "职务犯罪|职务违法|涉嫌严重违",
            "罪|犯罪|涉嫌",
        ),
    )
)
# Times that one of them counts as much as an n-gram.
_WEIGHT = 3
_MULTIPLIER = 0x9E3779B97F4A7C15
_LENGTHS = (1, 2, 3, 4)

Span.set_extension("norm", default=None, force=True)


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """One question and the weights that answer it.

    Parameters
    ----------
    classes
        ``K`` answers; ``-`` stands for none.
    weights
        Shape ``(SIZE, K)``.
    bias
        Shape ``(K,)``.
    temperature
        What scores are divided by, so that probabilities are calibrated (Guo et al. 2017).
    """

    classes: tuple[str, ...]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    temperature: float

    def answer(self, rows: Sequence[Ints]) -> list[tuple[str, float]]:
        """Answer for each violation, given its `features`: the class and its probability."""
        answers = []
        for found in rows:
            scores = (self.weights[found].sum(axis=0) * scale(len(found)) + self.bias) / self.temperature
            chances = np.exp(scores - scores.max())
            best = int(chances.argmax())
            answers.append((self.classes[best], round(float(chances[best] / chances.sum()), 4)))
        return answers


def scale(count: int) -> float:
    """Weigh the n-grams of a violation so that long and short ones have the same length as vectors."""
    return float(max(1, count) ** -0.5)


def ngrams(seen: Sequence[tuple[str, str]]) -> list[Ints]:
    """Hash the n-grams of one to four characters of violations, and those in front of each, without repeats.

    Parameters
    ----------
    seen
        A violation and the text in front of it, of which the last `BEFORE` characters count.

    Returns
    -------
    For each, ascending numbers below `SIZE`.
    """
    inside = _hashed([f"\x02{normalize(text)}\x03" for text, _ in seen], 1)
    outside = _hashed([normalize(before[-BEFORE:]) for _, before in seen], 2)
    found = np.unique(np.concatenate((inside, outside)))
    return np.split(found % SIZE, np.searchsorted(found, SIZE * np.arange(1, len(seen))))


def features(task: str, seen: Sequence[tuple[str, str]], found: Sequence[Ints] | None = None) -> list[Ints]:
    """Return the rows of the weight table that each violation adds up: its n-grams, for ``duty_crime`` offences too.

    Parameters
    ----------
    task
        One of `TASKS`.
    seen
        As of `ngrams`.
    found
        Their n-grams, where they are known already.
    """
    found = ngrams(seen) if found is None else found
    if task != "duty_crime":
        return list(found)
    return [
        np.concatenate((grams, *_offences(text, before))) for grams, (text, before) in zip(found, seen, strict=True)
    ]


def _offences(text: str, before: str) -> list[Ints]:
    table = _offence_rows()
    told = [
        table[place, number]
        for place, part in enumerate((normalize(text), normalize(before)))
        for number, pattern in enumerate(_OFFENCES)
        if pattern.search(part)
    ]
    return [np.array(told * _WEIGHT, dtype=np.int64)]


@cache
def _offence_rows() -> Ints:
    """Return the row of each offence, shape ``(2, offences)``: in a violation and in front of one."""
    numbers = range(len(_OFFENCES))
    return np.array([[_hashed([chr(number)], 3 + place)[0] for number in numbers] for place in (0, 1)])


def _hashed(texts: Sequence[str], seed: int) -> Ints:
    """Hash the n-grams of all texts at once; those of text ``i`` are ``i * SIZE`` to ``(i + 1) * SIZE - 1``."""
    letters = codes("".join(texts)).astype(np.uint64)
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    owner = np.repeat(np.arange(len(texts), dtype=np.int64), lengths)
    left = np.repeat(np.cumsum(lengths), lengths) - np.arange(len(letters))
    found = []
    for length in _LENGTHS:
        starts = np.flatnonzero(left >= length)
        key: NDArray[np.uint64] = np.full(len(starts), (seed * 31 + length) * _MULTIPLIER % 2**64, dtype=np.uint64)
        for place in range(length):
            key = (key ^ letters[starts + place]) * np.uint64(_MULTIPLIER)
            key ^= key >> np.uint64(29)
        found.append((key >> np.uint64(33)).astype(np.int64) % SIZE + owner[starts] * SIZE)
    return np.concatenate(found)


class ViolationKinds:
    """Says of each VIOLATION which discipline it breaks and, where it is such a case, what else it counts as.

    Writes ``span._.norm``: a dict with the keys of `TASKS`, each ``{"code", "probability"}``; without a code where the
    answer is none, so ``discipline`` is ``other`` where it is unclear or ordinary law is broken.
    """

    def __init__(self, tasks: dict[str, Task], name: str = "violation_kinds") -> None:
        self.tasks = tasks
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Judge the violations of one document."""
        spans = [span for span in doc.ents if span.label_ == "VIOLATION"]
        if not spans:
            return doc
        text = doc.text
        seen = [(span.text, text[max(0, span.start_char - BEFORE) : span.start_char]) for span in spans]
        found = ngrams(seen)
        answers = {name: task.answer(features(name, seen, found)) for name, task in self.tasks.items()}
        for index, span in enumerate(spans):
            span._.norm = {
                task: {"code": answers[task][index][0], "probability": answers[task][index][1]}
                for task in answers
                if answers[task][index][0] != "-"
            }
        return doc


@factory("tongbao.violation_kinds", assigns=("span._.norm",), requires=("doc.ents",))
def create_violation_kinds(nlp: Language, name: str) -> ViolationKinds:  # noqa: ARG001
    """Make the component, with the classifier that ships."""
    return ViolationKinds(shipped(), name)


@cache
def shipped() -> dict[str, Task]:
    """Read the classifier that ships with tongbao.

    Raises
    ------
    ModelError
        When its file is missing or damaged.
    """
    try:
        return from_bytes(SHIPPED.read_bytes(), where=str(SHIPPED))
    except OSError as error:
        raise ModelError(f"no classifier here: {error.strerror}; install tongbao again", where=str(SHIPPED)) from None


def to_bytes(tasks: dict[str, Task]) -> bytes:
    """Pack tasks without pickle, behind their checksum."""
    arrays: dict[str, Any] = {"names": np.array(json.dumps(list(tasks)))}
    for name, task in tasks.items():
        arrays[f"{name}.classes"] = np.array(json.dumps(task.classes))
        arrays[f"{name}.weights"] = np.round(task.weights, 2).astype(np.float16)
        arrays[f"{name}.bias"] = task.bias.astype(np.float32)
        arrays[f"{name}.temperature"] = np.array(task.temperature)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    body = buffer.getvalue()
    return hashlib.sha256(body).digest() + body


def from_bytes(data: bytes, *, where: str) -> dict[str, Task]:
    """Unpack what `to_bytes` packed.

    Raises
    ------
    ModelError
        When the bytes are damaged or something else.
    """
    digest, body = data[:32], data[32:]
    if hashlib.sha256(body).digest() != digest:
        raise ModelError("damaged, or no classifier of tongbao (wrong checksum): install tongbao again", where=where)
    try:
        with np.load(io.BytesIO(body), allow_pickle=False) as arrays:
            return {
                name: Task(
                    tuple(json.loads(str(arrays[f"{name}.classes"]))),
                    arrays[f"{name}.weights"].astype(np.float32),
                    arrays[f"{name}.bias"],
                    float(arrays[f"{name}.temperature"]),
                )
                for name in json.loads(str(arrays["names"]))
            }
    except (KeyError, IndexError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise ModelError(f"damaged: {error}; install tongbao again", where=where) from None
