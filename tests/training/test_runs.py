"""Runs of training: each is kept, and two of them can be compared."""

from __future__ import annotations

import shutil
from datetime import datetime, timezone
from pathlib import Path

import pytest
from confection import Config
from tongbao.__main__ import app
from tongbao.corpus.errors import InputError
from tongbao.corpus.folder import TRAIN
from tongbao.training.runs import differences, find_run, keep_run, read_runs
from typer.testing import CliRunner

STARTED = datetime(2024, 5, 6, 7, 8, 9, tzinfo=timezone.utc)


def keep(output: Path, *, epochs: int, f: float, corpus: str = "c0") -> str:
    """Keep a run as if it had been trained."""
    made_from = {"corpus": corpus, "config": "x", "code": "y", "lexicon": "z"}
    run = {"config": "crf", "overrides": {"fit.epochs": epochs}, "folds": 0, "made_from": made_from}
    rates = {"p": f, "r": f, "f": f}
    config = Config({"fit": {"epochs": epochs, "l1": 0.5}})
    return keep_run(
        output, run, config, scores={"all": rates, "OFFICIAL": rates}, started=STARTED, packages=("numpy",)
    ).name


def listed(*arguments: object) -> str:
    result = CliRunner().invoke(app, ["runs", *map(str, arguments)], env={"COLUMNS": "160"})
    assert result.exit_code == 0, result.output
    return result.stdout


def test_runs_that_begin_in_the_same_second_are_kept_apart(tmp_path: Path) -> None:
    names = [keep(tmp_path, epochs=3, f=0.5) for _ in range(3)]
    assert names == ["20240506-070809-crf", "20240506-070809-crf-2", "20240506-070809-crf-3"]
    assert [run.id for run in read_runs(tmp_path)] == names


def test_two_runs_differ_in_what_was_changed_alone(tmp_path: Path) -> None:
    one, other = (keep(tmp_path, epochs=epochs, f=0.5, corpus=f"c{epochs}") for epochs in (3, 4))
    found = list(differences(tmp_path, find_run(tmp_path, one), find_run(tmp_path, other)))
    assert found == [("fit.epochs", "3", "4"), ("digest of corpus", "c3", "c4")]


def test_the_command_lists_and_compares(tmp_path: Path) -> None:
    one, other = keep(tmp_path, epochs=3, f=0.5), keep(tmp_path, epochs=4, f=0.625)
    table = listed("--output", tmp_path)
    assert [line.split()[:3] for line in table.splitlines() if "crf" in line] == [
        [one, "0.5000", "0.5000"],
        [other, "0.6250", "0.6250"],
    ]
    compared = listed(one, other, "--output", tmp_path)
    assert "+0.1250" in compared
    assert "fit.epochs" in compared


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "holds no run"),
        (["one"], "one: compares with what? Give a second run"),
        (["one", "two"], "holds no run"),
    ],
)
def test_command_says_what_is_wrong_in_one_line(tmp_path: Path, arguments: list[str], message: str) -> None:
    result = CliRunner().invoke(app, ["runs", *arguments, "--output", str(tmp_path)])
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert message in result.stderr


def test_an_id_must_be_one_run_s(tmp_path: Path) -> None:
    one = keep(tmp_path, epochs=3, f=0.5)
    keep(tmp_path, epochs=3, f=0.5)
    assert find_run(tmp_path, one).id == one
    with pytest.raises(InputError, match="several runs have this id: 2024"):
        find_run(tmp_path, "2024")
    with pytest.raises(InputError, match="no run has this id"):
        find_run(tmp_path, "1999")


def test_a_broken_run_is_named(tmp_path: Path) -> None:
    path = tmp_path / "runs" / keep(tmp_path, epochs=3, f=0.5) / "run.json"
    path.write_text("{}", "utf-8")
    with pytest.raises(InputError, match=r"run\.json: not a run: id: Field required"):
        read_runs(tmp_path)


def test_training_keeps_its_run(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for file in [*sorted(TRAIN.glob("t1_00*.md")), *sorted(TRAIN.glob("u2_00*.md"))]:
        shutil.copy(file, corpus)
    paths = ["--paths.train", str(corpus), "--paths.dev", str(corpus), "--output", str(tmp_path / "out")]
    quick = ["--components.ner.fit.epochs", "2", "--corpora.train.augmenter.copies", "0"]
    result = CliRunner().invoke(app, ["train", *paths, *quick])
    assert result.exit_code == 0, result.output
    (run,) = read_runs(tmp_path / "out")
    assert (run.config, run.folds, run.overrides["components.ner.fit.epochs"]) == ("crf", 0, 2)
    assert {"all", "OFFICIAL", "SANCTION"} <= set(run.scores)
    assert f"F {run.scores['all'].f:.4f}" in result.stderr
    assert run.made_from is not None
    assert run.environment["spacy"]
    kept = (tmp_path / "out" / "runs" / run.id / "config.cfg").read_text("utf-8")
    assert "epochs = 2" in kept
