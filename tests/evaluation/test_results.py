"""Figures that are kept: measured, stored, read back, compared."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from tongbao.corpus.errors import AnnotationError, InputError
from tongbao.corpus.notice import Notice
from tongbao.evaluation.bootstrap import paired_difference
from tongbao.evaluation.figures import agreed, difference, digest, figures_of
from tongbao.evaluation.pairs import pair_notices
from tongbao.evaluation.recording import Run, keep, kept_public, read_run
from tongbao.evaluation.results import Curve, Learner, Shipped, read_learners, read_result, write_result
from tongbao.evaluation.spans import tally_spans

from .samples import notice, pair_lists
from .stored import GOLD, figures, stored, without


def test_figures_of_predictions() -> None:
    found = figures("POSITION", folds=5)
    assert (found.notices, found.folds, found.micro.p, found.micro.r) == (3, 5, 1.0, 0.8)
    assert found.labels["POSITION"].f == 0
    assert found.features is not None
    assert found.features.support == 2
    assert found.counts == "3/0/0 1/0/1 0/0/0"
    assert (found.negatives.notices, found.negatives.clean, found.negatives.faultless) == (2, 2, 2)


def test_figures_do_not_depend_on_the_order_of_files() -> None:
    assert figures_of(GOLD[::-1], GOLD, n_boot=20) == figures_of(GOLD, GOLD[::-1], n_boot=20)


def test_a_missing_prediction_is_named() -> None:
    with pytest.raises(AnnotationError, match="no prediction") as caught:
        figures_of(GOLD, GOLD[1:])
    assert caught.value.where == "a"


@given(pair_lists())
def test_stored_counts_give_the_same_difference_as_the_predictions(pairs: list[tuple[Notice, Notice]]) -> None:
    if not pairs:
        return
    gold, predicted = sorted((one for one, _ in pairs), key=lambda one: one.id), [other for _, other in pairs]
    found = difference(figures_of(gold, predicted, n_boot=0), figures_of(gold, gold, n_boot=0), n_boot=10)
    tallies = (tally_spans(pair_notices(gold, side)) for side in (predicted, gold))
    assert found == paired_difference(*tallies, n_boot=10)


def test_only_figures_of_the_same_notices_and_folds_are_compared() -> None:
    assert difference(figures("POSITION"), figures("VIOLATION")) is not None
    assert difference(figures("POSITION"), figures("POSITION", folds=5)) is None
    other = figures_of([notice("天晴。")], [notice("天晴。")])
    assert difference(other, figures()) is None


def test_the_digest_sees_text_and_marks() -> None:
    assert digest(GOLD) == digest(GOLD[::-1])
    assert len({digest(GOLD), digest(without("POSITION")), digest(GOLD[1:])}) == 3


def test_agreement_counts_shared_notices_alone() -> None:
    found = agreed(GOLD, without("VIOLATION")[:1], n_boot=20)
    assert (found.notices, found.micro.r, found.labels["VIOLATION"].f, found.cases) == (1, 0.666667, 0, 1)


@pytest.mark.parametrize("learner", stored().learners, ids=lambda learner: learner.name)
def test_what_is_written_is_read_back(learner: Learner, tmp_path: Path) -> None:
    path = tmp_path / f"{learner.name}.json"
    write_result(path, learner)
    assert read_result(path, Learner) == learner
    before = path.read_bytes()
    write_result(path, learner)
    assert path.read_bytes() == before
    assert read_learners(tmp_path) == [learner]


def test_other_files_are_read_back(tmp_path: Path) -> None:
    everything = stored()
    write_result(tmp_path / "shipped.json", everything.shipped)
    assert read_result(tmp_path / "shipped.json", Shipped) == everything.shipped
    assert everything.curve is not None
    write_result(tmp_path / "curve.json", everything.curve)
    assert read_result(tmp_path / "curve.json", Curve) == everything.curve
    assert read_learners(tmp_path) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "the whole file: Invalid JSON"),
        ('{"name": "x", "magic": 1}', "magic: Extra inputs"),
        ('{"group": "learner"}', "name: Field required"),
        ('{"name": "x", "public": {"msra": {}}}', "public.msra"),
        ('{"name": "x", "public": {"resume": {"p": 95, "r": 0.9, "f": 0.9, "support": 1}}}', "public.resume.p"),
        ('{"name": "y"}', "is the learner 'y': call the file y.json"),
    ],
)
def test_a_broken_file_is_one_clear_error(content: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(content, "utf-8")
    with pytest.raises(InputError, match="x.json: ") as caught:
        read_learners(tmp_path)
    assert message in str(caught.value)


def test_parts_are_added_one_by_one(tmp_path: Path) -> None:
    run = Run(config="crf", overrides={"components.ner.fit.epochs": 3, "paths.train": "a"}, folds=5)
    keep(tmp_path, "x", {"folds": figures(folds=5)}, run=run, group="fit", note="three epochs")
    again = Run(config="crf", overrides={"components.ner.fit.epochs": 3, "corpora.train.part": "all"})
    keep(tmp_path, "x", {"heldout": figures()}, run=again)
    keep(tmp_path, "x", {"public": {**kept_public(tmp_path, "x"), "resume": figures().micro}}, run=Run())
    (found,) = read_learners(tmp_path)
    assert (found.group, found.note, found.config) == ("fit", "three epochs", "crf")
    assert found.overrides == {"components.ner.fit.epochs": 3}
    assert (found.folds, found.heldout, found.public) == (figures(folds=5), figures(), {"resume": figures().micro})


@pytest.mark.parametrize("run", [Run(config="tok2vec"), Run(config="crf", overrides={"components.ner.fit.epochs": 4})])
def test_figures_of_another_config_are_not_mixed_in(run: Run, tmp_path: Path) -> None:
    keep(tmp_path, "x", {}, run=Run(config="crf"))
    with pytest.raises(InputError, match="holds figures of config crf with {}: keep those of another learner"):
        keep(tmp_path, "x", {"heldout": figures()}, run=run)


def test_a_name_that_is_no_file_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="letters, digits"):
        keep(tmp_path, "a/b", {}, run=Run())


@pytest.mark.parametrize("name", ["shipped", "agreement", "curve"])
def test_names_of_other_files_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no learner's name"):
        keep(tmp_path, name, {}, run=Run())


def test_a_run_is_read_where_there_is_one(tmp_path: Path) -> None:
    assert read_run(tmp_path) == Run()
    (tmp_path / "run.json").write_text(json.dumps({"config": "crf", "folds": 5, "seconds": 3.0}), "utf-8")
    assert read_run(tmp_path).folds == 5
    (tmp_path / "run.json").write_text('{"folds": "many"}', "utf-8")
    with pytest.raises(InputError, match="run.json: not a run: folds"):
        read_run(tmp_path)
