"""The entity recogniser: a linear-chain CRF as a spaCy component that is fitted in ``initialize``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example

from ..corpus.errors import ModelError
from .chain_ner import ASSIGNS, LEAST_SCORE, REPEATS, SCORE_WEIGHTS, ChainNer, gold_spans
from .crf_file import from_bytes, read, to_bytes, write
from .factory import factory
from .features import FeatureOptions, extract
from .lattice import Floats
from .templates import Keys
from .view import View

DEFAULTS: dict[str, Any] = {
    "features": asdict(FeatureOptions()),
    "fit": {},
    "repeats": REPEATS,
    "least_score": LEAST_SCORE,
}


@factory(
    "tongbao.crf_ner",
    default_config=DEFAULTS,
    assigns=ASSIGNS,
    default_score_weights=SCORE_WEIGHTS,
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


class CrfNer(ChainNer):
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
    repeats, least_score
        As of `ChainNer`.

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
        least_score: float = LEAST_SCORE,
    ) -> None:
        super().__init__(vocab, name, repeats=repeats, least_score=least_score)
        self.fit_config = dict(fit or {})
        try:
            self.features = FeatureOptions(**(features or {}))
        except TypeError as error:
            known = ", ".join(asdict(FeatureOptions()))
            raise ModelError(
                f"{error}; the groups of features are {known}", where=f"[components.{name}.features]"
            ) from None

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
            spans = gold_spans(doc, view)
            document_keys = self._keys(doc, view)
            labels_ = bmes(len(view.text), spans)
            for start, end in view.uncut_sentences(spans):
                keys.append(document_keys[start:end])
                gold.append(labels_[start:end])
        try:
            self.chain = fit(keys, gold, options=options, on_epoch=on_epoch)
        except ValueError as error:
            raise ModelError(f"cannot fit: {error}", where=f"component {self.name!r}") from None

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

    def _scores(self, docs: list[Doc], views: list[View]) -> list[Floats]:
        chain = self._fitted()
        return [chain.emissions(self._keys(doc, view)) for doc, view in zip(docs, views, strict=True)]

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


_EDGE_CODES = np.full(256, -1, dtype=np.int8)
for _code, _letter in enumerate("BIES"):
    _EDGE_CODES[ord(_letter)] = _code


def _components_before(nlp: Language, name: str) -> list[Callable[[Doc], Doc]]:
    """Return the pipes that run before ``name``, whose annotations are features."""
    before = []
    for other, component in nlp.pipeline:
        if other == name:
            break
        before.append(component)
    return before
