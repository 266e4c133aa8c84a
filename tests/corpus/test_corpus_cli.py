"""The commands ``tongbao corpus …``: exit status, standard output, standard error."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tongbao.corpus.cli import app
from tongbao.corpus.folder import HELDOUT, read_gold
from tongbao.corpus.inline import write_notice
from tongbao.corpus.notice import Notice
from tongbao.corpus.stats import BEGIN, END
from typer.testing import CliRunner

from .notice_samples import SHARED_VIOLATION, notice

runner = CliRunner()


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    folder = tmp_path / "gold"
    folder.mkdir()
    write_notice(SHARED_VIOLATION, folder / "shared.md")
    write_notice(notice("2021年，[邬德海](OFFICIAL 1)[受贿](VIOLATION 1)。\n"), folder / "n1.md")
    return folder


def run(*arguments: object) -> tuple[int, str, str]:
    result = runner.invoke(app, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def add(folder: Path, body: str, name: str) -> Path:
    path = folder / f"{name}.md"
    path.write_text(f"# id: {name}\n\n{body}", encoding="utf-8")
    return path


def test_sound_gold_passes(gold: Path) -> None:
    assert run("check", gold) == (0, "2 notices, 0 errors, 0 warnings\n", "")


def test_the_shipped_gold_passes() -> None:
    assert run("check")[0] == 0
    assert run("check", HELDOUT)[0] == 0


def test_errors_are_named_with_their_place(gold: Path) -> None:
    wrong = add(gold, "林某\n[被约谈](SANCTION)", "wrong")
    torn = add(gold, "[林某](NAME)", "torn")
    status, out, err = run("check", gold)
    assert (status, err) == (1, "")
    first, second, summary = out.splitlines()
    assert first.startswith(f"{torn}:3:4: error [format] broken mark-up")
    assert second == f"{wrong}:4:1: error [start] SANCTION '被约谈' begins with '被': begin it after this word"
    assert summary == "3 notices, 2 errors, 0 warnings"


def test_warnings_fail_only_when_strict(gold: Path) -> None:
    add(gold, "[周某](OFFICIAL 1)[违规吃喝问题](VIOLATION 1)", "doubt")
    assert run("check", gold)[0] == 0
    assert run("check", gold, "--strict")[0] == 1


def test_findings_as_json(gold: Path) -> None:
    path = add(gold, "[镇长、](POSITION)", "wrong")
    status, out, _ = run("check", path, "--json")
    assert status == 1
    (finding,) = json.loads(out)
    assert (finding["where"], finding["line"], finding["column"], finding["rule"]) == (str(path), 3, 1, "edge")


def test_copies_of_heldout_gold_fail(gold: Path, tmp_path: Path) -> None:
    held = tmp_path / "held"
    held.mkdir()
    add(held, "2021年，邬德海受贿。", "h1")
    status, out, _ = run("check", gold, "--heldout", held)
    assert status == 1
    assert "error [near-heldout] resembles the held-out notice 'h1'" in out


@pytest.mark.parametrize(("tokenizer", "expected"), [("char", False), ("jieba", True)])
def test_edges_are_checked_against_a_tokenizer(gold: Path, tokenizer: str, expected: bool) -> None:
    add(gold, "中华[人民](OFFICIAL)共和国", "words")
    assert ("[tokens]" in run("check", gold, "--tokenizer", tokenizer)[1]) is expected


def test_counts(gold: Path) -> None:
    status, out, _ = run("stats", gold)
    assert status == 0
    assert "OFFICIAL spans" in out
    counted = json.loads(run("stats", gold, "--json")[1])
    assert (counted["notices"], counted["spans"]["OFFICIAL"], counted["cases"]) == (2, 3, 3)


def test_counts_go_into_a_readme(gold: Path, tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"{BEGIN}\n{END}\n", encoding="utf-8")
    assert run("stats", gold, "--write", readme) == (0, "", f"{readme}: refreshed\n")
    assert "notices: 2" in readme.read_text(encoding="utf-8")
    assert run("stats", gold, "--write", readme)[2] == f"{readme}: fresh already\n"


@pytest.mark.parametrize("ending", [".jsonl", ".spacy", ".bio", ".bmes"])
def test_gold_goes_through_each_format_byte_for_byte(gold: Path, tmp_path: Path, ending: str) -> None:
    between, back = tmp_path / f"gold{ending}", tmp_path / "back"
    assert run("convert", gold, between) == (0, "", f"{between}: 2 notices\n")
    assert run("convert", between, back)[0] == 0
    assert {path.name for path in back.iterdir()} == {"n1.md", "shared-violation.md"}
    assert (back / "n1.md").read_bytes() == (gold / "n1.md").read_bytes()
    assert (back / "shared-violation.md").read_bytes() == (gold / "shared.md").read_bytes()


def test_options_of_columns(gold: Path, tmp_path: Path) -> None:
    out = tmp_path / "train.txt"
    assert run("convert", gold / "n1.md", out, "--to", "bmes", "--plain", "--split", "notice")[0] == 0
    assert out.read_text(encoding="utf-8").splitlines()[6:9] == ["邬\tB-OFFICIAL", "德\tM-OFFICIAL", "海\tE-OFFICIAL"]


def test_one_notice_goes_into_one_file(gold: Path, tmp_path: Path) -> None:
    jsonl, single = tmp_path / "one.jsonl", tmp_path / "one.md"
    run("convert", gold / "n1.md", jsonl)
    assert run("convert", jsonl, single)[0] == 0
    assert single.read_bytes() == (gold / "n1.md").read_bytes()


def test_what_cannot_be_converted_is_told_in_one_line(gold: Path, tmp_path: Path) -> None:
    nameless = tmp_path / "nameless.jsonl"
    nameless.write_text('{"id": "a/b", "text": "文"}\n', encoding="utf-8")
    for source, output, message in [
        (gold, tmp_path / "gold.txt", "which format is '.txt'?"),
        (gold, tmp_path / "gold.md", "one file holds one inline notice, not 2"),
        (gold, tmp_path / "none" / "gold.jsonl", "cannot be written: No such file"),
        (nameless, tmp_path / "out", "the id 'a/b' is no name of a file"),
    ]:
        status, out, err = run("convert", source, output)
        assert (status, out, len(err.splitlines())) == (2, "", 1)
        assert message in err
        assert not output.exists()


def test_broken_gold_is_told_in_one_line(gold: Path, tmp_path: Path) -> None:
    add(gold, "[林某](NAME)", "torn")
    add(gold, "[林某](NOUN)", "worn")
    for arguments in (["stats", gold], ["convert", gold, tmp_path / "x.jsonl"], ["agreement", gold, gold]):
        status, out, err = run(*arguments)
        assert (status, out, len(err.splitlines())) == (2, "", 1)
        assert "torn.md:3:4: broken mark-up" in err


@pytest.mark.parametrize(
    "arguments",
    [["check", "nowhere"], ["check", "--tokenizer", "moses"], ["convert", "nowhere"], ["x"]],
)
def test_wrong_usage(arguments: list[str]) -> None:
    assert run(*arguments)[0] == 2


def test_a_segmenter_that_is_missing_is_told(gold: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tongbao.corpus.errors import ModelError
    from tongbao.pipeline import words

    def missing() -> None:
        raise ModelError("no segmenter here", where="pipeline")

    monkeypatch.setattr(words, "load_tokenizer", missing)
    assert run("check", gold, "--tokenizer", "pkuseg") == (2, "", "pipeline: no segmenter here\n")


def test_read_gold_reads_what_convert_writes(gold: Path, tmp_path: Path) -> None:
    run("convert", gold, tmp_path / "gold.bio")
    notices: list[Notice] = read_gold(tmp_path / "gold.bio")
    assert [found.id for found in notices] == ["n1", "shared-violation"]
