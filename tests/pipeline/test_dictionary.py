"""Words of the dictionary as features."""

import numpy as np
from tongbao.pipeline import lexicon
from tongbao.pipeline.dictionary import Words


def tag(name: str) -> int:
    return int.from_bytes(name.encode(), "big")


def test_words_are_found_with_their_class() -> None:
    starts, ends, classes = lexicon.find_words("他收受礼品")
    found = {(int(start), int(end)): int(kind) for start, end, kind in zip(starts, ends, classes, strict=True)}
    assert found[1, 3] == tag("v")
    assert found[3, 5] == tag("n")


def test_the_longest_word_rules() -> None:
    words = Words.of("在办公室说")
    assert list(words.places[1:4]) == [3, 11, 19]
    assert set(words.classes[1:4]) == {tag("n")}
    assert words.beginning[1] == 3 + 8 * tag("n") == words.ending[3]
    assert words.classes[0] == words.places[0] == 0
    assert words.roles[2] & 4


def test_no_words() -> None:
    for text in ("", "，", "a"):
        words = Words.of(text)
        assert len(words.roles) == len(text)
        assert not np.any(words.classes)
