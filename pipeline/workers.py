"""Runs a pipeline over batches of texts, in this process or in several, in constant memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain

from spacy.language import Language
from spacy.tokens import Doc, Span

from ..corpus.errors import ModelError
from . import crew
from .case import Case
from .tagged import TaggedEntity


@dataclass(frozen=True, slots=True)
class Marked:
    """What the pipeline found in a text; ``doc`` is None when it comes from another process."""

    entities: tuple[TaggedEntity, ...]
    cases: tuple[Case, ...]
    doc: Doc | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why the pipeline could not do a text."""

    reason: str


Outcome = Marked | Failure


def run(
    nlp: Language, batches: Iterable[Sequence[str]], *, n_process: int = 1, ordered: bool = True
) -> Iterator[tuple[int, list[Outcome]]]:
    """Mark batches of texts lazily, in order or as they are done.

    A text that makes a component fail, or kills its worker process, comes as a `Failure`; the others of its batch are
    done all the same.

    Yields
    ------
    tuple
        The number of a batch, from 0, and what was found in each of its texts.

    Raises
    ------
    ModelError
        When the pipeline as a whole cannot be used.
    """
    if n_process == 1:
        for number, texts in enumerate(batches):
            yield number, mark(nlp, texts)
        return
    work: crew.Work[tuple[int, Sequence[str]], tuple[int, list[Outcome]]] = crew.Work(
        start=partial(_start, nlp),
        do=_work,
        split=lambda item: [(item[0], [text]) for text in item[1]] if len(item[1]) > 1 else [],
        give_up=lambda item: (item[0], [Failure(crew.DIED) for _ in item[1]]),
    )
    for found in crew.run(work, enumerate(batches), n_process=n_process, ordered=ordered):
        yield found[0][0], list(chain.from_iterable(outcomes for _, outcomes in found))


def mark(nlp: Language, texts: Sequence[str]) -> list[Outcome]:
    """Mark one batch of texts in this process."""
    try:
        return [_marked(doc, text) for doc, text in zip(nlp.pipe(texts), texts, strict=True)]
    except ModelError:
        raise
    except Exception:  # what a component raises is its own affair; the text at fault is found one by one
        return [_mark_one(nlp, text) for text in texts]


def _mark_one(nlp: Language, text: str) -> Outcome:
    try:
        return _marked(nlp(text), text)
    except ModelError:
        raise
    except Exception as error:
        said = str(error).strip().partition("\n")[0][:200] or "no more is said"
        return Failure(f"the model fails on it ({type(error).__name__}: {said})")


def _marked(doc: Doc, text: str) -> Outcome:
    # To spell the whole text out again costs more than what can go wrong here: white space lost or added.
    if (doc[-1].idx + len(doc[-1].text_with_ws) if len(doc) else 0) != len(text):
        return Failure("the model's tokenizer changes the length of the text, so that offsets would be wrong")
    has_scores, has_norms = Span.has_extension("score"), Span.has_extension("norm")
    entities = []
    for span in doc.ents:
        score = span._.score if has_scores else None
        # A number of numpy's is no number of JSON's.
        score = None if score is None else float(score)
        norm = span._.norm if has_norms else None
        entities.append(TaggedEntity(span.start_char, span.end_char, span.label_, score, norm))
    cases = tuple(doc._.cases) if Doc.has_extension("cases") else ()
    return Marked(tuple(entities), cases, doc)


_nlp: Language | None = None


def _start(nlp: Language) -> None:
    global _nlp
    _nlp = nlp


def _work(item: tuple[int, Sequence[str]]) -> tuple[int, list[Outcome]]:
    if _nlp is None:
        raise ModelError("a worker has no pipeline")
    number, texts = item
    outcomes = mark(_nlp, texts)
    return number, [replace(found, doc=None) if isinstance(found, Marked) else found for found in outcomes]
