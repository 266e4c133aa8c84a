"""The commands ``tag`` and ``show``: what they write, what they say, how they end."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import tongbao.pipeline.load
from pyarrow import parquet
from stub_pipeline import POISON, stub
from tongbao.__main__ import app
from tongbao.corpus.docbin import read_docbin
from tongbao.corpus.errors import ModelError
from typer.testing import CliRunner, Result

TEXT = "经研究，镇长林某公车私用，受到党内警告处分。\n"


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the command asked to load; a pipeline made by hand stands in."""
    found: list[Any] = []

    def load(path: Any = None) -> Any:
        found.append(path)
        if path == "missing":
            raise ModelError("no such model", where="missing")
        return stub()

    monkeypatch.setattr(tongbao.pipeline.load, "load", load)
    return found


@pytest.fixture(autouse=True)
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    (folder / "b.txt").write_text("网格员周某受到诫勉谈话。\n", encoding="utf-8")
    return folder


def run(*arguments: object, **options: Any) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], env={"COLUMNS": "100"}, **options)


def records(out: str | Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(out).read_text(encoding="utf-8").splitlines()]


def files_here() -> list[str]:
    return sorted(path.name for path in Path().iterdir())


class TestTag:
    def test_a_folder(self, asked: list[Any]) -> None:
        result = run("tag", "inbox", "--output", "out.jsonl")
        assert (result.exit_code, result.stdout) == (0, "")
        assert [record["source"] for record in records("out.jsonl")] == ["inbox/a.txt", "inbox/b.txt"]
        assert result.stderr.startswith("2 notices, 2 cases, 0 set aside, ")
        assert len(result.stderr.splitlines()) == 1
        assert asked == [None]
        assert files_here() == ["inbox", "out.jsonl"]

    def test_standard_output_by_default(self) -> None:
        result = run("tag", "inbox/a.txt")
        assert result.exit_code == 0
        assert json.loads(result.stdout)["cases"][0]["official"] == "林某"

    def test_standard_input(self) -> None:
        result = run("tag", "-", "-o", "-", input=TEXT)
        record = json.loads(result.stdout)
        assert record["text"].strip() == TEXT.strip()
        assert record["source"] == "-"

    def test_model_and_field(self, asked: list[Any]) -> None:
        Path("a.jsonl").write_text(json.dumps({"body": TEXT, "id": "x1"}) + "\n", encoding="utf-8")
        result = run("tag", "a.jsonl", "--text-field", "body", "--model", "model-best")
        assert json.loads(result.stdout)["id"] == "x1"
        assert asked == ["model-best"]

    def test_formats(self) -> None:
        for out in ("out.csv", "out.parquet", "out.spacy"):
            assert run("tag", "inbox", "-o", out).exit_code == 0
        with Path("out.csv").open(encoding="utf-8-sig", newline="") as stream:
            assert [row["official"] for row in csv.DictReader(stream)] == ["林某", "周某"]
        assert parquet.read_table("out.parquet").num_rows == 2
        assert Path("out.spacy").stat().st_size

    def test_workers(self) -> None:
        assert run("tag", "inbox", "-o", "one.jsonl").exit_code == 0
        assert run("tag", "inbox", "-o", "two.jsonl", "--workers", 2).exit_code == 0
        assert Path("one.jsonl").read_bytes() == Path("two.jsonl").read_bytes()

    def test_output_amid_the_inputs(self, inbox: Path) -> None:
        for _ in range(2):
            (inbox / "c.txt").write_bytes(b"")
            assert run("tag", ".", "-o", "out.jsonl", "--overwrite").exit_code == 1
            assert len(records("out.jsonl")) == 2

    def test_a_link_stays_a_link(self) -> None:
        Path("real.jsonl").write_text("old", encoding="utf-8")
        Path("link.jsonl").symlink_to("real.jsonl")
        assert run("tag", "inbox", "-o", "link.jsonl", "--overwrite").exit_code == 0
        assert Path("link.jsonl").is_symlink()
        assert len(records("real.jsonl")) == 2

    def test_a_device_is_not_replaced(self) -> None:
        assert run("tag", "inbox", "-o", os.devnull).exit_code == 0
        assert not Path(os.devnull).is_file()

    def test_rows_and_headers(self) -> None:
        assert run("tag", "inbox", "-o", "out.parquet", "--rows", "cases", "--headers", "zh").exit_code == 0
        assert parquet.read_table("out.parquet")["姓名"].to_pylist() == ["林某", "周某"]
        assert run("tag", "inbox", "-o", "out.csv", "--headers", "zh").exit_code == 0
        assert "违纪违法事实" in Path("out.csv").read_text(encoding="utf-8-sig").partition("\n")[0]

    def test_follow_the_money(self) -> None:
        assert run("tag", "inbox", "-o", "out.ftm.json").exit_code == 0
        assert [entity["schema"] for entity in records("out.ftm.json")] == ["Person", "Sanction"] * 2


