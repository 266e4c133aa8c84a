"""False alarms in texts without a case."""

from __future__ import annotations

import pytest
from hypothesis import given
from tongbao.corpus.notice import Notice
from tongbao.evaluation.negatives import BLAME, Negatives, count_negatives, is_ours

from .samples import notice, pair_lists

CASE = "[林某](OFFICIAL 1)因[赌博](VIOLATION 1)受到[警告](SANCTION 1)。"
PRAISE = "[镇长](POSITION)[王某](OFFICIAL)走访农户，鼓励大家。"


def counted(*marked: tuple[str, str]) -> Negatives:
    pairs = [(notice(gold, id=f"n{i}"), notice(found, id=f"n{i}")) for i, (gold, found) in enumerate(marked)]
    return count_negatives(pairs, n_boot=20)


@pytest.mark.parametrize(
    ("found", "clean", "faultless", "spurious"),
    [
        (PRAISE, 1, 1, {}),
        ("[镇长](POSITION)王某走访农户，鼓励大家。", 1, 1, {}),
        ("[镇长](POSITION)[王某](OFFICIAL)走访[农户](POSITION)，鼓励大家。", 1, 0, {"POSITION": 1}),
        ("[镇长](POSITION)[王](OFFICIAL)某走访农户，鼓励大家。", 1, 0, {"OFFICIAL": 1}),
        ("[镇长](POSITION)[王某](OFFICIAL)[走访农户](VIOLATION)，鼓励大家。", 0, 0, {"VIOLATION": 1}),
        (
            "镇长王某[走访](VIOLATION)农户，[鼓励](SANCTION)[大家](OFFICIAL)。",
            0,
            0,
            dict.fromkeys([*BLAME, "OFFICIAL"], 1),
        ),
    ],
)
def test_one_text_without_a_case(found: str, clean: int, faultless: int, spurious: dict[str, int]) -> None:
    got = counted((PRAISE, found))
    assert (got.notices, got.clean, got.faultless) == (1, clean, faultless)
    assert {label: count for label, count in got.spurious.items() if count} == spurious


def test_texts_with_a_case_do_not_count() -> None:
    got = counted((CASE, "林某因赌博[受到](VIOLATION)警告。"), (PRAISE, PRAISE), ("天晴。", "[天晴](SANCTION)。"))
    assert (got.notices, got.clean, got.faultless, got.share) == (2, 1, 1, 0.5)
    assert got.interval is not None
    assert got.as_json()["interval"] == [got.interval.low, got.interval.high]


def test_without_true_negatives_there_is_no_share() -> None:
    got = counted((CASE, CASE))
    assert (got.notices, got.share, got.interval) == (0, None, None)


@given(pair_lists())
def test_a_model_that_repeats_gold_raises_no_alarm(pairs: list[tuple[Notice, Notice]]) -> None:
    got = count_negatives([(gold, gold) for gold, _ in pairs], n_boot=0)
    assert got.clean == got.faultless == got.notices
    assert not any(got.spurious.values())
    other = count_negatives(pairs, n_boot=0)
    assert other.faultless <= other.clean <= other.notices == got.notices


def test_labels_of_others_are_known() -> None:
    assert is_ours([notice(CASE)])
    assert not is_ours([notice("甲乙"), Notice("x", "甲", entities=(type(notice(CASE).entities[0])(0, 1, "NAME"),))])
