"""The list of errors, their counts and the confusion of labels."""

from __future__ import annotations

import pytest
from hypothesis import given
from tongbao.corpus.notice import LABELS, Notice
from tongbao.evaluation.errors import (
    KINDS,
    NOTHING,
    Error,
    align,
    confusion,
    count_errors,
    find_errors,
    group_errors,
)
from tongbao.evaluation.spans import score_spans

from .samples import notice, pair_lists

GOLD = "[镇长](POSITION)[林某](OFFICIAL)[公车私用](VIOLATION)，受到[警告](SANCTION)。"


@pytest.mark.parametrize(
    ("predicted", "expected"),
    [
        (GOLD, []),
        (GOLD.replace("[警告](SANCTION)", "警告"), [("missed", "SANCTION", "警告", None, None)]),
        (GOLD.replace("受到", "[受到](SANCTION)"), [("spurious", "SANCTION", None, "受到", "SANCTION")]),
        (
            GOLD.replace("[公车私用]", "公车[私用]"),
            [("wrong boundary", "VIOLATION", "公车私用", "私用", "VIOLATION")],
        ),
        (
            GOLD.replace("[警告](SANCTION)", "[警告](VIOLATION)"),
            [("wrong label", "SANCTION", "警告", "警告", "VIOLATION")],
        ),
        (
            GOLD.replace("受到[警告](SANCTION)", "[受到警告](VIOLATION)"),
            [("wrong label", "SANCTION", "警告", "受到警告", "VIOLATION")],
        ),
        (
            GOLD.replace("[镇长](POSITION)[林某](OFFICIAL)", "[镇长林某](OFFICIAL)"),
            [
                ("missed", "POSITION", "镇长", None, None),
                ("wrong boundary", "OFFICIAL", "林某", "镇长林某", "OFFICIAL"),
            ],
        ),
        (
            GOLD.replace("[公车私用](VIOLATION)", "[公](VIOLATION)[车私用](SANCTION)"),
            [
                ("wrong boundary", "VIOLATION", "公车私用", "公", "VIOLATION"),
                ("spurious", "SANCTION", None, "车私用", "SANCTION"),
            ],
        ),
    ],
)
def test_kinds(predicted: str, expected: list[tuple[str | None, ...]]) -> None:
    errors = find_errors([notice(GOLD)], [notice(predicted)])
    assert [(e.kind, e.label, e.gold, e.predicted, e.predicted_label) for e in errors] == expected


def test_place_and_context() -> None:
    gold = "甲乙丙丁戊己庚辛壬癸甲乙丙丁戊己庚辛壬癸\n　　子丑[林某](OFFICIAL)寅卯。"
    (error,) = find_errors([notice(gold)], [notice(gold.replace("[林某](OFFICIAL)", "林某"))])
    assert (error.notice_id, error.line, error.column) == ("n1", 2, 5)
    assert error.before == "己庚辛壬癸甲乙丙丁戊己庚辛壬癸\n　　子丑"[-20:]
    assert len(error.before) == 20
    assert error.after == "寅卯。"


def test_place_at_the_very_beginning() -> None:
    (error,) = find_errors([notice("[林某](OFFICIAL)受贿")], [notice("林某受贿")])
    assert (error.line, error.column, error.before) == (1, 1, "")


def test_scores_are_those_of_the_predicted_entities() -> None:
    predicted = notice("[镇长](POSITION)林某[公车](VIOLATION)私用，受到警告[。](SANCTION)")
    errors = find_errors([notice(GOLD)], [predicted], scores={"n1": (0.9, 0.5, None)})
    assert [(error.kind, error.score) for error in errors] == [
        ("missed", None),
        ("wrong boundary", 0.5),
        ("missed", None),
        ("spurious", None),
    ]


def test_counts_and_groups() -> None:
    gold = [notice(GOLD, id=f"n{i}") for i in range(3)]
    predicted = [
        notice(GOLD.replace("[警告](SANCTION)", "警告"), id="n0"),
        notice(GOLD.replace("[警告](SANCTION)", "警告"), id="n1"),
        notice(GOLD.replace("[公车私用]", "公车[私用]"), id="n2"),
    ]
    errors = find_errors(gold, predicted)
    assert count_errors(errors) == {
        "SANCTION": {"missed": 2, "spurious": 0, "wrong boundary": 0, "wrong label": 0},
        "VIOLATION": {"missed": 0, "spurious": 0, "wrong boundary": 1, "wrong label": 0},
    }
    grouped: list[tuple[Error, int]] = group_errors(errors)
    assert [(error.notice_id, error.gold, count) for error, count in grouped] == [
        ("n0", "警告", 2),
        ("n2", "公车私用", 1),
    ]


def test_confusion() -> None:
    predicted = notice("镇长[林](OFFICIAL)某[公车私用](SANCTION)，[受到](POSITION)[警告](SANCTION)。")
    table = confusion([notice(GOLD)], [predicted])
    assert table.labels == (*LABELS, NOTHING)
    counts = {
        (row, column): count
        for row, cells in zip(table.labels, table.counts, strict=True)
        for column, count in zip(table.labels, cells, strict=True)
        if count
    }
    assert counts == {
        ("OFFICIAL", "OFFICIAL"): 1,
        ("POSITION", NOTHING): 1,
        ("SANCTION", "SANCTION"): 1,
        ("VIOLATION", "SANCTION"): 1,
        (NOTHING, "POSITION"): 1,
    }


def test_confusion_of_nothing() -> None:
    table = confusion([notice("受到")], [notice("受到")])
    assert set(sum(table.counts, ())) == {0}
    assert len(table.counts) == len(table.labels)


@given(pair_lists())
def test_errors_are_what_strict_scoring_counts(annotated: list[tuple[Notice, Notice]]) -> None:
    gold, predicted = ([pair[side] for pair in annotated] for side in (0, 1))
    errors = find_errors(gold, predicted)
    micro = score_spans(gold, predicted).micro
    n_of = {kind: sum(error.kind == kind for error in errors) for kind in KINDS}
    both = n_of["wrong boundary"] + n_of["wrong label"]
    assert n_of["missed"] + both == micro.fn
    assert n_of["spurious"] + both == micro.fp
    assert sum(map(sum, confusion(gold, predicted).counts)) == len(errors) + micro.tp


@given(pair_lists())
def test_every_entity_is_aligned_once(annotated: list[tuple[Notice, Notice]]) -> None:
    for gold, predicted in annotated:
        aligned = list(align(gold, predicted))
        assert [wanted for wanted, _ in aligned if wanted] == list(gold.entities)
        assert sorted(found for _, found in aligned if found) == list(predicted.entities)
        for wanted, found in aligned:
            if wanted and found:
                assert wanted.start < found.end
                assert found.start < wanted.end
