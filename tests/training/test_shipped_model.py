"""The model that ships was made from this corpus, config and code, and is small and safe."""

from __future__ import annotations

import json

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
def test_training_again_gives_the_same_model(tmp_path: object) -> None:
    from pathlib import Path

    output = Path(str(tmp_path))
    train(find_config("crf"), output, overrides={"corpora.train.part": "all"})
    assert (output / "model-last/ner/crf.npz").read_bytes() == (SHIPPED / "ner/crf.npz").read_bytes()
