"""What recognisers share that decode with a `LinearChain`: from scores of characters to ``doc.ents``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice, pairwise
from typing import Any

import numpy as np
from spacy.pipeline import Pipe
from spacy.scorer import get_ner_prf
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.util import filter_spans

from ..corpus.errors import ModelError
from .blamed import LABELS, keep_blamed
from .crf import LinearChain, Tagged
from .lattice import Floats
from .mentions import unmarked_repeats
from .view import View

REPEATS: dict[str, Any] = {"label": "OFFICIAL", "threshold": 0.01}
LEAST_SCORE = 0.4
SCORE_WEIGHTS: dict[str, float | None] = {"ents_f": 1.0, "ents_p": 0.0, "ents_r": 0.0, "ents_per_type": None}
ASSIGNS = ("doc.ents", "token.ent_iob", "token.ent_type", "span._.score")

Span.set_extension("score", default=None, force=True)


class ChainNer(Pipe):
    """Marks the entities on the best path of a chain and gives each its probability.

    A child says by `_scores` how probable each label is of each character, and by `_sequences` which stretches are
    decoded on their own; it sets ``chain`` when it is fitted or loaded.

    Parameters
    ----------
    vocab
        The pipeline's vocabulary.
    name
        Of the component in its pipeline.
    repeats
        ``label`` and ``threshold``: a name found with this label is marked again where it stands without a mark and
        has at least this probability there; 1 turns it off. Its score is then that of the name's best mention.
    least_score
        A span of the best path that is less probable than this is left out.
    """

    def __init__(self, vocab: Any, name: str, *, repeats: dict[str, Any] | None, least_score: float) -> None:
        self.vocab = vocab
        self.name = name
        self.least_score = least_score
        self.repeats = {**REPEATS, **(repeats or {})}
        self.chain: LinearChain | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """The entity labels, sorted; empty before the fit."""
        if self.chain is None:
            return ()
        return tuple(sorted({label[2:] for label in self.chain.labels if label != "O"}))

    @property
    def label_data(self) -> tuple[str, ...]:
        """The labels, as ``spacy init labels`` asks for them."""
        return self.labels

    def __call__(self, doc: Doc) -> Doc:
        """Mark one document."""
        next(self.pipe((doc,)))
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Mark a stream of documents in order, ``batch_size`` at a time."""
        for docs in _batches(stream, batch_size):
            for doc, found in zip(docs, self.predict(docs), strict=True):
                _annotate(doc, found)
                yield doc

    def predict(self, docs: list[Doc]) -> list[list[Tagged]]:
        """Find the spans of each document: characters of ``doc.text`` from 0, end excluded."""
        chain = self._fitted()
        views = [View.of(doc.text) for doc in docs]
        bounds = np.cumsum([0, *(len(view.text) for view in views)])
        sequences = [
            (int(base) + start, int(base) + end)
            for base, view in zip(bounds, views, strict=False)
            for start, end in self._sequences(view)
        ]
        found: list[list[Tagged]] = [[] for _ in docs]
        if not sequences:
            return found
        stacked = np.concatenate(self._scores(docs, views))
        for start, end, label, score in chain.tag(stacked, sequences):
            if score < self.least_score:
                continue
            index = int(np.searchsorted(bounds, start, side="right")) - 1
            found[index].append(Tagged(start - int(bounds[index]), end - int(bounds[index]), label, score))
        self._add_repeats(chain, stacked, sequences, views, found)
        if LABELS.issubset(self.labels):
            found = [keep_blamed(view.text, spans) for view, spans in zip(views, found, strict=True)]
        return [
            [Tagged(*view.outer(start, end), label, score) for start, end, label, score in spans]
            for view, spans in zip(views, found, strict=True)
        ]

    def score(self, examples: Iterable[Example], **_: Any) -> dict[str, Any]:
        """Score strict spans the way spaCy's ``ner`` does."""
        return dict(get_ner_prf(examples))

    def _scores(self, docs: list[Doc], views: list[View]) -> list[Floats]:
        """Score the labels of the chain: one array ``(n, L)`` a view of ``n`` characters."""
        raise NotImplementedError

    def _sequences(self, view: View) -> list[tuple[int, int]]:
        """Cut a view into the stretches that are decoded on their own; together they are the whole."""
        return view.sentences()

    def _add_repeats(
        self,
        chain: LinearChain,
        scores: Floats,
        sequences: list[tuple[int, int]],
        views: list[View],
        found: list[list[Tagged]],
    ) -> None:
        """Mark names again where they stand without a mark and are not improbable."""
        base = 0
        places: list[tuple[int, Tagged]] = []
        wanted: list[tuple[int, int, str]] = []
        for index, view in enumerate(views):
            for repeat in unmarked_repeats(view.text, found[index], self.repeats["label"]):
                places.append((index, repeat))
                wanted.append((base + repeat.start, base + repeat.end, repeat.label))
            base += len(view.text)
        probabilities = chain.probabilities(scores, sequences, wanted) if wanted else []
        for (index, repeat), probability in zip(places, probabilities, strict=True):
            if self.repeats["threshold"] <= probability < 1:
                found[index].append(repeat)
                found[index].sort()

    def _fitted(self) -> LinearChain:
        if self.chain is None:
            raise ModelError(
                "not fitted yet: train it (`tongbao train`, `spacy train`) or load a trained pipeline",
                where=f"component {self.name!r}",
            )
        return self.chain


def gold_spans(doc: Doc, view: View) -> list[tuple[int, int, str]]:
    """Return the entities of a document as ``(start, end, label)`` in its view; what is not in the view is left out."""
    spans = []
    for span in doc.ents:
        inner = view.inner(span.start_char, span.end_char)
        if inner is not None:
            spans.append((*inner, span.label_))
    return spans


def _annotate(doc: Doc, found: list[Tagged]) -> None:
    spans = []
    for start, end, label, score in found:
        span = doc.char_span(start, end, label=label, alignment_mode="expand")
        if span is not None:
            span._.score = score
            spans.append(span)
    # Two spans can meet in one token, where a tokenizer other than the character one made it, or of white space.
    apart = all(left.end <= right.start for left, right in pairwise(spans))
    doc.ents = spans if apart else filter_spans(spans)


def _batches(stream: Iterable[Doc], size: int) -> Iterator[list[Doc]]:
    docs = iter(stream)
    while batch := list(islice(docs, size)):
        yield batch
