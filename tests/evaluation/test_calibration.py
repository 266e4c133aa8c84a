"""Scores of spans held against what is right."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tongbao.corpus.notice import Entity, Notice
from tongbao.evaluation.calibration import THRESHOLDS, calibrate

# One text of a hundred spans of one character; gold has all of them, so a prediction is wrong by its label alone.
TEXT = "甲" * 100
GOLD = Notice("a", TEXT, entities=tuple(Entity(i, i + 1, "OFFICIAL") for i in range(100)))


def predicted(right: list[bool]) -> Notice:
    labels = ("OFFICIAL" if is_right else "POSITION" for is_right in right)
    return replace(GOLD, entities=tuple(Entity(i, i + 1, label) for i, label in enumerate(labels)))


def test_scores_that_are_what_they_say_have_no_gap() -> None:
    right = [i % 10 < 8 for i in range(100)]
    found = calibrate([(GOLD, predicted(right))], {"a": [0.8] * 100})
    assert found is not None
    (only,) = found.bins
    assert only.spans == 100
    assert [only.mean_score, only.share_right] == pytest.approx([0.8, 0.8])
    assert found.gap == pytest.approx(0)
    assert found.brier == pytest.approx(0.8 * 0.2)
    assert found.brier_of_labels == {"OFFICIAL": pytest.approx(0.04), "POSITION": pytest.approx(0.64)}


def test_a_threshold_trades_recall_for_precision() -> None:
    right = [i < 50 for i in range(100)]
    found = calibrate([(GOLD, predicted(right))], {"a": [0.95] * 40 + [0.55] * 60})
    assert found is not None
    at = {each.least: (each.precision, each.recall) for each in found.thresholds}
    assert at[0.0] == at[0.5] == (0.5, 0.5)
    assert at[0.6] == at[0.95] == (1.0, 0.4)
    assert at[0.99] == (0.0, 0.0)


def test_a_model_without_scores_has_no_calibration() -> None:
    assert calibrate([(GOLD, GOLD)], {"a": [None] * 100}) is None
    assert calibrate([], {}) is None


@given(st.lists(st.tuples(st.floats(0, 1.0000001), st.booleans()), min_size=1, max_size=100))
def test_bins_and_thresholds_count_every_span(spans: list[tuple[float, bool]]) -> None:
    marked = predicted([right for _, right in spans])
    found = calibrate([(GOLD, marked)], {"a": [score for score, _ in spans]})
    assert found is not None
    assert sum(each.spans for each in found.bins) == found.spans == len(spans)
    assert sum(each.spans * each.share_right for each in found.bins) == pytest.approx(sum(right for _, right in spans))
    assert [each.least for each in found.thresholds] == list(THRESHOLDS)
    recalls = [each.recall for each in found.thresholds]
    assert recalls == sorted(recalls, reverse=True)
    assert recalls[0] == sum(right for _, right in spans) / 100
