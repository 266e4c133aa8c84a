"""Files, folders, globs: found in order, missed at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from tongbao.corpus.errors import InputError
from tongbao.pipeline.sources import Source, find_sources


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    for name in ("b.txt", "a/2.md", "a/1.md", ".hidden", ".git/x", "c.html"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("甲", encoding="utf-8")
    return tmp_path


def names(root: Path, *inputs: str | Path) -> list[str]:
    return [Path(source.name).relative_to(root).as_posix() for source in find_sources(inputs)]


def test_a_folder_is_walked_sorted_without_hidden_files(inbox: Path) -> None:
    assert names(inbox, inbox) == ["b.txt", "c.html", "a/1.md", "a/2.md"]


def test_globs_and_files_keep_their_order(inbox: Path) -> None:
    assert names(inbox, inbox / "c.html", str(inbox / "**" / "*.md"), inbox / "b.txt") == [
        "c.html",
        "a/1.md",
        "a/2.md",
        "b.txt",
    ]


def test_a_name_with_brackets_is_a_file_first(inbox: Path) -> None:
    (inbox / "[1].txt").write_text("甲", encoding="utf-8")
    assert names(inbox, inbox / "[1].txt") == ["[1].txt"]


def test_standard_input() -> None:
    assert list(find_sources(("-",))) == [Source("-")]


@pytest.mark.parametrize(
    ("name", "reason"),
    [("no.txt", "no such file"), ("*.nothing", "no file matches"), ("https://example.org/a", "an address")],
)
def test_what_is_not_there_is_said_at_once(
    name: str, reason: str, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(inbox)
    with pytest.raises(InputError, match=reason) as caught:
        find_sources((inbox, name))
    assert caught.value.where == name
