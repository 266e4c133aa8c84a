"""The wheel of a model: it installs, loads by its name, and tells what it was made from."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
import spacy
from tongbao.corpus.errors import ModelError
from tongbao.training.package import card_of, package


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "run" / "model-best"
    nlp = spacy.blank("zh")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "OFFICIAL", "pattern": "林某"}])  # type: ignore[attr-defined]
    nlp.add_pipe("tongbao.cases", name="cases")
    folder.parent.mkdir()
    nlp.to_disk(folder)
    (folder.parent / "run.json").write_text(json.dumps({"config": "crf", "overrides": {}, "made_from": {"code": "ab"}}))
    return folder


def test_card(model: Path, tmp_path: Path) -> None:
    assert '- made from: `{"code": "ab"}`' in card_of(model)
    assert "Nothing is known" in card_of(tmp_path / "other" / "model")


def test_a_name_that_is_no_module(model: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be packaged as my-model"):
        package(model, tmp_path / "dist", name="my-model")


@pytest.mark.slow
def test_installed_and_loaded_by_its_name(model: Path, tmp_path: Path) -> None:
    wheel = package(model, tmp_path / "dist", name="own", version="2.1.0")
    assert wheel.name.startswith("zh_own-2.1.0")
    with ZipFile(wheel) as packed:
        (metadata,) = (name for name in packed.namelist() if name.endswith("METADATA"))
        told = packed.read(metadata).decode("utf-8")
    assert "Requires-Dist: tongbao" in told
    assert "# A model of tongbao" in told
    site = tmp_path / "site"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(site), str(wheel)]
    subprocess.run(pip, check=True)
    code = "import sys; sys.path.insert(0, sys.argv[1]); import tongbao; print(tongbao.load('zh_own')('林某').ents)"
    done = subprocess.run([sys.executable, "-c", code, str(site)], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "(林某,)"
