"""Variants carry every span along and change nothing but names."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tongbao.corpus.folder import TRAIN, read_gold
from tongbao.corpus.inline import format_notice, parse
from tongbao.training.augment import create_swap_names, swap_names


def gold(text: str) -> str:
    return f"# id: x\n\n{text}"


@given(st.integers(0, 10**6))
def test_a_name_is_replaced_wherever_it_stands(seed: int) -> None:
    text = (
        "[河口乡书记](POSITION 1)[李大年](OFFICIAL 1)[给李大年的弟弟拨款](VIOLATION 1)，"
        "[李大年](OFFICIAL 1)被[免职](SANCTION 1)。"
    )
    notice = parse(gold(text))
    variant = swap_names(notice, random.Random(seed))
    assert variant is not None
    first, second = (variant.span_text(e) for e in variant.entities if e.label == "OFFICIAL")
    assert first == second != "李大年"
    assert "李大年" not in variant.text
    assert format_notice(variant).split("\n\n")[1].replace(first, "李大年") == text


@given(st.integers(0, 10**6))
def test_a_mask_keeps_its_mask(seed: int) -> None:
    variant = swap_names(parse(gold("[张某某](OFFICIAL)来了")), random.Random(seed))
    # None where the very same surname was drawn.
    assert variant is None or variant.span_text(variant.entities[0]).endswith("某某")


@pytest.mark.parametrize("name", ["买买提·艾力", "老\n隆", "ABC"])
def test_foreign_and_broken_names_stay(name: str) -> None:
    assert swap_names(parse(gold(f"[{name}](OFFICIAL)来了")), random.Random(0)) is None


def test_every_training_notice_has_a_variant_with_the_same_spans() -> None:
    augment = create_swap_names(copies=1)
    changed = 0
    for notice in read_gold(TRAIN)[::10]:
        for variant in augment(notice):
            changed += 1
            assert [e.label for e in variant.entities] == [e.label for e in notice.entities]
            for before, after in zip(notice.entities, variant.entities, strict=True):
                if before.label == "SANCTION":
                    assert variant.span_text(after)[-1] == notice.span_text(before)[-1]
    assert changed > 30


def test_variants_are_the_same_at_every_run() -> None:
    notice = parse(gold("[李大年](OFFICIAL)来了"))
    assert list(create_swap_names(seed=3)(notice)) == list(create_swap_names(seed=3)(notice))
