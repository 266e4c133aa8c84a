"""Workers that die: what they were doing is done all the same, but for what kills them."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from time import sleep

import pytest
from spacy.language import Language
from spacy.tokens import Doc
from stub_pipeline import stub
from tongbao.corpus.errors import ModelError
from tongbao.pipeline import crew
from tongbao.pipeline.crew import Work
from tongbao.pipeline.rejects import Reject
from tongbao.pipeline.tagging import tag

MAIN = os.getpid()
FATAL = "杀"


def die() -> None:
    assert os.getpid() != MAIN
    os.kill(os.getpid(), signal.SIGKILL)


@Language.component("stub_fatal")
def stub_fatal(doc: Doc) -> Doc:
    if FATAL in doc.text:
        die()
    return doc


@pytest.fixture
def nlp() -> Language:
    pipeline: Language = stub()
    pipeline.add_pipe("stub_fatal", first=True)
    return pipeline


def test_the_culprit_alone_is_set_aside(nlp: Language) -> None:
    texts = [f"第{number}号，林某{FATAL if number in (3, 17, 18) else ''}" for number in range(30)]
    rejects: list[Reject] = []
    tagged = tag(texts, nlp=nlp, n_process=2, batch_size=4, on_reject=rejects.append)
    assert [each.notice.text for each in tagged] == [text for text in texts if FATAL not in text]
    assert [reject.reason for reject in rejects] == [crew.DIED] * 3


def test_a_death_without_a_culprit_costs_nothing(tmp_path: Path) -> None:

    def once(number: int) -> int:
        if number in (2, 9) and not (tmp_path / str(number)).exists():
            (tmp_path / str(number)).touch()
            die()
        return number * number

    doing.append(once)
    found = list(crew.run(WORK, range(20), n_process=3))
    assert found == [[number * number] for number in range(20)]


def test_items_are_taken_as_they_are_needed() -> None:
    taken: list[int] = []

    def endless() -> Iterator[int]:
        while True:
            taken.append(len(taken))
            yield taken[-1]

    doing.append(abs)
    results = crew.run(WORK, endless(), n_process=2)
    assert [next(results) for _ in range(6)] == [[number] for number in range(6)]
    results.close()
    assert len(taken) < 20


def test_none_waits_behind_one_that_takes_long(tmp_path: Path) -> None:
    def slow(number: int) -> int:
        while number == 0 and not (tmp_path / "others are done").exists():
            sleep(0.01)
        return number

    doing.append(slow)
    found = []
    for (number,) in crew.run(WORK, range(20), n_process=2, ordered=False):
        found.append(number)
        if len(found) == 10:
            (tmp_path / "others are done").touch()
    assert found[:10] != list(range(10))
    assert sorted(found) == list(range(20))


def test_workers_that_cannot_start() -> None:
    work: Work[int, int] = Work(start=die, do=_do, split=lambda _: [], give_up=lambda item: item)
    with pytest.raises(ModelError, match="die as they start"):
        list(crew.run(work, [1], n_process=2))


# Workers are copies of this process, and so is what they do.
doing: list[Callable[[int], int]] = []


def _do(item: int) -> int:
    return int(doing[-1](item))


WORK: Work[int, int] = Work(start=lambda: None, do=_do, split=lambda _: [], give_up=lambda _: -1)
