"""The bare CRF of CRFsuite over the characters around each character: what a linear chain knows by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from ..corpus.errors import ModelError
from ..corpus.notice import Notice
from ..pipeline.lattice import path_labels
from ..pipeline.view import View

Span = tuple[int, int, str]
MAX_ITERATIONS = 100
# Characters to either side of one that its features see.
_AROUND = 2
_OUTSIDE = "O"
# Both penalties of L-BFGS; the moves between labels that no example shows are left out.
_PARAMETERS = {"c1": 0.05, "c2": 0.01, "feature.possible_transitions": False}


def bare_crf(train: Sequence[Notice], *, max_iterations: int = MAX_ITERATIONS) -> Callable[[str], Iterator[Span]]:
    """Fit CRFsuite (L-BFGS) to the characters of training notices and their bigrams and trigrams, labels in BMES.

    No lexicon, no word, no clause, no second look at a document: all that tongbao adds is missing.

    Returns
    -------
    What marks a normalised text: spans from 0, end excluded, in order.

    Raises
    ------
    ModelError
        When python-crfsuite is not installed.
    """
    try:
        import pycrfsuite
    except ImportError:
        raise ModelError("this baseline needs python-crfsuite: pip install 'tongbao[baselines]'") from None
    trainer = pycrfsuite.Trainer(
        algorithm="lbfgs", params=_PARAMETERS | {"max_iterations": max_iterations}, verbose=False
    )
    for notice in train:
        view = View.of(notice.text)
        inner = [(view.inner(entity.start, entity.end), entity.label) for entity in notice.entities]
        spans = [(*ends, label) for ends, label in inner if ends is not None]
        features, labels = _features(view.text), _labels(len(view.text), spans)
        for start, end in view.uncut_sentences(spans):
            trainer.append(features[start:end], labels[start:end])
    tagger = pycrfsuite.Tagger()
    with TemporaryDirectory() as folder:
        model = Path(folder) / "model.crfsuite"
        trainer.train(str(model))
        # It keeps no file open that way.
        tagger.open_inmemory(model.read_bytes())

    def mark(text: str) -> Iterator[Span]:
        features = _features(text)
        for start, end in View.of(text).sentences():
            yield from (
                (start + first, start + last, label) for first, last, label in spans_of(tagger.tag(features[start:end]))
            )

    return mark


def _features(text: str) -> list[list[str]]:
    """Name what is seen of each character: the n-grams of one to three characters that lie around it."""
    padded = "\x02" * _AROUND + text + "\x03" * _AROUND
    width = 2 * _AROUND + 1
    return [
        [
            f"{left}:{padded[place + left : place + left + length]}"
            for length in (1, 2, 3)
            for left in range(width - length + 1)
        ]
        for place in range(len(text))
    ]


def _labels(length: int, spans: Sequence[Span]) -> list[str]:
    labels = [_OUTSIDE] * length
    for start, end, label in spans:
        labels[start:end] = path_labels(label, end - start)
    return labels


def spans_of(labels: Sequence[str]) -> Iterator[Span]:
    """Read spans off labels; one that does not end as it began is none, for CRFsuite knows no forbidden moves."""
    start = None
    for place, label in enumerate(labels):
        edge, _, name = label.partition("-")
        if edge in ("B", "S"):
            start = place
        elif start is not None and (edge == _OUTSIDE or name != labels[start][2:]):
            start = None
        if start is not None and edge in ("E", "S"):
            yield start, place + 1, name
            start = None
