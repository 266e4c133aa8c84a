"""What an annotator sees first."""

from __future__ import annotations

import pytest
from tongbao.corpus.errors import ModelError
from tongbao.corpus.notice import Notice
from tongbao.pipeline.tagged import TaggedEntity, TaggedNotice
from tongbao.training.needs import Order, in_order, uncertainty

PLENTY = "林某因公车私用受到党内警告处分。"
OTHERS = ("天气晴朗，河边有一棵老树。", "学校明天举行运动会，欢迎家长参加。")


def tagged(name: str, *scores: float | None, text: str = PLENTY) -> TaggedNotice:
    entities = tuple(TaggedEntity(at, at + 1, "OFFICIAL", score) for at, score in enumerate(scores))
    return TaggedNotice(Notice(name, text), entities, (), "zh_stub-1")


def names(notices: list[TaggedNotice], order: Order) -> list[str]:
    return [each.notice.id for each in in_order(notices, order)]


def test_the_mean_counts_and_not_the_length() -> None:
    assert uncertainty(tagged("a", 0.9, 0.5)) == pytest.approx(0.3)
    assert uncertainty(tagged("none")) == 0
    unsure, many, sure = tagged("unsure", 0.5), tagged("many", *[0.9] * 9), tagged("sure", 0.99)
    assert names([sure, many, unsure], "uncertain") == ["unsure", "many", "sure"]


def test_a_model_without_probabilities_cannot_be_ordered_by_them() -> None:
    with pytest.raises(ModelError, match="zh_stub-1: gives its spans no probability"):
        in_order([tagged("a", None)], "uncertain")
    assert names([tagged("a", None)], "random") == ["a"]


def test_diverse_shows_each_kind_before_a_kind_again() -> None:
    alike = [tagged(f"alike{number}", text=PLENTY.replace("林", name)) for number, name in enumerate("林周吴郑王冯陈")]
    others = [tagged(f"other{number}", text=text) for number, text in enumerate(OTHERS)]
    found = names([*alike, *others], "diverse")
    assert sorted(found) == sorted(each.notice.id for each in (*alike, *others))
    # Nine texts make four clusters, of which the two others are one each.
    assert {"other0", "other1"} < set(found[:4])
    assert found[0].startswith("alike")
    assert names([*alike, *others], "diverse") == found


@pytest.mark.parametrize("number", [0, 1, 2, 3])
@pytest.mark.parametrize("order", ["uncertain", "random", "diverse"])
def test_few_notices_are_all_there(number: int, order: Order) -> None:
    few = [tagged(str(each), 0.5, text=f"{PLENTY}{each}") for each in range(number)]
    assert sorted(names(few, order)) == [str(each) for each in range(number)]
