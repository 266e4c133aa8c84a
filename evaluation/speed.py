"""How fast a pipeline tags on one core, beside a tagger that everybody has, and how large it is."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

import jieba
import jieba.posseg
from spacy.language import Language

from .results import Cost

ROUNDS = 5


def cost_of(nlp: Language, texts: Sequence[str], *, folder: Path, seconds_fit: float | None = None) -> Cost:
    """Time a pipeline and jieba.posseg over the same texts, in turns, and weigh the pipeline's folder.

    Other work on the machine slows both, so their ratio says more than either. Keep linear algebra to one
    thread (``OMP_NUM_THREADS=1``), else a pipeline that uses it has several cores.
    """
    jieba.setLogLevel(logging.WARNING)
    runs: tuple[Callable[[], None], ...] = (
        lambda: _exhaust_pipe(nlp, texts),
        lambda: _exhaust_posseg(texts),
    )
    for run in runs:
        run()
    seconds: tuple[list[float], ...] = ([], [])
    for _ in range(ROUNDS):
        for run, taken in zip(runs, seconds, strict=True):
            started = time.perf_counter()
            run()
            taken.append(time.perf_counter() - started)
    characters = sum(map(len, texts))
    ours, theirs = (round(characters / median(taken), -2) for taken in seconds)
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return Cost(seconds_fit=seconds_fit, model_bytes=size, chars_per_second=ours, jieba_chars_per_second=theirs)


def _exhaust_pipe(nlp: Language, texts: Sequence[str]) -> None:
    for _ in nlp.pipe(texts):
        pass


def _exhaust_posseg(texts: Sequence[str]) -> None:
    for text in texts:
        for _ in jieba.posseg.cut(text):
            pass
