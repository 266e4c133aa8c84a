"""Output in parts: what is kept when a run does not come to its end, and what it takes to go on."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import fsspec
import pytest
import tongbao.pipeline.load
from filelock import FileLock
from pyarrow import dataset, parquet
from spacy.language import Language
from spacy.tokens import Doc
from stub_pipeline import POISON, stub
from tongbao.__main__ import app
from tongbao.corpus.errors import ModelError
from tongbao.pipeline import crew, parts, plan
from typer.testing import CliRunner, Result

FILES = 7
MAIN = os.getpid()
FATAL = "杀"
OUTS = ("out.jsonl", "out.csv", "out.parquet", "out.spacy", "out.ftm.json")


class Breaking:
    """A component that stops the run at a text, as a fault of the machine would."""

    def __init__(self) -> None:
        self.at: str | None = None

    def __call__(self, doc: Doc) -> Doc:
        if FATAL in doc.text:
            assert os.getpid() != MAIN
            os._exit(137)
        if self.at is not None and self.at in doc.text:
            raise ModelError("the machine has a fault")
        return doc


breaking = Breaking()


@Language.component("stub_breaking")
def stub_breaking(doc: Doc) -> Doc:
    return breaking(doc)


@pytest.fixture(autouse=True)
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    def load(path: str | None = None) -> Language:
        nlp: Language = stub()
        nlp.add_pipe("stub_breaking", first=True)
        nlp.meta["name"] = path or "stub"
        return nlp

    monkeypatch.setattr(tongbao.pipeline.load, "load", load)
    monkeypatch.setattr(plan, "_FILES", 2)
    monkeypatch.setattr(breaking, "at", None)
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "inbox"
    folder.mkdir()
    for number in range(FILES):
        poison = POISON if number in (1, 4) else ""
        (folder / f"{number}.txt").write_text(f"第{number}号{poison}，镇长林某受到诫勉谈话。", encoding="utf-8")
    return folder


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["tag", *map(str, arguments)], env={"COLUMNS": "200"})


def broken(out: str, *options: object, at: str = "第5号") -> None:
    """Begin a run that breaks in its third part."""
    breaking.at = at
    result = run("inbox", "-o", out, *options)
    breaking.at = None
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (2, "the machine has a fault")


def sources(out: str = "out.jsonl") -> list[str]:
    return [json.loads(line)["source"] for line in Path(out).read_text(encoding="utf-8").splitlines()]


def files_here() -> list[str]:
    return sorted(path.name for path in Path().iterdir())


@pytest.mark.parametrize("out", OUTS)
@pytest.mark.parametrize("workers", [1, 2])
def test_resumed_is_the_same_as_uninterrupted(out: str, workers: int) -> None:
    assert run("inbox", "-o", f"whole.{out}").exit_code == 1
    broken(out, "--workers", workers)
    assert not Path(out).exists()
    # What other workers have begun is kept as well.
    n_done = 2 if workers == 1 else 3
    assert len((Path(f"{out}.parts") / "_manifest.jsonl").read_text(encoding="utf-8").splitlines()) == 1 + n_done
    assert run("inbox", "-o", out, "--resume").exit_code == 1
    for name in ("", ".rejected.jsonl"):
        assert Path(f"{out}{name}").read_bytes() == Path(f"whole.{out}{name}").read_bytes()
    assert not Path(f"{out}.parts").exists()


def test_what_is_done_is_not_done_again() -> None:
    broken("out.jsonl")
    breaking.at = "第0号"
    result = run("inbox", "-o", "out.jsonl", "--resume", "--json", "-")
    assert result.exit_code == 1
    summary = json.loads(result.stdout)
    assert (summary["notices"], summary["earlier_notices"], summary["rejects"]) == (5, 3, 2)
    assert sources() == [f"inbox/{number}.txt" for number in (0, 2, 3, 5, 6)]


def test_resume_without_an_unfinished_run_begins_one() -> None:
    assert run("inbox", "-o", "out.jsonl", "--resume").exit_code == 1
    assert len(sources()) == 5


def test_a_run_that_was_killed_while_it_wrote(inbox: Path) -> None:
    broken("out.jsonl")
    folder = Path("out.jsonl.parts")
    with (folder / "_manifest.jsonl").open("ab") as manifest:
        manifest.write(b'{"number": 2, "digest')
    (folder / ".tongbao-0123").write_bytes(b"half a part")
    (folder / "part-000000.jsonl").write_bytes(b"lost with the power")
    assert run("inbox", "-o", "out.jsonl", "--resume").exit_code == 1
    assert len(sources()) == 5
    assert files_here() == ["inbox", "out.jsonl", "out.jsonl.rejected.jsonl"]


def test_many_records_of_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "_BIG", 10)
    monkeypatch.setattr(plan, "_RECORDS", 3)
    lines = [json.dumps({"id": f"n{number}", "text": f"第{number}号，林某"}) for number in range(20)]
    lines.insert(7, "{broken")
    Path("many.jsonl").write_text("\n".join(lines), encoding="utf-8")
    breaking.at = "第11号"
    assert run("many.jsonl", "-o", "out.jsonl").exit_code == 2
    breaking.at = None
    assert run("many.jsonl", "-o", "out.jsonl", "--resume").exit_code == 1
    found = [json.loads(line)["id"] for line in Path("out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert found == [f"n{number}" for number in range(20)]
    (reject,) = Path("out.jsonl.rejected.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(reject)["where"] == "many.jsonl:8"


@pytest.mark.parametrize("most", [100, 10_000])
def test_what_kills_its_worker_is_set_aside(inbox: Path, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    (inbox / "3.txt").write_text(f"林某{FATAL}", encoding="utf-8")
    lines = [json.dumps({"text": f"第{number}号{FATAL * (number == 5)}，林某"}) for number in range(8)]
    (inbox / "many.jsonl").write_text("\n".join(lines), encoding="utf-8")
    # The records are dealt out by the planner, or read by the worker that dies.
    monkeypatch.setattr(plan, "_BIG", most)
    assert run("inbox", "-o", "out.jsonl", "--workers", "2").exit_code == 1
    assert sources() == [*(f"inbox/{number}.txt" for number in (0, 2, 5, 6)), *["inbox/many.jsonl"] * 7]
    rejects = [json.loads(line) for line in Path("out.jsonl.rejected.jsonl").read_text("utf-8").splitlines()]
    killed = {reject["where"]: reject["source"] for reject in rejects if reject["reason"] == crew.DIED}
    assert killed == {"inbox/3.txt": "inbox/3.txt", "inbox/many.jsonl:6": "inbox/many.jsonl"}


class TestRefused:
    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ([], "an unfinished run is there: --resume goes on with it, --overwrite begins anew"),
            (["--resume", "--model", "other"], "has model zh_stub-1.2.3, not zh_other-1.2.3: give the same"),
            (["--resume", "--rows", "cases"], "has rows None, not cases"),
            (["--resume", "--text-field", "正文"], "has text field text, not 正文"),
            (["--resume", "--mask-names"], "has masking none, not a key of its own"),
            (["--resume", "inbox/1.txt"], "has inputs ['inbox']"),
            (["--resume", "--overwrite"], "choose one"),
        ],
    )
    def test_to_mix(self, options: list[str], message: str) -> None:
        broken("out.jsonl")
        result = run("inbox", "-o", "out.jsonl", *options)
        assert result.exit_code == 2
        assert message in result.stderr
        assert run("inbox", "-o", "out.jsonl", "--resume").exit_code == 1
        assert len(sources()) == 5

    @pytest.mark.parametrize(
        "change",
        [
            lambda inbox: (inbox / "0.txt").write_text("林某", encoding="utf-8"),
            lambda inbox: (inbox / "00.txt").write_text("林某", encoding="utf-8"),
            lambda inbox: [path.unlink() for path in sorted(inbox.iterdir())[2:]],
        ],
    )
    def test_inputs_that_have_changed(self, inbox: Path, change: Callable[[Path], Any]) -> None:
        broken("out.jsonl")
        change(inbox)
        result = run("inbox", "-o", "out.jsonl", "--resume")
        assert result.exit_code == 2
        assert "the inputs have changed since the unfinished run: --overwrite begins anew" in result.stderr
        assert run("inbox", "-o", "out.jsonl", "--overwrite").exit_code in (0, 1)

    def test_an_output_that_is_there(self) -> None:
        Path("out.jsonl").write_text("old\n", encoding="utf-8")
        for options in ([], ["--resume"]):
            result = run("inbox", "-o", "out.jsonl", *options)
            assert result.exit_code == 2
            assert "out.jsonl: is there already: --overwrite replaces it" in result.stderr
        assert Path("out.jsonl").read_text(encoding="utf-8") == "old\n"
        broken("out.jsonl", "--overwrite")
        assert Path("out.jsonl").read_text(encoding="utf-8") == "old\n"
        assert run("inbox", "-o", "out.jsonl", "--resume").exit_code == 1
        assert len(sources()) == 5

    def test_a_damaged_manifest(self) -> None:
        broken("out.jsonl")
        manifest = Path("out.jsonl.parts/_manifest.jsonl")
        header, _, rest = manifest.read_text(encoding="utf-8").partition("\n")
        manifest.write_text(f"{header}\n[]\n{rest}", encoding="utf-8")
        result = run("inbox", "-o", "out.jsonl", "--resume")
        assert result.exit_code == 2
        assert "_manifest.jsonl:2: damaged: --overwrite begins anew" in result.stderr

    def test_two_runs_to_one_output(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(parts, "_WAIT_SECONDS", 0)
        with FileLock(".out.jsonl.lock"):
            result = run("inbox", "-o", "out.jsonl", "--overwrite")
        assert result.exit_code == 2
        assert "out.jsonl: another run is writing to it" in result.stderr

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["-", "-o", "out.jsonl", "--resume"], "standard input cannot be read again"),
            (["inbox", "--resume"], "--resume needs a file as --output"),
            (["inbox", "-o", "out.jsonl", "--engine", "local", "--workers", "2"], "take --engine process"),
            (["inbox", "--json", "-"], "would mix on standard output"),
        ],
    )
    def test_what_makes_no_sense(self, arguments: list[str], message: str) -> None:
        result = run(*arguments)
        assert result.exit_code == 2
        assert message in result.stderr
        assert files_here() == ["inbox"]


class TestStores:
    OUT = "memory://bucket/out.jsonl"

    @pytest.fixture(autouse=True)
    def bucket(self) -> Iterator[Any]:
        store = fsspec.filesystem("memory")
        store.mkdir("/bucket")
        yield store
        store.rm("/bucket", recursive=True)

    @pytest.mark.parametrize("out", [out for out in OUTS if out != "out.spacy"])
    def test_stopped_and_resumed(self, bucket: Any, out: str) -> None:
        assert run("inbox", "-o", f"whole.{out}").exit_code == 1
        broken(f"memory://bucket/{out}")
        assert bucket.ls("/bucket") == []
        assert run("inbox", "-o", f"memory://bucket/{out}").exit_code == 2
        assert run("inbox", "-o", f"memory://bucket/{out}", "--resume").exit_code == 1
        for name in ("", ".rejected.jsonl"):
            assert bucket.cat_file(f"/bucket/{out}{name}") == Path(f"whole.{out}{name}").read_bytes()
        assert files_here() == ["inbox", f"whole.{out}", f"whole.{out}.rejected.jsonl"]

    def test_what_is_there_is_replaced_only_when_asked(self, bucket: Any, inbox: Path) -> None:
        assert run("inbox", "-o", self.OUT).exit_code == 1
        result = run("inbox", "-o", self.OUT)
        assert (result.exit_code, result.stderr) == (2, f"{self.OUT}: is there already: --overwrite replaces it\n")
        for number in (1, 4):
            (inbox / f"{number}.txt").unlink()
        assert run("inbox", "-o", self.OUT, "--overwrite").exit_code == 0
        assert [path["name"] for path in bucket.ls("/bucket")] == ["/bucket/out.jsonl"]

    def test_a_fault_amid_the_upload_leaves_nothing(self, bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(files: object, stream: BinaryIO, *, ending: str) -> None:
            stream.write(b"half of it")
            raise OSError(5, "the line is cut")

        with monkeypatch.context() as patch:
            patch.setattr(parts, "join", fail)
            result = run("inbox", "-o", self.OUT)
        assert result.exit_code == 2
        assert result.stderr.splitlines()[-1] == f"{self.OUT}: cannot be written: the line is cut"
        assert not bucket.exists("/bucket/out.jsonl")
        assert run("inbox", "-o", self.OUT, "--resume").exit_code == 1
        assert bucket.exists("/bucket/out.jsonl")

    @pytest.mark.parametrize(
        ("out", "message"),
        [
            ("memory://bucket/out/", "write NAME/ there and copy it"),
            ("nowhere://bucket/out.jsonl", "no store of this kind"),
            ("https://example.org/out.jsonl", "an address of the web"),
            ("file:///no/such/folder/out.jsonl", "cannot be written: No such file or directory"),
        ],
    )
    def test_what_cannot_be(self, out: str, message: str) -> None:
        result = run("inbox", "-o", out)
        assert result.exit_code == 2
        assert message in result.stderr.splitlines()[-1]


class TestMaxRejects:
    def test_stops_and_can_be_gone_on_with(self) -> None:
        result = run("inbox", "-o", "out.jsonl", "--max-rejects", "1")
        assert result.exit_code == 2
        assert "2 inputs were set aside, more than --max-rejects 1" in result.stderr
        assert not Path("out.jsonl").exists()
        assert run("inbox", "-o", "out.jsonl", "--max-rejects", "2", "--resume").exit_code == 1
        assert len(sources()) == 5

    def test_none_allowed(self, inbox: Path) -> None:
        for number in (1, 4):
            (inbox / f"{number}.txt").unlink()
        assert run("inbox", "-o", "out.jsonl", "--max-rejects", "0").exit_code == 0


def test_a_folder_of_parquet() -> None:
    broken("out/")
    (Path("out") / "part-000001-0000.parquet").write_bytes(b"of a task that was about to be split")
    assert run("inbox", "-o", "out/", "--resume").exit_code == 1
    names = [f"part-00000{number}.parquet" for number in range(4)]
    assert sorted(path.name for path in Path("out").iterdir()) == ["_SUCCESS", "_manifest.jsonl", *names]
    run("inbox", "-o", "one.parquet")
    expected = parquet.read_table("one.parquet").to_pylist()
    assert dataset.dataset("out").to_table().to_pylist() == expected
    assert "is there already" in run("inbox", "-o", "out/", "--resume").stderr
    (Path("out") / "mine.txt").write_text("x", encoding="utf-8")
    assert "holds other files" in run("inbox", "-o", "out/", "--overwrite").stderr


def test_the_summary_in_a_file() -> None:
    assert run("inbox", "--json", "summary.json").exit_code == 1
    summary = json.loads(Path("summary.json").read_text(encoding="utf-8"))
    assert list(summary) == [
        "notices", "cases", "characters", "rejects", "earlier_notices", "seconds", "characters_per_second", "output",
    ]  # fmt: skip
    assert summary["characters"] == 5 * len("第0号，镇长林某受到诫勉谈话。")
