"""Gold on disk, and the wall between training and held-out notices."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tongbao.corpus.docbin import write_docbin
from tongbao.corpus.doccano import write_doccano
from tongbao.corpus.errors import AnnotationError
from tongbao.corpus.folder import HELDOUT, TRAIN, GoldError, is_heldout, read_gold, refuse_heldout, scan_gold
from tongbao.corpus.inline import format_notice, read_notice, write_notice

from .notice_samples import SHARED_VIOLATION, notice


@pytest.mark.parametrize("folder", [TRAIN, HELDOUT])
def test_every_file_comes_back_byte_for_byte(folder: Path) -> None:
    files = sorted(folder.glob("*.md"))
    assert files
    for file in files:
        assert format_notice(read_notice(file)).encode("utf-8") == file.read_bytes(), file


@pytest.mark.parametrize("folder", [TRAIN, HELDOUT])
def test_the_shipped_gold_is_named_after_its_files(folder: Path) -> None:
    notices = read_gold(folder)
    assert [f"{notice.id}.md" for notice in notices] == [file.name for file in sorted(folder.glob("*.md"))]
    assert all(notice.meta.get("form") for notice in notices)


def test_formats_of_one_file_are_read_alike(tmp_path: Path) -> None:
    inline, jsonl, docbin = (tmp_path / f"gold.{ending}" for ending in ("md", "jsonl", "spacy"))
    write_notice(SHARED_VIOLATION, inline)
    write_doccano([SHARED_VIOLATION], jsonl)
    write_docbin([SHARED_VIOLATION], docbin)
    for path in (inline, jsonl, docbin):
        assert read_gold(path) == [replace(SHARED_VIOLATION, source=str(path))]


def test_a_folder_is_read_in_order_of_names(tmp_path: Path) -> None:
    for name in ("b", "a", "c"):
        write_notice(notice("文。", notice_id=f"id-{name}"), tmp_path / f"{name}.md")
    (tmp_path / "README.txt").write_text("not gold")
    assert [found.id for found in read_gold(tmp_path)] == ["id-a", "id-b", "id-c"]


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    write_notice(notice("文。"), tmp_path / "a.md")
    write_notice(notice("又一篇。"), tmp_path / "b.md")
    (tmp_path / "c.md").write_text("# id: c\n\n[甲](NAME)")
    with pytest.raises(GoldError) as caught:
        read_gold(tmp_path)
    lines = str(caught.value).splitlines()
    assert [line.partition(": ")[0] for line in lines] == [f"{tmp_path}/b.md", f"{tmp_path}/c.md:3:3"]
    assert f"stands already in {tmp_path}/a.md" in lines[0]
    assert [found.id for found in scan_gold(tmp_path)[0]] == ["n1"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nowhere", "no such file or folder"),
        ("empty", "no .md file in this folder"),
        ("notes.txt", "not a gold file"),
    ],
)
def test_a_path_without_gold_is_refused(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_text("")
    with pytest.raises(AnnotationError, match=message):
        read_gold(tmp_path / name)


def test_heldout_is_known_by_its_path(tmp_path: Path) -> None:
    assert is_heldout(HELDOUT)
    assert is_heldout(HELDOUT / ".." / "heldout" / "x.md")
    assert not is_heldout(TRAIN)
    assert not is_heldout(tmp_path)


def test_training_notices_are_let_through() -> None:
    refuse_heldout(read_gold(TRAIN))


def test_heldout_notices_are_refused_under_any_name(tmp_path: Path) -> None:
    held = notice("[林某](OFFICIAL)被约谈。\n")
    write_notice(held, tmp_path / "held.md")
    copy = replace(held, id="another", text=" " + held.text, entities=())
    for training in (read_gold(tmp_path), [copy]):
        with pytest.raises(AnnotationError, match="leave it out"):
            refuse_heldout(training, heldout=tmp_path)
    refuse_heldout([notice("[林某](OFFICIAL)被提醒谈话。\n")], heldout=tmp_path)
