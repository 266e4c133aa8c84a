"""The commands ``tongbao corpus agreement`` and ``merge``: exit status, standard output, standard error, files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tongbao.corpus.cli import app
from tongbao.corpus.convert import write_gold
from tongbao.corpus.notice import Notice
from typer.testing import CliRunner

from .notice_samples import SHARED_VIOLATION, notice

MARKED = notice("给予[林某](OFFICIAL 1)[警告](SANCTION 1)。")
UNMARKED = notice("给予[林某](OFFICIAL 1)警告。")
OTHER = notice("[周某](OFFICIAL)。", notice_id="n2")


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def gold(folder: Path, *notices: Notice) -> Path:
    write_gold(notices, folder, to="inline")
    return folder


@pytest.mark.parametrize("ending", [".jsonl", ".json"])
def test_agreement(tmp_path: Path, ending: str) -> None:
    a, other = gold(tmp_path / "a", SHARED_VIOLATION, MARKED), tmp_path / f"other{ending}"
    run("convert", a, other)
    status, out, _ = run("agreement", a, other)
    assert (status, "Differences" in out) == (0, False)
    status, out, _ = run("agreement", a, a / "n1.md")
    assert status == 1
    assert "Only in A: shared-violation" in out
    found = json.loads(run("agreement", a, other, "--json")[1])
    assert (found["scores"]["micro"]["f1"], found["differences"], found["only_a"]) == (1.0, [], [])


def test_differences_are_shown_without_terminal_codes(tmp_path: Path) -> None:
    a = gold(tmp_path / "a", notice("[red]\x1b[31m[林某](OFFICIAL)"))
    b = gold(tmp_path / "b", notice("[red]\x1b[31m林某"))
    for command in (["agreement", a, b], ["merge", a, b, "--to", tmp_path / "gold"]):
        out = run(*command)[1]
        assert "\x1b" not in out
        assert "[red]" in out


def test_merge_writes_what_is_agreed_and_tells_the_rest(tmp_path: Path) -> None:
    a = gold(tmp_path / "a", SHARED_VIOLATION, MARKED, OTHER)
    b, to = gold(tmp_path / "b", SHARED_VIOLATION, UNMARKED), tmp_path / "gold"
    status, out, err = run("merge", a, b, "--to", to)
    assert status == 1
    (row,) = [line for line in out.splitlines() if "only-a" in line]
    assert [cell.strip() for cell in row.strip("│ ").split("│")] == [
        "n1",
        "4",
        "only-a",
        "SANCTION 1 警告",
        "",
        "给予林某【警告】。",
    ]
    assert err.splitlines() == [
        "set aside: n1: the two annotations differ",
        "set aside: n2: only A has it",
        f"{to}: 1 written, 0 unchanged, 0 kept, 2 set aside; see {to}.conflicts.jsonl",
    ]
    assert [file.name for file in to.iterdir()] == ["shared-violation.md"]

    status, _, err = run("merge", a, b, "--to", to, "--prefer", "b")
    assert (status, "n1" in err) == (1, False)
    assert "警告](SANCTION" not in (to / "n1.md").read_text("utf-8")
    assert json.loads((tmp_path / "gold.conflicts.jsonl").read_text("utf-8"))["taken"] == "b"

    _, _, err = run("merge", a, b, "--to", to)
    assert f"set aside: n1: the two annotations differ; {to / 'n1.md'} is left as it is" in err.splitlines()


def test_merge_keeps_what_was_changed(tmp_path: Path) -> None:
    a, b, to = gold(tmp_path / "a", MARKED), gold(tmp_path / "b", UNMARKED), tmp_path / "gold"
    assert run("merge", a, b, "--to", to, "--prefer", "a")[0] == 0
    file = to / "n1.md"
    changed = file.read_text("utf-8").replace("SANCTION 1", "SANCTION")
    file.write_text(changed, "utf-8")
    assert run("merge", a, b, "--to", to, "--prefer", "a")[0] == 0
    status, _, err = run("merge", a, b, "--to", to, "--prefer", "b")
    assert (status, file.read_text("utf-8")) == (1, changed)
    assert f"kept: {file} was changed, and the two annotations say something else: --force overwrites it" in err
    assert run("merge", a, b, "--to", to, "--prefer", "b", "--force")[0] == 0
    assert file.read_text("utf-8").endswith("给予[林某](OFFICIAL 1)警告。")


def test_what_cannot_be_merged_is_told_in_one_line(tmp_path: Path) -> None:
    a, other = gold(tmp_path / "a", MARKED), gold(tmp_path / "other", OTHER)
    changed = gold(tmp_path / "changed", notice("给予林某警告"))
    (tmp_path / "file").touch()
    for arguments, message in [
        ([a, other, "--to", tmp_path / "gold"], "no notice in common"),
        ([a, changed, "--to", tmp_path / "gold"], "n1: the texts of the two annotations differ"),
        ([a, a, "--to", a], "holds one of the two annotations"),
        ([a, a, "--to", tmp_path / "file"], "not a folder"),
        ([a, a, "--to", tmp_path / "file" / "gold"], "cannot be written: Not a directory"),
    ]:
        status, out, err = run("merge", *arguments)
        assert (status, out, len(err.splitlines())) == (2, "", 1)
        assert message in err
    assert not (tmp_path / "gold").exists()


@pytest.mark.parametrize("arguments", [["agreement", "a"], ["merge", "a", "b"], ["merge", ".", ".", "--prefer", "c"]])
def test_wrong_usage(arguments: list[str]) -> None:
    assert run(*arguments)[0] == 2
