"""Names the recogniser knows at one place are looked for at the others."""

from __future__ import annotations

import pytest
from tongbao.pipeline.crf import Tagged
from tongbao.pipeline.mentions import unmarked_repeats


def found(text: str, *marks: tuple[str, str, float]) -> list[Tagged]:
    """Mark the first place of each string."""
    return sorted(Tagged(text.index(m), text.index(m) + len(m), label, score) for m, label, score in marks)


@pytest.mark.parametrize(
    ("text", "marks", "expected"),
    [
        ("李大年来了，李大年走了", [("李大年", "OFFICIAL", 0.9)], [6]),
        ("李大年来了，李大年走了", [("李大年", "OFFICIAL", 0.4)], []),
        ("李大年来了，李大年走了", [("李大年", "POSITION", 0.9)], []),
        ("李大年来了，给李大年送礼", [("李大年", "OFFICIAL", 0.9), ("给李大年送礼", "VIOLATION", 0.9)], []),
        ("甲来了，甲走了", [("甲", "OFFICIAL", 0.9)], []),
        ("李大年和李大，李大年问李大", [("李大年", "OFFICIAL", 0.9), ("和李大", "POSITION", 0.9)], [7]),
    ],
)
def test_repeats(text: str, marks: list[tuple[str, str, float]], expected: list[int]) -> None:
    assert [repeat.start for repeat in unmarked_repeats(text, found(text, *marks), "OFFICIAL")] == expected


def test_a_repeat_has_the_score_of_the_best_mention() -> None:
    text = "李大年、李大年、李大年"
    marks = [Tagged(0, 3, "OFFICIAL", 0.6), Tagged(4, 7, "OFFICIAL", 0.8)]
    assert unmarked_repeats(text, marks, "OFFICIAL") == [Tagged(8, 11, "OFFICIAL", 0.8)]
