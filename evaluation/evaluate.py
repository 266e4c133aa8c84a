"""Runs a pipeline over gold notices and reports how well it did."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version

from spacy.language import Language
from spacy.tokens import Doc, Span

from ..corpus.errors import ModelError
from ..corpus.notice import Entity, Notice
from ..pipeline.load import model_name
from .bootstrap import score_intervals
from .calibration import calibrate
from .errors import confusion, find_errors
from .links import EntityMatch, tally_links
from .negatives import count_negatives, is_ours
from .norms import read_norms, score_norms
from .pairs import Pair, pair_notices
from .report import LinkReport, Report, SpanReport
from .slices import score_slices
from .spans import MATCHES, tally_spans

CASES = "doc._.cases"


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a pipeline makes of a notice.

    Parameters
    ----------
    notice
        The notice with the pipeline's entities and cases in the place of gold's.
    scores
        Of its entities, in their order; None where the pipeline gives none.
    """

    notice: Notice
    scores: tuple[float | None, ...]


def evaluate(
    nlp: Language,
    gold: Sequence[Notice],
    *,
    n_boot: int = 1000,
    seed: int = 0,
    gold_path: str | None = None,
    known_names: Collection[str] | None = None,
    gold_entities: bool = False,
) -> Report:
    """Score a pipeline on gold notices.

    Parameters
    ----------
    nlp
        A pipeline that sets ``doc.ents``. Case links are scored where one of its components declares to
        assign ``doc._.cases``.
    gold
        Annotated notices.
    n_boot, seed
        Draws of the intervals and the seed they are drawn with.
    gold_path
        Where the notices are from, for the report.
    known_names
        Names of the training set, to score seen and unseen names apart; see `slices.names_of`.
    gold_entities
        Score only the assembly of cases: the pipeline's case component gets documents with gold's entities.

    Raises
    ------
    ModelError
        When the pipeline changes a text, or has no case component that could get gold's entities.
    AnnotationError
        When an id stands twice.
    """
    predictions = predict_cases(nlp, gold) if gold_entities else predict(nlp, gold)
    return score_predictions(
        gold,
        predictions,
        model=model_name(nlp),
        has_cases=makes_cases(nlp),
        n_boot=n_boot,
        seed=seed,
        gold_path=gold_path,
        known_names=known_names,
        gold_entities=gold_entities,
    )


def score_predictions(
    gold: Sequence[Notice],
    predictions: Sequence[Prediction],
    *,
    model: str,
    has_cases: bool,
    n_boot: int = 1000,
    seed: int = 0,
    gold_path: str | None = None,
    known_names: Collection[str] | None = None,
    gold_entities: bool = False,
) -> Report:
    """Score what a model made of gold notices, whenever it did; the parameters are as of `evaluate`.

    Parameters
    ----------
    predictions
        One for each gold notice, of the same id and text, in any order.
    model
        What it is called in the report.
    has_cases
        Whether it makes cases, so that their links are scored.

    Raises
    ------
    AnnotationError
        When gold and predictions do not pair up.
    """
    predicted = [prediction.notice for prediction in predictions]
    pairs = pair_notices(gold, predicted)
    matches: tuple[EntityMatch, ...] = ("strict",) if gold_entities else ("strict", "overlap")
    report = Report(
        model=model,
        gold=gold_path,
        notices=len(gold),
        version=version("tongbao"),
        n_boot=n_boot,
        seed=seed,
        gold_entities=gold_entities,
        spans=(),
        links=tuple(_link_report(pairs, match, n_boot=n_boot, seed=seed) for match in matches if has_cases),
    )
    # The rules of norms are scored on gold's measures, whichever model is.
    norms = score_norms(gold, read_norms()) if is_ours(gold) else None
    report = replace(report, norms=norms if norms and norms.total else None)
    if gold_entities:
        return report
    scores = {prediction.notice.id: prediction.scores for prediction in predictions}
    spans = [(match, tally_spans(pairs, match=match)) for match in MATCHES]
    return replace(
        report,
        spans=tuple(
            SpanReport(match, tally.scores(), score_intervals(tally, n_boot=n_boot, seed=seed))
            for match, tally in spans
        ),
        slices=score_slices(gold, predicted, known_names=known_names),
        errors=find_errors(gold, predicted, scores=scores),
        confusion=confusion(gold, predicted),
        # Sets by others have no wrongs and measures; that their texts hold none says nothing.
        negatives=count_negatives(pairs, n_boot=n_boot, seed=seed) if is_ours(gold) else None,
        calibration=calibrate(pairs, scores),
    )