class TestMaskNames:
    KEY = "sixteen letters!"

    @pytest.mark.parametrize("out", ["out.jsonl", "out.csv", "out.parquet", "out.spacy", "out.ftm.json"])
    def test_no_name_in_any_format(self, out: str) -> None:
        assert run("tag", "inbox", "-o", out, "--mask-names").exit_code == 0
        content = Path(out).read_bytes()
        if out == "out.parquet":
            content = str(parquet.read_table(out).to_pylist()).encode()
        elif out == "out.spacy":
            content = str([notice.text for notice in read_docbin(Path(out))]).encode()
        assert "化名".encode() in content
        assert "林某".encode() not in content

    def test_the_key_decides(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def names(*options: str) -> list[str]:
            assert run("tag", "inbox", "-o", "out.jsonl", "--mask-names", "--overwrite", *options).exit_code == 0
            return [record["cases"][0]["official"] for record in records("out.jsonl")]

        assert names() != names()
        by_option = names("--mask-key", self.KEY)
        assert by_option == names("--mask-key", self.KEY)
        assert by_option != names("--mask-key", f"{self.KEY}!")
        monkeypatch.setenv("TONGBAO_MASK_KEY", self.KEY)
        assert names() == by_option
        assert names("--workers", "2") == by_option

    def test_a_key_in_the_environment_masks_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TONGBAO_MASK_KEY", self.KEY)
        assert run("tag", "inbox", "-o", "out.jsonl").exit_code == 0
        assert records("out.jsonl")[0]["cases"][0]["official"] == "林某"


class TestSetAside:
    @pytest.mark.parametrize(
        ("name", "content", "reason"),
        [
            ("empty.txt", b"", "empty"),
            ("photo.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 40, "photo.txt"),
            ("bytes.txt", "受到党内警告处分。".encode() + b"\xff\xfe\x81" * 40, "bytes.txt"),
            ("no_body.html", b"<html><head><title>x</title></head><body></body></html>", "no text"),
            ("poison.txt", f"林某{POISON}".encode(), "the model fails on it"),
            ("wrong.csv", "id,body\n1,林某\n".encode(), "no column 'text'; it has id, body"),
        ],
    )
    def test_bad_files(self, inbox: Path, name: str, content: bytes, reason: str) -> None:
        (inbox / name).write_bytes(content)
        result = run("tag", "inbox", "-o", "out.jsonl")
        assert result.exit_code == 1
        assert len(records("out.jsonl")) == 2
        (reject,) = records("out.jsonl.rejected.jsonl")
        assert set(reject) == {"source", "where", "reason"}
        assert reject["source"] == f"inbox/{name}"
        assert name in reject["where"]
        assert reason in result.stderr

    def test_a_broken_line_of_jsonl(self) -> None:
        lines = [json.dumps({"text": "林某"}), "{broken", json.dumps({"body": "x"}), json.dumps({"text": "周某"})]
        Path("a.jsonl").write_text("\n".join(lines), encoding="utf-8")
        result = run("tag", "a.jsonl", "-o", "out.jsonl")
        assert result.exit_code == 1
        assert [record["text"] for record in records("out.jsonl")] == ["林某", "周某"]
        assert [reject["where"] for reject in records("out.jsonl.rejected.jsonl")] == ["a.jsonl:2", "a.jsonl:3"]
        assert [line.split(": ")[1] for line in result.stderr.splitlines()[:2]] == ["a.jsonl:2", "a.jsonl:3"]

    def test_on_standard_output_only_standard_error_tells(self, inbox: Path) -> None:
        (inbox / "c.txt").write_bytes(b"")
        result = run("tag", "inbox")
        assert result.exit_code == 1
        assert len(result.stdout.splitlines()) == 2
        assert "inbox/c.txt" in result.stderr
        assert files_here() == ["inbox"]

    def test_all_set_aside(self, inbox: Path) -> None:
        for path in inbox.iterdir():
            path.write_bytes(b"")
        result = run("tag", "inbox", "-o", "out.jsonl")
        assert result.exit_code == 2
        assert "nothing could be tagged: all inputs (2) were set aside" in result.stderr
        assert files_here() == ["inbox", "out.jsonl.rejected.jsonl"]

    def test_rejects_of_an_earlier_run_go(self, inbox: Path) -> None:
        (inbox / "c.txt").write_bytes(b"")
        run("tag", "inbox", "-o", "out.jsonl")
        (inbox / "c.txt").unlink()
        assert run("tag", "inbox", "-o", "out.jsonl", "--overwrite").exit_code == 0
        assert files_here() == ["inbox", "out.jsonl"]

    def test_a_dead_link(self, inbox: Path) -> None:
        (inbox / "dead.txt").symlink_to("nowhere")
        result = run("tag", "inbox", "-o", "out.jsonl")
        assert result.exit_code == 1
        assert "inbox/dead.txt" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["no-such-file"], "no-such-file: no such file or folder"),
        (["inbox/*.md"], "no file matches"),
        (["empty"], "nothing to tag: the inputs hold no notice"),
        (["inbox", "--model", "missing"], "missing: no such model"),
        (["inbox", "-o", "no/such/out.jsonl"], "no/such/out.jsonl: its folder does not exist"),
        (["inbox", "-o", "empty"], "a folder: give the name of a file"),
        (["inbox", "-o", "out.xlsx"], "no format is called .xlsx"),
        (["inbox", "-o", "out.csv", "--rows", "notices"], "CSV has one row a case"),
        (["inbox", "-o", "out.parquet", "--headers", "zh"], "add --rows cases"),
        (["inbox", "--mask-key", "sixteen letters!"], "add --mask-names"),
        (["inbox", "--mask-names", "--mask-key", "short"], "can be guessed"),
        (["inbox/a.txt", "-o", "inbox/a.txt"], "to be read and to be written"),
    ],
)
def test_nothing_can_be_done(arguments: list[str], message: str) -> None:
    Path("empty").mkdir()
    result = run("tag", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert files_here() == ["empty", "inbox"]


@pytest.mark.parametrize(
    "arguments", [["tag"], ["tag", "inbox", "--workers", "0"], ["tag", "--what"], ["no-such-command"], ["show"]]
)
def test_wrong_usage(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


def test_a_crash_leaves_what_was_there(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("out.jsonl").write_text("old\n", encoding="utf-8")
    nlp = stub()
    nlp.add_pipe("tongbao.crf_ner")  # not fitted
    monkeypatch.setattr(tongbao.pipeline.load, "load", lambda _: nlp)
    result = run("tag", "inbox", "-o", "out.jsonl", "--overwrite")
    assert result.exit_code == 2
    assert "not fitted yet" in result.stderr
    assert Path("out.jsonl").read_text(encoding="utf-8") == "old\n"
    assert files_here() == ["inbox", "out.jsonl"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_no_room() -> None:
    result = run("tag", "inbox", "-o", "/dev/full")
    assert result.exit_code == 2
    assert "/dev/full: cannot be written: No space left" in result.stderr


class TestShow:
    def test_one(self, asked: list[Any]) -> None:
        result = run("show", "inbox/a.txt", "-m", "model-best")
        assert (result.exit_code, result.stderr) == (0, "")
        assert "[林某](OFFICIAL 1)[公车私用](VIOLATION 1)" in result.stdout
        assert "subject" in result.stdout
        assert asked == ["model-best"]

    def test_colour(self) -> None:
        assert "\x1b[" in run("show", "inbox/a.txt", "--color").stdout
        assert "\x1b[" not in run("show", "inbox/a.txt", "--no-color").stdout

    def test_several_and_bad_ones(self, inbox: Path) -> None:
        (inbox / "c.txt").write_bytes(b"")
        result = run("show", "inbox")
        assert result.exit_code == 1
        assert result.stdout.index("林某") < result.stdout.index("周某")
        assert "inbox/c.txt" in result.stderr
        assert files_here() == ["inbox"]

    def test_standard_input(self) -> None:
        assert "[林某](OFFICIAL 1)" in run("show", "-", input=TEXT).stdout

    def test_nothing(self, inbox: Path) -> None:
        (inbox / "c.txt").write_bytes(b"")
        assert run("show", "inbox/c.txt").exit_code == 2
        assert run("show", "no-such-file").exit_code == 2


class TestProgram:
    def program(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "tongbao", *arguments]
        return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)

    def test_help_and_version(self) -> None:
        result = run("--help")
        assert result.exit_code == 0
        assert all(command in result.stdout for command in ("tag", "show", "train", "evaluate", "corpus"))
        assert run("--version").stdout == f"tongbao {tongbao.__version__}\n"

    def test_a_command_nearby(self) -> None:
        assert "Did you mean 'tag'" in run("tga").stderr

    def test_as_a_module(self) -> None:
        result = self.program("tag", "no-such-file")
        assert (result.returncode, result.stdout) == (2, "")
        assert result.stderr == "no-such-file: no such file or folder: check the path\n"

    def test_help_of_a_command_is_its_line(self) -> None:
        from tongbao.__main__ import COMMANDS, load_command

        for name in ("tag", "show"):
            assert load_command(name).help.startswith(
                COMMANDS[name].help.rstrip(".").partition(":")[0].partition(" and ")[0]
            )


class TestPicture:
    def test_a_picture_needs_nothing_from_elsewhere(self, tmp_path: Path) -> None:
        notice = tmp_path / "a.txt"
        notice.write_text("镇长林某公车私用，受到党内警告处分。<b>", "utf-8")
        picture = tmp_path / "a.svg"
        result = run("show", notice, "--svg", picture)
        assert (result.exit_code, result.stdout) == (0, "")
        content = picture.read_text("utf-8")
        assert "林某" in content
        assert "党内警告处分" in content
        # An address in a comment or a name of XML is not fetched.
        assert not re.search(r"url\([\"']?http|href=|<script|<image", content)

    def test_a_place_that_cannot_be_written(self, tmp_path: Path) -> None:
        notice = tmp_path / "a.txt"
        notice.write_text("镇长林某受到党内警告处分。", "utf-8")
        result = run("show", notice, "--svg", tmp_path / "no" / "a.svg")
        assert result.exit_code != 0
        assert "cannot be written" in result.stderr
