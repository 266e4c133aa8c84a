"""Norms scored against labels."""

from __future__ import annotations

from pathlib import Path

import pytest
from tongbao.corpus.errors import AnnotationError, InputError
from tongbao.corpus.folder import HELDOUT, TRAIN, read_gold
from tongbao.corpus.inline import parse
from tongbao.evaluation.norms import read_norms, score_norms
from tongbao.pipeline.cases import assemble_spans
from tongbao.pipeline.norming import measure_norms

HEADER = "id\tn\ttext\tcodes\tterm\tamount\n"


def labels(path: Path, *lines: str) -> Path:
    path.write_text(HEADER + "".join(f"{line}\n" for line in lines), "utf-8")
    return path


def test_the_heldout_notices_are_read_rightly() -> None:
    gold = read_gold(HELDOUT)
    score = score_norms(gold, read_norms())
    assert score.total == sum(entity.label == "SANCTION" for notice in gold for entity in notice.entities)
    assert score.accuracy is not None
    assert score.accuracy >= 0.98


@pytest.mark.slow
def test_nearly_every_measure_of_the_corpus_has_a_code() -> None:
    total = coded = 0
    for notice in read_gold(TRAIN):
        spans = [(entity.start, entity.end, entity.label) for entity in notice.entities]
        for norms in measure_norms(notice.text, spans, assemble_spans(notice.text, spans)).values():
            total += 1
            coded += bool(norms)
    assert coded >= 0.97 * total


def test_right_wrong_and_open(tmp_path: Path) -> None:
    notice = parse("# id: x\n\n甲受到[党内警告](SANCTION)，乙受到[撤职](SANCTION)，丙被[罚款二百元](SANCTION)。")
    path = labels(
        tmp_path / "norms.tsv",
        "x\t1\t党内警告\tparty.warning\t\t",
        "x\t2\t撤职\tstate.removal|administrative.removal\t\t",
        "x\t3\t罚款二百元\teconomic.fine\t\t300",
    )
    score = score_norms([notice], read_norms(path))
    assert (score.total, score.right, score.coded) == (3, 2, 3)
    assert [wrong.gold.number for wrong in score.wrong] == [3]
    assert score.as_json()["accuracy"] == pytest.approx(2 / 3)


def test_nothing_to_score() -> None:
    score = score_norms([], [])
    assert score.accuracy is None


@pytest.mark.parametrize("line", ["x\t1\t党内警告\tparty.nonsense\t\t", "x\t1\t党内警告"])
def test_bad_labels(tmp_path: Path, line: str) -> None:
    with pytest.raises(AnnotationError, match=r"norms\.tsv:2"):
        read_norms(labels(tmp_path / "norms.tsv", line))


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read_norms(tmp_path / "none.tsv")


def test_labels_of_another_text(tmp_path: Path) -> None:
    notice = parse("# id: x\n\n甲受到[党内警告](SANCTION)。")
    path = labels(tmp_path / "norms.tsv", "x\t1\t政务警告\tstate.warning\t\t")
    with pytest.raises(AnnotationError, match="党内警告"):
        score_norms([notice], read_norms(path))
