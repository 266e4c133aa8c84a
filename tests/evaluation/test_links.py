"""Which entity belongs to whom."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from tongbao.corpus.notice import Notice
from tongbao.evaluation.case_match import cases_of, match_cases
from tongbao.evaluation.links import CaseScore, EntityMatch, score_links, tally_links

from .samples import bare, notice, pair_lists, pairs

TWO = (
    "对[履行督办职责不力](VIOLATION 1,2)的[青石镇党委副书记](POSITION 1)、[镇长](POSITION 1)"
    "[林某](OFFICIAL 1)"
    "给予[党内警告处分](SANCTION 1)，给予[机关干部](POSITION 2)[周某](OFFICIAL 2)[诫勉谈话](SANCTION 2)。"
)
MIRRORED = TWO.translate(str.maketrans("12", "21")).replace("2,1", "1,2")


def links(gold: str, predicted: str, entities: EntityMatch = "strict") -> tuple[float, float, float]:
    micro = score_links([notice(gold)], [notice(predicted)], entities=entities).links.micro
    return micro.tp, micro.fp, micro.fn


def cases(gold: str, predicted: str) -> CaseScore:
    return score_links([notice(gold)], [notice(predicted)]).cases


@pytest.mark.parametrize(
    ("marked", "name", "key", "n_mentions", "n_links"),
    [
        (
            "[镇长](POSITION 1)[林某](OFFICIAL 1)[受贿](VIOLATION 1)，[林某某](OFFICIAL 1)",
            "林某某",
            "林某某",
            2,
            2,
        ),
        ("[林甲](OFFICIAL 1)，[林乙](OFFICIAL 1)", "林甲", "林甲", 2, 0),
        ("[受贿](VIOLATION 1)的[村支书](POSITION 1)、[村主任](POSITION 1)", None, "村支书", 2, 3),
        ("县水务局[监管不力](VIOLATION 1)，被[通报批评](SANCTION 1)", None, "监管不力", 2, 2),
    ],
)
def test_subject_of_a_case(marked: str, name: str | None, key: str, n_mentions: int, n_links: int) -> None:
    (case,) = cases_of(notice(marked))
    assert (case.name, case.key, len(case.mentions), len(case.links)) == (name, key, n_mentions, n_links)


def test_entities_of_no_case_and_of_several() -> None:
    of_one, of_two = cases_of(notice("[王某](OFFICIAL)说，" + TWO))
    assert (of_one.number, of_two.number) == (1, 2)
    assert len(of_one.links & of_two.links) == 1
    scores = score_links([notice(TWO)], [notice(TWO)])
    assert {label: score.support for label, score in scores.links.labels.items()} == {
        "POSITION": 3,
        "SANCTION": 2,
        "VIOLATION": 2,
    }


def test_perfect_prediction_whatever_the_numbers() -> None:
    for predicted in (TWO, MIRRORED, TWO.replace("2", "7")):
        scores = score_links([notice(TWO)], [notice(predicted)])
        assert scores.links.micro.f1 == scores.links.macro.f1 == 1.0
        assert scores.cases == CaseScore(2, 2, 2, 0, 0, 0)
        assert scores.cases.recall == 1.0


GOLD = "[镇长](POSITION 1)[林某](OFFICIAL 1)[受贿](VIOLATION 1)，[周某](OFFICIAL 2)[赌博](VIOLATION 2)"


@pytest.mark.parametrize(
    ("predicted", "counts", "found", "false"),
    [
        # The violation of one is given to the other.
        (
            "[镇长](POSITION 1)[林某](OFFICIAL 1)[受贿](VIOLATION 1)，[周某](OFFICIAL 2)[赌博](VIOLATION 1)",
            (2, 1, 1),
            2,
            0,
        ),
        # Names keep cases apart although all their links are swapped.
        (
            "[镇长](POSITION 2)[林某](OFFICIAL 1)[受贿](VIOLATION 2)，[周某](OFFICIAL 2)[赌博](VIOLATION 1)",
            (0, 3, 3),
            2,
            0,
        ),
        # Another boundary of the entity is another link.
        (
            "镇[长](POSITION 1)[林某](OFFICIAL 1)[受贿](VIOLATION 1)，[周某](OFFICIAL 2)[赌博](VIOLATION 2)",
            (2, 1, 1),
            2,
            0,
        ),
        # Without its name the case is known by its links, but its subject is not found.
        ("[镇长](POSITION 1)林某[受贿](VIOLATION 1)，[周某](OFFICIAL 2)[赌博](VIOLATION 2)", (3, 0, 0), 1, 0),
        # A wrong name does not match, so that none of its links is right.
        (
            "[镇长](POSITION 1)[林](OFFICIAL 1)某[受贿](VIOLATION 1)，[周某](OFFICIAL 2)[赌博](VIOLATION 2)",
            (1, 2, 2),
            1,
            1,
        ),
        # Two subjects in one case: one of them is found.
        (
            "[镇长](POSITION 1)[林某](OFFICIAL 1)[受贿](VIOLATION 1)，[周某](OFFICIAL 1)[赌博](VIOLATION 1)",
            (2, 1, 1),
            1,
            0,
        ),
        # A case made up of nothing that gold has.
        ("[镇长](POSITION 1)[林某](OFFICIAL 1)[受贿](VIOLATION 1)，周某赌[博](VIOLATION 2)", (2, 1, 1), 1, 1),
        # A name alone finds the subject.
        ("镇长[林某](OFFICIAL 1)受贿，周某赌博", (0, 0, 3), 1, 0),
        # Entities without cases link nothing.
        ("[镇长](POSITION)[林某](OFFICIAL)[受贿](VIOLATION)，周某赌博", (0, 0, 3), 0, 0),
    ],
)
def test_what_counts_as_right(predicted: str, counts: tuple[float, float, float], found: int, false: int) -> None:
    assert links(GOLD, predicted) == counts
    assert (cases(GOLD, predicted).found, cases(GOLD, predicted).false) == (found, false)


def test_the_longest_name_is_the_subject() -> None:
    gold = "[林某](OFFICIAL 1)[受贿](VIOLATION 1)，[林某某](OFFICIAL 1)"
    assert links(gold, "[林某](OFFICIAL 1)[受贿](VIOLATION 1)，林某某") == (0, 1, 1)
    assert links(gold, "林某[受贿](VIOLATION 1)，[林某某](OFFICIAL 1)") == (1, 0, 0)


def test_two_cases_of_one_name_can_match_one() -> None:
    gold = "[林某](OFFICIAL 1)[受贿](VIOLATION 1)，[林某](OFFICIAL 1)[赌博](VIOLATION 1)、[旷工](VIOLATION 1)"
    split = "[林某](OFFICIAL 1)[受贿](VIOLATION 1)，[林某](OFFICIAL 2)[赌博](VIOLATION 2)、[旷工](VIOLATION 2)"
    assert links(gold, split) == (2, 1, 1)
    assert (cases(gold, split).found, cases(gold, split).false) == (1, 1)


def test_unnamed_cases_match_by_most_common_links_overall() -> None:
    # Greedily 1 would take the predicted 1 (two links in common) and leave nothing for 2.
    gold = "[甲](VIOLATION 1)[乙](VIOLATION 1)[丙](VIOLATION 1)[丁](VIOLATION 2)"
    predicted = "[甲](VIOLATION 1)[乙](VIOLATION 1)[丙](VIOLATION 2)[丁](VIOLATION 1)"
    matched = match_cases(cases_of(notice(gold)), cases_of(notice(predicted)))
    assert matched == [(0, 0)]
    predicted = "[甲](VIOLATION 1)[乙](VIOLATION 2)[丙](VIOLATION 2)[丁](VIOLATION 2)"
    gold = "[甲](VIOLATION 2)[乙](VIOLATION 1)[丙](VIOLATION 2)[丁](VIOLATION 1)"
    assert links(gold, predicted) == (3, 1, 1)


def test_mentions_decide_between_equals() -> None:
    gold = "[受贿](VIOLATION 1,2)的[林某](OFFICIAL 1)和会计"
    predicted = "[受贿](VIOLATION 1,2)的[林某](OFFICIAL 2)和会计"
    assert match_cases(cases_of(notice(gold)), cases_of(notice(predicted))) == [(0, 1), (1, 0)]


def test_overlapping_entities_are_taken_for_gold_name_and_all() -> None:
    gold = "[原镇长](POSITION 1)[林某](OFFICIAL 1)[违规收受礼金](VIOLATION 1)"
    predicted = "原[镇长](POSITION 1)[林](OFFICIAL 1)某违规[收受礼金](VIOLATION 1)"
    assert links(gold, predicted) == (0, 2, 2)
    assert links(gold, predicted, "overlap") == (2, 0, 0)
    with pytest.raises(ValueError, match="strict, overlap"):
        links(gold, predicted, "type")  # type: ignore[arg-type]


def test_notices_without_cases() -> None:
    negatives = [bare(notice(TWO, id=f"n{i}")) for i in range(4)]
    predicted = [notice(TWO, id="n0"), *negatives[1:]]
    scores = score_links(negatives, predicted)
    assert scores.cases == CaseScore(0, 2, 0, 2, 4, 2)
    assert scores.cases.recall is None
    assert scores.cases.false_per_negative == 0.5
    assert scores.links.micro.f1 == 0.0
    assert score_links(negatives, negatives).links.micro.is_empty
    assert score_links([], []).cases.false_per_negative is None


def test_intervals() -> None:
    gold = [notice(TWO, id=f"n{i}") for i in range(4)]
    predicted = [*gold[:2], *(bare(one) for one in gold[2:])]
    intervals = tally_links(list(zip(gold, predicted, strict=True))).intervals(n_boot=200)
    assert intervals.case_recall is not None
    assert intervals.case_recall.low <= 0.5 <= intervals.case_recall.high
    assert intervals.false_per_negative is None
    assert intervals.links.micro.recall == intervals.case_recall


@given(pairs(with_cases=True))
def test_gold_is_its_own_perfect_prediction(pair: tuple[Notice, Notice]) -> None:
    gold, _ = pair
    scores = score_links([gold], [gold])
    assert scores.links.micro.fp == scores.links.micro.fn == scores.cases.false == 0
    assert scores.cases.found == scores.cases.gold


@given(pair_lists(with_cases=True))
def test_counts_add_up(annotated: list[tuple[Notice, Notice]]) -> None:
    tally = tally_links(annotated)
    assert (tally.links.counts >= 0).all()
    assert (tally.links.counts[:, 0] == tally.links.counts[:, 1:].sum(axis=1)).all()
    for counts, pair in zip(tally.cases, annotated, strict=True):
        n_gold, n_predicted, found, false, is_negative, false_in_negative = counts
        assert (n_gold, n_predicted) == tuple(len(cases_of(side)) for side in pair)
        assert found <= min(n_gold, n_predicted)
        assert false <= n_predicted - found
        assert false_in_negative == (n_predicted if is_negative else 0)


@given(pairs(with_cases=True))
def test_numbers_of_cases_do_not_matter(pair: tuple[Notice, Notice]) -> None:
    gold, predicted = pair
    renumbered = replace(
        predicted,
        entities=tuple(
            replace(entity, cases=tuple(sorted(10 - number for number in entity.cases)))
            for entity in predicted.entities
        ),
    )
    assert score_links([gold], [renumbered]).links.micro == score_links([gold], [predicted]).links.micro
