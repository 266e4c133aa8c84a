"""The commands of the card, from marked notices and models to a written card."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import tongbao.pipeline.load
from tongbao.corpus.inline import write_notice
from tongbao.corpus.notice import Notice
from tongbao.evaluation.card_cli import app
from tongbao.evaluation.results import Learner, read_learners, write_result
from typer.testing import CliRunner, Result

from .pipelines import pipeline
from .stored import GOLD, MADE_FROM, stored, without


def written(folder: Path, notices: list[Notice]) -> Path:
    folder.mkdir(parents=True)
    for one in notices:
        write_notice(one, folder / f"{one.id}.md")
    return folder


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    return written(tmp_path / "gold", GOLD)


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder of a model made by hand."""
    nlp = pipeline({"林某": "OFFICIAL", "警告": "SANCTION"})
    nlp.meta["tongbao"] = MADE_FROM

    def load(*_: Any, **__: Any) -> Any:
        return nlp

    monkeypatch.setattr(tongbao.pipeline.load, "load", load)
    folder = tmp_path / "run" / "model-best"
    folder.mkdir(parents=True)
    (folder / "config.cfg").write_text("12345", "utf-8")
    (folder.parent / "run.json").write_text(json.dumps({"config": "crf", "seconds": 7.5}), "utf-8")
    return folder


def run(*arguments: object, results: Path) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments), "--results", str(results)])


def learner(results: Path) -> Learner:
    (found,) = read_learners(results)
    return found


def test_folds(gold: Path, tmp_path: Path) -> None:
    written(tmp_path / "cv" / "predicted", without("POSITION"))
    (tmp_path / "cv" / "run.json").write_text(json.dumps({"config": "crf", "folds": 3}), "utf-8")
    options = ("--gold", gold, "--note", "plain", "--group", "features", "--n-boot", 10)
    result = run("folds", "x", tmp_path / "cv", *options, results=tmp_path / "results")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "x: folds, strict F1 0.8889" in result.stderr
    found = learner(tmp_path / "results")
    assert found.folds is not None
    assert (found.folds.folds, found.folds.micro.r, found.note, found.group) == (3, 0.8, "plain", "features")


def test_heldout_of_a_model_and_of_marked_notices(gold: Path, model: Path, tmp_path: Path) -> None:
    results = tmp_path / "results"
    assert run("heldout", "x", model, "--gold", gold, results=results).exit_code == 0
    heldout = learner(results).heldout
    assert heldout is not None
    assert (heldout.micro.r, heldout.made_from) == (0.4, MADE_FROM)
    marked = written(tmp_path / "marked", without("POSITION"))
    assert run("heldout", "x", marked, "--predicted", "--gold", gold, results=results).exit_code == 0
    again = learner(results)
    assert again.heldout is not None
    assert (again.config, again.heldout.micro.r) == ("crf", 0.8)


def test_public_sets_and_cost(gold: Path, model: Path, tmp_path: Path) -> None:
    results = tmp_path / "results"
    for name in ("resume", "cluener"):
        assert run("public", "x", name, model, gold, results=results).exit_code == 0
    assert run("cost", "x", model, "--gold", gold, results=results).exit_code == 0
    found = learner(results)
    assert set(found.public) == {"resume", "cluener"}
    assert found.cost is not None
    assert (found.cost.model_bytes, found.cost.seconds_fit) == (5, 7.5)


def test_agreement_curve_and_card(gold: Path, tmp_path: Path) -> None:
    results = tmp_path / "results"
    everything = stored()
    assert everything.curve is not None
    write_result(tmp_path / "curve.json", everything.curve)
    write_result(results / "shipped.json", everything.shipped)
    assert run("agreement", gold, gold, "--note", "By one.", results=results).exit_code == 0
    assert run("curve", tmp_path, results=results).exit_code == 0
    result = run("write", tmp_path / "CARD.md", results=results)
    assert (result.exit_code, result.stdout) == (0, "")
    card = (tmp_path / "CARD.md").read_text("utf-8")
    assert "By one." in card
    assert (tmp_path / "docs" / "learning_curve.svg").is_file()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["public", "x", "msra", "MODEL", "GOLD"], "msra: no such set: it is one of resume, cluener"),
        (["folds", "x", "nowhere"], "predicted: no such file or folder"),
        (["curve", "nowhere"], "curve.json: cannot be read"),
        (["write"], "run `tongbao card shipped`"),
        (["agreement", "GOLD", "EMPTY"], "no .md file in this folder"),
    ],
)
def test_mistakes_are_one_clear_line(
    arguments: list[str], message: str, gold: Path, model: Path, tmp_path: Path
) -> None:
    places = {"MODEL": model, "GOLD": gold, "EMPTY": tmp_path / "empty"}
    (tmp_path / "empty").mkdir()
    result = run(*(places.get(argument, argument) for argument in arguments), results=tmp_path / "results")
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1
