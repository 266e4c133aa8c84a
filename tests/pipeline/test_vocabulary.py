"""Each character has a number, whatever the vocabulary folds."""

from __future__ import annotations

import json

import pytest
from tongbao.pipeline.vocabulary import BLANK, Vocabulary

KNOWN = Vocabulary({"镇": 5, ",": 6, "a": 7, BLANK: 8}, unknown=1, padding=0, edges=(2, 3))


@pytest.mark.parametrize(
    ("character", "number"),
    [("镇", 5), (",", 6), ("，", 6), ("a", 7), ("A", 7), ("Ａ", 7), (" ", 8), ("\n", 8), ("　", 8), ("村", 1)],
)
def test_a_character_is_found_in_the_form_that_is_known(character: str, number: int) -> None:
    assert KNOWN.numbers(character).tolist() == [[number]]


def test_no_text_has_no_numbers() -> None:
    assert KNOWN.numbers("").shape == (0, 1)


def test_characters_and_pairs_of_texts_are_numbered_when_they_are_not_rare() -> None:
    vocabulary = Vocabulary.of_texts(["镇长", "镇长", "村长"])
    assert set(vocabulary.characters) == {"镇", "长"}
    assert set(vocabulary.pairs or ()) == {"镇长"}
    assert vocabulary.numbers("镇长村").tolist() == [[2, 2], [3, 1], [1, 1]]


@pytest.mark.parametrize("vocabulary", [KNOWN, Vocabulary.of_texts(["镇长", "镇长"])])
def test_json_round_trip(vocabulary: Vocabulary) -> None:
    back = Vocabulary.from_dict(json.loads(json.dumps(vocabulary.to_dict())))
    assert back.to_dict() == json.loads(json.dumps(vocabulary.to_dict()))
    assert back.numbers("镇长，a").tolist() == vocabulary.numbers("镇长，a").tolist()
