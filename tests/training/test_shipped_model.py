"""The model that ships was made from this corpus, config and code, and is small and safe."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tongbao.pipeline.load import SHIPPED
from tongbao.training.fingerprint import fingerprint
from tongbao.training.train import find_config, train

SIZE_LIMIT = 12_000_000
"""Bytes; the default model stays light."""


def test_the_shipped_model_is_not_stale() -> None:
    meta = json.loads((SHIPPED / "meta.json").read_text("utf-8"))
    assert meta["tongbao"] == fingerprint(find_config("crf")), "run `make model` and commit pipeline/model"


def test_the_shipped_model_has_its_name() -> None:
    meta = json.loads((SHIPPED / "meta.json").read_text("utf-8"))
    assert (meta["lang"], meta["name"]) == ("zh", "tongbao")


def test_the_shipped_model_is_small_and_holds_no_pickle() -> None:
    files = [file for file in SHIPPED.rglob("*") if file.is_file()]
    assert sum(file.stat().st_size for file in files) < SIZE_LIMIT
    assert not {file.suffix for file in files} & {".pkl", ".pickle", ".pt"}


@pytest.mark.slow
def test_training_again_gives_the_same_scores(tmp_path: Path) -> None:
    metrics = train(find_config("crf"), tmp_path, overrides={"corpora.train.part": "all"})
    meta = json.loads((SHIPPED / "meta.json").read_text("utf-8"))
    # Linear algebra libraries add in another order, so the last digits may differ from machine to machine.
    assert metrics["dev"]["ents_f"] == pytest.approx(meta["performance"]["ents_f"], abs=0.002)
    assert metrics["made_from"] == meta["tongbao"]
