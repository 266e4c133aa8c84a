"""The learning curve: nested subsets with every hand in its share, drawn alike each time."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from tongbao.corpus.errors import InputError
from tongbao.corpus.folder import TRAIN, read_gold
from tongbao.corpus.notice import Notice
from tongbao.training.cli import CONTEXT, train_command
from tongbao.training.curve import learning_curve, runs, subset
from tongbao.training.run import describe_run, write_run
from tongbao.training.train import find_config
from typer.testing import CliRunner

HANDS = {"a1": 40, "b2": 20, "c3": 5}
NOTICES = [Notice(f"{hand}_{i:03}", "天晴。") for hand, count in HANDS.items() for i in range(count)]
SIZES = st.integers(1, len(NOTICES))


def ids(notices: list[Notice]) -> list[str]:
    return [notice.id for notice in notices]


@given(SIZES, SIZES, st.integers(0, 99))
def test_a_smaller_subset_begins_a_larger_one(one: int, other: int, seed: int) -> None:
    smaller, larger = (ids(subset(NOTICES, size, seed=seed)) for size in sorted((one, other)))
    assert larger[: len(smaller)] == smaller
    assert len(set(larger)) == len(larger) == max(one, other)


@given(SIZES, st.integers(0, 99))
def test_each_hand_has_its_share(size: int, seed: int) -> None:
    drawn = Counter(notice.id.split("_")[0] for notice in subset(NOTICES, size, seed=seed))
    for hand, count in HANDS.items():
        assert abs(drawn[hand] - size * count / len(NOTICES)) <= 2


@given(SIZES, st.integers(0, 99), st.randoms())
def test_the_order_of_files_does_not_matter(size: int, seed: int, random: object) -> None:
    shuffled = sorted(NOTICES, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert subset(shuffled, size, seed=seed) == subset(NOTICES, size, seed=seed)


def test_another_seed_draws_others() -> None:
    assert set(ids(subset(NOTICES, 20, seed=0))) != set(ids(subset(NOTICES, 20, seed=1)))


def test_small_sizes_are_tried_more_often() -> None:
    tried = Counter(size for size, _ in runs([700, 350, 175, 90, 45, 45], most=5))
    assert tried == {45: 5, 90: 5, 175: 4, 350: 2, 700: 1}


@pytest.mark.parametrize("size", [0, len(NOTICES) + 1])
def test_a_size_that_cannot_be_drawn(size: int) -> None:
    with pytest.raises(InputError, match="is not between 1 and the 65 notices"):
        subset(NOTICES, size, seed=0)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for file in [*sorted(TRAIN.glob("t1_00*.md")), *sorted(TRAIN.glob("u2_00*.md"))]:
        shutil.copy(file, folder)
    return folder


def test_every_point_is_scored_and_stored(corpus: Path, tmp_path: Path) -> None:
    overrides = {"paths.train": str(corpus), "components.ner.fit.epochs": 2, "corpora.train.augmenter.copies": 0}
    said: list[str] = []
    # What was seen scores higher than what was not, so any notices serve to see that something was learned.
    result = learning_curve(
        find_config("crf"), tmp_path, sizes=[3, 6], seeds=2, overrides=overrides, heldout=corpus, say=said.append
    )
    assert [(point["notices"], point["seed"]) for point in result["points"]] == [(3, 0), (3, 1), (6, 0)]
    assert all(0 <= point["f"] <= 1 for point in result["points"])
    assert set(result["overrides"]) == {"components.ner.fit.epochs", "corpora.train.augmenter.copies"}
    assert json.loads((tmp_path / "curve.json").read_text("utf-8")) == result
    assert set(ids(read_gold(tmp_path / "3-0"))) < set(ids(read_gold(tmp_path / "6-0")))
    assert len(said) == 3


@pytest.mark.parametrize(
    ("curve", "message"),
    [("45,many", "45,many: write numbers"), ("0,9", "--curve: needs numbers"), ("5,9999", "9999 is not between 1 and")],
)
def test_wrong_sizes_are_one_clear_line(curve: str, message: str, tmp_path: Path) -> None:
    app = typer.Typer()
    app.command("train", context_settings=CONTEXT)(train_command)
    result = CliRunner().invoke(app, ["--curve", curve, "--output", str(tmp_path)])
    assert result.exit_code == 2
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_run_says_what_it_is_made_of(corpus: Path, tmp_path: Path) -> None:
    run = describe_run(find_config("crf"), overrides={"paths.train": str(corpus)}, folds=5)
    write_run(tmp_path, run, seconds=1.26)
    stored = json.loads((tmp_path / "run.json").read_text("utf-8"))
    assert (stored["config"], stored["folds"], stored["seconds"]) == ("crf", 5, 1.3)
    assert set(stored["made_from"]) == {"corpus", "config", "code", "lexicon"}
