"""Writes what measures and posts mean onto the entities: the spaCy component over `norms` and `posts`."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc, Span

from .case import Case
from .factory import factory
from .fields import dates
from .norms import Context, Norm, as_record, normalise_measure
from .plausible import check_norms
from .posts import LEAD, Post, is_joined, normalise_post
from .taxonomy import form_of
from .view import View

_SENTENCE_END = re.compile("[。！？\n]")
# A text that knows these organs and their measures is not older than 监察法.
_SINCE_2018 = re.compile("监委|监察委员会|政务(?:处分|警告|记|降|撤|开)")
_SINCE = "2018-03"

_REACH = 600
"""How many characters before a measure, of its sentence, are its context."""
_BESIDE = 20
"""How many other measures of its sentence, on either side, are."""

Span.set_extension("norm", default=None, force=True)


@factory("tongbao.norms", requires=("doc.ents",), assigns=("span._.norm",))
def create_norms(nlp: Language, name: str) -> Norms:  # noqa: ARG001
    """Make the component; see `Norms`."""
    return Norms(name)


class Norms:
    """Writes ``span._.norm`` of every SANCTION and POSITION, a dict of plain values; see `as_record` and `Post.record`.

    It stands after ``tongbao.cases``: date and subject of a measure's case help with words that have several meanings,
    and the cases of ``doc._.cases`` get their ``four_forms`` and ``warnings`` here.
    """

    def __init__(self, name: str = "norms") -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Write the norms of one document."""
        spans = [(span.start_char, span.end_char, span.label_) for span in doc.ents]
        cases = tuple(doc._.cases) if Doc.has_extension("cases") else ()
        # A Doc puts its text together each time that it is asked for it.
        text = doc.text
        measures, posts = measure_norms(text, spans, cases), post_norms(text, spans)
        if cases:
            doc._.cases = tuple(_judged(case, measures, posts) for case in cases)
        for index, span in enumerate(doc.ents):
            if index in measures:
                span._.norm = as_record(measures[index])
            elif index in posts:
                span._.norm = posts[index].record()
        return doc


def _judged(case: Case, measures: Mapping[int, tuple[Norm, ...]], posts: Mapping[int, Post]) -> Case:
    codes = (norm.code for index in case.sanctions for norm in measures[index] if norm.code)
    return replace(case, four_forms=form_of(codes), warnings=tuple(check_norms(case, measures, posts)))


def measure_norms(
    text: str, spans: Sequence[tuple[int, int, str]], cases: Sequence[Case] = ()
) -> dict[int, tuple[Norm, ...]]:
    """Return the norms of each SANCTION by its index.

    Parameters
    ----------
    text
        Of the notice.
    spans
        All of its entities as (start, end, label), in order and without overlap.
    cases
        Their cases.
    """
    contexts = measure_contexts(text, spans, cases)
    return {index: normalise_measure(text[slice(*spans[index][:2])], context) for index, context in contexts.items()}


def measure_contexts(
    text: str, spans: Sequence[tuple[int, int, str]], cases: Sequence[Case] = ()
) -> dict[int, Context]:
    """Gather what is known of the place of each SANCTION, by its index; the parameters are as of `measure_norms`."""
    found = [index for index, (_, _, label) in enumerate(spans) if label == "SANCTION"]
    if not found:
        return {}
    view = View.of(text)
    ends = [match.end() for match in _SENTENCE_END.finditer(view.text)]
    inner = {index: view.inner(*spans[index][:2]) or (0, 0) for index in found}
    sentence = {index: bisect_right(ends, inner[index][0]) for index in found}
    by_sentence: dict[int, list[int]] = {}
    for index in found:
        by_sentence.setdefault(sentence[index], []).append(index)
    by_measure: dict[int, list[Case]] = {}
    for case in cases:
        for index in case.sanctions:
            by_measure.setdefault(index, []).append(case)
    latest = max((when.iso for when in dates(view.text)), default=None)
    is_new = _SINCE_2018.search(view.text) is not None
    contexts = {}
    for index in found:
        of_measure = by_measure.get(index, [])
        date = next((case.date for case in of_measure if case.date), latest)
        if date is not None and is_new:
            date = max(date, _SINCE)
        number, at = sentence[index], inner[index][0]
        beside = by_sentence[number]
        place = bisect_left(beside, index)
        contexts[index] = Context(
            before=view.text[max(ends[number - 1] if number else 0, at - _REACH) : at],
            neighbours=tuple(
                text[slice(*spans[other][:2])]
                for other in beside[max(0, place - _BESIDE) : place + _BESIDE + 1]
                if other != index
            ),
            date=date,
            body=all(case.official is None and not case.positions for case in of_measure) if of_measure else None,
        )
    return contexts


def post_norms(text: str, spans: Sequence[tuple[int, int, str]]) -> dict[int, Post]:
    """Return what each POSITION says, by its index; the parameters are as of `measure_norms`."""
    posts: dict[int, Post] = {}
    view = View.of(text)
    previous, after = None, 0
    for index, (start, end, label) in enumerate(spans):
        if label != "POSITION":
            continue
        begin, stop = view.inner(start, end) or (after, after)
        joined = previous if is_joined(view.text[after:begin]) else None
        previous = posts[index] = normalise_post(
            text[start:end], before=view.text[max(0, begin - LEAD) : begin], previous=joined
        )
        after = stop
    return posts
