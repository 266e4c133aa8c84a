"""Word boundaries by spacy-pkuseg with the small model of our own that ships with the package."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from ..corpus.errors import ModelError
from .factory import factory
from .view import View

SEGMENTER = "segmenter"
"""Folder of the shipped segmenter in this package; ``features.msgpack`` and ``weights.npz`` of spacy-pkuseg."""

Doc.set_extension("word_edges", default=None, force=True)


@factory("tongbao.words", default_config={"path": None}, assigns=("doc._.word_edges",))
def create_words(nlp: Language, name: str, path: str | None) -> Words:  # noqa: ARG001
    """Make the component; ``path`` is a folder of a spacy-pkuseg model, None for the shipped one."""
    return Words(name, path=path)


class Words:
    """Writes ``doc._.word_edges``: one letter a character of ``doc.text``.

    Parameters
    ----------
    name
        Of the component in its pipeline.
    path
        Folder of a spacy-pkuseg model; None for the one that ships with the package.

    Notes
    -----
    ``B`` begins a word, ``I`` is inside, ``E`` ends one, ``S`` is a word, ``-`` belongs to none (white space, a
    hard line break in mid-sentence, bracketed pinyin). Words are found in the normalised `View` of the text.
    """

    def __init__(self, name: str = "words", *, path: str | None = None) -> None:
        self.name = name
        self.path = path
        self._segment: Callable[[str], list[str]] | None = None

    def __call__(self, doc: Doc) -> Doc:
        """Find the words of one document."""
        if self._segment is None:
            self._segment = load_segmenter(None if self.path is None else Path(self.path))
        view = View.of(doc.text)
        edges = word_edges(view.text, self._segment(view.text))
        if view.places is not None:
            outer = np.full(len(doc.text), ord("-"), dtype=np.uint8)
            outer[view.places] = np.frombuffer(edges.encode("ascii"), dtype=np.uint8)
            edges = outer.tobytes().decode("ascii")
        doc._.word_edges = edges
        return doc


def word_edges(text: str, words: list[str]) -> str:
    """Spell words out as one letter of ``BIES`` a character, ``-`` for characters that are in no word."""
    edges = ["-"] * len(text)
    at = 0
    for word in words:
        start = text.find(word, at)
        if start < 0:
            continue
        at = start + len(word)
        if len(word) == 1:
            edges[start] = "S"
            continue
        edges[start:at] = "B" + "I" * (len(word) - 2) + "E"
    return "".join(edges)


@cache
def load_segmenter(path: Path | None = None) -> Callable[[str], list[str]]:
    """Load a spacy-pkuseg model: a function from text to words; white space is in none of them.

    Raises
    ------
    ModelError
        When there is no model at ``path``.
    """
    import spacy_pkuseg

    if path is None:
        with as_file(files(__package__) / SEGMENTER) as folder:
            return _load(spacy_pkuseg, folder)
    return _load(spacy_pkuseg, path)


def load_tokenizer(path: Path | None = None) -> Any:
    """Return spaCy's Chinese tokenizer with ``segmenter = "pkuseg"`` and our model, offline."""
    from spacy.lang.zh import Chinese

    folder = Path(str(files(__package__) / SEGMENTER)) if path is None else path
    _check(folder)
    nlp = Chinese.from_config({"nlp": {"tokenizer": {"segmenter": "pkuseg"}}})
    tokenizer: Any = nlp.tokenizer
    tokenizer.initialize(pkuseg_model=str(folder), pkuseg_user_dict="default")
    return tokenizer


def _load(spacy_pkuseg: Any, folder: Path) -> Callable[[str], list[str]]:
    _check(folder)
    cut: Callable[[str], list[str]] = spacy_pkuseg.pkuseg(str(folder), user_dict="default").cut
    return cut


def _check(folder: Path) -> None:
    if not (folder / "features.msgpack").is_file():
        raise ModelError("no segmenter here: make it with `tongbao train --segmenter`", where=str(folder))
