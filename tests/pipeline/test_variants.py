"""The same notice in other clothes: traditional characters, half-width punctuation, lines broken in mid-sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import accumulate

import opencc
import pytest
import tongbao
from tongbao.corpus.folder import HELDOUT, read_gold
from tongbao.corpus.notice import Notice
from tongbao.evaluation.spans import score_spans

GOLD = read_gold(HELDOUT)
_TO_TRADITIONAL = opencc.OpenCC("s2t")
_HALF = str.maketrans("，。；：！？（）“”", ',.;:!?()""')
_WIDTH = 32


def traditional(notice: Notice) -> Notice:
    converted = (_TO_TRADITIONAL.convert(character) for character in notice.text)
    text = "".join(new if len(new) == 1 else old for new, old in zip(converted, notice.text, strict=True))
    return replace(notice, text=text)


def half_width(notice: Notice) -> Notice:
    return replace(notice, text=notice.text.translate(_HALF))


def broken(notice: Notice) -> Notice:
    """Break each line after so many characters, as a newspaper does."""
    breaks, column = [], 0
    for character in notice.text:
        column = 0 if character == "\n" else column + 1
        breaks.append(column > _WIDTH)
        column = 1 if column > _WIDTH else column
    shifts = list(accumulate(breaks))
    text = "".join("\n" * is_broken + character for is_broken, character in zip(breaks, notice.text, strict=True))
    entities = tuple(
        replace(entity, start=entity.start + shifts[entity.start], end=entity.end + shifts[entity.end - 1])
        for entity in notice.entities
    )
    return replace(notice, text=text, entities=entities)


@pytest.mark.parametrize("change", [traditional, half_width, broken])
def test_clothes_change_nothing(change: Callable[[Notice], Notice]) -> None:
    variants = [change(notice) for notice in GOLD]
    scores = [_score(GOLD), _score(variants)]
    assert any(variant.text != notice.text for variant, notice in zip(variants, GOLD, strict=True))
    assert abs(scores[0] - scores[1]) < 0.005


def _score(gold: list[Notice]) -> float:
    bare = [replace(notice, entities=()) for notice in gold]
    return score_spans(gold, [tagged.annotated() for tagged in tongbao.tag(bare)]).micro.f1
