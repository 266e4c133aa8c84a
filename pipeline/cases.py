"""Assembles the entities of a document into cases."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from .case import Case
from .factory import factory

Doc.set_extension("cases", default=(), force=True)


@factory("tongbao.cases", requires=("doc.ents",), assigns=("doc._.cases",))
def create_cases(nlp: Language, name: str) -> Cases:  # noqa: ARG001
    """Make the component; see `Cases`."""
    return Cases(name)


class Cases:
    """Writes ``doc._.cases``, a tuple of `Case` by first mention of the subject."""

    def __init__(self, name: str = "cases") -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Assemble the cases of one document."""
        doc._.cases = assemble(doc)
        return doc


def assemble(doc: Doc) -> tuple[Case, ...]:
    """Group ``doc.ents`` into cases."""
    people: dict[str, list[int]] = {}
    for index, span in enumerate(doc.ents):
        if span.label_ == "OFFICIAL":
            people.setdefault(span.text, []).append(index)
    return tuple(Case(name, name, tuple(mentions)) for name, mentions in people.items())
