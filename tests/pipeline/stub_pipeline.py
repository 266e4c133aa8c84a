"""A pipeline made by hand: it marks the words of a dictionary, and each name is a case."""

from __future__ import annotations

import spacy
import tongbao.pipeline.cases  # noqa: F401  (registers doc._.cases)
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans
from tongbao.pipeline.case import Case

WORDS = {
    "林某": "OFFICIAL",
    "周某": "OFFICIAL",
    "镇长": "POSITION",
    "网格员": "POSITION",
    "公车私用": "VIOLATION",
    "党内警告处分": "SANCTION",
    "诫勉谈话": "SANCTION",
}
POISON = "毒"

if not Span.has_extension("score"):
    Span.set_extension("score", default=None)


@Language.component("stub_words", assigns=["doc.ents"])
def stub_words(doc: Doc) -> Doc:
    text = doc.text
    if POISON in text:
        raise ValueError("poison\nin many lines")
    spans = []
    for word, label in WORDS.items():
        start = text.find(word)
        while start >= 0:
            spans.append(doc.char_span(start, start + len(word), label=label))
            start = text.find(word, start + 1)
    doc.ents = tuple(filter_spans([span for span in spans if span is not None]))
    for span in doc.ents:
        span._.score = 0.987654
    return doc


@Language.component("stub_cases", assigns=["doc._.cases"], requires=["doc.ents"])
def stub_cases(doc: Doc) -> Doc:
    found: dict[str, dict[str, list[int]]] = {}
    current: dict[str, list[int]] = {}
    for index, span in enumerate(doc.ents):
        if span.label_ == "OFFICIAL":
            current = found.setdefault(span.text, {})
        current.setdefault(span.label_, []).append(index)
    doc._.cases = tuple(
        Case(
            name,
            name,
            tuple(of["OFFICIAL"]),
            tuple(of.get("POSITION", ())),
            tuple(of.get("VIOLATION", ())),
            tuple(of.get("SANCTION", ())),
            "2021-08-20",
        )
        for name, of in found.items()
    )
    return doc


def stub() -> Language:
    nlp = spacy.blank("zh", meta={"name": "stub", "version": "1.2.3"})
    nlp.add_pipe("stub_words")
    nlp.add_pipe("stub_cases")
    return nlp
