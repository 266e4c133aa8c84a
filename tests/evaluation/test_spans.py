"""Scores of spans: what counts as found, and that the counts are nervaluate's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from scipy.optimize import linear_sum_assignment
from tongbao.corpus.errors import AnnotationError
from tongbao.corpus.notice import LABELS, Entity, Notice
from tongbao.evaluation.pairs import overlapping
from tongbao.evaluation.spans import MATCHES, Match, match_by_overlap, score_spans, tally_spans

from .samples import bare, notice, pair_lists, pairs

GOLD = notice(
    "[青石镇党委副书记](POSITION 1)[林某](OFFICIAL 1)[公车私用](VIOLATION 1)，受到[党内警告处分](SANCTION 1)。"
)


def counts(gold: str, predicted: str, match: Match) -> tuple[float, float, float]:
    micro = score_spans([notice(gold)], [notice(predicted)], match=match).micro
    return micro.tp, micro.fp, micro.fn


@pytest.mark.parametrize(
    ("predicted", "strict", "overlap", "exact", "partial", "type_"),
    [
        ("[青石镇镇长](POSITION)林某", 1, 1, 1, 1, 1),
        ("青石镇镇长林某", 0, 0, 0, 0, 0),
        ("[青石镇镇长](OFFICIAL)林某", 0, 0, 1, 1, 0),
        ("青[石镇镇长](POSITION)林某", 0, 1, 0, 0.5, 1),
        ("青石镇[镇长林](POSITION)某", 0, 0, 0, 0.5, 1),
        ("青石镇[镇长林](SANCTION)某", 0, 0, 0, 0.5, 0),
        ("青石镇镇长[林某](POSITION)", 0, 0, 0, 0, 0),
        ("[青石镇](POSITION)[镇长](POSITION)林某", 0, 1, 0, 0.5, 1),
    ],
)
def test_what_counts_as_found(
    predicted: str, strict: float, overlap: float, exact: float, partial: float, type_: float
) -> None:
    gold = "[青石镇镇长](POSITION)林某"
    n_predicted = predicted.count("(")
    for match, tp in zip(MATCHES, (strict, overlap, exact, partial, type_), strict=True):
        assert counts(gold, predicted, match) == (tp, n_predicted - tp, 1 - tp), match


def test_half_of_the_union_is_just_enough() -> None:
    assert counts("[党内警告处分](SANCTION)了", "[党内警](SANCTION)告处分了", "overlap") == (1, 0, 0)
    assert counts("[党内警告处分](SANCTION)了", "[党内](SANCTION)警告处分了", "overlap") == (0, 1, 1)


def test_one_gold_entity_is_matched_once() -> None:
    assert counts("[党内警告](SANCTION)", "[党内](SANCTION)[警告](SANCTION)", "overlap") == (1, 1, 0)


def test_each_label_micro_and_macro() -> None:
    predicted = notice("[青石镇党委副书记](POSITION)[林某](OFFICIAL)[公车](VIOLATION)私用，受到党内警告处分。")
    scores = score_spans([GOLD], [predicted])
    assert list(scores.labels) == list(LABELS)
    assert scores.labels["POSITION"].f1 == 1.0
    assert (scores.labels["VIOLATION"].tp, scores.labels["VIOLATION"].fp, scores.labels["VIOLATION"].fn) == (
        0,
        1,
        1,
    )
    assert scores.labels["SANCTION"].support == 1
    assert (scores.micro.precision, scores.micro.recall) == (2 / 3, 1 / 2)
    assert scores.micro.f1 == pytest.approx(4 / 7)
    assert scores.macro.f1 == pytest.approx((1 + 1 + 0 + 0) / 4)
    assert scores.macro.support == 4


def test_macro_leaves_out_labels_that_do_not_occur() -> None:
    gold, predicted = notice("[林某](OFFICIAL)和[周某](OFFICIAL)"), notice("[林某](OFFICIAL)和周某")
    scores = score_spans([gold], [predicted])
    assert scores.macro.f1 == scores.labels["OFFICIAL"].f1 == pytest.approx(2 / 3)
    assert scores.labels["SANCTION"].is_empty


def test_labels_beyond_the_guideline_are_spurious() -> None:
    predicted = Notice(GOLD.id, GOLD.text, entities=(Entity(0, 3, "GPE"),))
    scores = score_spans([GOLD], [predicted])
    assert list(scores.labels) == [*LABELS, "GPE"]
    assert scores.labels["GPE"].fp == 1


@pytest.mark.parametrize("match", MATCHES)
def test_perfect_prediction(match: Match) -> None:
    scores = score_spans([GOLD], [GOLD], match=match)
    assert {scores.micro.f1, scores.macro.f1, *(score.f1 for score in scores.labels.values())} == {1.0}


@pytest.mark.parametrize("match", MATCHES)
def test_nothing_to_find(match: Match) -> None:
    empty = bare(GOLD)
    assert score_spans([], [], match=match).micro.is_empty
    assert score_spans([empty], [empty], match=match).micro.f1 == 1.0
    assert score_spans([empty], [empty], match=match).macro.f1 == 1.0
    spurious = score_spans([empty], [GOLD], match=match).micro
    assert (spurious.precision, spurious.recall, spurious.f1, spurious.support) == (0.0, 0.0, 0.0, 0)
    missed = score_spans([GOLD], [empty], match=match).micro
    assert (missed.precision, missed.recall, missed.f1, missed.support) == (0.0, 0.0, 0.0, 4)


def test_notices_are_paired_by_id() -> None:
    other = notice("[周某](OFFICIAL)", id="n2")
    assert score_spans([GOLD, other], [other, GOLD]).micro.f1 == 1.0


@pytest.mark.parametrize(
    ("gold", "predicted", "where", "what"),
    [
        ([GOLD], [], "n1", "no prediction"),
        ([], [GOLD], "n1", "no gold notice"),
        ([GOLD, GOLD], [GOLD], "n1", "twice among the gold"),
        ([GOLD], [GOLD, GOLD], "n1", "twice among the predicted"),
        ([GOLD], [notice("别的")], "n1", "another text"),
    ],
)
def test_notices_that_do_not_pair_up(gold: list[Notice], predicted: list[Notice], where: str, what: str) -> None:
    with pytest.raises(AnnotationError, match=what) as caught:
        score_spans(gold, predicted)
    assert caught.value.where == where


def test_unknown_match() -> None:
    with pytest.raises(ValueError, match="strict, overlap, exact"):
        score_spans([GOLD], [GOLD], match="fuzzy")  # type: ignore[arg-type]


@given(pair_lists())
def test_counts_add_up(annotated: list[tuple[Notice, Notice]]) -> None:
    for match in MATCHES:
        tally = tally_spans(annotated, match=match)
        for side, total in ((0, tally.counts[..., [0, 2]]), (1, tally.counts[..., :2])):
            n_entities = [len(pair[side].entities) for pair in annotated]
            assert total.sum(axis=-1)[:, 0].tolist() == n_entities
            assert total.sum(axis=-1)[:, 1:].sum(axis=-1).tolist() == n_entities


@given(pairs())
def test_overlap_matching_is_the_largest_there_is(pair: tuple[Notice, Notice]) -> None:
    gold, predicted = (side.entities for side in pair)
    allowed = np.zeros((len(gold), len(predicted)))
    for i, a in enumerate(gold):
        for j, b in enumerate(predicted):
            shared = len(set(range(a.start, a.end)) & set(range(b.start, b.end)))
            union = len(set(range(a.start, a.end)) | set(range(b.start, b.end)))
            allowed[i, j] = a.label == b.label and 2 * shared >= union
    rows, columns = linear_sum_assignment(allowed, maximize=True)
    matched = match_by_overlap(gold, predicted)
    assert all(allowed[i, j] for i, j in matched)
    assert len({i for i, _ in matched}) == len({j for _, j in matched}) == len(matched)
    assert len(matched) == allowed[rows, columns].sum()


@given(pairs())
def test_overlapping_finds_every_overlap(pair: tuple[Notice, Notice]) -> None:
    gold, predicted = (side.entities for side in pair)
    expected = [
        (i, j) for i, a in enumerate(gold) for j, b in enumerate(predicted) if a.start < b.end and b.start < a.end
    ]
    assert [(i, j) for i, j, _ in overlapping(gold, predicted)] == expected


@given(pair_lists())
def test_counts_are_those_of_nervaluate(annotated: list[tuple[Notice, Notice]]) -> None:
    evaluator = pytest.importorskip("nervaluate").Evaluator
    # nervaluate's ends are included in the span.
    gold, predicted = (
        [[{"label": e.label, "start": e.start, "end": e.end - 1} for e in pair[side].entities] for pair in annotated]
        for side in (0, 1)
    )
    results = evaluator(gold, predicted, tags=list(LABELS), loader="dict").evaluate()
    schemes: dict[str, Match] = {
        "strict": "strict",
        "exact": "exact",
        "partial": "partial",
        "ent_type": "type",
    }
    for scheme, match in schemes.items():
        ours = tally_spans(annotated, match=match).scores()
        theirs = {"micro": results["overall"], **results["entities"]} if annotated else {}
        for row, of_scheme in theirs.items():
            result = of_scheme[scheme]
            score = ours.micro if row == "micro" else ours.labels[row]
            assert score.tp == result.correct + 0.5 * result.partial
            assert (score.tp + score.fp, score.support) == (result.actual, result.possible)
            if not score.is_empty:
                assert (score.precision, score.recall) == (result.precision, result.recall)
                assert score.f1 == pytest.approx(result.f1)
