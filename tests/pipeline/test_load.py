"""Loading a pipeline: each way to give a wrong one has its own message."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import spacy
import tongbao.pipeline.load as loading
from stub_pipeline import stub
from tongbao.corpus.errors import ModelError
from tongbao.pipeline.load import load, model_name


def ruler(path: Path, *labels: str) -> Path:
    nlp = spacy.blank("zh", meta={"name": "ruler", "version": "0.3.0"})
    entity_ruler: Any = nlp.add_pipe("entity_ruler")
    entity_ruler.add_patterns([{"label": label, "pattern": "警告"} for label in labels])
    nlp.to_disk(path)
    return path


@pytest.mark.parametrize("kind", [str, Path])
def test_a_folder(tmp_path: Path, kind: type) -> None:
    nlp = load(kind(ruler(tmp_path / "model", "SANCTION")))
    assert nlp("受到警告").ents[0].label_ == "SANCTION"
    assert model_name(nlp) == "zh_ruler-0.3.0"


def test_the_shipped_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "SHIPPED", ruler(tmp_path / "model", "SANCTION"))
    assert load().meta["name"] == "ruler"


def test_a_pipeline_without_known_labels_is_believed(tmp_path: Path) -> None:
    stub().to_disk(tmp_path / "model")
    assert load(tmp_path / "model").pipe_names == ["stub_words", "stub_cases"]


def test_no_shipped_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "SHIPPED", tmp_path / "model")
    with pytest.raises(ModelError, match="install tongbao again, or train"):
        load()


def test_nothing_there() -> None:
    with pytest.raises(ModelError, match=r"^no-such-model: no such model: give the folder"):
        load("no-such-model")


def test_no_such_package() -> None:
    with pytest.raises(ModelError, match="no such model"):
        load("zh_no_such_package")


def test_a_file(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"weights")
    with pytest.raises(ModelError, match="not a folder"):
        load(tmp_path / "model.bin")


def test_a_folder_of_something_else(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no config\.cfg: give the folder"):
        load(tmp_path)


def test_the_folder_above(tmp_path: Path) -> None:
    ruler(tmp_path / "model-best", "SANCTION")
    with pytest.raises(ModelError, match=r"did you mean .*model-best"):
        load(tmp_path)


def test_a_pipeline_for_something_else(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="it marks GPE, PERSON instead of OFFICIAL"):
        load(ruler(tmp_path / "model", "PERSON", "GPE"))


def test_labels_of_others_where_they_are_asked_for(tmp_path: Path) -> None:
    assert load(ruler(tmp_path / "model", "PERSON"), any_labels=True).pipe_names == ["entity_ruler"]


def test_an_empty_pipeline(tmp_path: Path) -> None:
    spacy.blank("zh").to_disk(tmp_path / "model")
    with pytest.raises(ModelError, match="it marks nothing"):
        load(tmp_path / "model")


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("config.cfg", "no config"),
        ("config.cfg", '[nlp]\nlang = "zh"\npipeline = ["x"]\n[components.x]\nfactory = "no.such.factory"\n'),
        ("meta.json", "{"),
        ("entity_ruler/patterns.jsonl", "{broken"),
        ("vocab/strings.json", "[[["),
    ],
)
def test_damaged(tmp_path: Path, file: str, content: str) -> None:
    path = ruler(tmp_path / "model", "SANCTION") / file
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match="damaged or of another version") as caught:
        load(tmp_path / "model")
    assert "\n" not in str(caught.value)


def test_a_damaged_crf(tmp_path: Path) -> None:
    nlp = stub()
    nlp.to_disk(tmp_path / "model")
    config = (tmp_path / "model" / "config.cfg").read_text(encoding="utf-8")
    config = config.replace('factory = "stub_words"', 'factory = "tongbao.crf_ner"')
    (tmp_path / "model" / "config.cfg").write_text(config, encoding="utf-8")
    with pytest.raises(ModelError, match=str(tmp_path / "model")):
        load(tmp_path / "model")
