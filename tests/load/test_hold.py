"""The load's own checks: they tell what is lost, doubled or moved, and memory that grows."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hold import Archive, Held, Sample, count_wrong, grown, put_into, write_archive
from tongbao.pipeline.reading import read

ARCHIVE = Archive(in_lines=3, in_files=2, broken=1)


def test_an_archive_holds_what_it_says(tmp_path: Path) -> None:
    archive = write_archive(tmp_path, 100_000)
    rejects: list[object] = []
    ids = [notice.id for notice in read(tmp_path / "lines", tmp_path / "files", on_reject=rejects.append)]
    assert ids == list(archive.ids())
    assert len(rejects) == archive.broken
    assert archive.in_lines > 5 * archive.in_files > 0


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        (lambda ids: ids, 0),
        (lambda ids: ids[:-1], 1),
        (lambda ids: [*ids, ids[-1]], 1),
        (lambda ids: [ids[1], ids[0], *ids[2:]], 2),
        (lambda ids: ids[:0], 5),
    ],
)
def test_what_is_not_at_its_place_is_counted(tmp_path: Path, change: object, wrong: int) -> None:
    assert callable(change)
    ids = change(list(ARCHIVE.ids()))
    (tmp_path / "out.jsonl").write_text("".join(json.dumps({"id": each}) + "\n" for each in ids), "utf-8")
    assert count_wrong(tmp_path / "out.jsonl", ARCHIVE) == wrong


def test_memory_that_grows_is_told() -> None:
    flat = Held(1, ARCHIVE, 0, 1, 1.0, [Sample(100, 200, 500)] * 50)
    assert flat.growth == 1
    assert flat.is_sound
    assert not replace(flat, samples=[Sample(100, 200 + 2 * each, 500) for each in range(50)]).is_sound
    assert not replace(flat, samples=[Sample(100 + each, 200, 500) for each in range(50)]).is_sound
    assert not replace(flat, wrong=1).is_sound
    assert not replace(flat, set_aside=2).is_sound
    assert grown([1, 9, 9]) == 1


def test_the_table_goes_between_the_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- load: begin -->\nold\n<!-- load: end -->\nafter\n", "utf-8")
    put_into(page, "new\n")
    assert page.read_text("utf-8") == "before\n<!-- load: begin -->\nnew\n<!-- load: end -->\nafter\n"
    page.write_text("no marks", "utf-8")
    with pytest.raises(SystemExit):
        put_into(page, "new\n")
