"""The regression of links: what it learns from, and how it is measured."""

from __future__ import annotations

import pytest
from tongbao.corpus.folder import HELDOUT, read_gold
from tongbao.corpus.inline import parse
from tongbao.pipeline.links import FEATURES, shipped
from tongbao.training.links import fit_links, pair_table, score_folds, score_on

ANNOTATED = (
    "[镇长](POSITION 1)[林一舟](OFFICIAL 1)[公车私用](VIOLATION 1)，受到[党内警告处分](SANCTION 1)。"
    "[书记](POSITION)[周石](OFFICIAL)通报了情况。"
)


def test_pairs_are_of_all_who_may_be_meant() -> None:
    table = pair_table([parse(f"# id: a_1\n\n{ANNOTATED}")])
    # Two persons, and four posts, wrongs and measures.
    assert table.rows.shape == (8, len(FEATURES))
    assert table.gold.sum() == 3
    assert set(table.hands) == {"a"}
    assert sorted(set(table.kinds)) == ["acts", "posts"]


def test_fit_on_few_and_measure() -> None:
    notices = [parse(f"# id: {hand}_1\n\n{ANNOTATED}") for hand in "abcde"]
    table = pair_table(notices)
    figures = score_on(fit_links(table), table)
    assert figures["acts"].learned == figures["acts"].rules == 1
    assert figures["acts"].n_links == 10
    assert score_folds(table)["acts"].learned == 1


@pytest.mark.parametrize("kind", ["acts", "posts"])
def test_what_ships_is_no_worse_than_to_say_the_same_of_all(kind: str) -> None:
    figures = score_on(shipped(), pair_table(read_gold(HELDOUT)))[kind]
    assert figures.brier < max(0.01, figures.brier_of_rate)
