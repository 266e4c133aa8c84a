"""Two models on the same notices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from tongbao.corpus.notice import LABELS, Notice
from tongbao.evaluation.comparison import LINKS, compare
from tongbao.evaluation.scores import MACRO, MICRO

from .samples import bare, notice

MARKED = "[镇长](POSITION 1)[林某](OFFICIAL 1)[公车私用](VIOLATION 1)，受到[警告](SANCTION 1)。"
GOLD = [notice(MARKED, id=f"n{i}") for i in range(12)]


def without(label: str, notices: Sequence[Notice]) -> list[Notice]:
    return [replace(one, entities=tuple(e for e in one.entities if e.label != label)) for one in notices]


def regressions(ours: Sequence[Notice], theirs: Sequence[Notice]) -> list[str]:
    found = compare(GOLD, ours, theirs, other="other", with_links=True, n_boot=200)
    return [row.of for row in found.regressions]


def test_every_figure_is_compared() -> None:
    found = compare(GOLD, without("SANCTION", GOLD), GOLD, other="other", with_links=True, n_boot=200)
    rows = {row.of: row for row in found.rows}
    assert list(rows) == [*LABELS, MICRO, MACRO, LINKS]
    assert (rows["SANCTION"].ours, rows["SANCTION"].theirs) == (0.0, 1.0)
    assert rows["OFFICIAL"].difference.value == 0.0
    assert rows[MICRO].ours == pytest.approx(2 * 3 / (3 + 4))
    assert rows[LINKS].ours == pytest.approx(2 * 2 / (2 + 3))
    assert all(row.difference.value == pytest.approx(row.ours - row.theirs) for row in found.rows)


def test_worse_in_all_notices_is_a_regression() -> None:
    assert regressions(without("VIOLATION", GOLD), GOLD) == [MICRO, LINKS]


def test_better_or_the_same_is_none() -> None:
    assert regressions(GOLD, without("VIOLATION", GOLD)) == []
    assert regressions(GOLD, GOLD) == []


def test_worse_in_one_notice_may_be_chance() -> None:
    assert regressions([bare(GOLD[0]), *GOLD[1:]], GOLD) == []


def test_names_that_are_lost_break_no_link_by_themselves() -> None:
    assert regressions(without("OFFICIAL", GOLD), GOLD) == [MICRO]


def test_links_are_left_out_where_a_model_makes_no_cases() -> None:
    found = compare(GOLD, GOLD, GOLD, other="other", with_links=False, n_boot=20)
    assert LINKS not in {row.of for row in found.rows}
