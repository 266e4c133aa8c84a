"""Runs of training in MLflow: a store in a folder has what the run folder has."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tongbao.corpus.folder import TRAIN
from tongbao.training.fingerprint import fingerprint
from tongbao.training.train import find_config


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    for name, hand in (("corpus", "t1"), ("dev", "u2")):
        (tmp_path / name).mkdir()
        for file in sorted(TRAIN.glob(f"{hand}_00*.md")):
            shutil.copy(file, tmp_path / name)
    return tmp_path / "corpus"


def train(corpus: Path, output: Path, *more: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tongbao", "train", "--paths.train", str(corpus)]
    command += [
        "--paths.dev",
        str(corpus.with_name("dev")),
        "--components.ner.fit.epochs",
        "2",
        "--corpora.train.augmenter.copies",
        "0",
    ]
    return subprocess.run(
        [*command, "--output", str(output), *more],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.slow
class TestStoreInAFolder:
    """The whole way, with MLflow."""

    @pytest.fixture
    def client(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
        tracking = pytest.importorskip("mlflow.tracking", reason="needs the extra mlflow")
        monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
        monkeypatch.setenv("MLFLOW_TRACKING_URI", (tmp_path / "store").as_uri())
        return tracking.MlflowClient()

    def test_it_has_config_scores_digests_and_model(self, client: Any, corpus: Path, tmp_path: Path) -> None:
        for seed in ("1", "2"):
            done = train(corpus, tmp_path / "out", "--seed", seed, "--mlflow", "circulars")
            assert done.returncode == 0, done.stderr
        experiment = client.get_experiment_by_name("circulars")
        last, first = client.search_runs([experiment.experiment_id])
        assert (first.data.params["system.seed"], last.data.params["system.seed"]) == ("1", "2")
        assert last.data.params["components.ner.factory"] == "tongbao.crf_ner"
        assert last.data.tags["mlflow.runName"] == "crf"
        made_from = fingerprint(find_config("crf"), corpus)
        assert {name: last.data.tags[name] for name in made_from} == made_from
        dev = json.loads((tmp_path / "out" / "metrics.json").read_text("utf-8"))["dev"]
        assert last.data.metrics["ents_f"] == pytest.approx(dev["ents_f"])
        label, rates = next(iter(dev["ents_per_type"].items()))
        assert last.data.metrics[f"ents_per_type.{label}.f"] == pytest.approx(rates["f"])
        assert list((tmp_path / "store").rglob("crf.npz"))

    @pytest.mark.usefixtures("client")
    def test_a_store_that_is_none(self, corpus: Path, tmp_path: Path) -> None:
        done = train(corpus, tmp_path / "out", "--mlflow", "x", MLFLOW_TRACKING_URI="nowhere://store")
        assert done.returncode == 2
        assert "MLflow: " in done.stderr
        assert "Traceback" not in done.stderr


def test_without_mlflow(corpus: Path, tmp_path: Path) -> None:
    # A module that cannot be imported stands in for one that is not there.
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "mlflow.py").write_text("raise ImportError('hidden')\n")
    done = train(corpus, tmp_path / "out", "--mlflow", "x", PYTHONPATH=str(hidden))
    assert done.returncode == 2
    assert "pip install 'tongbao[mlflow]'" in " ".join(done.stderr.split())


@pytest.mark.parametrize("other", [("--folds", "2"), ("--kinds",), ("--curve", "45")])
def test_only_with_the_training_of_a_model(other: tuple[str, ...], corpus: Path, tmp_path: Path) -> None:
    done = train(corpus, tmp_path / "out", "--mlflow", "x", *other)
    assert done.returncode == 2
    assert "--mlflow" in done.stderr
    assert not (tmp_path / "out").exists()
