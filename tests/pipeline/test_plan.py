"""The row of tasks: everything is in it once, in order, and the same inputs give the same row."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from tongbao.pipeline import plan as planning
from tongbao.pipeline.plan import Task, place, plan, split
from tongbao.pipeline.records import Record
from tongbao.pipeline.sources import find_sources


@pytest.fixture(autouse=True)
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(planning, "_FILES", 3)
    monkeypatch.setattr(planning, "_BYTES", 200)
    monkeypatch.setattr(planning, "_BIG", 200)
    monkeypatch.setattr(planning, "_RECORDS", 4)
    monkeypatch.setattr(planning, "_CHARACTERS", 100)
    monkeypatch.chdir(tmp_path)
    for number in range(5):
        (tmp_path / f"a{number}.txt").write_text("林某" * 10, encoding="utf-8")
    lines = [json.dumps({"text": f"{number}号" * (20 if number == 6 else 1)}) for number in range(10)]
    (tmp_path / "b.jsonl").write_text("\n".join(["{broken", *lines]), encoding="utf-8")
    (tmp_path / "c.txt").write_text("长" * 300, encoding="utf-8")
    (tmp_path / "d.txt").write_text("周某", encoding="utf-8")
    return tmp_path


def planned() -> list[Task]:
    return list(plan(find_sources((".",))))


def test_files_together_and_big_ones_record_by_record() -> None:
    tasks = planned()
    assert [task.number for task in tasks] == list(range(len(tasks)))
    assert [task.files for task in tasks if task.files] == [
        ("a0.txt", "a1.txt", "a2.txt"),
        ("a3.txt", "a4.txt"),
        ("d.txt",),
    ]
    wheres = [[each.where for each in task.records if isinstance(each, Record)] for task in tasks if task.records]
    assert wheres == [
        ["b.jsonl:2", "b.jsonl:3", "b.jsonl:4"],
        ["b.jsonl:5", "b.jsonl:6", "b.jsonl:7", "b.jsonl:8"],
        ["b.jsonl:9", "b.jsonl:10", "b.jsonl:11"],
        [],
    ]
    assert tasks[-2].records == ("长" * 300,)


def test_the_digest_tells_what_has_changed(inbox: Path) -> None:
    before = planned()
    assert [task.digest for task in planned()] == [task.digest for task in before]
    os.utime(inbox / "a1.txt", ns=(1, 1))
    os.utime(inbox / "b.jsonl", ns=(1, 1))
    changed = [old.digest != new.digest for old, new in zip(before, planned(), strict=True)]
    assert changed == [True, False, True, True, True, False, False]


def test_split() -> None:
    tasks = planned()
    assert [(task.piece, task.files) for task in split(tasks[1])] == [
        ("-0000", ("a3.txt",)),
        ("-0001", ("a4.txt",)),
    ]
    assert [place(task) for task in split(tasks[2])] == ["b.jsonl", "b.jsonl:2", "b.jsonl:3", "b.jsonl:4"]
    assert {task.number for task in split(tasks[2])} == {2}
    assert [split(task) for task in (tasks[-1], *split(tasks[1]), *split(tasks[2]))] == [[]] * 7


def test_split_a_file_of_records() -> None:
    (first, second) = split(replace(planned()[1], files=("b.jsonl",), piece="-0001"))[:2]
    assert (first.piece, first.files, place(first)) == ("-0001-0000", (), "b.jsonl")
    assert (second.piece, second.source, place(second)) == ("-0001-0001", "b.jsonl", "b.jsonl:2")
