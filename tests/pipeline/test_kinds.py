"""The classifier of kinds of violations."""

from hashlib import sha256

import numpy as np
import pytest
import spacy
from spacy.tokens import Span
from tongbao.corpus.errors import ModelError
from tongbao.pipeline.kinds import SIZE, TASKS, Task, ViolationKinds, features, from_bytes, ngrams, shipped, to_bytes


def small() -> dict[str, Task]:
    """A classifier that says `gifts` of 礼金 and nothing of all else."""
    weights = np.zeros((SIZE, 2), dtype=np.float32)
    weights[ngrams([("礼金", "")])[0], 1] = 20
    return {task: Task(("-", "gifts"), weights, np.array([20.0, 0.0], dtype=np.float32), 1.0) for task in TASKS}


def test_ngrams_are_the_same_in_either_script_and_apart_inside_and_before() -> None:
    traditional, plain, outside, empty = map(
        set, ngrams([("收受禮金", ""), ("收受礼金", ""), ("礼金", "收受"), ("", "")])
    )
    (alone,) = map(set, ngrams([("礼金", "")]))
    assert traditional == plain
    assert outside != plain
    assert alone <= outside
    assert empty


def test_ngrams_of_many_are_those_of_each() -> None:
    seen = [("收受礼金", "其间"), ("", ""), ("礼", "违规"), ("𠮷某受贿", "经查，其任职期间多次违反规定")]
    for one, together in zip(seen, ngrams(seen), strict=True):
        assert list(together) == list(ngrams([one])[0]) == sorted(set(together))
        assert together.max() < SIZE


def test_the_component_judges_violations_alone() -> None:
    doc = spacy.blank("zh")("林某收受礼金，受到警告。")
    doc.ents = [Span(doc, 0, 2, "OFFICIAL"), Span(doc, 2, 6, "VIOLATION")]
    doc = ViolationKinds(small())(doc)
    assert doc.ents[0]._.norm is None
    norm = doc.ents[1]._.norm
    assert norm["discipline"]["code"] == "gifts"
    assert 0.5 < norm["discipline"]["probability"] <= 1


def test_none_is_no_code() -> None:
    doc = spacy.blank("zh")("擅离职守")
    doc.ents = [Span(doc, 0, 4, "VIOLATION")]
    assert ViolationKinds(small())(doc).ents[0]._.norm == {}


def test_stored_and_read_again() -> None:
    tasks = from_bytes(to_bytes(small()), where="x")
    rows = ngrams([("收受礼金", ""), ("擅离职守", "")])
    for name, task in small().items():
        assert tasks[name].answer(rows) == task.answer(rows)


@pytest.mark.parametrize("data", [b"", b"x" * 50, to_bytes({})[:-1], sha256(b"").digest()])
def test_damaged(data: bytes) -> None:
    with pytest.raises(ModelError, match="damaged"):
        from_bytes(data, where="kinds.npz")


@pytest.mark.parametrize(
    ("violation", "task", "code"),
    [
        ("违规收受礼品礼金", "eight_rules", "gifts"),
        ("公款吃喝", "eight_rules", "dining"),
        ("违规操办女儿婚宴", "eight_rules", "ceremonies"),
        ("涉嫌受贿犯罪", "duty_crime", "bribery"),
        ("侵吞村集体资金", "duty_crime", "embezzlement"),
        ("不按规定报告个人有关事项", "discipline", "organisation"),
        ("对抗组织审查", "discipline", "political"),
        ("酒后驾驶机动车", "discipline", "other"),
        ("工作时间擅离岗位", "discipline", "work"),
    ],
)
def test_what_ships_knows_the_commonest(violation: str, task: str, code: str) -> None:
    assert shipped()[task].answer(features(task, [(violation, "")]))[0][0] == code