def marked_already(notices: Sequence[Notice]) -> list[Prediction]:
    """Take notices that a model has marked, such as those that ``tongbao train --folds`` writes, as predictions."""
    return [Prediction(notice, (None,) * len(notice.entities)) for notice in notices]


def predict(nlp: Language, gold: Sequence[Notice]) -> list[Prediction]:
    """Run a pipeline over the texts of gold notices."""
    docs = nlp.pipe(notice.text for notice in gold)
    has_cases = makes_cases(nlp)
    return [as_prediction(notice, doc, has_cases=has_cases) for notice, doc in zip(gold, docs, strict=True)]


def predict_cases(nlp: Language, gold: Sequence[Notice]) -> list[Prediction]:
    """Run only the case component of a pipeline, over documents with the entities of gold.

    Raises
    ------
    ModelError
        When the pipeline has no case component, or its tokens cut through a gold entity.
    """
    name = _cases_pipe(nlp)
    if name is None:
        raise ModelError(f"the pipeline has no component that assigns {CASES}, to which gold's entities could be given")
    assemble = nlp.get_pipe(name)
    return [as_prediction(notice, assemble(_gold_doc(nlp, notice))) for notice in gold]


def as_prediction(notice: Notice, doc: Doc, *, has_cases: bool = True) -> Prediction:
    """Put the entities and cases of a document in the place of a notice's own.

    Cases are numbered from 1 in the order of ``doc._.cases``.

    Raises
    ------
    ModelError
        When the document has another text.
    """
    if doc.text != notice.text:
        raise ModelError(
            "the pipeline's tokenizer changes the text, so that no offset can be compared", where=notice.id
        )
    numbers: list[list[int]] = [[] for _ in doc.ents]
    for number, case in enumerate(doc._.cases if has_cases else (), start=1):
        for index in {*case.mentions, *case.positions, *case.violations, *case.sanctions}:
            numbers[index].append(number)
    entities = tuple(
        Entity(span.start_char, span.end_char, span.label_, tuple(of_span))
        for span, of_span in zip(doc.ents, numbers, strict=True)
    )
    return Prediction(replace(notice, entities=entities), tuple(_score(span) for span in doc.ents))


def _score(span: Span) -> float | None:
    score = span._.score if Span.has_extension("score") else None
    return None if score is None else float(score)


def _link_report(pairs: Sequence[Pair], entities: EntityMatch, *, n_boot: int, seed: int) -> LinkReport:
    tally = tally_links(pairs, entities=entities)
    return LinkReport(entities, tally.scores(), tally.intervals(n_boot=n_boot, seed=seed))


def makes_cases(nlp: Language) -> bool:
    """Say whether a pipeline has a component that assigns ``doc._.cases``."""
    return _cases_pipe(nlp) is not None


def _cases_pipe(nlp: Language) -> str | None:
    """Find the component that declares that it assigns ``doc._.cases``."""
    for name in nlp.pipe_names:
        if CASES in nlp.get_pipe_meta(name).assigns:
            return str(name)
    return None


def _gold_doc(nlp: Language, notice: Notice) -> Doc:
    doc = nlp.make_doc(notice.text)
    spans = []
    for entity in notice.entities:
        span = doc.char_span(entity.start, entity.end, label=entity.label)
        if span is None:
            marked = notice.span_text(entity)
            what = f"the pipeline's tokens cut through gold's {marked!r}: let its tokenizer cut by characters"
            raise ModelError(what, where=notice.id)
        spans.append(span)
    doc.ents = tuple(spans)
    return doc
