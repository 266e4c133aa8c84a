"""Labels of violations and the classifier that is fitted to them."""

from pathlib import Path

import pytest
from tongbao.corpus.errors import AnnotationError
from tongbao.corpus.folder import HELDOUT, TRAIN, read_gold
from tongbao.corpus.notice import Entity, Notice
from tongbao.pipeline.kinds import TASKS
from tongbao.training.kinds import KINDS, Labelled, fit_kinds, macro_f, read_kinds

HEADER = "id\tnumber\ttext\tdiscipline\teight_rules\tduty_crime\n"
NOTICE = Notice("a_1", "林某收受礼金。", {"form": "brief"}, (Entity(2, 6, "VIOLATION", (1,)),))


@pytest.mark.parametrize(("name", "folder"), [("train", TRAIN), ("heldout", HELDOUT)])
def test_every_violation_of_the_corpus_is_labelled_once(name: str, folder: Path) -> None:
    notices = read_gold(folder)
    labelled = read_kinds(KINDS / f"{name}.tsv", notices)
    assert len(labelled) == sum(entity.label == "VIOLATION" for notice in notices for entity in notice.entities)
    lines = (KINDS / f"{name}.tsv").read_text("utf-8").splitlines()[1:]
    assert len({tuple(line.split("\t")[:2]) for line in lines}) == len(lines)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("a_2\t1\t收受礼金\tintegrity\tgifts\t-\n", "no violation number 1"),
        ("a_1\t2\t收受礼金\tintegrity\tgifts\t-\n", "no violation number 2"),
        ("a_1\tx\t收受礼金\tintegrity\tgifts\t-\n", "no violation number x"),
        ("a_1\t1\t收受礼品\tintegrity\tgifts\t-\n", "label it again"),
        ("a_1\t1\t收受礼金\tintegrety\tgifts\t-\n", "integrety"),
        ("a_1\t1\n", "6 columns"),
    ],
)
def test_a_line_that_does_not_fit(tmp_path: Path, row: str, message: str) -> None:
    path = tmp_path / "kinds.tsv"
    path.write_text(HEADER + row, "utf-8")
    with pytest.raises(AnnotationError, match=message):
        read_kinds(path, [NOTICE])


def test_fit_and_score() -> None:
    labelled = [
        Labelled(f"n_{number}", text + "若干" * (number % 2), "", answers)
        for number in range(12)
        for text, answers in (
            ("收受礼金", ("integrity", "gifts", "-")),
            ("擅离职守", ("work", "duty", "-")),
            ("受贿", ("integrity", "-", "bribery")),
        )
    ]
    tasks = fit_kinds(labelled, folds=3)
    assert tuple(tasks) == TASKS
    assert all(figures["macro_f1"] == 1.0 for figures in macro_f(tasks, labelled).values())
