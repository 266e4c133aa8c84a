"""The entity recogniser: a linear-chain CRF as a spaCy component that is fitted in ``initialize``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.pipeline import Pipe
from spacy.scorer import get_ner_prf
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.util import filter_spans

from ..corpus.errors import ModelError
from .crf import LinearChain, Tagged
from .crf_file import from_bytes, read, to_bytes, write
from .factory import factory
from .features import FeatureOptions, extract
from .lattice import Floats
from .mentions import unmarked_repeats
from .templates import Keys
from .view import View

DEFAULTS: dict[str, Any] = {
    "features": asdict(FeatureOptions()),
    "fit": {},
    "repeats": {"label": "OFFICIAL", "threshold": 0.01},
    "least_score": 0.4,
}

Span.set_extension("score", default=None, force=True)


@factory(
    "tongbao.crf_ner",
    default_config=DEFAULTS,
    assigns=("doc.ents", "token.ent_iob", "token.ent_type", "span._.score"),
    default_score_weights={"ents_f": 1.0, "ents_p": 0.0, "ents_r": 0.0, "ents_per_type": None},
)
def create_crf_ner(
    nlp: Language,
    name: str,
    features: dict[str, bool],
    fit: dict[str, Any],
    repeats: dict[str, Any],
    least_score: float,
) -> CrfNer:
    """Make an unfitted recogniser; see `CrfNer`."""
    return CrfNer(nlp.vocab, name, features=features, fit=fit, repeats=repeats, least_score=least_score)


class CrfNer(Pipe):
    """Marks entities by a linear-chain CRF over characters and gives each its probability.

    Parameters
    ----------
    vocab
        The pipeline's vocabulary.
    name
        Of the component in its pipeline.
    features
        Fields of `FeatureOptions`.
    fit
        Fields of `crf_fit.FitOptions`.
    repeats
        ``label`` and ``threshold``: a name found with this label is marked again where it stands without a mark and
        has at least this probability there; 1 turns it off. Its score is then that of the name's best mention.
    least_score
        A span of the best path that is less probable than this is left out.

    Raises
    ------
    ModelError
        When an option is unknown, or the component is called before it was fitted or loaded.

    Notes
    -----
    Writes ``doc.ents`` and ``span._.score``, the probability of the span under the model. Reads
    ``doc._.word_edges`` where a `tongbao.words` component stands before it.
    """

    def __init__(
        self,
        vocab: Any,
        name: str = "ner",
        *,
        features: dict[str, bool] | None = None,
        fit: dict[str, Any] | None = None,
        repeats: dict[str, Any] | None = None,
        least_score: float = DEFAULTS["least_score"],
    ) -> None:
        self.vocab = vocab
        self.name = name
        self.fit_config = dict(fit or {})
        self.least_score = least_score
        self.repeats = {**DEFAULTS["repeats"], **(repeats or {})}
        self.chain: LinearChain | None = None
        try:
            self.features = FeatureOptions(**(features or {}))
        except TypeError as error:
            known = ", ".join(asdict(FeatureOptions()))
            raise ModelError(
                f"{error}; the groups of features are {known}", where=f"[components.{name}.features]"
            ) from None

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
                self._annotate(doc, found)
                yield doc

    def predict(self, docs: list[Doc]) -> list[list[Tagged]]:
        """Find the spans of each document: characters of ``doc.text`` from 0, end excluded."""
        chain = self._fitted()
        views = [View.of(doc.text) for doc in docs]
        sequences: list[tuple[int, int]] = []
        scores = []
        base = 0
        for doc, view in zip(docs, views, strict=True):
            sequences += [(base + start, base + end) for start, end in view.sentences()]
            scores.append(chain.emissions(self._keys(doc, view)))
            base += len(view.text)
        found: list[list[Tagged]] = [[] for _ in docs]
        if not sequences:
            return found
        bounds = np.cumsum([0, *(len(view.text) for view in views)])
        stacked = np.concatenate(scores)
        for start, end, label, score in chain.tag(stacked, sequences):
            if score < self.least_score:
                continue
            index = int(np.searchsorted(bounds, start, side="right")) - 1
            found[index].append(Tagged(start - int(bounds[index]), end - int(bounds[index]), label, score))
        self._add_repeats(chain, stacked, sequences, views, found)
        return [
            [Tagged(*view.outer(start, end), label, score) for start, end, label, score in spans]
            for view, spans in zip(views, found, strict=True)
        ]

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

    def initialize(
        self,
        get_examples: Callable[[], Iterable[Example]],
        *,
        nlp: Language | None = None,
        labels: Any = None,  # noqa: ARG002  (part of spaCy's protocol)
        on_epoch: Callable[[int, float], None] | None = None,
    ) -> None:
        """Fit the chain to the reference annotations of the examples.

        Raises
        ------
        ModelError
            When no example has an entity, or an option of the fit is unknown.
        """
        from .crf_fit import FitOptions, bmes, fit

        try:
            options = FitOptions(**self.fit_config)
        except TypeError as error:
            known = ", ".join(asdict(FitOptions()))
            raise ModelError(f"{error}; the options are {known}", where=f"[components.{self.name}.fit]") from None
        keys: list[Keys] = []
        gold: list[list[str]] = []
        for example in get_examples():
            doc = example.reference
            before = () if nlp is None else _components_before(nlp, self.name)
            for component in before:
                component(doc)
            view = View.of(doc.text)
            spans = []
            for span in doc.ents:
                inner = view.inner(span.start_char, span.end_char)
                if inner is not None:
                    spans.append((*inner, span.label_))
            document_keys = self._keys(doc, view)
            labels_ = bmes(len(view.text), spans)
            for start, end in view.uncut_sentences(spans):
                keys.append(document_keys[start:end])
                gold.append(labels_[start:end])
        try:
            self.chain = fit(keys, gold, options=options, on_epoch=on_epoch)
        except ValueError as error:
            raise ModelError(f"cannot fit: {error}", where=f"component {self.name!r}") from None

    def score(self, examples: Iterable[Example], **_: Any) -> dict[str, Any]:
        """Score strict spans the way spaCy's ``ner`` does."""
        return dict(get_ner_prf(examples))

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:  # noqa: ARG002
        """Serialise the chain and its options, without pickle."""
        return to_bytes(self._fitted(), self._header())

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> CrfNer:  # noqa: ARG002
        """Load what `to_bytes` wrote."""
        self.chain, header = from_bytes(data, where=self.name)
        self._take(header)
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:  # noqa: ARG002
        """Write the chain and its options into a folder."""
        write(self._fitted(), self._header(), Path(path))

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> CrfNer:  # noqa: ARG002
        """Load what `to_disk` wrote.

        Raises
        ------
        ModelError
            When the folder holds no such model, or a damaged one.
        """
        self.chain, header = read(Path(path))
        self._take(header)
        return self

    def _keys(self, doc: Doc, view: View) -> Keys:
        edges = doc._.word_edges if Doc.has_extension("word_edges") else None
        if edges is None or not self.features.words:
            return extract(view.text, options=self.features)
        codes = np.frombuffer(edges.encode("ascii"), dtype=np.uint8)
        if view.places is not None:
            codes = codes[view.places]
        return extract(view.text, words=_EDGE_CODES[codes], options=self.features)

    def _header(self) -> str:
        return json.dumps(
            {
                "features": asdict(self.features),
                "fit": self.fit_config,
                "repeats": self.repeats,
                "least_score": self.least_score,
            },
            sort_keys=True,
        )

    def _take(self, header: str) -> None:
        values = json.loads(header)
        try:
            self.features = FeatureOptions(**values["features"])
            self.repeats = values["repeats"]
            self.least_score = values["least_score"]
        except (KeyError, TypeError) as error:
            what = (
                f"made by another version of tongbao ({error}): train it again, or install the version it was made with"
            )
            raise ModelError(what, where=f"component {self.name!r}") from None

    def _fitted(self) -> LinearChain:
        if self.chain is None:
            raise ModelError(
                "not fitted yet: train it (`tongbao train`, `spacy train`) or load a trained pipeline",
                where=f"component {self.name!r}",
            )
        return self.chain

    @staticmethod
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


_EDGE_CODES = np.full(256, -1, dtype=np.int8)
for _code, _letter in enumerate("BIES"):
    _EDGE_CODES[ord(_letter)] = _code


def _batches(stream: Iterable[Doc], size: int) -> Iterator[list[Doc]]:
    docs = iter(stream)
    while batch := list(islice(docs, size)):
        yield batch


def _components_before(nlp: Language, name: str) -> list[Callable[[Doc], Doc]]:
    """Return the pipes that run before ``name``, whose annotations are features."""
    before = []
    for other, component in nlp.pipeline:
        if other == name:
            break
        before.append(component)
    return before
