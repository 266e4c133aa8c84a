"""Work grows with the text, not with its square, whatever stands in it without end: lists, rosters, no marks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count, islice
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tongbao.pipeline.bodies import Bodies, same_body
from tongbao.pipeline.cases import assemble_spans
from tongbao.pipeline.norming import measure_norms, post_norms
from tongbao.pipeline.scene import LONGEST, Scene

Piece = tuple[str, str]

# In front of each piece stands the first letter of its label, if it has one; 甲 is another word each time.
SHAPES = {
    "no mark": ["O林某", " 受到", "S党内警告处分"],
    "brackets": [" [", "S党内警告", " ](SANCTION 1)"],
    "one person": ["P甲镇镇长", "O林某", "V违规收受礼金", " ，受到", "S党内警告处分", " 。\n"],
    "persons": ["P甲镇镇长", "O林甲", "V公款吃喝", " ，受到", "S党内警告处分", " 。\n"],
    "bodies": [" 甲镇党委", "V监督不力", " ，被", "S通报批评", " 。\n"],
    "dates and organs": [" 2020年3月甲局", "O林某", "S记过"],
    "counts": ["V受贿", " 二人", "S记过"],
    "posts": ["P甲局局长", " 、", "V受贿"],
    "wrongs": ["V受贿", " 、"],
    "masked names": ["O甲某", " ，", "V受贿", " 。"],
}
PARTED = {
    "charges before persons": (["V受贿", " 。"], ["O林甲", "S记过", " 。"]),
    "a roster before charges": (["O林甲", " 、"], ["V受贿", " 。"]),
    "a row of measures": (["O林甲", " ，"], ["S记过"]),
}


def entities(shapes: tuple[list[str], ...], times: int) -> tuple[str, list[tuple[int, int, str]]]:
    """Write each shape so many times, one shape after the other."""
    labels = {letter: label for label in ("OFFICIAL", "POSITION", "SANCTION", "VIOLATION") for letter in label[0]}
    words = (chr(0x4E00 + i % 61) + chr(0x5000 + i % 67) + chr(0x5200 + i % 71) for i in count())
    text, spans = "", []
    for shape in shapes:
        for word in islice(words, times):
            for piece in shape:
                piece, label = piece[1:].replace("甲", word), labels.get(piece[0])
                if label:
                    spans.append((len(text), len(text) + len(piece), label))
                text += piece
    return text, spans


def calls(job: Callable[[], object]) -> int:
    """Count the calls that a job makes: the same on every machine, however busy."""
    total = 0

    def seen(frame: FrameType, event: str, arg: object) -> None:
        nonlocal total
        total += event in ("call", "c_call")

    sys.setprofile(seen)
    try:
        job()
    finally:
        sys.setprofile(None)
    return total


def read(text: str, spans: list[tuple[int, int, str]]) -> None:
    cases = assemble_spans(text, spans)
    measure_norms(text, spans, cases)
    post_norms(text, spans)


@pytest.mark.parametrize("shapes", [*((shape,) for shape in SHAPES.values()), *PARTED.values()], ids=[*SHAPES, *PARTED])
def test_four_times_the_text_is_no_more_than_five_times_the_work(shapes: tuple[list[str], ...]) -> None:
    read(*entities(shapes, 400))  # what is made once is made here
    one, four = (calls(partial(read, *entities(shapes, times))) for times in (400, 1600))
    assert four < 5 * one


def test_a_roster_does_not_answer_for_every_charge_of_a_text() -> None:
    text, spans = entities((["O林甲", " 、"], ["V受贿", " 。"]), 1000)
    assert sum(len(case.violations) for case in assemble_spans(text, spans)) <= 50_000


def test_sentences_and_clauses_are_cut() -> None:
    scene = Scene.of("林某受到处分" * 500 + "。", [])
    for starts in (scene.sentences, scene.clauses):
        assert starts == (0, *range(LONGEST, 3000, LONGEST), 3001)


NAMES = st.lists(st.text("甲乙镇校园院党委中学该", min_size=1, max_size=5), max_size=12)


@settings(max_examples=300, deadline=None)
@given(NAMES, NAMES)
def test_bodies_are_found_as_by_comparing_all(kept: list[str], asked: list[str]) -> None:
    bodies = Bodies()
    for name in kept:
        bodies.add(name)
    for name in asked:
        assert bodies.like(name) == list(_alike(name, kept))


def _alike(name: str, kept: list[str]) -> Iterator[int]:
    return (number for number, other in enumerate(kept) if same_body(name, other))
