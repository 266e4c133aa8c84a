"""Trains the small spacy-pkuseg model that ships with the package, so that ``segmenter = "pkuseg"`` works offline."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from ..corpus.errors import InputError
from ..corpus.folder import refuse_heldout
from ..corpus.notice import Notice
from ..pipeline.view import View


def train_segmenter(notices: Sequence[Notice], output: Path, *, characters: int = 25_000, iterations: int = 8) -> int:
    """Train a segmenter on gold notices whose words are jieba's, cut at every edge of a gold span.

    Parameters
    ----------
    notices
        Gold notices; held-out ones are refused.
    output
        Folder that gets ``features.msgpack`` and ``weights.npz``.
    characters
        How much text to train on, in even steps through the notices: the model's size grows with it.
    iterations
        Passes of spacy-pkuseg's trainer.

    Returns
    -------
    The number of characters trained on.

    Raises
    ------
    AnnotationError
        When a held-out notice is among them.
    InputError
        When there is no notice.
    """
    import spacy_pkuseg

    refuse_heldout(notices)
    if not notices:
        raise InputError("no notice to train a segmenter on", where=str(output))
    total = sum(len(notice.text) for notice in notices)
    step = max(1, round(total / characters))
    chosen = notices[::step]
    lines = [line for notice in chosen for line in segmented_lines(notice)]
    output.mkdir(parents=True, exist_ok=True)
    target = output.resolve()
    with tempfile.TemporaryDirectory() as folder, _inside(folder):
        # The trainer keeps its scratch files in the working directory and tells its progress by print.
        Path("train.txt").write_text("\n".join(lines) + "\n", "utf-8")
        Path("test.txt").write_text("\n".join(lines[-20:]) + "\n", "utf-8")
        with Path(os.devnull).open("w", encoding="utf-8") as quiet, contextlib.redirect_stdout(quiet):
            spacy_pkuseg.train("train.txt", "test.txt", str(target), train_iter=iterations)
    return sum(len(notice.text) for notice in chosen)


def segmented_lines(notice: Notice) -> Iterator[str]:
    """Spell a notice as sentences of words with blanks between them."""
    import jieba

    view = View.of(notice.text)
    inner = [view.inner(entity.start, entity.end) for entity in notice.entities]
    edges = {edge for span in inner if span is not None for edge in span}
    at = 0
    line: list[str] = []
    for word in jieba.cut(view.text):
        cuts = [0, *(place - at for place in range(at + 1, at + len(word)) if place in edges), len(word)]
        pieces = [word[start:end] for start, end in pairwise(cuts)]
        at += len(word)
        line += [piece for piece in pieces if piece.strip()]
        if line and (word.endswith(("。", "！", "？")) or "\n" in word):
            yield " ".join(line)
            line = []
    if line:
        yield " ".join(line)


@contextlib.contextmanager
def _inside(folder: str) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
