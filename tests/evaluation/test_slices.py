"""Scores of the parts of a gold set."""

from __future__ import annotations

import pytest
from tongbao.evaluation.slices import Slice, form_of, names_of, score_slices, script_of

from .samples import bare, notice

SHORT = notice("[林某](OFFICIAL 1)[受贿](VIOLATION 1)。", id="a", form="multicase-noise")
LONG = notice("[周某](OFFICIAL)说，" + "天气很好。" * 50, id="b", form="feature")
TRADITIONAL = notice(
    "[鎮長](POSITION 1)[陳某](OFFICIAL 1)[違規](VIOLATION 1)，[會計](POSITION 2)被[警告](SANCTION 2)。",
    id="c",
    form="multicase",
)
GOLD = [SHORT, LONG, TRADITIONAL]


def parts(slices: tuple[Slice, ...], by: str) -> dict[str, tuple[int, float]]:
    return {part.value: (part.notices, part.scores.micro.recall) for part in slices if part.by == by}


def test_parts() -> None:
    slices = score_slices(GOLD, [SHORT, bare(LONG), TRADITIONAL])
    assert parts(slices, "form") == {"feature": (1, 0.0), "multicase": (2, 1.0)}
    assert list(parts(slices, "length").items()) == [("0–199", (2, 1.0)), ("200–399", (1, 0.0))]
    assert parts(slices, "script") == {"simplified": (2, 2 / 3), "traditional": (1, 1.0)}
    assert list(parts(slices, "cases").items()) == [("0", (1, 0.0)), ("1", (1, 1.0)), ("2–3", (1, 1.0))]
    assert parts(slices, "name") == {}


def test_every_notice_is_in_one_part_of_each_cut() -> None:
    slices = score_slices(GOLD, GOLD)
    for by in ("form", "length", "script", "era", "level", "cases"):
        assert sum(part.notices for part in slices if part.by == by) == len(GOLD)
    assert all(part.scores.micro.f1 == 1.0 for part in slices)


def test_names_seen_in_training_or_not() -> None:
    predicted = notice("[林某](OFFICIAL 1)[受贿](OFFICIAL 1)。", id="a")
    slices = score_slices(GOLD, [predicted, LONG, bare(TRADITIONAL)], known_names=names_of([LONG]))
    seen, unseen = (part for part in slices if part.by == "name")
    assert (seen.value, seen.notices) == ("seen", 1)
    assert seen.scores.micro.f1 == 1.0
    assert (unseen.value, unseen.notices) == ("unseen", 2)
    micro = unseen.scores.micro
    assert (micro.tp, micro.fp, micro.fn) == (1, 1, 1)


def test_names_of() -> None:
    assert names_of(GOLD) == {"林某", "周某", "陳某"}


def test_eras_and_levels_in_their_order() -> None:
    gold = [
        notice("2021年，[青石镇镇长](POSITION)。", id="a"),
        notice("2012年，[白沙村会计](POSITION)，后任[甲省副省长](POSITION)。", id="b"),
        notice("天晴。", id="c"),
    ]
    slices = score_slices(gold, [gold[0], bare(gold[1]), gold[2]])
    assert list(parts(slices, "era").items()) == [
        ("before 2013", (1, 0.0)),
        ("no year", (1, 1.0)),
        ("2020 to 2022", (1, 1.0)),
    ]
    assert list(parts(slices, "level").items()) == [("not told", (1, 1.0)), ("乡科", (1, 1.0)), ("省部", (1, 0.0))]


def test_a_span_found_with_another_length_is_missed_in_its_class_and_spurious_in_the_other() -> None:
    gold, found = notice("[青石镇镇长](POSITION)[林某](OFFICIAL)"), notice("青石[镇镇长](POSITION)[林某](OFFICIAL)")
    short, long = (part.scores.micro for part in score_slices([gold], [found]) if part.by == "span")
    assert (short.tp, short.fp, short.fn) == (1, 1, 0)
    assert (long.tp, long.fp, long.fn) == (0, 0, 1)


def test_a_part_of_few_notices_or_few_entities_is_small() -> None:
    many = [notice("[林某](OFFICIAL)" * 15, id=f"n{i}") for i in range(3)]
    assert not any(part.is_small for part in score_slices(many, many) if part.by == "form")
    assert all(part.is_small for part in score_slices(many[:2], many[:2]))
    assert all(part.is_small for part in score_slices(GOLD, GOLD))


def test_no_notices() -> None:
    assert score_slices([], []) == ()


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("受到党内严重警告处分", "simplified"),
        ("受到黨內嚴重警告處分", "traditional"),
        ("受到黨內嚴重警告處分，镇长", "traditional"),
        ("", "simplified"),
        ("abc", "simplified"),
    ],
)
def test_script(text: str, script: str) -> None:
    assert script_of(text) == script


def test_form_without_its_variants() -> None:
    assert [form_of(one) for one in GOLD] == ["multicase", "feature", "multicase"]
    assert form_of(notice("甲", form="")) == "unknown"
