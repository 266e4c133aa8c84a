"""Pipelines made by hand: they mark given words and make given cases."""

from __future__ import annotations

from collections.abc import Mapping

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span
from tongbao.pipeline.case import Case

if not Span.has_extension("score"):
    Span.set_extension("score", default=None)


@Language.factory("test_words_ner", assigns=["doc.ents"])
class WordsNer:
    """Marks each word of a dictionary wherever it stands, with the score 0.5."""

    def __init__(self, nlp: Language, name: str, words: dict[str, str]) -> None:  # noqa: ARG002
        self.words = words

    def __call__(self, doc: Doc) -> Doc:
        spans = []
        for word, label in self.words.items():
            start = doc.text.find(word)
            while start >= 0:
                spans.append(doc.char_span(start, start + len(word), label=label))
                start = doc.text.find(word, start + 1)
        doc.ents = tuple(spacy.util.filter_spans([span for span in spans if span is not None]))
        for span in doc.ents:
            span._.score = 0.5
        return doc


@Language.component("test_nearest_cases", assigns=["doc._.cases"], requires=["doc.ents"])
def nearest_cases(doc: Doc) -> Doc:
    """Each name is a case; what else is marked belongs to the last name before it."""
    of_name: dict[str, dict[str, list[int]]] = {}
    current: dict[str, list[int]] = {}
    for index, span in enumerate(doc.ents):
        if span.label_ == "OFFICIAL":
            current = of_name.setdefault(span.text, {})
        current.setdefault(span.label_, []).append(index)
    doc._.cases = tuple(
        Case(
            name,
            name,
            tuple(found["OFFICIAL"]),
            tuple(found.get("POSITION", ())),
            tuple(found.get("VIOLATION", ())),
            tuple(found.get("SANCTION", ())),
        )
        for name, found in of_name.items()
    )
    return doc


def pipeline(words: Mapping[str, str], *, with_cases: bool = True) -> Language:
    nlp = spacy.blank("zh", meta={"name": "by_hand", "version": "1.2.3"})
    nlp.add_pipe("test_words_ner", config={"words": dict(words)})
    if with_cases:
        nlp.add_pipe("test_nearest_cases")
    return nlp
